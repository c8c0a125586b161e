// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_LAST_CHANGE_HPP
#define ONLINK_LAST_CHANGE_HPP

#include <onlink/service.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace onlink {

/// `LastChange` as AVTransport and RenderingControl have it: instead of a variable for each value of each
/// instance, one text that tells what has changed.
///
///     onlink::last_change rendering{service, "urn:schemas-upnp-org:metadata-1-0/RCS/"};
///     rendering.set(0, "Volume", 17, {{"channel", "Master"}});
///
/// An event tells what was set since the last one; the initial event, and one for a subscriber that has
/// missed something, tells everything. At most one event in 200 ms, as these services ask; another
/// service::moderate() overrules that.
///
/// A handle: copies mean the same LastChange; handlers of the service may hold one. Threads: as the service.
class ONLINK_EXPORT last_change {
public:
    using attributes = std::vector<std::pair<std::string, std::string>>;

    /// `name_space`: of the `<Event>` element, e.g. `urn:schemas-upnp-org:metadata-1-0/AVT/`. `variable` is
    /// an evented string of the service. `max_values`: most values held, over all instances. Throws
    /// configuration_error.
    last_change(service& owner, std::string name_space, std::string_view variable = "LastChange",
                std::size_t max_values = 1024);

    /// Holds a value of an instance: of the state variable `name` of the service, in whose range or list it
    /// has to be. `more`: attributes beside `val`, e.g. the channel; they tell values of one name apart.
    /// Returns whether the value differs from the one before; only then it is told. Errors: unknown_name,
    /// full, malformed (an attribute's name), and those of state_variable::check().
    result<bool> try_set(std::uint32_t instance, std::string_view name, value const& v, attributes more = {});
    /// As try_set(); throws boost::system::system_error.
    void set(std::uint32_t instance, std::string_view name, value const& v, attributes more = {});
    /// Forgets an instance. Nobody is told: there is no way to.
    void remove(std::uint32_t instance);

private:
    class log;
    std::shared_ptr<state_table> state_;
    std::size_t index_;
    std::shared_ptr<log> log_;
};

} // namespace onlink

#endif
