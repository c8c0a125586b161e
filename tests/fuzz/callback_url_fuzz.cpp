// SPDX-License-Identifier: BSL-1.0
#include "eventing/segment_validator.hpp"
#include "fuzz/expect.hpp"
#include "url/http_url.hpp"

#include <algorithm>
#include <iterator>
#include <string>

namespace {

using namespace onlink;

/// A URL that is accepted means exactly what it says: its parts, put together, are the text again, and its
/// host is the address.
void judge_url(std::string_view text)
{
    auto const url = http_url::parse(text);
    if (!url)
        return;
    test::expect(url->to_string() == text);
    test::expect(url->where().port != 0);
    test::expect(url->target().starts_with('/'));
    auto const behind_scheme = text.substr(7);
    std::string authority{behind_scheme.substr(0, behind_scheme.find_first_of("/?#"))};
    if (auto const zone = authority.find('%'); zone != authority.npos) { // the writer's own matter
        test::expect(is_link_local(url->where().address));
        authority.erase(zone, authority.find(']') - zone);
    }
    test::expect(url->authority() == authority);
    auto const canonical = http_url::parse("http://" + to_authority(url->where()) + url->target());
    test::expect(canonical && canonical->where() == url->where() && canonical->target() == url->target());
    // An IPv6 literal that becomes an IPv4 address is a mapped one.
    if (url->where().address.is_v4() && !authority.starts_with('['))
        test::expect(authority.starts_with(url->where().address.to_string()));
}

} // namespace

// Whatever is admitted is a literal address on the segment and nobody special; said here a second time, in
// plain arithmetic. The last byte says how long the prefix is and who asks.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using boost::asio::ip::make_address;
    using boost::asio::ip::make_address_v4;
    if (size == 0)
        return 0;
    auto const text = test::as_text(data, size - 1);
    judge_url(text);
    limits::eventing_limits const bounds;
    auto const candidates = parse_callback_header(text, bounds);
    if (!candidates)
        return 0;
    test::expect(!candidates->empty() && candidates->size() <= bounds.max_callbacks);

    constexpr std::uint32_t own = 0xc0a81405;   // 192.168.20.5
    constexpr std::uint32_t other = 0x0a080001; // 10.8.0.1
    constexpr unsigned char own_v6[8] = {0xfe, 0x80};
    unsigned const length = 1 + data[size - 1] % 32;
    bool const from_here = data[size - 1] >= 128;
    std::uint32_t const requester = from_here ? own : 0xc0a81409; // 192.168.20.9
    auto const at = [](unsigned index, std::uint32_t own_address, unsigned prefix_length) {
        network_interface i;
        i.index = index;
        i.name = "eth" + std::to_string(index);
        i.up = i.multicast = true;
        i.addresses = {{make_address_v4(own_address), prefix_length}};
        return i;
    };
    auto first = at(2, own, length);
    first.addresses.push_back({make_address("fe80::5"), 64});
    interface_table const table{{first, at(3, other, 16)}};
    policies const policy;
    segment_validator const validator{policy};
    ingress const came_in{2, make_address_v4(own), make_address_v4(requester)};

    std::uint32_t const host_bits = length == 32 ? 0 : 0xffffffff >> length;
    for (auto const& candidate : *candidates) {
        auto const admitted = validator.admit(table, came_in, candidate);
        if (!admitted)
            continue;
        auto const& url = *admitted;
        test::expect(url.to_string() == candidate.url().to_string());
        test::expect(url.interface_index() == 2 && url.where().port != 0);
        for (auto const port : policy.refused_callback_ports)
            test::expect(url.where().port != port);
        test::expect(validator.check_again(table, url).has_value());
        test::expect(!validator.check_again(interface_table{}, url));
        if (url.where().address.is_v6()) {
            auto const bytes = url.where().address.to_v6().to_bytes();
            test::expect(std::equal(std::begin(own_v6), std::end(own_v6), bytes.begin()));
            test::expect(url.where().address != make_address("fe80::5"));
            test::expect(url.where().address != make_address("fe80::"));
            test::expect(url.where().address.to_v6().scope_id() == 0);
            continue;
        }
        auto const target = url.where().address.to_v4().to_uint();
        test::expect(target >> 24 != 0 && target >> 24 != 127 && target >> 24 < 224);
        test::expect(target != other && (target != own || from_here));
        test::expect(target >> 16 == 0xc0a8 || target >> 24 == 10 || target >> 20 == 0xac1);
        if (length < 8) { // no prefix of a segment: only a program on this host
            test::expect(target == own);
            continue;
        }
        test::expect((target & ~host_bits) == (own & ~host_bits));
        if (length < 31)
            test::expect((target & host_bits) != 0 && (target & host_bits) != host_bits);
    }
    return 0;
}
