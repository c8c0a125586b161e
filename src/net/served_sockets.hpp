// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_SERVED_SOCKETS_HPP
#define ONLINK_NET_SERVED_SOCKETS_HPP

#include "base/served_endpoint.hpp"
#include "base/time.hpp"
#include "host/connection.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace onlink {

class http_listener;
class shell;
class ssdp_socket;

/// All that is open where devices are served: at each address a socket of SSDP and those that listen for
/// HTTP, and for each group of an interface one that hears it. They share the shell until they are closed.
class served_sockets {
public:
    explicit served_sockets(shell& owner) noexcept : shell_(owner) {}

    /// Opens what is wanted; what is not any more retires. `strict`: throws boost::system::system_error at
    /// the first address that the system refuses; if not, it is told to the runtime, and tried again later.
    void follow(std::vector<served_endpoint> const& wanted, bool strict);
    /// One membership for each group of each interface that is served, and no others; and all of them run.
    void join_groups();
    /// One of them has ceased to run, for lack of memory.
    void retry_soon() noexcept;
    /// When to call join_groups() again: something could not be done.
    std::optional<time_point> retry_at() const noexcept { return retry_at_; }
    /// No connection is accepted any more.
    void close_listeners();
    /// Closes those that are not wanted any more: their last words are out.
    void retire();
    void close();

    /// The addresses, with their ports.
    std::vector<served_endpoint> served() const;
    /// Whether the address that a connection was made to is served still.
    bool serve(connection const& at) const;
    /// What sends from that address of ours; null if nothing does.
    ssdp_socket* at(unsigned interface_index, address const& from) const;
    /// Of unicast searches, if it is not 1900.
    std::optional<std::uint16_t> search_port() const noexcept { return search_port_; }

private:
    /// All that is open at one address.
    struct open_endpoint {
        served_endpoint at;
        std::shared_ptr<ssdp_socket> ssdp;
        std::vector<std::shared_ptr<http_listener>> http;
    };
    struct open_group {
        served_endpoint member; ///< an address of ours of that scope
        std::shared_ptr<ssdp_socket> ssdp;

        bool fits(served_endpoint const& at) const;
    };

    void run_all();
    std::vector<open_endpoint> open_missing(std::vector<served_endpoint> const& wanted, bool strict);
    open_endpoint open_at(served_endpoint at);
    void choose_search_port(std::vector<served_endpoint> const& wanted);
    /// Listens there, and for programs on this host.
    std::vector<std::shared_ptr<http_listener>> listen(served_endpoint& at);

    shell& shell_;
    std::vector<open_endpoint> endpoints_;
    std::vector<open_endpoint> retiring_; ///< closed when their last words are out
    std::vector<open_group> groups_;
    std::optional<std::uint16_t> search_port_;
    std::optional<time_point> retry_at_;
};

} // namespace onlink

#endif
