// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_DEVICE_HOST_HPP
#define ONLINK_DEVICE_HOST_HPP

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/address.hpp>
#include <onlink/device.hpp>
#include <onlink/exposure.hpp>
#include <onlink/host_options.hpp>
#include <onlink/host_snapshot.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace onlink {

/// One URL under which control points find a root device.
struct served_address {
    std::string interface_name;
    boost::asio::ip::address address;
    std::string location; ///< the description document
};

/// Root devices on the network: discovery, description, control and eventing on one executor.
///
/// Threads: none of its own. All members but post(), all handlers, the observer and the state tables run on
/// the given executor; with several threads behind it, give a strand. Lifetime: the destructor stops at once,
/// without byebye and without a word to the observer; call stop() first and let the executor run.
class ONLINK_EXPORT device_host {
public:
    /// Throws configuration_error if a device or the options cannot work. Opens nothing yet.
    device_host(boost::asio::any_io_executor executor, device const& root, host_options options = {});
    device_host(boost::asio::any_io_executor executor, std::vector<device> const& roots,
                host_options options = {});
    ~device_host();
    device_host(device_host&&) noexcept;
    device_host& operator=(device_host&&) noexcept;

    /// Opens the sockets and announces the devices. Where there is no network yet, it waits for one; from
    /// then on it follows interfaces and addresses as they come and go (UDA 2.0, 1.2.4). Throws
    /// boost::system::system_error if a named interface has public addresses only (errc::public_address), or
    /// the system refuses; with policies::wait_for_network off also errc::no_interface and
    /// errc::unknown_interface. What throws leaves nothing open, and may be tried again; once it has begun,
    /// errc::bad_state.
    void start();

    /// Says byebye (at the pace of announcements), lets running answers finish (up to limits::stop_deadline),
    /// then closes everything, so that nothing of this host is left on the executor. Harmless when not
    /// started or called twice. `done`, if given, is called on the executor when that is over, even if it was
    /// before; not if the host is destroyed first. What it throws is caught and counted.
    void stop(std::function<void()> done = {});

    /// Switches everything off, as stop() does, but not for good: enable() brings it back. What a product's
    /// "UPnP off" setting calls. All subscriptions end. Harmless unless started and enabled. `done` as of
    /// stop(); enable() in between ends it, too.
    void disable(std::function<void()> done = {});
    /// Opens everything anew, on the interfaces of now, and announces the devices with a greater BOOTID (UDA
    /// 2.0, 1.2.2). Throws as start() does, and then stays disabled. Harmless when enabled; errc::bad_state
    /// before start() and after stop().
    void enable();
    /// Whether it runs: from start() or enable() to disable() or stop(), also while there is no network.
    /// False already while byebyes are on their way.
    bool enabled() const noexcept;

    /// Adds a root device; it is served and announced at once if the host runs. Throws configuration_error if
    /// it cannot work, if its UDN or a path of it is taken, or beyond limits::max_root_devices; then nothing
    /// changes.
    void add(device const& root);
    /// Says byebye for a root device, ends its subscriptions and forgets it. Throws
    /// boost::system::system_error (errc::not_found) if there is none of that UDN.
    void remove(udn const& name);
    /// Puts another description in the place of the root device of the same UDN, as descriptions must not
    /// change under valid advertisements: byebyes, then advertisements with a new CONFIGID and BOOTID (UDA
    /// 2.0, 2). Its subscriptions end. Throws as add() does, and if there is none of that UDN; then nothing
    /// changes, unless it is for lack of memory, after which the device may be gone: add() it again.
    void replace(device const& root);

    /// What is reachable at this moment, where, from whom, and what contains it; empty when nothing is.
    std::vector<exposed_endpoint> exposure() const;

    /// Where the root devices are served: each at each address. Empty before start(), and without a network.
    std::vector<served_address> serving() const;

    /// What was refused so far.
    refusal_counters const& refusals() const noexcept;
    /// How it is at this moment, in numbers, and what was delivered and refused so far. Walks all
    /// subscriptions.
    host_snapshot snapshot() const;

    /// Runs `what` on the host's executor, soon, never within the call: the way for another thread to change
    /// state. Several changes made by one `what` go out in one event.
    ///
    ///     host.post([status] { status = true; }); // in the thread of a sensor
    ///
    /// The one member that may be called from any thread, as long as the host is not being moved or
    /// destroyed. What is posted in order by one thread runs in that order. Nothing bounds how much may wait:
    /// the caller has to. It is dropped if the host is gone by then, or stopped; an exception that leaves it
    /// is counted as internal_error.
    void post(std::function<void()> what);

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace onlink

#endif
