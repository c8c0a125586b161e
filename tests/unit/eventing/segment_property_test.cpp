// SPDX-License-Identifier: BSL-1.0
#include "eventing/segment_validator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <set>
#include <string>
#include <vector>

// The arithmetic of the border against a second one that shares nothing with it: here an address is a string
// of '0' and '1', a prefix the beginning of one. Random cases, most of them at an edge: the first and last
// address of a prefix, one before and behind, one bit off.

namespace onlink {
namespace {

// ---- The oracle

/// 32 or 128 characters.
using bits = std::string;

bits bits_of(address const& a)
{
    bits all;
    auto const append = [&](auto const& bytes) {
        for (unsigned const byte : bytes)
            for (unsigned bit = 128; bit != 0; bit /= 2)
                all += byte / bit % 2 == 1 ? '1' : '0';
    };
    if (a.is_v4())
        append(a.to_v4().to_bytes());
    else
        append(a.to_v6().to_bytes());
    return all;
}

address address_of(bits const& all)
{
    auto const fill = [&](auto bytes) {
        for (std::size_t i = 0; i < bytes.size(); ++i)
            for (std::size_t bit = 0; bit < 8; ++bit)
                bytes[i] = static_cast<unsigned char>(bytes[i] * 2 + (all[8 * i + bit] == '1'));
        return bytes;
    };
    if (all.size() == 32)
        return boost::asio::ip::address_v4{fill(boost::asio::ip::address_v4::bytes_type{})};
    return boost::asio::ip::address_v6{fill(boost::asio::ip::address_v6::bytes_type{})};
}

bool only(bits const& text, char digit) { return text.find_first_not_of(digit) == text.npos; }

struct slow_prefix {
    bits network;
    std::size_t length;

