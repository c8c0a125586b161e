// SPDX-License-Identifier: BSL-1.0
// One HTTP/1.1 client connection: sends a request, reads the whole response, reconnects when it must.
#ifndef ONLINK_TESTS_BENCH_LOAD_HTTP_CLIENT_HPP
#define ONLINK_TESTS_BENCH_LOAD_HTTP_CLIENT_HPP

#include "common.hpp"
#include "epoll_loop.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <functional>
#include <optional>

namespace onlink::bench {

/// Where a response ends, found from its head: Content-Length, chunked, or the end of the connection.
struct response_reader {
    enum class reading { incomplete, complete, broken };

    std::string buffer;
    std::size_t head_end = 0; // 0 until the empty line has arrived
    int status = 0;
    bool will_close = false, chunked = false, until_close = false;
    std::size_t length = 0; // whole response, when known

    void reset()
    {
        buffer.clear(), head_end = 0, status = 0, will_close = chunked = until_close = false, length = 0;
    }
    std::string_view head() const { return std::string_view(buffer).substr(0, head_end); }
    std::string_view body() const { return std::string_view(buffer).substr(head_end); }

    reading update()
    {
        if (head_end == 0) {
            std::size_t end = buffer.find("\r\n\r\n");
            if (end == std::string::npos)
                return reading::incomplete;
            head_end = end + 4;
            if (buffer.compare(0, 7, "HTTP/1.") != 0 || buffer.size() < 12)
                return reading::broken;
            status = std::atoi(buffer.c_str() + 9);
            std::string_view connection = header(head(), "connection");
            bool old = buffer[7] == '0';
            will_close = old ? !equals_ignoring_case(connection, "keep-alive")
                             : equals_ignoring_case(connection, "close");
            if (equals_ignoring_case(header(head(), "transfer-encoding"), "chunked"))
                chunked = true;
            else if (std::string_view size = header(head(), "content-length"); !size.empty())
                length = head_end + std::strtoul(size.data(), nullptr, 10);
            else
                until_close = will_close = true;
        }
        if (until_close)
            return reading::incomplete;
        if (!chunked)
            return buffer.size() >= length ? reading::complete : reading::incomplete;
        for (std::size_t at = head_end;;) { // responses are small: walk the chunks again on each read
            std::size_t line = buffer.find("\r\n", at);
            if (line == std::string::npos)
                return reading::incomplete;
            std::size_t size = std::strtoul(buffer.c_str() + at, nullptr, 16);
            at = line + 2 + size + 2;
            if (at > buffer.size())
                return reading::incomplete;
            if (size == 0)
                return reading::complete;
        }
    }
};

struct http_totals {
    uint64_t ok = 0, bad_status = 0, bad_body = 0, failed = 0, timeouts = 0;
    uint64_t connects = 0, server_closes = 0, stale_reuses = 0, bytes = 0;
    int last_bad_status = 0;
};

class http_client : public ready_handler {
public:
    /// Called with true and a filled reader when a response arrived, with false when the attempt failed.
    using done_handler = std::function<void(http_client&, bool)>;

    /// `source`: the address of its own that it connects from, if it has several.
    http_client(epoll_loop& reactor, const sockaddr_in& target, bool keep_alive, http_totals& totals,
                done_handler done, std::optional<sockaddr_in> source = {})
        : reactor_(reactor),
          target_(target),
          source_(source),
          keep_alive_(keep_alive),
          totals_(totals),
          done_(std::move(done))
    {}
    ~http_client() override { drop(); }

    void request(const std::string& bytes)
    {
        request_ = &bytes;
        started_ = now_ns();
        busy_ = true;
        reused_ = fd_ >= 0;
        reader.reset();
        if (fd_ < 0)
            connect_now();
        else
            send_now();
    }

    bool busy() const { return busy_; }
    int64_t started() const { return started_; }
    void give_up()
    { // the caller's timeout passed
        ++totals_.timeouts;
        drop();
        finish(false);
    }

