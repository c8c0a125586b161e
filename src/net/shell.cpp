// SPDX-License-Identifier: BSL-1.0
#include "net/shell.hpp"

#include "base/at_exit.hpp"
#include "host/observer_notes.hpp"
#include "net/http_session.hpp"
#include "net/search_answer_sender.hpp"
#include "net/socket_options.hpp"
#include "net/ssdp_socket.hpp"

#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <ctime>

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

/// Until the interfaces are read again where the system did not say: limits::interfaces::read_gap, and each
/// time twice as long, up to this; a question that it does not answer holds the loop for as long.
constexpr duration longest_read_gap = std::chrono::seconds{1};

template <class... Items>
bool is_one_of(action_item const& item) noexcept
{
    return (std::holds_alternative<Items>(item) || ...);
}

/// What is only for the observer.
bool is_note(action_item const& item) noexcept
{
    return !is_one_of<send_datagram, send_answers, send_event, close_connection, keep_boot_id,
                      reopen_endpoints>(item);
}

std::optional<std::uint32_t> kept_boot_id(host_options const& options)
{
    if (!options.boot_ids)
        return std::nullopt;
    return options.boot_ids->load().value_or(0);
}

} // namespace

shell::shell(boost::asio::any_io_executor executor, std::vector<device> const& roots, host_options options)
    : executor_(std::move(executor)),
      options_(with_system_defaults(std::move(options))),
      runtime_(roots, options_, now(), kept_boot_id(options_)),
      timer_(executor_),
      left_(executor_, time_point::max()),
      sockets_(*this),
      readers_(options_.limits.http)
{
    runtime_.set_observed(options_.watch != nullptr);
}

shell::~shell() = default;

moment shell::now()
{
    // Seconds do for the date, and this is asked for several times for each request: time() reads the clock
    // of the last tick.
    return {std::chrono::steady_clock::now(),
            std::chrono::sys_seconds{std::chrono::seconds{std::time(nullptr)}}};
}

void shell::start()
{
    if (phase_ != phase::idle)
        throw boost::system::system_error{make_error_code(errc::bad_state), "device_host::start"};
    try {
        open();
    } catch (...) {
        close_sockets();
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
        if (auto const self = weak.lock())
            self->guarded([&] { self->read_interfaces(); })();
    });
    next_poll_.reset();
    if (!told)
        next_poll_ = now().at + options_.limits.interfaces.poll_period;
    interfaces_known_ = true;
    auto table = monitor_->read(); // what changes from here on is told
    if (!table)
        throw boost::system::system_error{make_error_code(errc::no_interface), "reading the interfaces"};
    auto const begin = now();
    runtime_.set_interfaces(begin, *std::move(table));
    reopen(true);
    if (phase_ == phase::idle)
        listen_to_state();

    ++life_;
    phase_ = phase::open;
    stop_by_ = time_point::max();
    runtime_.start(begin);
    pump();
}

void shell::reopen(bool strict)
{
    auto const wanted = runtime_.wanted_endpoints();
    if (strict && !wanted.only_public.empty())
        throw boost::system::system_error{make_error_code(errc::public_address), wanted.only_public.front()};
    if (strict && !options_.policies.wait_for_network) {
        if (!wanted.missing.empty())
            throw boost::system::system_error{make_error_code(errc::unknown_interface),
                                              wanted.missing.front()};
        if (wanted.endpoints.empty())
            throw boost::system::system_error{make_error_code(errc::no_interface), "no interface fits"};
    }

    sockets_.follow(wanted.endpoints, strict);
    runtime_.serve(now(), sockets_.served(), sockets_.search_port());
}

void shell::read_interfaces()
{
    if (phase_ != phase::open || !monitor_)
        return;
    // Until it is done: the news does not come twice.
    read_again_ =
        interfaces_known_ ? options_.limits.interfaces.read_gap : std::min(2 * read_again_, longest_read_gap);
    next_poll_ = now().at + read_again_;
    interfaces_known_ = false;
    guarded([&] { take_interfaces(); })();
    pump();
    just_read_ = false;
}

void shell::take_interfaces()
{
    auto table = monitor_->read();
    if (!table)
        return;
    sessions_to_judge_ = sessions_to_judge_ || table->all() != runtime_.interfaces().all();
    runtime_.set_interfaces(now(), *std::move(table));
    if (sessions_to_judge_)
        close_those_off_their_segment();
    sessions_to_judge_ = false;
    bool const told = monitor_->listening();
    next_poll_.reset();
    if (!told)
        next_poll_ = now().at + options_.limits.interfaces.poll_period;
    interfaces_known_ = true;
    // Deliveries go by this table, whatever has been said since it was read: where interfaces change all the
    // time, they would never go.
    just_read_ = true;
}

