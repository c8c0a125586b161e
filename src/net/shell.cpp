// SPDX-License-Identifier: BSL-1.0
#include "net/shell.hpp"

#include "net/http_listener.hpp"
#include "net/http_session.hpp"
#include "net/notify_sender.hpp"
#include "net/socket_options.hpp"
#include "net/ssdp_endpoint.hpp"

#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>

namespace onlink {

namespace {

host_options with_system_defaults(host_options options)
{
    if (!options.operating_system)
        options.operating_system = system_product();
    if (!options.random)
        options.random = system_random();
    return options;
}

} // namespace

shell::shell(boost::asio::any_io_executor executor, std::vector<device> const& roots, host_options options)
    : executor_(std::move(executor)),
      options_(with_system_defaults(std::move(options))),
      runtime_(roots, options_, now()),
      timer_(executor_)
{}

shell::~shell() = default;

moment shell::now()
{
    return {std::chrono::steady_clock::now(),
            std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())};
}

void shell::start()
{
    if (phase_ != phase::idle)
        throw boost::system::system_error{make_error_code(errc::bad_state), "device_host::start"};
    try {
        open();
    } catch (...) {
        close();
        throw;
    }
}

void shell::enable()
{
    if (phase_ == phase::open)
        return;
    if (phase_ == phase::leaving && !for_good_)
        finish_leaving(); // the byebyes that are not out yet are overtaken by the new announcements
    if (phase_ != phase::disabled)
        throw boost::system::system_error{make_error_code(errc::bad_state), "device_host::enable"};
    try {
        open();
    } catch (...) {
        close_sockets();
        throw;
    }
}

void shell::open()
{
    monitor_.emplace(executor_, options_.limits.interfaces,
                     options_.policies.callback == callback_admission::same_host ||
                         options_.policies.binding == subscription_binding::same_host);
    bool const told = monitor_->follow([weak = weak_from_this()] {
        if (auto const self = weak.lock()) {
            try {
                self->read_interfaces();
            } catch (...) { // out of memory
                self->on_exception(std::current_exception());
            }
        }
    });
    next_poll_.reset();
    if (!told)
        next_poll_ = now().at + options_.limits.interfaces.poll_period;
    auto table = monitor_->read(); // what changes from here on is told
    if (!table)
        throw boost::system::system_error{make_error_code(errc::no_interface), "reading the interfaces"};
    auto served = select_interfaces(*table, options_).value();
    auto const begin = now();
    runtime_.set_interfaces(begin, *std::move(table));
    for (auto& at : served)
        open_interface(at);
    if (phase_ == phase::idle)
        listen_to_state();

    phase_ = phase::open;
    stop_by_ = time_point::max();
    runtime_.start(begin, std::move(served));
    for (auto const& endpoint : endpoints_)
        endpoint->run();
    for (auto const& listener : listeners_)
        listener->run();
    pump();
}

std::uint16_t shell::listen(served_interface const& at, endpoint const& local)
{
    auto const listener = std::make_shared<http_listener>(shared_from_this(), at, local, at.name);
    listeners_.push_back(listener);
    // A link-local address belongs to its own interface alone.
    if (!listener->bound_to_device() || (local.address.is_v6() && is_link_local(local.address)))
        return listener->port();
    for (auto const& interface : runtime_.interfaces().all())
        if (interface.loopback && interface.index != at.index) {
            endpoint const same{local.address, listener->port()};
            listeners_.push_back(
                std::make_shared<http_listener>(shared_from_this(), at, same, interface.name));
            break;
        }
    return listener->port();
}

void shell::open_interface(served_interface& at)
{
    at.http_port = listen(at, {at.address, options_.port});
    endpoints_.push_back(std::make_shared<ssdp_endpoint>(shared_from_this(), at));
    // Nobody is told of these yet, so one that cannot be opened (the address is gone again, the port taken)
    // is not worth the whole start.
    std::erase_if(at.also, [&](endpoint& other) {
        auto const open_before = listeners_.size();
        try {
            other.port = listen(at, {other.address, options_.port});
            return false;
        } catch (boost::system::system_error const&) {
            listeners_.resize(open_before);
            return true;
        }
    });
}