    bool contains(bits const& a) const
    {
        return a.size() == network.size() && length <= a.size() &&
               a.substr(0, length) == network.substr(0, length);
    }
    bool is_broadcast(bits const& a) const
    {
        return a.size() == 32 && length < 31 && contains(a) && only(a.substr(length), '1');
    }
    bool is_network(bits const& a) const
    {
        return length + 1 < network.size() && contains(a) && only(a.substr(length), '0');
    }
    bool is_edge(bits const& a) const { return is_broadcast(a) || is_network(a); }
    bool is_segment_sized() const
    {
        if (length > network.size())
            return false;
        if (network.size() == 32)
            return length >= 8;
        return length >= 32 || (network.starts_with("1111111010") && length >= 10);
    }
};

slow_prefix read_prefix(char const* text)
{
    auto const prefix = ip_prefix::parse(text).value();
    return {bits_of(prefix.network), prefix.length};
}

std::vector<slow_prefix> read_prefixes(std::vector<char const*> const& texts)
{
    std::vector<slow_prefix> all;
    for (auto const* text : texts)
        all.push_back(read_prefix(text));
    return all;
}

/// All prefixes that are on-link at an interface, own hosts among them.
std::vector<slow_prefix> on_link(network_interface const& interface)
{
    std::vector<slow_prefix> all;
    for (auto const& own : interface.addresses) {
        auto const anchor = bits_of(own.peer ? *own.peer : own.address);
        slow_prefix const prefix{anchor, own.prefix_length};
        if (own.prefix_on_link && prefix.is_segment_sized())
            all.push_back(prefix);
        else
            all.push_back({anchor, anchor.size()});
        all.push_back({bits_of(own.address), anchor.size()}); // itself; a host has no edges
    }
    for (auto const& route : interface.routes)
        if (slow_prefix const prefix{bits_of(route.network), route.length}; prefix.is_segment_sized())
            all.push_back(prefix);
    return all;
}

bool any_contains(std::vector<slow_prefix> const& all, bits const& a)
{
    return std::any_of(all.begin(), all.end(), [&](slow_prefix const& p) { return p.contains(a); });
}

bool any_edge(std::vector<slow_prefix> const& all, bits const& a)
{
    return std::any_of(all.begin(), all.end(), [&](slow_prefix const& p) { return p.is_edge(a); });
}

/// The whole rule of UDA 2.0, 4.1.1, as it is meant. Independent of the order in which reasons are looked
/// for.
bool may_be_contacted(interface_table const& table, ingress const& at, endpoint const& target,
                      policies const& policy, std::vector<extra_segment> const& extra)
{
    auto const a = bits_of(target.address);
    auto const* interface = table.find(at.interface_index);
    if (!interface)
        return false;
    // Nobody's address, or everybody's.
    static auto const nobody =
        read_prefixes({"0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "ff00::/8", "::ffff:0:0/96"});
    static auto const compatible = read_prefix("::/96");
    static auto const own_host = read_prefixes({"127.0.0.0/8", "::1/128"});
    if (any_contains(nobody, a))
        return false;
    bool const loopback = any_contains(own_host, a);
    if (compatible.contains(a) && !loopback)
        return false;
    if (loopback && !interface->loopback)
        return false;
    auto const& ports = policy.refused_callback_ports;
    if (std::count(ports.begin(), ports.end(), target.port) != 0)
        return false;
    auto const requester = bits_of(at.requester);
    if (requester.size() != a.size() && !policy.cross_family)
        return false;
    for (auto const& each : table.all())
        for (auto const& own : each.addresses)
            if (bits_of(own.address) == a && requester != a)
                return false;
    auto segment = on_link(*interface);
    for (auto const& e : extra)
        if (e.interface_name == interface->name)
            segment.push_back({bits_of(e.prefix.network), e.prefix.length});
    if (!any_contains(segment, a) || any_edge(segment, a))
        return false;
    static auto const rfc_1918 = read_prefixes({"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"});
    if (any_contains(rfc_1918, bits_of(at.local)) && a.size() == 32 && !any_contains(rfc_1918, a))
        return false;
    if (policy.callback == callback_admission::same_segment || requester == a)
        return true;
    // The first that the system says of an address on that interface counts.
    auto const station = [&](bits const& who) {
        for (auto const& n : table.neighbours())
            if (n.interface_index == at.interface_index && bits_of(n.address) == who)
                return n.station;
        return link_layer_address{};
    };
    return station(requester) != link_layer_address{} && station(requester) == station(a);
}

// ---- Random hosts

class cases {
public:
    explicit cases(std::uint64_t seed) : engine_(seed) {}

    std::size_t below(std::size_t bound)
    {
        return std::uniform_int_distribution<std::size_t>{0, bound - 1}(engine_);
    }
    bool one_in(std::size_t n) { return below(n) == 0; }
    template <class List>
    auto const& one_of(List const& list)
    {
        return list[below(list.size())];
    }

    bits random_bits(std::size_t size)
    {
        bits all;
        for (std::size_t i = 0; i < size; ++i)
            all += (engine_() & 1) != 0 ? '1' : '0';
        return all;
    }

    /// Of one of the ranges that mean something, with random bits behind.
    bits address_bits(bool v4)
    {
        static auto const of_v4 =
            read_prefixes({"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "192.168.20.0/24",
                           "169.254.0.0/16", "203.0.113.0/24", "127.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4",
                           "0.0.0.0/8", "0.0.0.0/0", "255.255.255.255/32"});
        static auto const of_v6 =
            read_prefixes({"fe80::/64", "fe80::/10", "fd00:20::/64", "2001:db8::/32", "2001:db8:20::/64",
                           "ff00::/8", "::/96", "::1/128", "::/128", "::ffff:0:0/96", "::/0"});
        auto const& range = v4 ? one_of(of_v4) : one_of(of_v6);
        auto all = random_bits(v4 ? 32 : 128);
        return range.network.substr(0, range.length) + all.substr(range.length);
    }

    std::size_t length(bool v4)
    {
        std::size_t const width = v4 ? 32 : 128;
        static std::vector<std::size_t> const usual_v4{24, 24, 16, 8, 25, 30, 31, 32};
        static std::vector<std::size_t> const usual_v6{64, 64, 64, 128, 127, 126, 60, 49, 32, 10};
        if (one_in(2))
            return v4 ? one_of(usual_v4) : one_of(usual_v6);
        return below(width + 3); // lengths that are none too
    }

    /// An address near a prefix: inside, at an edge, just outside, or one bit off.
    bits near(slow_prefix const& p)
    {
        auto a = p.network;
        auto const length = std::min(p.length, a.size());
        switch (below(7)) {
        case 0: // the first
            std::fill(a.begin() + static_cast<std::ptrdiff_t>(length), a.end(), '0');
            return a;
        case 1: // the last
            std::fill(a.begin() + static_cast<std::ptrdiff_t>(length), a.end(), '1');
            return a;
        case 2: // one behind the last
            std::fill(a.begin() + static_cast<std::ptrdiff_t>(length), a.end(), '1');
            return step(a, '1', '0');
        case 3: // one before the first
            std::fill(a.begin() + static_cast<std::ptrdiff_t>(length), a.end(), '0');
            return step(a, '0', '1');
        case 4: // one bit off, anywhere
            return flip(a, below(a.size()));
        case 5: // the last bit of the prefix off
            return length == 0 ? a : flip(a, length - 1);
        default: // inside
            return a.substr(0, length) + random_bits(a.size() - length);
        }
    }

    static bits flip(bits a, std::size_t at)
    {
        a[at] = a[at] == '0' ? '1' : '0';
        return a;
    }

    /// The next address, or the one before: in binary, by hand; it wraps.
    static bits step(bits a, char carries, char becomes)
    {
        for (auto digit = a.rbegin(); digit != a.rend(); ++digit) {
            if (*digit != carries) {
                *digit = carries;
                break;
            }
            *digit = becomes;
        }
        return a;
    }

    slow_prefix prefix()
    {
        bool const v4 = one_in(2);
        return {address_bits(v4), length(v4)};
    }

    network_interface interface(unsigned index)
    {
        network_interface i;
        i.index = index;
        i.name = "eth" + std::to_string(index);
        i.up = true;
        i.loopback = one_in(8);
        for (std::size_t n = below(5); n != 0; --n) {
            auto const p = prefix();
            interface_address own;
            own.address = address_of(p.network);
            own.prefix_length = static_cast<unsigned>(p.length);
            if (one_in(5))
                own.peer = address_of(one_in(2) ? near(p) : address_bits(p.network.size() == 32));
            own.prefix_on_link = !one_in(5);
            own.deprecated = one_in(5);
            i.addresses.push_back(own);
        }
        for (std::size_t n = below(4); n != 0; --n) {
            auto const p = prefix();
            i.routes.push_back({address_of(p.network), static_cast<unsigned>(p.length)});
        }
        return i;
    }

    /// A target worth asking about: near something on-link, or anything.
    bits target_at(network_interface const& interface)
    {
        auto const segment = on_link(interface);
        if (segment.empty() || one_in(6))
            return address_bits(one_in(2));
        return near(one_of(segment));
    }

private:
    std::mt19937_64 engine_;
};

constexpr std::uint64_t seed = 0x0e11'4a5e;

std::string describe(ip_prefix const& p) { return to_url_host(p.network) + '/' + std::to_string(p.length); }

std::string describe(network_interface const& i)
{
    std::string text = i.name + (i.loopback ? " loopback" : "");
    for (auto const& own : i.addresses)
        text += ' ' + describe(ip_prefix{own.address, own.prefix_length}) +
                (own.peer ? " peer " + to_url_host(*own.peer) : "") +
                (own.prefix_on_link ? "" : " noprefixroute");
    for (auto const& route : i.routes)
        text += " route " + describe(route);
    return text;
}

// ---- The properties

TEST(segment_property, GENA_11_prefixes_agree_with_arithmetic_done_bit_by_bit)
{
    cases random{seed};
    std::array<int, 2> inside{}, broadcast{}, network{};
    for (int i = 0; i < 40'000; ++i) {
        auto const slow = random.prefix();
        ip_prefix const fast{address_of(slow.network), static_cast<unsigned>(slow.length)};
        auto const a = random.one_in(12) ? random.address_bits(random.one_in(2)) : random.near(slow);
        auto const asked = address_of(a);
        auto const trace = [&] {
            return describe(fast) + ' ' + to_url_host(asked) + ", case " + std::to_string(i);
        };
        ASSERT_EQ(bits_of(asked), a) << "the oracle's own way there and back";
        ASSERT_EQ(fast.contains(asked), slow.contains(a)) << trace();
        ASSERT_EQ(fast.is_broadcast(asked), slow.is_broadcast(a)) << trace();
        ASSERT_EQ(fast.is_network(asked), slow.is_network(a)) << trace();
        ASSERT_EQ(is_segment_sized(fast), slow.is_segment_sized()) << trace();
        ++inside[slow.contains(a)];
        ++broadcast[slow.is_broadcast(a)];
        ++network[slow.is_network(a)];
    }
    // Cases that are all alike would show nothing.
    for (auto const& count : {inside, broadcast, network}) {
        EXPECT_GT(count[0], 1000);
        EXPECT_GT(count[1], 1000);
    }
}

TEST(segment_property, GENA_11_a_prefix_in_text_is_the_same_prefix)
{
    cases random{seed + 1};
    for (int i = 0; i < 5'000; ++i) {
        auto const slow = random.prefix();
        if (slow.length > slow.network.size())
            continue;
        ip_prefix const fast{address_of(slow.network), static_cast<unsigned>(slow.length)};
        auto const again = ip_prefix::parse(fast.to_string());
        ASSERT_TRUE(again) << fast.to_string();
        ASSERT_EQ(bits_of(again->network),
                  slow.network.substr(0, slow.length) + bits(slow.network.size() - slow.length, '0'));
        ASSERT_EQ(again->length, slow.length);
    }
}

TEST(segment_property, GENA_11_segments_of_several_addresses_and_routes_agree)
{
    cases random{seed + 2};
    std::array<int, 2> inside{}, edge{};
    for (int i = 0; i < 6'000; ++i) {
        auto const interface = random.interface(2);
        auto const segment = on_link(interface);
        for (int n = 0; n < 4; ++n) {
            auto const a = random.target_at(interface);
            auto const asked = address_of(a);
            ASSERT_EQ(interface.on_segment(asked), any_contains(segment, a))
                << describe(interface) << ": " << to_url_host(asked) << ", case " << i;
            ASSERT_EQ(interface.is_edge(asked), any_edge(segment, a))
                << describe(interface) << ": " << to_url_host(asked) << ", case " << i;
            ++inside[any_contains(segment, a)];
            ++edge[any_edge(segment, a)];
            if (asked.is_v6()) {
                auto zoned = asked.to_v6();
                zoned.scope_id(7);
                ASSERT_EQ(interface.on_segment(zoned), interface.on_segment(asked)) << "whatever the zone";
            }
        }
        for (auto const& prefix : interface.segment())
            ASSERT_TRUE(any_contains(segment, bits_of(prefix.network))) << describe(interface);
    }
    for (auto const& count : {inside, edge}) {
        EXPECT_GT(count[0], 1000);
        EXPECT_GT(count[1], 1000);
    }
}

TEST(segment_property, GENA_10_GENA_11_the_verdict_agrees_with_an_oracle_of_the_whole_rule)
{
    cases random{seed + 3};
    std::set<refusal_reason> seen;
    std::array<int, 2> admitted{};
    for (int i = 0; i < 20'000; ++i) {
        auto const here = random.interface(2);
        auto const other = random.interface(3);
        policies policy;
        policy.cross_family = !random.one_in(3);
        policy.callback = random.one_in(4) ? callback_admission::same_host : callback_admission::same_segment;
        if (random.one_in(4))
            policy.refused_callback_ports = {9100, 80, 631};
        std::vector<extra_segment> extra;
        while (random.one_in(3)) {
            auto p = random.prefix(); // as host_options::check() lets them in
            p.length = std::clamp<std::size_t>(p.length, p.network.size() == 32 ? 8 : 32, p.network.size());
            extra.push_back({random.one_in(4) ? "eth3" : "eth2",
                             {address_of(p.network), static_cast<unsigned>(p.length)}});
        }

        auto target_bits = random.target_at(random.one_in(8) ? other : here);
        if (!extra.empty() && random.one_in(3))
            target_bits = random.near({bits_of(extra.front().prefix.network), extra.front().prefix.length});
        auto const requester_bits =
            random.one_in(3) ? target_bits : random.target_at(random.one_in(8) ? other : here);
        static std::vector<std::uint16_t> const ports{80, 50200, 22, 25, 631, 9100, 65535, 1, 8080, 1900};
        std::vector<neighbour> neighbours;
        while (random.one_in(2)) {
            std::vector<bits> const who{target_bits, requester_bits, random.target_at(here)};
            neighbours.push_back({random.one_in(5) ? 3U : 2U,
                                  address_of(random.one_of(who)),
                                  {static_cast<std::uint8_t>(random.below(3))}});
        }
        interface_table const table{{here, other}, neighbours};
        ingress at{random.one_in(50) ? 9U : 2U, address_of(random.target_at(here)),
                   address_of(requester_bits)};
        if (!here.addresses.empty() && !random.one_in(4))
            at.local = random.one_of(here.addresses).address;

        auto const candidate = callback_candidate::parse(
            "http://" + to_authority({address_of(target_bits), random.one_of(ports)}) + "/ev");
        ASSERT_TRUE(candidate);
        auto const& target = candidate->url().where(); // unmapped
        segment_validator const validator{policy, segment_map{extra}};
        auto const verdict = validator.admit(table, at, *candidate);
        bool const expected = may_be_contacted(table, at, target, policy, extra);
        ASSERT_EQ(verdict.has_value(), expected)
            << describe(here) << "; " << describe(other) << ": " << to_authority(target) << " for "
            << to_url_host(at.requester) << " at " << to_url_host(at.local) << ", case " << i << ": "
            << (verdict ? "admitted" : to_string(verdict.error()));
        ++admitted[expected];
        if (verdict) {
            ASSERT_TRUE(validator.check_again(table, *verdict)) << "case " << i;
            ASSERT_TRUE(validator.still_on_segment(table, *verdict)) << "case " << i;
            ASSERT_FALSE(validator.check_again(interface_table{{other}}, *verdict)) << "case " << i;
        } else {
            seen.insert(verdict.error());
        }
    }
    EXPECT_GT(admitted[0], 1000);
    EXPECT_GT(admitted[1], 1000);
    for (auto const reason : {refusal_reason::callback_interface_gone, refusal_reason::callback_reserved,
                              refusal_reason::callback_multicast, refusal_reason::callback_broadcast,
                              refusal_reason::callback_port, refusal_reason::callback_loopback,
                              refusal_reason::callback_other_family, refusal_reason::callback_own_address,
                              refusal_reason::callback_off_segment, refusal_reason::callback_not_private,
                              refusal_reason::callback_not_requester})
        EXPECT_TRUE(seen.contains(reason)) << to_string(reason);
}

} // namespace
} // namespace onlink
