// SPDX-License-Identifier: BSL-1.0
#include "net/interface_monitor.hpp"

#include "net/getifaddrs_reader.hpp"

#ifdef __linux__

#    include "net/descriptor.hpp"
#    include "netlink/rtnetlink_decoder.hpp"

#    include <boost/asio/posix/stream_descriptor.hpp>
#    include <boost/asio/steady_timer.hpp>

#    include <linux/netlink.h>
#    include <linux/rtnetlink.h>
#    include <sys/socket.h>
#    include <sys/time.h>
#    include <unistd.h>

#    include <array>
#    include <cerrno>
#    include <string_view>
#    include <utility>
#    include <vector>

namespace onlink {

namespace {

namespace asio = boost::asio;

// What the kernel packs into one buffer of a dump at most (net/netlink/af_netlink.c).
constexpr std::size_t buffer_size = 32 * 1024;
// Things may change while they are read; who changes them this often is read at the next notification.
constexpr unsigned max_dumps = 4;
// Far beyond a full table of a home router's routes: a hundred in each buffer.
constexpr unsigned max_buffers = 4096;
constexpr unsigned max_notifications_at_once = 256;
constexpr unsigned max_interruptions = 16; // by signals

/// A netlink socket that closes itself.
class route_socket {
public:
    explicit route_socket(std::uint32_t groups, bool blocking)
        : fd_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | (blocking ? 0 : SOCK_NONBLOCK), NETLINK_ROUTE))
    {
        sockaddr_nl self{};
        self.nl_family = AF_NETLINK;
        self.nl_groups = groups;
        error_ = fd_ ? 0 : errno;
        if (fd_ && ::bind(fd_.number(), reinterpret_cast<sockaddr const*>(&self), sizeof self) != 0) {
            error_ = errno;
            fd_.reset();
        }
        timeval const patience{1, 0}; // a dump is answered at once, or something is wrong
        if (fd_ && blocking)
            ::setsockopt(fd_.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }

    bool is_open() const noexcept { return static_cast<bool>(fd_); }
    /// Whether the system has none to give at the moment, rather than never.
    bool lacks_resources() const noexcept
    {
        return error_ == EMFILE || error_ == ENFILE || error_ == ENOMEM || error_ == ENOBUFS;
    }
    int native_handle() const noexcept { return fd_.number(); }
    int release() noexcept { return fd_.release(); }

    bool ask(std::uint16_t type, unsigned char family, std::uint32_t sequence)
    {
        struct {
            nlmsghdr head;
            rtgenmsg what;
        } request{};
        request.head.nlmsg_len = NLMSG_LENGTH(sizeof request.what);
        request.head.nlmsg_type = type;
        request.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
        request.head.nlmsg_seq = sequence;
        request.what.rtgen_family = family;
        return ::send(fd_.number(), &request, request.head.nlmsg_len, 0) ==
               static_cast<ssize_t>(request.head.nlmsg_len);
    }

private:
    descriptor fd_;
    int error_ = 0; ///< why it is not open
};

/// One buffer from the kernel; empty with errno set if there is none. Programs can send to a netlink socket
/// as well: what is not the kernel's is passed over, and shows as `foreign`.
std::string_view receive(int socket, std::vector<char>& room, bool& foreign)
{
    sockaddr_nl from{};
    iovec part{room.data(), room.size()};
    msghdr message{};
    message.msg_name = &from;
    message.msg_namelen = sizeof from;
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    auto size = ::recvmsg(socket, &message, 0);
    for (unsigned again = 0; size < 0 && errno == EINTR && again < max_interruptions; ++again)
        size = ::recvmsg(socket, &message, 0);
    if (size == 0)
        errno = EPROTO; // there are no empty ones
    if (size <= 0)
        return {};
    foreign = from.nl_pid != 0;
    if ((message.msg_flags & MSG_TRUNC) != 0) {
        errno = EMSGSIZE;
        return {};
    }
    return {room.data(), static_cast<std::size_t>(size)};
}

using dump_state = rtnetlink_decoder::state;

dump_state dump(route_socket& socket, rtnetlink_decoder& decoder, std::uint16_t type, unsigned char family,
                std::uint32_t sequence, std::vector<char>& room)
{
    if (!socket.ask(type, family, sequence))
        return dump_state::failed;
    for (unsigned turn = 0; turn < max_buffers; ++turn) {
        bool foreign = false;
        auto const buffer = receive(socket.native_handle(), room, foreign);
        if (buffer.empty())
            return errno == ENOBUFS ? dump_state::interrupted : dump_state::failed;
        if (foreign)
            continue;
        if (auto const state = decoder.feed(buffer, sequence); state != dump_state::more)
            return state;
    }
    return dump_state::failed;
}

/// nullopt if nothing that is whole is to be had; `available` says whether it ever will be.
std::optional<interface_table> read_by_netlink(limits::interface_limits const& bounds, bool with_neighbours,
                                               bool& available)
{
    struct question {
        std::uint16_t type;
        unsigned char family;
        bool needed; ///< a kernel may have no IPv6
    };
    std::vector<question> questions{{RTM_GETLINK, AF_UNSPEC, true},
                                    {RTM_GETADDR, AF_UNSPEC, true},
                                    {RTM_GETROUTE, AF_INET, true},
                                    {RTM_GETROUTE, AF_INET6, false}};
    if (with_neighbours)
        questions.push_back({RTM_GETNEIGH, AF_UNSPEC, true});

    std::vector<char> room(buffer_size);
    std::uint32_t sequence = 0;
    for (unsigned attempt = 0; attempt < max_dumps; ++attempt) {
        route_socket socket{0, true};
        available = socket.is_open() || socket.lacks_resources();
        if (!socket.is_open())
            return std::nullopt;
        rtnetlink_decoder decoder{bounds};
        auto state = dump_state::done;
        for (auto const& each : questions) {
            state = dump(socket, decoder, each.type, each.family, ++sequence, room);
            if (state == dump_state::failed && !each.needed)
                state = dump_state::done;
            if (state != dump_state::done)
                break;
        }
        if (state == dump_state::done)
            return decoder.take();
        if (state == dump_state::failed)
            return std::nullopt;
    }
    return std::nullopt;
}

constexpr std::uint32_t group(unsigned number) { return 1U << (number - 1); }

} // namespace

