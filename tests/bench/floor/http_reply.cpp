// SPDX-License-Identifier: BSL-1.0
// Floor for HTTP: one thread, epoll, keep-alive. Finds the end of each request and sends canned bytes:
// GET -> the device description, POST -> a GetStatus SOAP response.
// usage: http_reply PORT
#include "canned.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <unordered_map>

int main(int argc, char** argv)
{
    if (argc < 2)
        return 2;
    const std::string description = onlink::bench::canned::description_response();
    const std::string soap =
        onlink::bench::canned::soap_response("GetStatus", "<ResultStatus>0</ResultStatus>");

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
    int poll = epoll_create1(0);
    epoll_event event{EPOLLIN, {.fd = listener}};
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    std::printf("READY http://0.0.0.0:%s/description.xml\n", argv[1]);
    std::fflush(stdout);

    std::unordered_map<int, std::string> pending; // bytes of requests that have not all arrived
    std::array<epoll_event, 256> events;
    std::array<char, 16384> buffer;
    for (;;) {
        int count = epoll_wait(poll, events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < count; ++i) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                for (int client; (client = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
                    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                    event = {EPOLLIN, {.fd = client}};
                    epoll_ctl(poll, EPOLL_CTL_ADD, client, &event);
                }
                continue;
            }
            ssize_t n = recv(fd, buffer.data(), buffer.size(), 0);
            if (n <= 0) {
                pending.erase(fd);
                close(fd);
                continue;
            }
            std::string_view input(buffer.data(), static_cast<std::size_t>(n));
            auto partial = pending.find(fd);
            if (partial != pending.end())
                input = partial->second.append(input);
            std::size_t length;
            bool last = false;
            while (!last && !input.empty() && (length = onlink::bench::canned::request_length(input)) > 0) {
                const std::string& reply = input[0] == 'G' ? description : soap;
                last = send(fd, reply.data(), reply.size(), MSG_NOSIGNAL) < 0 ||
                       onlink::bench::canned::wants_close(input.substr(0, length));
                input.remove_prefix(length);
            }
            if (last) {
                pending.erase(fd);
                close(fd);
            } else if (!input.empty())
                pending[fd] = std::string(input);
            else if (partial != pending.end())
                pending.erase(partial);
        }
    }
}
