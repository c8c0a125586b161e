// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_SESSION_LIST_HPP
#define ONLINK_NET_SESSION_LIST_HPP

#include "base/ip.hpp"
#include "base/time.hpp"

#include <onlink/limits.hpp>
#include <onlink/observer.hpp>

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>

namespace onlink {

class device_runtime;
class http_session;

/// The HTTP connections that are open, at most so many, and so many of one peer.
class session_list {
public:
    /// Takes one in if the limits allow; another may have to go for it, which the runtime is told. The
    /// refusal otherwise.
    std::optional<refusal_reason> admit(time_point now, std::shared_ptr<http_session> const& session,
                                        limits::http_limits const& bounds, device_runtime& runtime);
    /// Takes note that one did something; see admit().
    void touch(http_session const& session);
    void forget(http_session const& session);
    void close_all();
    /// Calls `what` with each, perhaps more than once. That may take any of them out of the list.
    template <class F>
    void for_each(F what)
    {
        for (auto at = all_.begin(); at != all_.end();) {
            auto const session = *at++;
            auto const before = changes_;
            what(*session);
            if (changes_ != before) // the next one may be gone, too
                at = all_.begin();
        }
    }

    std::size_t size() const noexcept { return all_.size(); }

private:
    using list = std::list<std::shared_ptr<http_session>>;
    std::size_t count_of(http_session const& like) const;
    list::iterator least_missed(std::size_t held_by_newcomer, time_point now);
    void take_out(list::iterator at) noexcept;

    list all_; ///< in the order in which they last did something
    std::unordered_map<http_session const*, list::iterator> places_;
    std::map<address, std::size_t> by_peer_;
    std::uint64_t changes_ = 0; ///< how often something was taken out
};

} // namespace onlink

#endif