/// Listens to the kernel's notifications.
class interface_monitor::follower : public std::enable_shared_from_this<follower> {
public:
    follower(asio::any_io_executor const& executor, int socket, limits::interface_limits const& bounds,
             bool with_neighbours, std::function<void()> on_change)
        : gap_(executor),
          pause_(executor),
          read_gap_(bounds.read_gap),
          with_neighbours_(with_neighbours),
          on_change_(std::move(on_change)),
          room_(buffer_size),
          socket_(executor, socket)
    {}

    /// False if memory has run out: then nothing will be told.
    bool listen() noexcept
    {
        if (listening_ || !socket_.is_open())
            return listening_;
        try {
            socket_.async_wait(asio::posix::stream_descriptor::wait_read,
                               [self = shared_from_this()](boost::system::error_code ec) {
                                   self->listening_ = false;
                                   if (!ec && self->socket_.is_open())
                                       self->on_readable();
                               });
            listening_ = true;
        } catch (...) { // no memory
        }
        return listening_;
    }

    void close()
    {
        boost::system::error_code ignored;
        socket_.close(ignored);
        gap_.cancel();
        pause_.cancel();
    }

    /// Takes what has been said; false while it waits for the end of the gap.
    bool catch_up()
    {
        take_notifications();
        return !more_;
    }

private:
    void on_readable() noexcept
    {
        if (take_notifications())
            listen();
        else
            pause();
        if (!listening_ && socket_.is_open())
            on_change_(); // which finds us deaf
    }

    /// So as not to spin on an error that does not go away.
    void pause() noexcept
    {
        try {
            pause_.expires_after(read_gap_);
            pause_.async_wait([self = shared_from_this()](boost::system::error_code ec) {
                self->listening_ = false;
                if (!ec && !self->listen() && self->socket_.is_open())
                    self->on_change_();
            });
            listening_ = true;
        } catch (...) { // no memory
        }
    }