void shell::read_interfaces()
{
    if (phase_ != phase::open || !monitor_)
        return;
    if (auto table = monitor_->read()) {
        bool const changed = table->all() != runtime_.interfaces().all();
        runtime_.set_interfaces(now(), *std::move(table));
        if (changed)
            close_those_off_their_segment();
        pump();
    }
}

void shell::close_those_off_their_segment()
{
    std::vector<std::shared_ptr<http_session>> strangers;
    for (auto const& session : sessions_)
        if (!runtime_.admit_connection(session->from()))
            strangers.push_back(session);
    for (auto const& session : strangers)
        session->close();
}

void shell::listen_to_state()
{
    auto const& services = runtime_.tree().services;
    for (std::size_t index = 0; index < services.size(); ++index) {
        runtime_.on_state_change(index); // what changed before anyone could subscribe is nobody's event
        services[index].service.state().on_change([weak = weak_from_this(), index] {
            auto const self = weak.lock();
            if (!self || self->phase_ == phase::closed)
                return;
            // Posted, so that all changes of one handler go out together (UDA 2.0, 4.3).
            boost::asio::post(self->executor_, [self, index] {
                self->runtime_.on_state_change(index);
                self->pump();
            });
        });
    }
}

void shell::stop()
{
    for_good_ = true;
    if (phase_ == phase::open)
        leave();
    else if (phase_ != phase::leaving)
        close();
}

void shell::disable()
{
    if (phase_ == phase::open)
        leave();
}

void shell::leave()
{
    phase_ = phase::leaving;
    auto const begin = now();
    stop_by_ = begin.at + options_.limits.stop_deadline;
    for (auto const& listener : listeners_)
        listener->close();
    for (auto const& sender : senders_)
        sender->close();
    auto const open_sessions = sessions_; // close_if_idle() may take one out
    for (auto const& session : open_sessions)
        session->close_if_idle();
    runtime_.stop(begin);
    pump();
}

void shell::finish_leaving()
{
    if (for_good_)
        return close();
    phase_ = phase::disabled;
    close_sockets();
    pump();
}

void shell::close_sockets()
{
    timer_.cancel();
    armed_for_.reset();
    if (monitor_)
        monitor_->close();
    // Each of them holds us, and we them, until here.
    for (auto const& listener : std::exchange(listeners_, {}))
        listener->close();
    for (auto const& endpoint : std::exchange(endpoints_, {}))
        endpoint->close();
    for (auto const& session : std::exchange(sessions_, {}))
        session->close();
    for (auto const& sender : std::exchange(senders_, {}))
        sender->close();
    runtime_.on_closed();
}

void shell::close()
{
    if (std::exchange(phase_, phase::closed) == phase::closed)
        return;
    close_sockets();
    for (auto const& hosted : runtime_.tree().services)
        hosted.service.state().on_change({});
}

void shell::pump()
{
    if (phase_ == phase::closed)
        return;
    if (pumping_) { // an observer called us: the loop below goes round once more
        pump_again_ = true;
        return;
    }
    auto const self = shared_from_this(); // an observer may drop the host
    {
        pumping_ = true;
        struct end {
            bool& pumping;
            ~end() { pumping = false; }
        } const at_end{pumping_}; // also when memory runs out
        do {
            pump_again_ = false;
            // What the system has said of its interfaces up to now is heard before anything is delivered.
            bool const known = !runtime_.events().has_waiting_events() || !monitor_ || monitor_->up_to_date();
            auto items = runtime_.drain(now(), known);
            for (auto& item : items)
                std::visit([this](auto& each) { do_item(each); }, item);
        } while (pump_again_);
    }

    if (phase_ == phase::closed) // by an observer
        return;
    if (phase_ == phase::leaving && runtime_.stopped() && sessions_.empty())
        return finish_leaving();
    arm_timer();
}

void shell::do_item(send_datagram& item)
{
    auto const by = std::find_if(endpoints_.begin(), endpoints_.end(), [&](auto const& endpoint) {
        return endpoint->interface_index() == item.interface_index;
    });
    if (by != endpoints_.end())
        (*by)->send(item.to, item.bytes);
}

void shell::do_item(send_event& item)
{
    if (phase_ != phase::open) {
        runtime_.on_delivery(item.what.number(), false, "stopping");
        pump_again_ = true; // what follows from that is this pump's business
        return;
    }
    auto const sender =
        std::make_shared<notify_sender>(shared_from_this(), std::move(item.what), std::move(item.by));
    senders_.push_back(sender);
    sender->run();
}

