// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_BASE_INTERFACE_TABLE_HPP
#define ONLINK_BASE_INTERFACE_TABLE_HPP

#include "base/ip.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onlink {

/// How far an address is meant to be known (rtnetlink's scopes).
enum class address_scope : std::uint8_t { universe, site, link, host };

/// An address of an interface and the prefix that is on-link with it.
struct interface_address {
    onlink::address address;
    unsigned prefix_length = 0;
    /// The other end of a point-to-point address; the prefix length counts from there.
    std::optional<onlink::address> peer = std::nullopt;
    address_scope scope = address_scope::universe;
    bool deprecated = false; ///< its preferred lifetime is over (RFC 4862, 5.5.4): still ours, not to be told
    bool tentative = false;  ///< not yet known to be unique (RFC 4862, 5.4)
    bool temporary = false;  ///< made up for privacy (RFC 8981), and gone tomorrow
    /// False: the address says nothing about what is on-link, only routes do: for IPv6 always where routes
    /// are known, as a router may advertise a prefix without its L flag (RFC 4861, 6.3.4);
    /// IFA_F_NOPREFIXROUTE.
    bool prefix_on_link = true;

    /// What is on-link by this address: its prefix, or only itself where that is no prefix of a segment.
    ip_prefix on_link() const noexcept;

    friend bool operator==(interface_address const&, interface_address const&) = default;
};

/// Whether a prefix can be that of one segment. 0.0.0.0/0 and ::/0 are the default route; the halves that
/// tunnels put over it (0.0.0.0/1, 2000::/3) are no better. The widest taken are an IPv4 /8, which is the
/// largest private block (RFC 1918, 3), an IPv6 /32, and fe80::/10.
bool is_segment_sized(ip_prefix const& p) noexcept;

/// A network interface as the system describes it at one moment.
struct network_interface {
    unsigned index = 0;
    std::string name;
    bool up = false; ///< switched on, and with a carrier
    bool multicast = false;
    bool loopback = false;
    std::vector<interface_address> addresses;
    bool point_to_point = false;
    /// Destinations of unicast routes that go over this interface without a gateway: prefixes which are
    /// on-link though no address of ours is in them. Never the default route.
    std::vector<ip_prefix> routes = {};

    /// Whether the address is one of the interface's own.
    bool owns(onlink::address const& a) const noexcept;
    /// Whether the address is on this interface's segment, bit for bit: one of our own, inside a prefix of
    /// one of them, the other end of a point-to-point address, or inside an on-link route. A lone /32 or /128
    /// is our own host: never "anything".
    bool on_segment(onlink::address const& a) const noexcept;
    /// Whether the address is the directed broadcast or the network address of one of those prefixes.
    bool is_edge(onlink::address const& a) const noexcept;
    /// Our address to use towards `target`: one with the target in its prefix, else one that is link-local or
    /// not as the target is, else any of its family; the first of several. nullptr if there is none.
    onlink::address const* source_for(onlink::address const& target) const noexcept;
    /// Those prefixes, but for those inside others.
    std::vector<ip_prefix> segment() const;

    /// Takes in an address, but no more than `most`; what comes after that is left out. Only a link-local one
    /// then takes the place of the last IPv6 address that is none: the system lists it behind all others, and
    /// a neighbour may have advertised prefixes without end.
    void add_address(interface_address own, std::size_t most);

    /// Takes in an on-link route, each once, but no more than `most`; what comes after that is left out. Only
    /// a link-local one, or the widest that holds one of our own addresses, then takes the place of the last
    /// one that is neither: the system lists them in the order of their prefixes, and a neighbour may have
    /// advertised any number that come first. The addresses have to be known before.
    void add_route(ip_prefix const& route, std::size_t most);

    friend bool operator==(network_interface const&, network_interface const&) = default;
};

/// Makes room for one more, by doubling, but not for more than `most`: a limit bounds the memory, too.
template <class T>
void make_room(std::vector<T>& in, std::size_t most)
{
    if (in.size() == in.capacity())
        in.reserve(std::min(most, std::max<std::size_t>(2 * in.size(), 1)));
}

/// A hardware address: 6 bytes of Ethernet, up to 8 of others, the rest 0.
using link_layer_address = std::array<std::uint8_t, 8>;

/// Whom the system found at an address, by ARP or neighbour discovery.
struct neighbour {
    unsigned interface_index = 0;
    onlink::address address;
    link_layer_address station{};

    friend bool operator==(neighbour const&, neighbour const&) = default;
};

/// All interfaces at one moment; an immutable value once it was read.
class interface_table {
public:
    interface_table() = default;
    explicit interface_table(std::vector<network_interface> interfaces,
                             std::vector<neighbour> neighbours = {})
        : interfaces_(std::move(interfaces)), neighbours_(std::move(neighbours))
    {}

    std::vector<network_interface> const& all() const noexcept { return interfaces_; }
    /// Empty unless somebody asked the system for them (callback_admission::same_host).
    std::vector<neighbour> const& neighbours() const noexcept { return neighbours_; }
    network_interface const* find(unsigned index) const noexcept;
    network_interface const* find(std::string_view name) const noexcept;
    /// Whether any interface has this address: it is the host itself.
    bool is_own(onlink::address const& a) const noexcept;
    /// Whether both are addresses of one host: the same address, or one hardware address behind both on that
    /// interface.
    bool same_host(unsigned interface_index, onlink::address const& a,
                   onlink::address const& b) const noexcept;

    friend bool operator==(interface_table const&, interface_table const&) = default;

private:
    std::vector<network_interface> interfaces_;
    std::vector<neighbour> neighbours_;
};

} // namespace onlink

#endif
