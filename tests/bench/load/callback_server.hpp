// SPDX-License-Identifier: BSL-1.0
// The control point's side of eventing: a listener that answers NOTIFY requests on paths /cb/<subscriber>.
#ifndef ONLINK_TESTS_BENCH_LOAD_CALLBACK_SERVER_HPP
#define ONLINK_TESTS_BENCH_LOAD_CALLBACK_SERVER_HPP

#include "common.hpp"
#include "epoll_loop.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <functional>
#include <list>
#include <memory>

namespace onlink::bench {

struct notification {
    int subscriber;
    long sequence; // SEQ, or -1 if absent
    std::string_view body;
};

class callback_server : public ready_handler {
public:
    using notification_handler = std::function<void(const notification&)>;

    callback_server(epoll_loop& reactor, const std::string& address, notification_handler received,
                    bool close_each = false)
        : reactor_(reactor),
          received_(std::move(received)),
          close_each_(close_each),
          fd_(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0))
    {
        sockaddr_in local = address_of(address, 0);
        socklen_t size = sizeof local;
        if (bind(fd_, reinterpret_cast<sockaddr*>(&local), size) != 0 || listen(fd_, 4096) != 0 ||
            getsockname(fd_, reinterpret_cast<sockaddr*>(&local), &size) != 0)
            throw std::runtime_error("cannot listen for callbacks on " + address);
        base_ = "http://" + address + ":" + std::to_string(ntohs(local.sin_port)) + "/cb/";
        reactor_.add(fd_, EPOLLIN, this);
    }
    ~callback_server() override { close(fd_); }

    std::string url_for(int subscriber) const { return base_ + std::to_string(subscriber); }
    uint64_t accepted() const { return accepted_; }
    uint64_t invalid() const { return invalid_; }
    /// Frees closed connections; to be called outside of Reactor::poll.
    void sweep()
    {
        clients_.remove_if([](const std::unique_ptr<client_connection>& client) { return client->fd < 0; });
    }

private:
    struct client_connection : ready_handler {
        client_connection(callback_server& owner, int descriptor) : server(owner), fd(descriptor) {}
        ~client_connection() override { drop(); }
        void drop()
        {
            if (fd >= 0)
                close(fd);
            fd = -1;
        }
        void on_ready(uint32_t) override
        {
            if (fd < 0)
                return;
            char chunk[16384];
            ssize_t n = recv(fd, chunk, sizeof chunk, 0);
            if (n < 0 && errno == EAGAIN)
                return;
            if (n <= 0)
                return drop();
            input.append(chunk, static_cast<std::size_t>(n));
            while (fd >= 0 && take_request()) {
            }
        }
        bool take_request()
        {
            std::size_t end = input.find("\r\n\r\n");
            if (end == std::string::npos)
                return false;
            std::string_view head = std::string_view(input).substr(0, end + 2);
            std::size_t body = end + 4, total = body;
            if (std::string_view size = header(head, "content-length"); !size.empty()) {
                total += std::strtoul(size.data(), nullptr, 10);
            } else if (equals_ignoring_case(header(head, "transfer-encoding"), "chunked")) {
                std::size_t last = input.find("0\r\n\r\n", body);
                total = last == std::string::npos ? std::string::npos : last + 5;
            }
            if (total > input.size())
                return false;
            bool close_after = server.close_each_ ||
                               equals_ignoring_case(header(head, "connection"), "close") ||
                               head.substr(0, head.find("\r\n")).ends_with("HTTP/1.0");
            static const std::string keep = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
            static const std::string last =
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            const std::string& reply = close_after ? last : keep;
            ::send(fd, reply.data(), reply.size(), MSG_NOSIGNAL);
            std::string_view sequence = header(head, "seq");
            if (head.substr(0, 11) == "NOTIFY /cb/")
                server.received_({std::atoi(head.data() + 11),
                                  sequence.empty() ? -1 : std::strtol(sequence.data(), nullptr, 10),
                                  std::string_view(input).substr(body, total - body)});
            else
                ++server.invalid_;
            input.erase(0, total);
            if (close_after)
                drop();
            return true;
        }
        callback_server& server;
        int fd;
        std::string input;
    };

    void on_ready(uint32_t) override
    {
        for (int client; (client = accept4(fd_, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
            int one = 1;
            setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            ++accepted_;
            clients_.push_back(std::make_unique<client_connection>(*this, client));
            reactor_.add(client, EPOLLIN, clients_.back().get());
        }
    }

    epoll_loop& reactor_;
    notification_handler received_;
    bool close_each_; // no connection is kept for the next event
    int fd_;
    std::string base_;
    std::list<std::unique_ptr<client_connection>> clients_;
    uint64_t accepted_ = 0, invalid_ = 0;
};

/// Callbacks that are accepted by the kernel and then never answered: a hung control point.
class stalled_listener {
public:
    explicit stalled_listener(const std::string& address) : fd_(socket(AF_INET, SOCK_STREAM, 0))
    {
        sockaddr_in local = address_of(address, 0);
        socklen_t size = sizeof local;
        if (bind(fd_, reinterpret_cast<sockaddr*>(&local), size) != 0 || listen(fd_, 4096) != 0 ||
            getsockname(fd_, reinterpret_cast<sockaddr*>(&local), &size) != 0)
            throw std::runtime_error("cannot listen on " + address);
        base_ = "http://" + address + ":" + std::to_string(ntohs(local.sin_port)) + "/stalled/";
    }
    ~stalled_listener() { close(fd_); }
    std::string url_for(int subscriber) const { return base_ + std::to_string(subscriber); }

private:
    int fd_;
    std::string base_;
};

} // namespace onlink::bench

#endif