void shell::close_those_off_their_segment()
{
    sessions_.for_each([this](http_session& session) {
        if (!sockets_.serve(session.from()) || !runtime_.admit_connection(session.from()))
            session.close();
    });
}

void shell::listen_to_state()
{
    all_heard_ = false; // where memory runs out here, the next pump goes on with it
    auto const& services = runtime_.tree().services;
    for (std::size_t index = 0; index < services.size(); ++index) {
        if (services[index].vacant)
            continue;
        // What changed before anyone could subscribe is nobody's event.
        runtime_.on_state_change(now(), index);
        services[index].service.state().on_change([weak = weak_from_this(), index] {
            auto const self = weak.lock();
            if (!self || self->phase_ == phase::closed)
                return;
            // Without memory the next pump takes what has changed.
            auto const or_later = [](shell& owner, auto publish) {
                try {
                    publish();
                } catch (...) {
                    owner.all_heard_ = false;
                    throw;
                }
            };
            // Posted, so that all changes of one handler go out together (UDA 2.0, 4.3).
            or_later(*self, [&] {
                boost::asio::post(self->executor_, self->guarded([owner = self.get(), index, or_later] {
                    or_later(*owner, [&] { owner->runtime_.on_state_change(now(), index); });
                    owner->pump();
                }));
            });
        });
    }
    all_heard_ = true;
}

std::vector<service> shell::services_of(udn const& name) const
{
    std::vector<service> all;
    auto const& tree = runtime_.tree();
    for (auto const root : tree.roots)
        if (tree.devices[root].description.udn == name)
            for (auto const& d : tree.devices)
                if (tree.is_under(d, root))
                    for (auto const index : d.services)
                        all.push_back(tree.services[index].service);
    return all;
}

bool shell::listens() const noexcept { return phase_ != phase::idle && phase_ != phase::closed; }

void shell::add(device const& root)
{
    if (auto const added = runtime_.add(now(), root); !added)
        throw configuration_error{added.error()};
    all_heard_ = !listens();
    pump();
}

void shell::remove(udn const& name)
{
    auto const gone = services_of(name);
    runtime_.remove(now(), name).value();
    for (auto const& one : gone)
        one.state().on_change({});
    pump();
}

void shell::replace(device const& root)
{
    auto const gone = services_of(root.description().udn);
    if (auto const replaced = runtime_.replace(now(), root); !replaced)
        throw configuration_error{replaced.error()};
    for (auto const& one : gone)
        one.state().on_change({});
    all_heard_ = !listens(); // some may be of the new one as well
    pump();
}

void shell::stop(std::function<void()> done)
{
    tell_at_the_end(std::move(done));
    for_good_ = true;
    if (phase_ == phase::open) {
        leave();
    } else if (phase_ != phase::leaving) {
        close();
        left_.cancel();
    }
}

void shell::disable(std::function<void()> done)
{
    tell_at_the_end(std::move(done));
    if (phase_ == phase::open)
        leave();
    else if (phase_ != phase::leaving)
        left_.cancel();
}

/// By then no memory is needed any more. It finds a host that has left, and nothing of ours below it.
void shell::tell_at_the_end(std::function<void()> done)
{
    if (!done)
        return;
    left_.async_wait(guarded([owner = this, done = std::move(done)](boost::system::error_code) {
        if (!owner->abandoned_)
            done();
    }));
}

void shell::leave()
{
    phase_ = phase::leaving;
    auto const begin = now();
    stop_by_ = begin.at + options_.limits.stop_deadline;
    guarded([&] { runtime_.stop(begin); })(); // without memory, what it has to say comes with its deadlines
    sockets_.close_listeners();
    events_.close_all();
    sessions_.for_each([](http_session& session) { session.close_if_idle(); });
    pump();
}

void shell::finish_leaving()
{
    if (for_good_) {
        close();
    } else {
        phase_ = phase::disabled;
        close_sockets();
    }
    left_.cancel(); // before an observer can have it leave again, for whom others wait
    pump();
}

void shell::abandon()
{
    abandoned_ = true;
    close();
    left_.cancel();
}

