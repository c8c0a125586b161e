// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HTTP_HTTP_MESSAGE_HPP
#define ONLINK_HTTP_HTTP_MESSAGE_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onlink {

/// Header fields of a request, and of the trailer of a chunked body; more are 431. Real requests have ten.
inline constexpr std::size_t max_header_fields = 64;

struct header_field {
    std::string name;
    std::string value; ///< without blanks around it
};

/// The header fields of a message in the order they came.
class header_fields {
public:
    void add(std::string_view name, std::string_view value)
    {
        fields_.push_back({std::string{name}, std::string{value}});
    }

    std::vector<header_field> const& all() const noexcept { return fields_; }
    std::size_t count(std::string_view name) const noexcept;
    bool has(std::string_view name) const noexcept { return count(name) != 0; }
    /// The value of the field if it occurs exactly once: a doubled field is nobody's.
    std::optional<std::string_view> one(std::string_view name) const noexcept;

private:
    std::vector<header_field> fields_;
};

enum class http_method : std::uint8_t { get, head, post, m_post, subscribe, unsubscribe, other };

/// A complete request, its body decoded.
struct http_request {
    http_method method = http_method::other;
    std::string method_text;
    std::string target;
    unsigned version = 11; ///< 10 or 11
    header_fields fields;
    std::string body;

    http_request without_body() const { return {method, method_text, target, version, fields, {}}; }

    /// Whether the connection may serve another request. HTTP/1.0 never does (UDA 2.0, 2.1).
    bool keep_alive() const noexcept;
};

} // namespace onlink

#endif
