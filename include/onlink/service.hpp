// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_SERVICE_HPP
#define ONLINK_SERVICE_HPP

#include <onlink/error.hpp>
#include <onlink/event_moderation.hpp>
#include <onlink/handler.hpp>
#include <onlink/scpd.hpp>
#include <onlink/service_id.hpp>
#include <onlink/service_type.hpp>
#include <onlink/state_batch.hpp>
#include <onlink/state_table.hpp>
#include <onlink/vendor_element.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace onlink {

/// Where a service's three resources are served, as absolute paths. Empty fields get a path of the form
/// `/<uuid of the device>/<number of the service>/control`; set them to keep the URLs of an earlier firmware.
struct service_paths {
    std::string scpd = {};
    std::string control = {};
    std::string event = {};

    friend bool operator==(service_paths const&, service_paths const&) = default;
};

/// What a service is called: type and id, as the device type prescribes them.
struct service_identity {
    service_type type;
    service_id id;
    service_paths paths = {};
    std::vector<vendor_element> extensions = {}; ///< of its `<service>` element in the device description

    friend bool operator==(service_identity const&, service_identity const&) = default;
};

template <carried_value T>
class variable_handle;

/// A service: its contract (scpd), its state, and the handlers of its actions.
///
/// A handle: copies name the same service, so state() stays valid after the service was added to a device.
/// Threads: none of its own; once hosted, use it only on the host's executor.
///
/// on(), leave_unimplemented(), since(), event_level() and moderate() are to be said before the device is
/// hosted. The host shares what they change, and does not check it again: what is said later takes effect in
/// part, or takes a handler away that is running.
class ONLINK_EXPORT service {
public:
    service(service_identity identity, scpd contract);

    service_identity const& identity() const noexcept;
    scpd const& contract() const noexcept;
    state_table& state() const noexcept;
    /// The same, for whoever may outlive the service. A handler of the service should not hold the service
    /// itself, as that would then never be freed; this it may.
    std::shared_ptr<state_table> const& shared_state() const noexcept;

    /// One of its variables as a variable of C++; see variable_handle.hpp, which has to be included. Throws
    /// configuration_error if there is none of that name, or a T cannot hold what the SCPD lets it be.
    template <carried_value T>
    variable_handle<T> variable(std::string_view name) const;

    /// Changes that belong together: what is set while the result lives goes out in one event. It may live
    /// over a co_await; no event of this service goes meanwhile.
    ///
    ///     auto const together = power.batch();
    [[nodiscard]] state_batch batch() const;

    /// Binds a handler to an action; the forms are those of action_handler::of. Name and signature are
    /// checked against the SCPD when the device is hosted, and not again: before hosting only. A second
    /// handler for one action replaces the first.
    ///
    /// A handler runs on the host's executor, so one that blocks holds up everything, and nothing can
    /// interrupt it. What waits is a coroutine: it is cancelled (asio's terminal cancellation) after
    /// limits::control::action_deadline, and when the host is dropped, or stops, after limits::stop_deadline;
    /// it runs on when its caller hangs up. What takes longer than the 30 seconds of UDA 2.0, 3.2.2 returns
    /// at once and reports by an event. An exception that leaves a handler is 501 to the control point, and
    /// counted as internal_error; none of its words are sent.
    template <class F>
    service& on(std::string_view action, F handler)
    {
        return bind(action, action_handler::of(std::move(handler)));
    }

    /// States that an optional action of the SCPD has no handler: control points get 602. Before hosting
    /// only; it takes away a handler that was bound.
    service& leave_unimplemented(std::string_view action);

    /// States that version `version` of the service type brought an action: calls that name a lower one get
    /// 401 (UDA 2.0, 3.2.1). Without it every version has the action. Before hosting only. `version`: from 1
    /// to that of the service's type.
    service& since(std::string_view action, unsigned version);

    /// Gives the multicast events of a variable their level (LVL; UDA 2.0, 4.3.3): `upnp:/emergency`,
    /// `fault`, `warning`, `info`, `debug` or `general`, or one of a vendor's, e.g. `example.com:/paper-out`.
    /// Without it: `upnp:/general`. Before hosting only.
    service& event_level(std::string_view variable, std::string level);

    /// Holds back events of a variable, as its device class prescribes (UDA 2.0, 4.5). Before hosting only.
    service& moderate(std::string_view variable, event_moderation how);

    /// Whether handlers and SCPD agree: every action bound or left out on purpose, no handler for an unknown
    /// action, typed handlers with the number and kinds of arguments that the SCPD declares; versions,
    /// levels and moderations that there can be.
    checked<void> check() const;

    /// For the host: the version that brought an action; 1 where nothing else was stated.
    unsigned introduced_in(std::string_view action) const noexcept;

    /// For the host: the level of a variable's multicast events.
    std::string const& level_of(std::string_view variable) const noexcept;

    /// For the host: none where nothing was stated.
    event_moderation moderation_of(std::string_view variable) const noexcept;

    /// For the host: the handler of an action, nullptr if it was left unimplemented.
    action_handler const* find_handler(std::string_view action) const noexcept;

private:
    service& bind(std::string_view action, action_handler handler);
    std::size_t index_for(std::string_view variable, carried_type const& carried) const;

    struct body;
    std::shared_ptr<body> body_;
};

} // namespace onlink

#endif
