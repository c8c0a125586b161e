// SPDX-License-Identifier: BSL-1.0
#include "net/served_sockets.hpp"

#include "net/http_listener.hpp"
#include "net/shell.hpp"
#include "net/ssdp_socket.hpp"
#include "ssdp/ssdp_group.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace onlink {

bool served_sockets::open_group::fits(served_endpoint const& at) const
{
    return member.interface_index == at.interface_index && group_of(member.address) == group_of(at.address);
}

void served_sockets::follow(std::vector<served_endpoint> const& wanted, bool strict)
{
    auto added = open_missing(wanted, strict);
    endpoints_.reserve(endpoints_.size() + added.size()); // from here on nothing is lost on the way
    retiring_.reserve(retiring_.size() + endpoints_.size());
    auto const is_wanted = [&](open_endpoint const& one) {
        return std::any_of(wanted.begin(), wanted.end(),
                           [&](served_endpoint const& at) { return same_place(one.at, at); });
    };
    // In the order in which they are wanted only when the host opens; later the old ones come first.
    auto const goes = std::stable_partition(endpoints_.begin(), endpoints_.end(), is_wanted);
    std::move(goes, endpoints_.end(), std::back_inserter(retiring_));
    endpoints_.erase(goes, endpoints_.end());
    std::move(added.begin(), added.end(), std::back_inserter(endpoints_));
    join_groups();
}

std::vector<served_sockets::open_endpoint>
served_sockets::open_missing(std::vector<served_endpoint> const& wanted, bool strict)
{
    if (endpoints_.empty())
        choose_search_port(wanted);
    std::vector<open_endpoint> added;
    for (auto const& at : wanted) {
        if (std::any_of(endpoints_.begin(), endpoints_.end(),
                        [&](open_endpoint const& one) { return same_place(one.at, at); }))
            continue;
        try {
            added.push_back(open_at(at));
        } catch (boost::system::system_error const& refused) {
            // A link-local IPv6 address or another one more is not worth the whole start.
            if (strict && at.address.is_v4())
                throw;
            shell_.runtime().on_unavailable(at, refused.code().message());
        }
    }
    return added;
}

served_sockets::open_endpoint served_sockets::open_at(served_endpoint at)
{
    at.http_port = shell_.options().port;
    auto http = listen(at);
    auto ssdp = ssdp_socket::at_address(shell_.shared_from_this(), at, search_port_.value_or(ssdp_port));
    return {std::move(at), std::move(ssdp), std::move(http)};
}

/// UDA 2.0, 1.2.2: port 1900, unless somebody has it to himself; then the same other one everywhere.
void served_sockets::choose_search_port(std::vector<served_endpoint> const& wanted)
{
    constexpr unsigned attempts = 16;
    constexpr std::uint16_t first_dynamic = 49152; // RFC 6335, 6
    search_port_ = shell_.options().search_port;
    for (unsigned attempt = 0; !shell_.options().search_port && attempt < attempts; ++attempt) {
        try {
            for (auto const& at : wanted)
                ssdp_socket::at_address(shell_.shared_from_this(), at, search_port_.value_or(ssdp_port));
            return;
        } catch (boost::system::system_error const& refused) {
            if (refused.code() != boost::asio::error::address_in_use)
                return; // another port would not help
        }
        search_port_ =
            static_cast<std::uint16_t>(first_dynamic + shell_.options().random->up_to(65535 - first_dynamic));
    }
}

void served_sockets::run_all()
{
    for (auto const& one : endpoints_) {
        one.ssdp->run();
        for (auto const& listener : one.http)
            listener->run();
    }
    for (auto const& group : groups_)
        group.ssdp->run();
}

void served_sockets::retry_soon() noexcept
{
    retry_at_ = shell::now().at + shell_.options().limits.interfaces.retry_period;
}

void served_sockets::join_groups()
{
    std::erase_if(groups_, [&](open_group const& group) {
        bool const needed = std::any_of(endpoints_.begin(), endpoints_.end(),
                                        [&](open_endpoint const& one) { return group.fits(one.at); });
        if (!needed)
            group.ssdp->close();
        return !needed;
    });
    retry_soon(); // also if what follows throws
    bool all = true;
    for (auto const& one : endpoints_) {
        if (std::any_of(groups_.begin(), groups_.end(),
                        [&](open_group const& group) { return group.fits(one.at); }))
            continue;
        try {
            groups_.push_back({one.at, ssdp_socket::at_group(shell_.shared_from_this(), one.at)});
        } catch (boost::system::system_error const& refused) {
            // Advertisements and unicast searches work all the same.
            shell_.runtime().on_unavailable(one.at, std::string{"group: "} + refused.code().message());
            all = false;
        }
    }
    run_all();
    if (all)
        retry_at_.reset();
}

std::vector<std::shared_ptr<http_listener>> served_sockets::listen(served_endpoint& at)
{
    std::vector<std::shared_ptr<http_listener>> listeners;
    listeners.push_back(std::make_shared<http_listener>(shell_.shared_from_this(), at, at.interface_name));
    at.http_port = listeners.back()->port();
    // A link-local address belongs to its own interface alone.
    if (!listeners.back()->bound_to_device() || (at.address.is_v6() && is_link_local(at.address)))
        return listeners;
    for (auto const& interface : shell_.runtime().interfaces().all())
        if (interface.loopback && interface.index != at.interface_index) {
            listeners.push_back(
                std::make_shared<http_listener>(shell_.shared_from_this(), at, interface.name));
            break;
        }
    return listeners;
}

void served_sockets::retire()
{
    for (auto const& one : std::exchange(retiring_, {})) {
        one.ssdp->close();
        for (auto const& listener : one.http)
            listener->close();
    }
}

void served_sockets::close_listeners()
{
    for (auto const& one : endpoints_)
        for (auto const& listener : one.http)
            listener->close();
}

void served_sockets::close()
{
    retire();
    retiring_ = std::exchange(endpoints_, {});
    retire();
    for (auto const& group : std::exchange(groups_, {}))
        group.ssdp->close();
    retry_at_.reset();
}

std::vector<served_endpoint> served_sockets::served() const
{
    std::vector<served_endpoint> all;
    for (auto const& one : endpoints_)
        all.push_back(one.at);
    return all;
}

bool served_sockets::serve(connection const& at) const
{
    return std::any_of(endpoints_.begin(), endpoints_.end(), [&](open_endpoint const& one) {
        return one.at.interface_index == at.interface_index && same_address(one.at.address, at.local.address);
    });
}

ssdp_socket* served_sockets::at(unsigned interface_index, address const& from) const
{
    for (auto const* all : {&endpoints_, &retiring_})
        for (auto const& one : *all)
            if (one.at.interface_index == interface_index && same_address(one.at.address, from))
                return one.ssdp.get();
    return nullptr;
}

} // namespace onlink