    /// False if the socket fails.
    bool take_notifications() noexcept
    {
        bool changed = false;
        bool sound = true;
        for (unsigned turn = 0; turn < max_notifications_at_once; ++turn) {
            bool foreign = false;
            auto const buffer = receive(socket_.native_handle(), room_, foreign);
            if (buffer.empty()) {
                // Too much happened at once for the socket's buffer (ENOBUFS): something has changed.
                sound = errno == EAGAIN || errno == EINTR || errno == ENOBUFS;
                changed = changed || !sound || errno == ENOBUFS;
                break;
            }
            changed = changed || (!foreign && concerns_interfaces(buffer, with_neighbours_));
        }
        if (changed)
            on_news();
        return sound;
    }

    void on_news() noexcept
    {
        if (waiting_) {
            more_ = true;
            return;
        }
        try {
            gap_.expires_after(read_gap_);
            gap_.async_wait([self = shared_from_this()](boost::system::error_code ec) {
                self->waiting_ = false;
                if (!ec && self->socket_.is_open() && std::exchange(self->more_, false))
                    self->on_news();
            });
            waiting_ = true;
        } catch (...) { // no memory: then what comes next is told at once, too
        }
        on_change_();
    }

    asio::steady_timer gap_;
    asio::steady_timer pause_;
    std::chrono::milliseconds read_gap_;
    bool with_neighbours_;
    std::function<void()> on_change_;
    std::vector<char> room_;
    bool listening_ = false;                ///< or it will, after a pause
    bool waiting_ = false;                  ///< the gap is not over
    bool more_ = false;                     ///< and something has happened in it
    asio::posix::stream_descriptor socket_; ///< last: until nothing else can fail, it belongs to the caller
};

interface_monitor::interface_monitor(boost::asio::any_io_executor executor,
                                     limits::interface_limits const& bounds, bool with_neighbours)
    : executor_(std::move(executor)), bounds_(bounds), with_neighbours_(with_neighbours)
{}

interface_monitor::~interface_monitor() { close(); }

std::optional<interface_table> interface_monitor::read()
{
    bool available = false;
    auto table = read_by_netlink(bounds_, with_neighbours_, available);
    // Only where there is no netlink at all: the other way knows less, and must not take turns with it.
    return available ? table : read_by_getifaddrs(bounds_);
}

bool interface_monitor::follow(std::function<void()> on_change)
{
    close();
    on_change_ = std::move(on_change);
    return begin_to_follow();
}

bool interface_monitor::begin_to_follow()
{
    auto groups = group(RTNLGRP_LINK) | group(RTNLGRP_IPV4_IFADDR) | group(RTNLGRP_IPV6_IFADDR) |
                  group(RTNLGRP_IPV4_ROUTE) | group(RTNLGRP_IPV6_ROUTE);
    if (with_neighbours_)
        groups |= group(RTNLGRP_NEIGH);
    route_socket socket{groups, false};
    if (!socket.is_open())
        return false;
    follower_ =
        std::make_shared<follower>(executor_, socket.native_handle(), bounds_, with_neighbours_, on_change_);
    socket.release(); // the follower's now
    return follower_->listen();
}

bool interface_monitor::listening()
{
    if (!on_change_)
        return false;
    return follower_ ? follower_->listen() : begin_to_follow();
}

bool interface_monitor::up_to_date()
{
    auto const now = follower_; // on_change may close us
    return !now || now->catch_up();
}

void interface_monitor::close()
{
    on_change_ = {};
    if (auto const last = std::exchange(follower_, nullptr))
        last->close();
}

} // namespace onlink

#else

namespace onlink {

class interface_monitor::follower {};

interface_monitor::interface_monitor(boost::asio::any_io_executor executor,
                                     limits::interface_limits const& bounds, bool with_neighbours)
    : executor_(std::move(executor)), bounds_(bounds), with_neighbours_(with_neighbours)
{}

interface_monitor::~interface_monitor() = default;

std::optional<interface_table> interface_monitor::read() { return read_by_getifaddrs(bounds_); }

bool interface_monitor::follow(std::function<void()>) { return false; }

bool interface_monitor::listening() { return false; }

bool interface_monitor::up_to_date() { return true; }

void interface_monitor::close() {}

} // namespace onlink

#endif