void shell::close_sockets()
{
    ++life_;
    timer_.cancel();
    armed_for_.reset();
    if (monitor_)
        monitor_->close();
    sockets_.close(); // each of them holds us, and we them, until here
    sessions_.close_all();
    events_.close_all();
    for (auto const& sender : std::exchange(answer_senders_, {}))
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

void shell::pump() noexcept
{
    try {
        do_all();
    } catch (...) { // no memory: whatever happens next goes on with it
        on_exception(std::current_exception());
    }
}

void shell::do_all()
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
        at_exit const ended{[this] { pumping_ = false; }}; // also when memory runs out
        do {
            pump_again_ = false;
            auto const life = life_;
            if (!all_heard_ && listens())
                guarded([&] { listen_to_state(); })();
            if (runtime_.idle())
                break;
            // What the system has said of its interfaces up to now is heard before anything is delivered.
            drain(!runtime_.events().has_waiting_events() || knows_interfaces());
            for (auto& item : items_)
                try {
                    // An observer may have closed the host: then what is left is of a life that is over, and
                    // nobody hears of one that was destroyed.
                    if (life_ == life || (is_note(item) && !abandoned_))
                        std::visit([this](auto& each) { do_item(each); }, item);
                    else if (auto const* answers = std::get_if<send_answers>(&item))
                        runtime_.on_search_answers_sent(answers->what.interface_index, answers->what.to,
                                                        false, "stopping");
                } catch (...) { // no memory for this one: the others have waited long enough
                    on_exception(std::current_exception());
                }
            items_.clear();
        } while (pump_again_ && !abandoned_);
        sockets_.retire(); // their last words are out
    }

    if (phase_ == phase::closed) // by an observer
        return;
    if (phase_ == phase::leaving && runtime_.stopped() && sessions_.size() == 0)
        return finish_leaving();
    arm_timer();
}

bool shell::knows_interfaces()
{
    bool const up_to_date = !monitor_ || monitor_->up_to_date(); // which may read them
    return interfaces_known_ && (just_read_ || up_to_date);
}

void shell::drain(bool interfaces_known)
{
    try {
        runtime_.drain(now(), interfaces_known, items_);
    } catch (...) { // no memory: what is left comes with the next pump
        on_exception(std::current_exception());
    }
}

void shell::do_item(send_datagram& item)
{
    auto* const socket = sockets_.at(item.interface_index, item.from);
    if (!socket)
        return;
    if (auto const ec = socket->send(item.to, item.bytes)) {
        pump_again_ = true; // to tell it
        connection by;
        if (auto const* interface = runtime_.interfaces().find(item.interface_index))
            by.interface_name = interface->name;
        if (!item.to.address.is_multicast()) // nobody asked for what goes to a group
            by.peer = item.to;
        runtime_.on_refusal(by, refusal_reason::datagram_unsent, 0,
                            to_authority(item.to) + ": " + ec.message());
    }
    runtime_.on_sent(std::move(item));
}

void shell::do_item(send_answers& item)
{
    auto const interface_index = item.what.interface_index;
    auto const to = item.what.to;
    if (phase_ != phase::open)
        return runtime_.on_search_answers_sent(interface_index, to, false, "stopping");
    std::shared_ptr<search_answer_sender> sender;
    try {
        sender = std::make_shared<search_answer_sender>(shared_from_this(), std::move(item));
        answer_senders_.push_back(sender);
        sender->run();
    } catch (...) {
        if (sender)
            forget(*sender);
        runtime_.on_search_answers_sent(interface_index, to, false, "no memory");
        throw;
    }
}

void shell::do_item(keep_boot_id& item)
{
    if (!options_.boot_ids)
        return;
    try { // the store is the application's
        if (auto const kept = options_.boot_ids->save(item.value); !kept)
            runtime_.on_boot_id_not_kept(now(), kept.error().message());
    } catch (std::exception const& thrown) {
        runtime_.on_boot_id_not_kept(now(), thrown.what());
    } catch (...) {
        runtime_.on_boot_id_not_kept(now(), "unknown exception");
    }
    pump_again_ = true;
}

void shell::do_item(reopen_endpoints&)
{
    if (phase_ != phase::open)
        return;
    reopen(false);
    close_those_off_their_segment();
    pump_again_ = true;
}

