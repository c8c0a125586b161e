// SPDX-License-Identifier: BSL-1.0
// live_allocations [TURNS]: the allocations of each operation of a whole light with real sockets, once
// everything is warm; 200 turns of each if not said. Light and control point share a thread, and the control
// point allocates nothing. It serves on lo, and wants it for itself: `unshare --net`.
#include "allocations.hpp"
#include "peers/onlink_light.hpp"

#include <boost/asio/io_context.hpp>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace onlink::bench {
namespace {

using namespace std::chrono_literals;
using namespace onlink_light;

constexpr std::size_t subscribers = 100;

sockaddr_in at_loopback(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

void must(bool done, char const* what)
{
    if (!done)
        throw std::runtime_error{what};
}

/// What came over a connection, up to the end of a message.
class incoming {
public:
    bool read(int fd)
    {
        auto const n = ::recv(fd, bytes_.data() + size_, bytes_.size() - 1 - size_, MSG_DONTWAIT);
        must(n > 0, "the light hung up");
        size_ += static_cast<std::size_t>(n);
        bytes_[size_] = '\0';
        return complete();
    }
    char const* text() const { return bytes_.data(); }
    void forget() { size_ = 0; }

private:
    bool complete() const
    {
        auto const* end = std::strstr(bytes_.data(), "\r\n\r\n");
        if (!end)
            return false;
        auto const* length = std::strstr(bytes_.data(), "CONTENT-LENGTH:");
        auto const body = length && length < end ? std::strtoul(length + 15, nullptr, 10) : 0;
        return size_ >= static_cast<std::size_t>(end + 4 - bytes_.data()) + body;
    }

    std::array<char, 16'384> bytes_{};
    std::size_t size_ = 0;
};

/// A light, and a control point that has a connection to it and listens to its events.
class bench_light {
public:
    /// `keeps`: connections to subscribers.
    explicit bench_light(bool keeps = true)
        : power_(make_power()),
          status_(power_.variable<bool>("Status")),
          host_(io_.get_executor(), make_light(0, power_), options(keeps)),
          watched_(subscribers)
    {
        host_.start();
        std::string const location = host_.serving().at(0).location; // http://127.0.0.1:PORT/PATH
        auto const port = static_cast<std::uint16_t>(std::stoi(location.substr(location.rfind(':') + 1)));
        auto const path = location.substr(location.find('/', 7));
        host_name_ = "HOST: 127.0.0.1:" + std::to_string(port) + "\r\n";

        udp_ = ::socket(AF_INET, SOCK_DGRAM, 0);
        auto light = at_loopback(1900);
        must(::connect(udp_, reinterpret_cast<sockaddr*>(&light), sizeof light) == 0, "no UDP");
        tcp_ = ::socket(AF_INET, SOCK_STREAM, 0);
        http_ = at_loopback(port);
        must(::connect(tcp_, reinterpret_cast<sockaddr*>(&http_), sizeof http_) == 0, "no TCP");
        int const one = 1;
        ::setsockopt(tcp_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);

        search_root_ = search_for("upnp:rootdevice");
        search_type_ = search_for("urn:schemas-upnp-org:device:BinaryLight:1");
        get_ = "GET " + path + " HTTP/1.1\r\n" + host_name_ + "\r\n";
        get();
        auto const control = element("controlURL");
        event_path_ = element("eventSubURL");
        std::string const body =
            "<?xml version=\"1.0\"?>\r\n<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" "
            "s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body><u:GetStatus "
            "xmlns:u=\"urn:schemas-upnp-org:service:SwitchPower:1\"></u:GetStatus></s:Body></s:Envelope>\r\n";
        call_ = "POST " + control + " HTTP/1.1\r\n" + host_name_ +
                "CONTENT-TYPE: text/xml; charset=\"utf-8\"\r\n"
                "SOAPACTION: \"urn:schemas-upnp-org:service:SwitchPower:1#GetStatus\"\r\n"
                "CONTENT-LENGTH: " +
                std::to_string(body.size()) + "\r\n\r\n" + body;
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        auto own = at_loopback(0);
        socklen_t size = sizeof own;
        must(::bind(listener_, reinterpret_cast<sockaddr*>(&own), size) == 0 &&
                 ::listen(listener_, 200) == 0 &&
                 ::getsockname(listener_, reinterpret_cast<sockaddr*>(&own), &size) == 0,
             "no listener");
        callback_ = "CALLBACK: <http://127.0.0.1:" + std::to_string(ntohs(own.sin_port)) + "/";
    }
    ~bench_light()
    {
        for (auto const& one : watched_)
            if (one.fd >= 0)
                ::close(one.fd);
        for (auto const fd : silent_)
            ::close(fd);
        for (auto const fd : {udp_, tcp_, listener_})
            ::close(fd);
    }
    bench_light(bench_light const&) = delete;
    bench_light& operator=(bench_light const&) = delete;

    void search_root() { search(search_root_); }
    void search_type() { search(search_type_); }
    void get() { exchange(get_); }
    void soap() { exchange(call_); }
    void event()
    {
        on_ = !on_;
        status_ = on_;
        hear_all();
    }
    void subscribe_all()
    {
        for (std::size_t i = 0; i < subscribers; ++i)
            exchange(subscription(i));
        hear_all(); // the initial events
    }
    /// What is left to do when a control point has its answer.
    void settle() { io_.poll(); }

    /// Connections that say nothing.
    void hold_connections(std::size_t count)
    {
        silent_.reserve(2'000);
        for (std::size_t i = 0; i < count; ++i) {
            silent_.push_back(::socket(AF_INET, SOCK_STREAM, 0));
            must(::connect(silent_.back(), reinterpret_cast<sockaddr*>(&http_), sizeof http_) == 0, "no TCP");
            auto const wanted = silent_.size() + 1;
            for (int turn = 0; host_.snapshot().connections < wanted; ++turn) {
                must(turn < 1'000, "not accepted");
                io_.run_one_for(10ms);
            }
        }
    }
    /// Subscriptions, whose initial events have been taken one by one: a few at a time, as each waits 100 ms.
    void hold_subscriptions(std::size_t count)
    {
        constexpr std::size_t few = 20;
        for (std::size_t begun = 0; begun < count; begun += few) {
            for (std::size_t i = 0; i < few; ++i)
                exchange(subscription(subscribed_++));
            for (std::size_t i = 0; i < few; ++i)
                take_event();
        }
    }

private:
    static constexpr std::string_view fine = "HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 0\r\n\r\n";

    static host_options options(bool keeps)
    {
        host_options chosen;
        chosen.interfaces = {"lo"};
        chosen.limits = without_refusals();
        chosen.limits.ssdp.announcements = 1;
        if (!keeps)
            chosen.limits.eventing.max_kept_connections = 0;
        chosen.policies.families = ip_families::ipv4_only;
        return chosen;
    }

    static std::string search_for(std::string_view target)
    {
        return "M-SEARCH * HTTP/1.1\r\nHOST: 127.0.0.1:1900\r\nMAN: \"ssdp:discover\"\r\nST: " +
               std::string{target} + "\r\n\r\n";
    }

    std::string element(std::string const& name) const
    {
        std::string_view const all = answer_.text();
        auto const begin = all.find("<" + name + ">") + name.size() + 2;
        return std::string{all.substr(begin, all.find('<', begin) - begin)};
    }

    static bool readable(int fd)
    {
        pollfd one{fd, POLLIN, 0};
        return ::poll(&one, 1, 0) > 0;
    }

    /// Runs the light until the control point has something to read.
    void serve_until_readable(int fd)
    {
        for (int turn = 0; turn < 10'000; ++turn) {
            if (readable(fd))
                return;
            io_.run_one_for(10ms);
        }
        throw std::runtime_error{"no answer"};
    }

    void search(std::string const& message)
    {
        must(::send(udp_, message.data(), message.size(), 0) > 0, "not sent");
        serve_until_readable(udp_);
        answer_.forget();
        must(answer_.read(udp_), "no answer to a search");
    }

    void exchange(std::string const& request)
    {
        must(::send(tcp_, request.data(), request.size(), MSG_NOSIGNAL) > 0, "not sent");
        answer_.forget();
        do
            serve_until_readable(tcp_);
        while (!answer_.read(tcp_));
        must(std::strncmp(answer_.text(), "HTTP/1.1 200", 12) == 0, answer_.text());
    }

    std::string subscription(std::size_t number) const
    {
        return "SUBSCRIBE " + event_path_ + " HTTP/1.1\r\n" + host_name_ + callback_ +
               std::to_string(number) + ">\r\nNT: upnp:event\r\nTIMEOUT: Second-1800\r\n\r\n";
    }

    void take_event()
    {
        serve_until_readable(listener_);
        int const fd = ::accept(listener_, nullptr, nullptr);
        must(fd >= 0, "no event");
        answer_.forget();
        do
            serve_until_readable(fd);
        while (!answer_.read(fd));
        must(::send(fd, fine.data(), fine.size(), MSG_NOSIGNAL) > 0, "not sent");
        serve_until_readable(fd); // the light hangs up
        ::close(fd);
    }

    /// Answers events until every subscriber has got one; over connections that stay.
    void hear_all()
    {
        std::size_t heard = 0;
        for (int turn = 0; heard < subscribers; ++turn) {
            must(turn < 100'000, "events are missing");
            io_.run_one_for(10ms);
            for (int fd; connections_ < subscribers && (fd = ::accept(listener_, nullptr, nullptr)) >= 0;)
                watched_[connections_++] = {fd, POLLIN, 0};
            if (::poll(watched_.data(), connections_, 0) <= 0)
                continue;
            for (std::size_t i = 0; i < connections_; ++i) {
                auto& event = events_[i];
                if (watched_[i].revents == 0 || !event.read(watched_[i].fd))
                    continue;
                event.forget();
                ++heard;
                must(::send(watched_[i].fd, fine.data(), fine.size(), MSG_NOSIGNAL) > 0, "not sent");
            }
        }
    }

    boost::asio::io_context io_{1};
    service power_;
    variable_handle<bool> status_;
    device_host host_;
    int udp_ = -1;
    int tcp_ = -1;
    int listener_ = -1;
    sockaddr_in http_{};
    bool on_ = false;
    incoming answer_;
    std::vector<int> silent_;
    std::size_t subscribed_ = 0;
    std::size_t connections_ = 0;
    std::vector<pollfd> watched_; ///< connections of events
    std::array<incoming, subscribers> events_;
    std::string host_name_, event_path_, callback_, search_root_, search_type_, get_, call_;
};

/// Of 1,000 behind the first 500, with which tables grow that do not grow again. In a process of its own,
/// whose heap has no holes yet.
void print_held(char const* name, void (bench_light::*hold)(std::size_t))
{
    std::fflush(stdout);
    if (auto const child = ::fork(); child != 0) {
        int status = -1;
        must(::waitpid(child, &status, 0) == child && status == 0, name);
        return;
    }
    auto const light = std::make_unique<bench_light>(false);
    ((*light).*hold)(500);
    light->settle();
    auto const used = bytes_in_use();
    auto const pages = bytes_of_anonymous_pages();
    ((*light).*hold)(1'000);
    light->settle();
    std::printf("%s: %.0f bytes of heap, %.2f KiB of pages\n", name,
                static_cast<double>(bytes_in_use() - used) / 1'000,
                static_cast<double>(bytes_of_anonymous_pages() - pages) / 1'000 / 1'024);
    std::fflush(stdout);
    ::_exit(0);
}

} // namespace
} // namespace onlink::bench

int main(int argc, char** argv)
try {
    using namespace onlink::bench;
    struct operation {
        char const* name;
        void (bench_light::*run)();
        std::size_t each; ///< for so many at once
    };
    auto const turns = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 200UL;
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    print_held("held by a connection", &bench_light::hold_connections);
    print_held("held by a subscription", &bench_light::hold_subscriptions);
    auto const light = std::make_unique<bench_light>();
    light->subscribe_all();
    for (auto const& one : {operation{"search", &bench_light::search_root, 1},
                            {"search_type", &bench_light::search_type, 1},
                            {"get", &bench_light::get, 1},
                            {"soap", &bench_light::soap, 1},
                            {"event", &bench_light::event, subscribers}}) {
        auto const some = [&](unsigned long count) {
            for (unsigned long turn = 0; turn < count; ++turn)
                ((*light).*one.run)();
            light->settle();
        };
        some(20);
        auto const before = allocations();
        some(turns);
        std::printf("%s: %.2f allocations\n", one.name,
                    static_cast<double>(allocations() - before) / static_cast<double>(turns * one.each));
    }
    return 0;
} catch (std::exception const& e) {
    std::fprintf(stderr, "live_allocations: %s\n", e.what());
    return 1;
}
