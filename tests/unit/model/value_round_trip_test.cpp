// SPDX-License-Identifier: BSL-1.0
// What holds for every value and every text of every data type, tried with random ones.
#include <onlink/value.hpp>

#include "model/value_check.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

namespace onlink {
namespace {

using namespace std::chrono;

constexpr int tries = 2000;

/// Draws values and texts; the same ones in each run.
class draw {
public:
    explicit draw(std::uint64_t seed) : source_(seed) {}

    std::uint64_t bits()
    {
        std::array<std::byte, 8> octets;
        source_.fill(octets);
        return std::bit_cast<std::uint64_t>(octets);
    }
    /// From 0 to less than `end`.
    std::uint64_t below(std::uint64_t end) { return bits() % end; }
    bool coin() { return below(2) == 1; }

    /// Integers of any length, so that the small and the great are all met.
    template <std::integral T>
    T integer()
    {
        return static_cast<T>(bits() >> below(64));
    }

    double real(data_type type)
    {
        if (type == data_type::r4) {
            float f = 0;
            do
                f = std::bit_cast<float>(static_cast<std::uint32_t>(bits()));
            while (!std::isnormal(f));
            return double{f};
        }
        if (type == data_type::fixed_14_4)
            return static_cast<double>(integer<std::int64_t>() % 1'000'000'000'000'000'000) / 10000.0;
        double d = 0;
        do
            d = std::bit_cast<double>(bits());
        while (!std::isfinite(d));
        return d;
    }

    std::string text(std::string_view alphabet, std::size_t length)
    {
        std::string out;
        while (out.size() < length)
            out += alphabet[below(alphabet.size())];
        return out;
    }

    bytes binary()
    {
        bytes data(below(50));
        source_.fill(data);
        return data;
    }

    std::optional<minutes> offset()
    {
        if (coin())
            return std::nullopt;
        return minutes{static_cast<int>(below(2879)) - 1439};
    }
    local_date_time moment()
    {
        local_date_time const first = local_days{year{0} / 1 / 1};
        local_date_time const end = local_days{year{10000} / 1 / 1};
        microseconds t{below(static_cast<std::uint64_t>((end - first).count()))};
        if (coin())
            t = floor<seconds>(t); // a fraction is the exception
        return first + t;
    }
    time_of_day clock() { return {microseconds{below(86'400'000'000)}}; }

private:
    test::seeded_random source_;
};

value any_value(draw& random, data_type type)
{
    switch (type) {
    case data_type::ui1:
        return random.integer<std::uint8_t>();
    case data_type::ui2:
        return random.integer<std::uint16_t>();
    case data_type::ui4:
        return random.integer<std::uint32_t>();
    case data_type::ui8:
        return random.integer<std::uint64_t>();
    case data_type::i1:
        return random.integer<std::int8_t>();
    case data_type::i2:
        return random.integer<std::int16_t>();
    case data_type::i4:
        return random.integer<std::int32_t>();
    case data_type::i8:
    case data_type::integer:
        return random.integer<std::int64_t>();
    case data_type::r4:
    case data_type::r8:
    case data_type::number:
    case data_type::fixed_14_4:
    case data_type::floating:
        return random.real(type);
    case data_type::boolean:
        return random.coin();
    case data_type::character:
        return random.text("aZ09 <&>", 1);
    case data_type::string:
        return random.text("ab <&>\t\n", random.below(20));
    case data_type::date:
        return year_month_day{floor<days>(random.moment())};
    case data_type::date_time:
        return random.moment();
    case data_type::date_time_tz:
        return zoned_date_time{random.moment(), random.offset()};
    case data_type::time:
        return random.clock();
    case data_type::time_tz:
        return zoned_time_of_day{random.clock(), random.offset()};
    case data_type::bin_base64:
    case data_type::bin_hex:
        return random.binary();
    case data_type::uri:
        return random.text("abc/:?#[]@!$&'()*+,;=-._~", random.below(20));
    case data_type::uuid:
        break;
    }
    constexpr std::string_view hex = "0123456789abcdefABCDEF";
    return random.text(hex, 8) + '-' + random.text(hex, 4) + '-' + random.text(hex, 4) + '-' +
           random.text(hex, 4) + '-' + random.text(hex, 12);
}

/// Texts that are likely to be of the type, or nearly.
std::string any_text(draw& random, data_type type)
{
    switch (kind_of(type)) {
    case value_kind::integer:
        return random.text("+-0123456789", 1 + random.below(6));
    case value_kind::real:
        return random.text("+-.eE0123456789", 1 + random.below(10));
    case value_kind::boolean:
        return random.text("01", 1);
    case value_kind::binary:
        return random.text("ABab09+/= \n", random.below(9));
    case value_kind::text:
        return random.text("ab%09 <\n", random.below(6));
    case value_kind::date:
    case value_kind::date_time:
    case value_kind::time:
        break;
    }
    // Begin with a good one and spoil it a little.
    auto text = format_value(type, any_value(random, type)).value();
    for (auto i = random.below(3); i > 0; --i)
        text[random.below(text.size())] = random.text("0123456789:-+.TZ", 1)[0];
    return text;
}

class round_trip : public testing::TestWithParam<data_type> {};

TEST_P(round_trip, TYPE_01_TYPE_25_a_value_is_written_as_a_text_that_reads_back_as_it)
{
    draw random{static_cast<std::uint64_t>(GetParam()) + 1};
    for (int i = 0; i < tries; ++i) {
        auto const held = as_held(GetParam(), any_value(random, GetParam())).value();
        auto const text = format_value(GetParam(), held);
        ASSERT_TRUE(text);
        auto const again = parse_value(GetParam(), *text);
        ASSERT_TRUE(again) << *text;
        ASSERT_EQ(*again, held) << *text;
        ASSERT_EQ(format_value(GetParam(), *again).value(), *text);
    }
}

TEST_P(round_trip, TYPE_01_TYPE_25_a_text_that_is_read_has_one_canonical_form)
{
    draw random{static_cast<std::uint64_t>(GetParam()) + 100};
    int read = 0;
    for (int i = 0; i < tries; ++i) {
        auto const text = any_text(random, GetParam());
        auto const meant = parse_value(GetParam(), text);
        if (!meant)
            continue;
        ++read;
        ASSERT_EQ(as_held(GetParam(), *meant).value(), *meant) << text;
        auto const canonical = format_value(GetParam(), *meant);
        ASSERT_TRUE(canonical) << text;
        auto const again = parse_value(GetParam(), *canonical);
        ASSERT_TRUE(again) << text << " became " << *canonical;
        ASSERT_EQ(*again, *meant) << text << " became " << *canonical;
        ASSERT_EQ(format_value(GetParam(), *again).value(), *canonical) << text;
    }
    if (GetParam() != data_type::uuid) // which a random text never is
        EXPECT_GT(read, tries / 50);
}

std::vector<data_type> all_types()
{
    std::vector<data_type> types;
    for (auto i = 0; i <= static_cast<int>(data_type::uuid); ++i)
        types.push_back(static_cast<data_type>(i));
    return types;
}

std::string name_of(testing::TestParamInfo<data_type> const& info)
{
    std::string name{to_string(info.param)};
    std::replace(name.begin(), name.end(), '.', '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(each, round_trip, testing::ValuesIn(all_types()), name_of);

} // namespace
} // namespace onlink
