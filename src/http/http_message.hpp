// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HTTP_HTTP_MESSAGE_HPP
#define ONLINK_HTTP_HTTP_MESSAGE_HPP

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onlink {

/// Header fields of a request, and of the trailer of a chunked body; more are 431. Real requests have ten.
inline constexpr std::size_t max_header_fields = 64;

/// A field as it stands in header_fields: views of it.
struct header_field {
    std::string_view name;
    std::string_view value; ///< without blanks around it
};

/// The header fields of a message in the order they came, one behind the other in a single text: to read a
/// request into one that has held another takes no memory.
class header_fields {
    struct place {
        std::uint32_t name;
        std::uint32_t value;
        std::uint32_t end;
    };

public:
    class iterator {
    public:
        using difference_type = std::ptrdiff_t;
        using value_type = header_field;
        using reference = header_field;
        using pointer = void;
        using iterator_category = std::input_iterator_tag;

        iterator() noexcept = default;
        iterator(header_fields const& of, std::size_t at) noexcept : of_(&of), at_(at) {}
        header_field operator*() const noexcept { return of_->field(at_); }
        iterator& operator++() noexcept
        {
            ++at_;
            return *this;
        }
        iterator operator++(int) noexcept { return {*of_, at_++}; }
        friend bool operator==(iterator const& a, iterator const& b) noexcept { return a.at_ == b.at_; }

    private:
        header_fields const* of_ = nullptr;
        std::size_t at_ = 0;
    };

    /// Views of the fields; valid as long as they are not changed.
    struct list {
        header_fields const& of;

        std::size_t size() const noexcept { return of.places_.size(); }
        header_field operator[](std::size_t number) const noexcept { return of.field(number); }
        iterator begin() const noexcept { return {of, 0}; }
        iterator end() const noexcept { return {of, size()}; }
    };

    void add(std::string_view name, std::string_view value);
    /// What it holds in memory stays for the next fields.
    void clear() noexcept;

    list all() const noexcept { return {*this}; }
    std::size_t count(std::string_view name) const noexcept;
    bool has(std::string_view name) const noexcept { return count(name) != 0; }
    /// The value of the field if it occurs exactly once: a doubled field is nobody's.
    std::optional<std::string_view> one(std::string_view name) const noexcept;

private:
    header_field field(std::size_t number) const noexcept
    {
        auto const& [name, value, end] = places_[number];
        std::string_view const text = text_;
        return {text.substr(name, value - name), text.substr(value, end - value)};
    }

    std::string text_;
    std::vector<place> places_;
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
    /// Ready for another; what it holds in memory stays for that, but for more than a few KiB.
    void clear() noexcept;

    /// Whether the connection may serve another request. HTTP/1.0 never does (UDA 2.0, 2.1).
    bool keep_alive() const noexcept;
};

} // namespace onlink

#endif
