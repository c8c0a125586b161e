// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_BASE_INTERFACE_TABLE_HPP
#define ONLINK_BASE_INTERFACE_TABLE_HPP

#include "base/ip.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace onlink {

/// An address of an interface and the prefix that is on-link with it.
struct interface_address {
    onlink::address address;
    unsigned prefix_length = 0;

    friend bool operator==(interface_address const&, interface_address const&) = default;
};

/// A network interface as the system describes it at one moment.
struct network_interface {
    unsigned index = 0;
    std::string name;
    bool up = false;
    bool multicast = false;
    bool loopback = false;
    std::vector<interface_address> addresses;

    /// Whether the address is one of the interface's own.
    bool owns(onlink::address const& a) const noexcept;
    /// Whether the address is on this interface's segment: inside a prefix of one of its addresses, bit for
    /// bit. A /32 or /128 contains only itself: never "anything".
    bool on_segment(onlink::address const& a) const noexcept;

    friend bool operator==(network_interface const&, network_interface const&) = default;
};

/// All interfaces at one moment; an immutable value once it was read.
class interface_table {
public:
    interface_table() = default;
    explicit interface_table(std::vector<network_interface> interfaces) : interfaces_(std::move(interfaces))
    {}

    std::vector<network_interface> const& all() const noexcept { return interfaces_; }
    network_interface const* find(unsigned index) const noexcept;
    network_interface const* find(std::string_view name) const noexcept;
    /// Whether any interface has this address: it is the host itself.
    bool is_own(onlink::address const& a) const noexcept;

    friend bool operator==(interface_table const&, interface_table const&) = default;

private:
    std::vector<network_interface> interfaces_;
};

} // namespace onlink

#endif