    response_reader reader;

private:
    void connect_now()
    {
        fd_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        int one = 1;
        setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        if (!keep_alive_) { // reset on close, so that short connections do not use up the ports
            linger hard{1, 0};
            setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        }
        ++totals_.connects;
        if (source_ && bind(fd_, reinterpret_cast<const sockaddr*>(&*source_), sizeof *source_) != 0)
            return fail();
        if (connect(fd_, reinterpret_cast<const sockaddr*>(&target_), sizeof target_) != 0 &&
            errno != EINPROGRESS)
            return fail();
        reactor_.add(fd_, EPOLLOUT, this);
        connecting_ = true;
    }

    void send_now()
    {
        if (::send(fd_, request_->data(), request_->size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(request_->size()))
            fail();
    }

    void on_ready(uint32_t) override
    {
        if (fd_ < 0)
            return;
        if (connecting_) {
            int error = 0;
            socklen_t size = sizeof error;
            getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
            if (error != 0)
                return fail();
            connecting_ = false;
            reactor_.change(fd_, EPOLLIN, this);
            return send_now();
        }
        char chunk[65536];
        ssize_t n = recv(fd_, chunk, sizeof chunk, 0);
        if (n < 0 && errno == EAGAIN)
            return;
        if (!busy_)
            return drop(); // closed by the server while idle
        if (n <= 0) {
            if (reader.until_close && n == 0)
                return complete();
            return fail();
        }
        totals_.bytes += static_cast<uint64_t>(n);
        reader.buffer.append(chunk, static_cast<std::size_t>(n));
        switch (reader.update()) {
        case response_reader::reading::complete:
            return complete();
        case response_reader::reading::broken:
            return fail();
        case response_reader::reading::incomplete:
            return;
        }
    }

    void complete()
    {
        if (reader.will_close)
            ++totals_.server_closes;
        if (reader.will_close || !keep_alive_)
            drop();
        finish(true);
    }

    void fail()
    {
        drop();
        if (reused_ &&
            reader.buffer.empty()) { // the server closed the kept connection: try once more on a new one
            ++totals_.stale_reuses;
            reused_ = false;
            return connect_now();
        }
        ++totals_.failed;
        finish(false);
    }

    void finish(bool ok)
    {
        busy_ = false;
        done_(*this, ok);
    }

    void drop()
    {
        if (fd_ >= 0)
            close(fd_);
        fd_ = -1;
        connecting_ = false;
    }

    epoll_loop& reactor_;
    sockaddr_in target_;
    std::optional<sockaddr_in> source_;
    bool keep_alive_;
    http_totals& totals_;
    done_handler done_;
    const std::string* request_ = nullptr;
    int fd_ = -1;
    bool connecting_ = false, busy_ = false, reused_ = false;
    int64_t started_ = 0;
};

inline std::string get_request(const http_address& url, bool keep_alive)
{
    return "GET " + url.path + " HTTP/1.1\r\nHost: " + url.authority() +
           "\r\nUser-Agent: upnp_load/1 UPnP/1.1\r\n" + (keep_alive ? "" : "Connection: close\r\n") + "\r\n";
}

inline std::string soap_request(const http_address& url, const std::string& service,
                                const std::string& action, const std::string& arguments, bool keep_alive)
{
    std::string body =
        "<?xml version=\"1.0\"?>\r\n<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" "
        "s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body><u:" +
        action + " xmlns:u=\"" + service + "\">" + arguments + "</u:" + action +
        "></s:Body></s:Envelope>\r\n";
    return "POST " + url.path + " HTTP/1.1\r\nHost: " + url.authority() +
           "\r\nUser-Agent: upnp_load/1 UPnP/1.1\r\nContent-Type: text/xml; charset=\"utf-8\"\r\nSOAPACTION: "
           "\"" +
           service + "#" + action + "\"\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           (keep_alive ? "" : "Connection: close\r\n") + "\r\n" + body;
}

inline std::string subscribe_request(const http_address& url, const std::string& callback)
{
    return "SUBSCRIBE " + url.path + " HTTP/1.1\r\nHost: " + url.authority() +
           "\r\nUser-Agent: upnp_load/1 UPnP/1.1\r\nCALLBACK: <" + callback +
           ">\r\nNT: upnp:event\r\nTIMEOUT: Second-1800\r\n\r\n";
}

} // namespace onlink::bench

#endif
