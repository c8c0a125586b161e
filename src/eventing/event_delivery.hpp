// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_EVENT_DELIVERY_HPP
#define ONLINK_EVENTING_EVENT_DELIVERY_HPP

#include "eventing/callback_url.hpp"
#include "eventing/property_set.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace onlink {

/// A connection to a subscriber, in use or kept for the next event. Never the same number twice.
enum class connection_number : std::uint64_t {};

/// One attempt to deliver an event, to be made at once. Only the dispatcher makes one, from an admitted URL.
class event_delivery {
public:
    /// For the outcome: event_engine::settle().
    std::uint64_t number() const noexcept { return number_; }
    callback_url const& to() const noexcept { return to_; }
    std::string const& header() const noexcept { return header_; }
    event_body const& body() const noexcept { return body_; }
    connection_number connection() const noexcept { return connection_; }
    /// Whether that connection is yet to be made; if not, it was kept from an earlier delivery.
    bool connects() const noexcept { return connects_; }

private:
    friend class event_dispatcher;
    event_delivery(std::uint64_t number, callback_url to, std::string header, event_body body,
                   connection_number connection, bool connects)
        : number_(number),
          to_(std::move(to)),
          header_(std::move(header)),
          body_(std::move(body)),
          connection_(connection),
          connects_(connects)
    {}

    std::uint64_t number_;
    callback_url to_;
    std::string header_;
    event_body body_;
    connection_number connection_;
    bool connects_;
};

/// How far an attempt has come; each step has a deadline of its own.
enum class delivery_step : std::uint8_t { connecting, writing, awaiting_answer };

/// What became of an attempt.
struct delivery_outcome {
    enum class kind : std::uint8_t {
        delivered,   ///< the subscriber answered 200
        sid_unknown, ///< it answered 412 (UDA 2.0, 4.3.2)
        failed,
        stale, ///< a kept connection was closed at the other end before anything was answered
    };
    kind what = kind::failed;
    std::string why = {}; ///< of a failure
    bool kept = false;    ///< the connection is open for the next one

    static delivery_outcome delivered(bool kept = false) { return {kind::delivered, {}, kept}; }
    static delivery_outcome sid_unknown(bool kept = false) { return {kind::sid_unknown, "status 412", kept}; }
    /// Without memory for it, there is no reason.
    static delivery_outcome failed(std::string_view why, bool kept = false) noexcept
    {
        delivery_outcome outcome{kind::failed, {}, kept};
        try {
            outcome.why = why;
        } catch (...) {
        }
        return outcome;
    }
    static delivery_outcome stale() { return {kind::stale, {}, false}; }
};

} // namespace onlink

#endif
