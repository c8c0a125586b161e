// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_SSDP_SSDP_MESSAGE_HPP
#define ONLINK_SSDP_SSDP_MESSAGE_HPP

#include <onlink/error.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace onlink {

/// A search as it came in one datagram: start line and header lines understood, nothing judged. It points
/// into the datagram.
class ssdp_message {
public:
    /// Whether the datagram begins with the start line of a search. Everything else on the group (the
    /// advertisements of other devices, answers, noise) is dropped on this test alone, without an answer
    /// (UDA 2.0, 1.2.2, 1.1.5).
    static bool looks_like_search(std::string_view datagram) noexcept;

    /// Reads `M-SEARCH * HTTP/1.1`, header lines and the empty line, each ended by CR LF (UDA 2.0, 1.1). What
    /// follows the empty line is ignored (1.1.4).
    /// Errors: malformed (bare LF, folded lines, control characters, no empty line), too_large (more than
    /// max_headers lines).
    static result<ssdp_message> parse(std::string_view datagram, std::size_t max_headers);

    /// The value of a field that occurs exactly once; names without regard to case.
    std::optional<std::string_view> one(std::string_view name) const noexcept;

private:
    std::string_view lines_; ///< of the fields, each with its line end
};

} // namespace onlink

#endif
