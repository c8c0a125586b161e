// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_SUPPORT_RUNTIME_SCRIPT_HPP
#define ONLINK_TESTS_SUPPORT_RUNTIME_SCRIPT_HPP

#include "support/inside_library.hpp"
#include "support/runtime_watch.hpp"

#include <onlink/device.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace onlink::test {

/// A whole host without its sockets, driven by a script of bytes: each step is a byte that says what happens
/// and some that say how: datagrams and requests of many kinds, as they should be or changed or made up, from
/// neighbours and strangers; events that are taken, refused, lost or not answered; time that passes, in
/// milliseconds or hours; addresses that come and go; devices that come and go; the host that stops and
/// starts. Any bytes are a script. A runtime_watch looks on.
class runtime_script {
public:
    /// Few of everything, so that a short script reaches every limit.
    static limits tight_limits();

    explicit runtime_script(std::string_view script, limits const& bounds = tight_limits());
    runtime_script(runtime_script const&) = delete;
    runtime_script& operator=(runtime_script const&) = delete;
    ~runtime_script();

    /// All of it; `after_step` is called after each step. Throws broken_rule.
    void run(std::function<void()> const& after_step = [] {});
    /// One step; false at the end of the script. What the runtime throws comes out.
    bool step();
    /// Memory may run out from now on, which the runtime may well keep to itself: what is lost then is shown
    /// by SEQ, or ends.
    void expect_losses() noexcept { watch_.expect_losses(); }
    /// To be called when a step threw bad_alloc: what a shell does then.
    void out_of_memory();
    /// Throws broken_rule unless the host, left alone for a day on its first network, is found, described,
    /// controlled and subscribed to as on its first day, and holds nothing of what was before.
    void prove_well();

    runtime_watch const& watch() const noexcept { return watch_; }
    device_runtime const& runtime() const noexcept { return *runtime_; }
    /// Of all answers to requests, by the first digit of their status.
    std::size_t answered(int hundreds) const noexcept
    {
        return answered_[static_cast<std::size_t>(hundreds)];
    }

private:
    struct running_call {
        connection from;
        invocation call;
    };

    /// For the length of an expression.
    struct entered {
        library_call call{};
        device_runtime* runtime;
        device_runtime* operator->() const noexcept { return runtime; }
    };
    entered host() noexcept { return {.runtime = runtime_.get()}; }

    unsigned take();
    unsigned take_two();
    std::size_t below(std::size_t count);
    std::string take_text();
    std::string changed(std::string message);
    moment now() const { return {clock_, date_}; }

    void send_datagram();
    void send_requests();
    void on_reply(connection const& from, http_request const& request, http_reply reply);
    void settle_delivery();
    void progress_delivery();
    void hang_up();
    void change_state();
    void change_interfaces();
    void end_call();
    void end_transfer();
    void end_search_answers();
    void change_devices();
    void pass_time();
    void pass(duration how_long);
    int ask(std::string const& request);
    void restart();
    void obey();
    void reopen();
    void answer(connection const& from, invocation const& call);

    std::string_view script_;
    limits bounds_;
    service power_;
    service health_;
    device lamp_;
    device second_;
    time_point clock_;
    std::chrono::sys_seconds date_;
    host_options options_;
    runtime_watch watch_;
    std::unique_ptr<device_runtime> runtime_;
    std::vector<running_call> calls_;
    std::vector<connection> transfers_; ///< whose they are
    std::vector<onlink::send_search_answers> searches_;
    std::size_t search_answers_ = 0; ///< to be sent so far
    std::vector<std::string> sids_;  ///< that were ever granted, the last few
    bool stopping_ = false;
    std::size_t answered_[6] = {};
};

} // namespace onlink::test

#endif
