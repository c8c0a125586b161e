// SPDX-License-Identifier: BSL-1.0
// Floor for eventing: one thread, epoll. SUBSCRIBE stores the callback and sends the initial event (SEQ 0);
// each SOAP POST flips the state and sends one NOTIFY to every subscriber.
// usage: event_reply PORT [--close]
//   default:  one connection a subscriber, kept alive from event to event (the limit)
//   --close:  a new connection for every NOTIFY (the limit for what UDA 1.0 stacks do)
// No retries, no expiry, no renewals, no XML: it is a floor, not a device.
#include "canned.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

namespace {

struct subscriber_state {
    sockaddr_in address{};
    std::string head; // NOTIFY head up to and including "SEQ: "
    unsigned next_sequence = 0;
    std::deque<std::string> queue; // NOTIFYs not yet answered; the front one may be in flight
    int fd = -1;
    bool in_flight = false;
};

int poll_fd;
bool close_each;
char status = '0';
std::vector<std::unique_ptr<subscriber_state>> subscribers;
std::unordered_map<int, subscriber_state*> outgoing;
std::unordered_map<int, std::string> pending; // incoming connections: bytes of incomplete requests

void watch(int fd, uint32_t what, int operation)
{
    epoll_event event{what, {.fd = fd}};
    epoll_ctl(poll_fd, operation, fd, &event);
}

void send_front(subscriber_state& s)
{
    if (s.queue.empty() || s.in_flight)
        return;
    s.in_flight = true;
    if (s.fd >= 0) {
        const std::string& message = s.queue.front();
        if (send(s.fd, message.data(), message.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(message.size()))
            return;
        outgoing.erase(s.fd);
        close(s.fd);
    }
    s.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int one = 1;
    setsockopt(s.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    outgoing[s.fd] = &s;
    connect(s.fd, reinterpret_cast<sockaddr*>(&s.address), sizeof s.address);
    watch(s.fd, EPOLLOUT, EPOLL_CTL_ADD); // writable once connected
}

void drop_connection(subscriber_state& s)
{
    outgoing.erase(s.fd);
    close(s.fd);
    s.fd = -1;
}

void on_outgoing(subscriber_state& s, uint32_t what)
{
    if (what & EPOLLOUT) {
        watch(s.fd, EPOLLIN, EPOLL_CTL_MOD);
        const std::string& message = s.queue.front();
        if (send(s.fd, message.data(), message.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(message.size()))
            return;
    }
    std::array<char, 2048> buffer;
    ssize_t n = recv(s.fd, buffer.data(), buffer.size(), 0);
    if (!s.in_flight)
        return drop_connection(s); // the subscriber closed an idle connection
    if (n <= 0 || close_each)
        drop_connection(s);
    s.in_flight = false;
    s.queue.pop_front(); // answered, or lost with its connection
    send_front(s);
}

void notify(subscriber_state& s)
{
    static const std::string before = "<?xml version=\"1.0\"?>\n<e:propertyset "
                                      "xmlns:e=\"urn:schemas-upnp-org:event-1-0\">\n<e:property><Status>";
    static const std::string after = "</Status></e:property>\n</e:propertyset>\n";
    s.queue.push_back(s.head + std::to_string(s.next_sequence++) +
                      "\r\nCONTENT-LENGTH: " + std::to_string(before.size() + 1 + after.size()) + "\r\n\r\n" +
                      before + status + after);
    send_front(s);
}

void subscribe(int fd, std::string_view request)
{
    auto subscriber = std::make_unique<subscriber_state>();
    std::size_t from = request.find("<http://");
    std::size_t slash = from == std::string_view::npos ? from : request.find('/', from + 8);
    std::size_t end = slash == std::string_view::npos ? slash : request.find('>', slash);
    if (end == std::string_view::npos)
        return;
    std::string host(request.substr(from + 8, slash - from - 8)), path(request.substr(slash, end - slash));
    std::size_t colon = host.find(':');
    subscriber->address.sin_family = AF_INET;
    subscriber->address.sin_port = htons(static_cast<uint16_t>(std::atoi(host.c_str() + colon + 1)));
    inet_pton(AF_INET, host.substr(0, colon).c_str(), &subscriber->address.sin_addr);
    char sid[64];
    std::snprintf(sid, sizeof sid, "uuid:00000000-0000-0000-0000-%012zu", subscribers.size());
    subscriber->head =
        "NOTIFY " + path + " HTTP/1.1\r\nHOST: " + host + "\r\n" +
        (close_each ? "CONNECTION: close\r\n" : "") +
        "CONTENT-TYPE: text/xml; charset=\"utf-8\"\r\nNT: upnp:event\r\nNTS: upnp:propchange\r\nSID: " + sid +
        "\r\nSEQ: ";
    std::string reply = std::string("HTTP/1.1 200 OK\r\nSID: ") + sid +
                        "\r\nTIMEOUT: Second-1800\r\nCONTENT-LENGTH: 0\r\n\r\n";
    send(fd, reply.data(), reply.size(), MSG_NOSIGNAL);
    subscribers.push_back(std::move(subscriber));
    notify(*subscribers.back());
}

void on_incoming(int fd)
{
    static const std::string set_target = onlink::bench::canned::soap_response("SetTarget", "");
    std::array<char, 16384> buffer;
    ssize_t n = recv(fd, buffer.data(), buffer.size(), 0);
    if (n <= 0) {
        pending.erase(fd);
        close(fd);
        return;
    }
    std::string& input = pending[fd].append(buffer.data(), static_cast<std::size_t>(n));
    for (std::size_t length; (length = onlink::bench::canned::request_length(input)) > 0;
         input.erase(0, length)) {
        if (input[0] == 'S') {
            subscribe(fd, std::string_view(input).substr(0, length));
        } else {
            send(fd, set_target.data(), set_target.size(), MSG_NOSIGNAL);
            status = status == '0' ? '1' : '0';
            for (auto& s : subscribers)
                notify(*s);
        }
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 2)
        return 2;
    close_each = argc > 2 && std::string_view(argv[2]) == "--close";
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(std::atoi(argv[1])));
    if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        listen(listener, 4096) != 0) {
        perror("listen");
        return 1;
    }
    poll_fd = epoll_create1(0);
    watch(listener, EPOLLIN, EPOLL_CTL_ADD);
    std::printf("READY http://0.0.0.0:%s/description.xml\n", argv[1]);
    std::fflush(stdout);
    std::array<epoll_event, 256> events;
    for (;;) {
        int count = epoll_wait(poll_fd, events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < count; ++i) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                for (int client; (client = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
                    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                    watch(client, EPOLLIN, EPOLL_CTL_ADD);
                }
            } else if (auto found = outgoing.find(fd); found != outgoing.end()) {
                on_outgoing(*found->second, events[i].events);
            } else {
                on_incoming(fd);
            }
        }
    }
}