void shell::do_item(exposure_note& item)
{
    tell([&](observer& o) { o.on_exposure(item.all); });
}

template <class F>
void shell::tell(F&& f) noexcept
{
    if (!options_.watch)
        return;
    try {
        f(*options_.watch);
    } catch (...) {
        on_exception(std::current_exception());
    }
}

void shell::do_item(refusal_note& item)
{
    tell([&](observer& o) {
        o.on_refusal({item.reason, item.peer, item.interface_name, item.status, item.detail});
    });
}

void shell::do_item(action_note& item)
{
    tell([&](observer& o) {
        o.on_action({item.call.caller(), item.call.interface_name(), &item.call, item.error});
    });
}

void shell::do_item(subscription_note& item)
{
    tell([&](observer& o) { o.on_subscription({item.change, item.sid, item.service_type, item.peer}); });
}

void shell::do_item(delivery_note& item)
{
    tell([&](observer& o) { o.on_delivery({item.sid, item.seq, item.url, item.delivered, item.why}); });
}

void shell::do_item(serving_note& item)
{
    tell([&](observer& o) {
        o.on_serving({item.interface_name, item.address, item.friendly_name, item.location});
    });
}

void shell::arm_timer()
{
    auto due = time_point::max();
    if (phase_ == phase::leaving)
        due = stop_by_;
    for (auto const& wanted : {next_poll_, runtime_.next_deadline()})
        if (wanted)
            due = std::min(due, *wanted);
    if (armed_for_ == due)
        return;
    armed_for_ = due;
    if (due == time_point::max() || phase_ == phase::disabled) {
        timer_.cancel();
        return;
    }
    timer_.expires_at(due);
    timer_.async_wait([weak = weak_from_this()](boost::system::error_code ec) {
        if (auto const self = weak.lock(); self && !ec)
            self->on_timer();
    });
}

void shell::on_timer()
{
    armed_for_.reset();
    if (phase_ == phase::closed || phase_ == phase::disabled)
        return;
    auto const at = now();
    if (phase_ == phase::leaving && at.at >= stop_by_)
        return finish_leaving();
    if (next_poll_ && at.at >= *next_poll_) {
        next_poll_ = at.at + options_.limits.interfaces.poll_period;
        read_interfaces();
    }
    runtime_.advance(at);
    pump();
}

std::optional<refusal_reason> shell::admit(std::shared_ptr<http_session> const& session)
{
    auto const& bounds = options_.limits.http;
    auto const same_peer =
        static_cast<std::size_t>(std::count_if(sessions_.begin(), sessions_.end(), [&](auto const& other) {
            return other->from().peer.address == session->from().peer.address;
        }));
    if (same_peer >= bounds.max_connections_per_peer)
        return refusal_reason::connection_peer_limit;
    if (sessions_.size() >= bounds.max_connections) {
        // Sessions stand in the order in which they last did something: the first idle one is idle longest.
        auto const idle =
            std::find_if(sessions_.begin(), sessions_.end(), [](auto const& other) { return other->idle(); });
        if (idle == sessions_.end())
            return refusal_reason::connection_limit;
        auto const evicted = *idle;
        sessions_.erase(idle);
        evicted->close();
    }
    sessions_.push_back(session);
    return std::nullopt;
}

void shell::touch(http_session const& session)
{
    auto const at = std::find_if(sessions_.begin(), sessions_.end(),
                                 [&](auto const& other) { return other.get() == &session; });
    if (at != sessions_.end())
        sessions_.splice(sessions_.end(), sessions_, at);
}

void shell::forget(http_session const& session)
{
    sessions_.remove_if([&](auto const& other) { return other.get() == &session; });
    if (phase_ == phase::leaving)
        pump();
}

void shell::forget(notify_sender const& sender)
{
    senders_.remove_if([&](auto const& other) { return other.get() == &sender; });
}

void shell::on_exception(std::exception_ptr thrown) noexcept
{
    if (!thrown)
        return;
    try {
        runtime_.on_refusal({}, refusal_reason::internal_error, 0);
    } catch (...) { // out of memory while saying so: the count has been made, the note is lost
    }
}

} // namespace onlink
