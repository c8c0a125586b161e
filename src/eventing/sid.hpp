// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_SID_HPP
#define ONLINK_EVENTING_SID_HPP

#include <onlink/error.hpp>
#include <onlink/random_source.hpp>
#include <onlink/udn.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace onlink {

/// A subscription identifier: `uuid:` and a random UUID, 122 unguessable bits. Whoever knows it may cancel
/// the subscription, so it is compared as a whole and never reused.
class sid {
public:
    /// Errors: malformed. A SID that is no UUID cannot be one of ours.
    static result<sid> parse(std::string_view text) noexcept;
    static sid generate(random_source& random);

    std::string to_string() const { return id_.to_string(); }
    /// The same to the end of a text.
    void append_to(std::string& out) const { id_.append_to(out); }

    friend bool operator==(sid const&, sid const&) = default;
    /// As good as any: the bits are random, and ours.
    std::size_t hash() const noexcept;

private:
    explicit sid(udn id) noexcept : id_(id) {}
    udn id_; // the same 128 bits in the same spelling
};

} // namespace onlink

template <>
struct std::hash<onlink::sid> {
    std::size_t operator()(onlink::sid const& id) const noexcept { return id.hash(); }
};

#endif
