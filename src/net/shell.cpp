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
    if (std::exchange(started_, true))
        throw boost::system::system_error{make_error_code(errc::bad_state), "device_host::start"};
    auto table = monitor_.read();
    if (!table)
        throw boost::system::system_error{make_error_code(errc::no_interface), "reading the interfaces"};
    auto served = select_interfaces(*table, options_).value();
    runtime_.set_interfaces(*std::move(table));
    try {
        for (auto& at : served)
            open_interface(at);
    } catch (...) {
        close();
        throw;
    }
    listen_to_state();
    auto const begin = now();
    next_poll_ = begin.at + options_.limits.interfaces.poll_period;
    runtime_.start(begin, std::move(served));
    for (auto const& endpoint : endpoints_)
        endpoint->run();
    for (auto const& listener : listeners_)
        listener->run();
    pump();
}

void shell::open_interface(served_interface& at)
{
    auto listener = std::make_shared<http_listener>(shared_from_this(), at, options_.port);
    listeners_.push_back(listener);
    at.http_port = listener->port();
    endpoints_.push_back(std::make_shared<ssdp_endpoint>(shared_from_this(), at));
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
    if (phase_ != phase::open)
        return;
    if (!started_)
        return close();
    phase_ = phase::stopping;
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

void shell::close()
{
    if (std::exchange(phase_, phase::closed) == phase::closed)
        return;
    timer_.cancel();
    // Each of them holds us, and we them, until here.
    for (auto const& listener : std::exchange(listeners_, {}))
        listener->close();
    for (auto const& endpoint : std::exchange(endpoints_, {}))
        endpoint->close();
    for (auto const& session : std::exchange(sessions_, {}))
        session->close();
    for (auto const& sender : std::exchange(senders_, {}))
        sender->close();
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
            auto items = runtime_.drain();
            for (auto& item : items)
                std::visit([this](auto& each) { do_item(each); }, item);
        } while (pump_again_);
    }

    if (phase_ == phase::stopping && runtime_.stopped() && sessions_.empty())
        return close();
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

void shell::do_item(event_delivery& item)
{
    auto const give_up = [&](char const* why) {
        runtime_.on_delivery(item.number(), false, why);
        pump_again_ = true; // what follows from that is this pump's business
    };
    if (phase_ != phase::open)
        return give_up("stopping");
    auto const& served = runtime_.served();
    auto const by = std::find_if(served.begin(), served.end(), [&](served_interface const& at) {
        return at.index == item.to().interface_index();
    });
    if (by == served.end())
        return give_up("interface gone");
    auto const sender = std::make_shared<notify_sender>(shared_from_this(), std::move(item), by->address);
    senders_.push_back(sender);
    sender->run();
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
    auto due = phase_ == phase::open ? next_poll_ : stop_by_;
    if (auto const wanted = runtime_.next_deadline())
        due = std::min(due, *wanted);
    if (armed_for_ == due)
        return;
    armed_for_ = due;
    timer_.expires_at(due);
    timer_.async_wait([weak = weak_from_this()](boost::system::error_code ec) {
        if (auto const self = weak.lock(); self && !ec)
            self->on_timer();
    });
}

void shell::on_timer()
{
    armed_for_.reset();
    if (phase_ == phase::closed)
        return;
    auto const at = now();
    if (phase_ == phase::stopping && at.at >= stop_by_)
        return close();
    if (phase_ == phase::open && at.at >= next_poll_) {
        next_poll_ = at.at + options_.limits.interfaces.poll_period;
        if (auto table = monitor_.read(); table && *table != runtime_.interfaces())
            runtime_.set_interfaces(*std::move(table));
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
    if (phase_ == phase::stopping)
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