void shell::do_item(send_event& item)
{
    auto const number = item.what.number();
    auto const connection = item.what.connection();
    auto outcome = delivery_outcome::stale();
    try {
        if (phase_ != phase::open)
            outcome = delivery_outcome::failed("stopping");
        else if (events_.send(shared_from_this(), std::move(item)))
            return;
    } catch (...) {
        on_exception(std::current_exception());
        events_.close(connection);
        outcome = delivery_outcome::failed("no memory");
    }
    runtime_.on_delivery(now(), number, std::move(outcome));
    pump_again_ = true; // what follows from that is this pump's business
}

void shell::do_item(close_connection& item) { events_.close(item.which); }

template <class Note>
void shell::do_item(Note& note)
{
    if (!options_.watch)
        return;
    try { // the observer is the application's
        tell(*options_.watch, note);
    } catch (...) {
        on_exception(std::current_exception());
    }
}

/// The greatest time if there is none. Only of what on_timer() then does, or it would come again and again.
time_point shell::next_deadline() const noexcept
{
    auto first = time_point::max();
    auto const consider = [&](std::optional<time_point> const& one) {
        first = std::min(first, one.value_or(first));
    };
    if (phase_ == phase::leaving)
        consider(stop_by_);
    if (phase_ == phase::open) {
        consider(next_poll_);
        consider(sockets_.retry_at());
    }
    if (phase_ == phase::open || phase_ == phase::leaving)
        consider(runtime_.next_deadline());
    return first;
}

void shell::arm_timer() noexcept
{
    auto const due = next_deadline();
    if (armed_for_ == due)
        return;
    armed_for_ = due;
    try {
        if (due == time_point::max()) {
            timer_.cancel();
            return;
        }
        timer_.expires_at(due);
        timer_.async_wait([weak = weak_from_this()](boost::system::error_code ec) {
            if (auto const self = weak.lock(); self && !ec)
                self->on_timer();
        });
    } catch (...) { // no memory: whatever happens next arms it
        armed_for_.reset();
        on_exception(std::current_exception());
    }
}

void shell::on_timer()
{
    armed_for_.reset();
    if (phase_ != phase::open && phase_ != phase::leaving)
        return;
    auto const at = now();
    if (phase_ == phase::leaving && at.at >= stop_by_) {
        if (runtime_.stopped())
            return finish_leaving();
        // No answer is waited for any more; the byebyes of a large tree take as long as their pace.
        stop_by_ = time_point::max();
        sessions_.close_all();
    }
    guarded([&] {
        if (phase_ != phase::open)
            return;
        if (next_poll_ && at.at >= *next_poll_)
            read_interfaces();
        if (auto const retry = sockets_.retry_at(); retry && at.at >= *retry)
            sockets_.join_groups();
    })();
    guarded([&] { runtime_.advance(at); })();
    pump();
}

std::optional<refusal_reason> shell::admit(std::shared_ptr<http_session> const& session)
{
    return sessions_.admit(now().at, session, options_.limits.http, runtime_);
}

void shell::touch(http_session const& session) { sessions_.touch(session); }

void shell::forget(http_session const& session)
{
    sessions_.forget(session);
    if (phase_ == phase::leaving)
        pump();
}

void shell::retry_sockets() noexcept
{
    sockets_.retry_soon();
    arm_timer();
}

void shell::report(event_delivery const& what, delivery_step step)
{
    runtime_.on_delivery_step(now(), what.number(), step);
}

void shell::settle(connection_number connection, std::uint64_t number, delivery_outcome outcome)
{
    if (!outcome.kept)
        events_.close(connection);
    runtime_.on_delivery(now(), number, std::move(outcome));
    pump();
}

void shell::subscriber_gone(connection_number connection)
{
    events_.close(connection);
    runtime_.on_connection_closed(connection);
}

void shell::forget(search_answer_sender const& sender)
{
    answer_senders_.remove_if([&](auto const& other) { return other.get() == &sender; });
}

void shell::post(std::function<void()> what)
{
    boost::asio::post(executor_, [weak = weak_from_this(), what = std::move(what)] {
        auto const self = weak.lock();
        if (!self || self->phase_ == phase::closed)
            return;
        self->guarded([&] { what(); })();
        self->pump();
    });
}

host_snapshot shell::snapshot() const
{
    auto now = runtime_.snapshot();
    now.connections = sessions_.size();
    return now;
}

void shell::on_exception(std::exception_ptr const& thrown) noexcept
{
    if (!thrown)
        return;
    try {
        runtime_.on_refusal({}, refusal_reason::internal_error, 0);
    } catch (...) { // out of memory while saying so: the count has been made, the note is lost
    }
}

} // namespace onlink
