// SPDX-License-Identifier: BSL-1.0
#include "eventing/segment_validator.hpp"
#include "fuzz/expect.hpp"

// Whatever is admitted is a literal address on the segment and nobody special; said here a second time, in
// plain arithmetic. The first byte says how long the prefix is and who asks.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace onlink;
    using boost::asio::ip::make_address_v4;
    if (size == 0)
        return 0;
    limits::eventing_limits const bounds;
    auto const candidates = parse_callback_header(test::as_text(data + 1, size - 1), bounds);
    if (!candidates)
        return 0;
    test::expect(!candidates->empty() && candidates->size() <= bounds.max_callbacks);

    constexpr std::uint32_t own = 0xc0a81405;   // 192.168.20.5
    constexpr std::uint32_t other = 0x0a080001; // 10.8.0.1
    unsigned const length = 1 + data[0] % 32;
    bool const from_here = data[0] >= 128;
    std::uint32_t const requester = from_here ? own : 0xc0a81409; // 192.168.20.9
    auto const at = [](unsigned index, std::uint32_t own_address, unsigned prefix_length) {
        return network_interface{index, "eth" + std::to_string(index),
                                 true,  true,
                                 false, {{make_address_v4(own_address), prefix_length}}};
    };
    interface_table const table{{at(2, own, length), at(3, other, 16)}};
    segment_validator const validator{callback_admission::same_segment};
    auto const admitted = validator.admit(*candidates, *table.find(2U), make_address_v4(requester), table);
    if (!admitted)
        return 0;

    test::expect(admitted->size() == candidates->size());
    std::uint32_t const host_bits = length == 32 ? 0 : 0xffffffff >> length;
    for (auto const& url : *admitted) {
        test::expect(url.where().address.is_v4() && url.where().port != 0);
        auto const target = url.where().address.to_v4().to_uint();
        test::expect(url.authority().starts_with(url.where().address.to_string()));
        test::expect((target & ~host_bits) == (own & ~host_bits));
        test::expect(target >> 24 != 0 && target >> 24 != 127 && target >> 24 < 224);
        test::expect(target != other && (target != own || from_here));
        if (length < 31)
            test::expect((target & host_bits) != 0 && (target & host_bits) != host_bits);
        test::expect(validator.check_again(url, table).has_value());
        test::expect(!validator.check_again(url, interface_table{}));
    }
    return 0;
}
