// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_CALLBACK_URL_HPP
#define ONLINK_EVENTING_CALLBACK_URL_HPP

#include "base/ingress.hpp"
#include "eventing/callback_header.hpp"

#include <string>

namespace onlink {

/// A delivery address that the segment validator has admitted. Only the validator makes one, and only this
/// type can be queued or connected to: what was not admitted cannot be sent anything.
/// The host is a literal, fixed at admission; there is no second look-up to poison.
class callback_url {
public:
    endpoint const& where() const noexcept { return url_.where(); }
    /// Path and query exactly as the control point wrote them (UDA 2.0, 4.1.2).
    std::string const& target() const noexcept { return url_.target(); }
    std::string const& authority() const noexcept { return url_.authority(); }
    std::string const& to_string() const noexcept { return url_.to_string(); }
    /// The interface whose segment it was admitted to, and over which events go.
    unsigned interface_index() const noexcept { return at_.interface_index; }

private:
    friend class segment_validator; // the only maker
    callback_url(callback_candidate const& candidate, ingress const& at) noexcept
        : url_(candidate.url_), at_(at)
    {}

    http_url url_;
    ingress at_; ///< of the SUBSCRIBE
};

} // namespace onlink

#endif
