// SPDX-License-Identifier: BSL-1.0
// upnp_load msearch (closed loop, rate) and msearch-burst (open loop, completeness).
// A search response carries no request id, so every search in flight has its own socket.
#include "common.hpp"
#include "epoll_loop.hpp"

#include <sys/socket.h>

#include <functional>
#include <memory>

namespace onlink::bench {
namespace {

struct search_plan {
    sockaddr_in target{};
    std::string request, st;
    sockaddr_in multicast_from{}; // set when the target is a multicast address

    explicit search_plan(const option_list& options)
    {
        const std::string& host = options.at(0);
        target = address_of(host, std::atoi(options.at(1).c_str()));
        st = options.text("st", "upnp:rootdevice");
        int mx = options.integer("mx", 1);
        // libupnp drops a search whose HOST is not the multicast address, even one sent to it by unicast.
        request = "M-SEARCH * HTTP/1.1\r\nHOST: " + options.text("host-header", "239.255.255.250:1900") +
                  "\r\nMAN: \"ssdp:discover\"\r\n" + (mx >= 0 ? "MX: " + std::to_string(mx) + "\r\n" : "") +
                  "ST: " + st + "\r\nUSER-AGENT: upnp_load/1 UPnP/1.1\r\n\r\n";
        if (options.has("from"))
            multicast_from = address_of(options.text("from", ""), 0);
    }
    bool matches(std::string_view answer) const
    {
        if (answer.substr(0, 12) != "HTTP/1.1 200")
            return false;
        std::string_view got = header(answer, "st");
        return st == "ssdp:all" ? !got.empty() : got == st;
    }
};

class search_socket : public ready_handler {
public:
    using answer_handler = std::function<void(search_socket&, bool valid)>;

    search_socket(epoll_loop& reactor, const search_plan& search, answer_handler answered)
        : search_(search), answered_(std::move(answered)), fd_(socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0))
    {
        if (fd_ < 0)
            throw std::runtime_error("cannot open a UDP socket");
        int room = 4 << 20; // hundreds of answers may come at once: none may be lost on this side
        setsockopt(fd_, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
        if (search.multicast_from.sin_family == AF_INET)
            setsockopt(fd_, IPPROTO_IP, IP_MULTICAST_IF, &search.multicast_from.sin_addr, sizeof(in_addr));
        reactor.add(fd_, EPOLLIN, this);
    }
    ~search_socket() override { close(fd_); }

    void send()
    {
        sent_at = now_ns();
        answers = 0;
        sendto(fd_, search_.request.data(), search_.request.size(), 0,
               reinterpret_cast<const sockaddr*>(&search_.target), sizeof search_.target);
    }
    int64_t sent_at = 0;
    int answers = 0;

private:
    void on_ready(uint32_t) override
    {
        char buffer[2048];
        for (ssize_t n; (n = recv(fd_, buffer, sizeof buffer, 0)) > 0;) {
            bool valid = search_.matches({buffer, static_cast<std::size_t>(n)});
            if (valid)
                ++answers;
            answered_(*this, valid);
        }
    }
    const search_plan& search_;
    answer_handler answered_;
    int fd_;
};

/// How many answers one search gets, waiting `seconds` for all of them.
int answers_to_one_search(const search_plan& search, double seconds)
{
    epoll_loop reactor;
    search_socket socket(reactor, search, [](search_socket&, bool) {});
    socket.send();
    for (int64_t end = now_ns() + static_cast<int64_t>(seconds * 1e9); now_ns() < end;)
        reactor.poll(50);
    return socket.answers;
}

} // namespace

int run_msearch(const option_list& options)
{
    raise_file_limit();
    const search_plan search(options);
    const int in_flight = options.integer("inflight", 16);
    const int64_t timeout = static_cast<int64_t>(options.number("timeout", 3) * 1e9);
    const int expected = answers_to_one_search(search, options.number("calibrate", 2.5));
    if (expected == 0) {
        std::printf("msearch inflight=%d answers_per_search=0 ok=0 rate=0\n", in_flight);
        return 1;
    }
    epoll_loop reactor;
    latency_samples latencies;
    uint64_t ok = 0, invalid = 0, lost = 0;
    std::vector<std::unique_ptr<search_socket>> sockets;
    for (int i = 0; i < in_flight; ++i)
        sockets.push_back(
            std::make_unique<search_socket>(reactor, search, [&](search_socket& socket, bool valid) {
                if (!valid) {
                    ++invalid;
                } else if (socket.answers >= expected) {
                    ++ok;
                    latencies.add(now_ns() - socket.sent_at);
                    socket.send();
                }
            }));
    cpu_meter meter(options.integer("pid", 0));
    meter.start();
    const int64_t end = now_ns() + static_cast<int64_t>(options.number("seconds", 3) * 1e9);
    for (auto& socket : sockets)
        socket->send();
    int64_t next_check = now_ns() + 100'000'000;
    for (int64_t now; (now = now_ns()) < end;) {
        reactor.poll(20);
        if (now < next_check)
            continue;
        next_check = now + 100'000'000;
        for (auto& socket : sockets)
            if (now - socket->sent_at > timeout)
                ++lost, socket->send();
    }
    meter.stop();
    std::printf("msearch inflight=%d answers_per_search=%d ok=%llu rate=%.1f", in_flight, expected,
                static_cast<unsigned long long>(ok), static_cast<double>(ok) / meter.seconds());
    print_percentiles(latencies);
    meter.print(static_cast<double>(ok));
    std::printf(" lost=%llu invalid=%llu\n", static_cast<unsigned long long>(lost),
                static_cast<unsigned long long>(invalid));
    return 0;
}

int run_msearch_burst(const option_list& options)
{
    raise_file_limit();
    const search_plan search(options);
    const int searches = options.integer("searches", 1000);
    const double rate = options.number("rate", 1000);
    const double wait = options.integer("mx", 1) + options.number("grace", 3);
    epoll_loop reactor;
    latency_samples latencies;
    uint64_t answers = 0, invalid = 0, answered = 0;
    std::vector<std::unique_ptr<search_socket>> sockets;
    for (int i = 0; i < searches; ++i)
        sockets.push_back(
            std::make_unique<search_socket>(reactor, search, [&](search_socket& socket, bool valid) {
                if (!valid) {
                    ++invalid;
                    return;
                }
                ++answers;
                if (socket.answers == 1)
                    ++answered, latencies.add(now_ns() - socket.sent_at);
            }));
    cpu_meter meter(options.integer("pid", 0));
    meter.start();
    const int64_t start = now_ns();
    for (int sent = 0; sent < searches;) {
        auto due = static_cast<int>(static_cast<double>(now_ns() - start) / 1e9 * rate) + 1;
        for (; sent < std::min(due, searches); ++sent)
            sockets[static_cast<std::size_t>(sent)]->send();
        reactor.poll(1);
    }
    for (int64_t end = now_ns() + static_cast<int64_t>(wait * 1e9); now_ns() < end;)
        reactor.poll(20);
    meter.stop();
    std::printf(
        "msearch-burst searches=%d offered_rate=%.0f answered=%llu completeness_pct=%.2f answers=%llu",
        searches, rate, static_cast<unsigned long long>(answered),
        100.0 * static_cast<double>(answered) / searches, static_cast<unsigned long long>(answers));
    print_percentiles(latencies);
    meter.print(searches);
    std::printf(" invalid=%llu\n", static_cast<unsigned long long>(invalid));
    return 0;
}

} // namespace onlink::bench
