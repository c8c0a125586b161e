// SPDX-License-Identifier: BSL-1.0
#include <onlink/calendar.hpp>

#include <onlink/data_type.hpp>

#include <gtest/gtest.h>

#include <random>

namespace onlink {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::local_days;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::year_month_day;

constexpr year_month_day third_of_february{std::chrono::year{2026}, std::chrono::month{2},
                                           std::chrono::day{3}};
constexpr local_date_time morning = local_days{third_of_february} + 10h + 11min + 12s;

template <class T>
result<T> read(std::string_view text)
{
    T v{};
    if (auto const done = from_text(text, v); !done)
        return done.error();
    return v;
}

TEST(calendar, TYPE_17_dates)
{
    EXPECT_EQ(to_text(third_of_february), "2026-02-03");
    EXPECT_EQ(read<year_month_day>("2026-02-03").value(), third_of_february);
    EXPECT_EQ(to_text(read<year_month_day>("0000-01-01").value()), "0000-01-01");
    EXPECT_EQ(to_text(read<year_month_day>("2024-02-29").value()), "2024-02-29");
    EXPECT_EQ(read<year_month_day>("2023-02-29").error(), errc::malformed);
    EXPECT_EQ(read<year_month_day>("2026-02-03T10:11:12").error(), errc::malformed);
    EXPECT_EQ(to_text(year_month_day{std::chrono::year{10000}, std::chrono::month{1}, std::chrono::day{1}}),
              "");
    EXPECT_EQ(to_text(year_month_day{std::chrono::year{2023}, std::chrono::month{2}, std::chrono::day{29}}),
              "");
}

TEST(calendar, TYPE_18_dates_with_times)
{
    EXPECT_EQ(to_text(morning), "2026-02-03T10:11:12");
    EXPECT_EQ(to_text(morning + 500ms), "2026-02-03T10:11:12.5");
    EXPECT_EQ(to_text(morning + 7ms), "2026-02-03T10:11:12.007");
    EXPECT_EQ(read<local_date_time>("2026-02-03T10:11:12").value(), morning);
    EXPECT_EQ(read<local_date_time>("2026-02-03T10:11:12.25").value(), morning + 250ms);
    EXPECT_EQ(read<local_date_time>("2026-02-03T10:11:12.1239").value(), morning + 123ms) << "cut off";
    EXPECT_EQ(read<local_date_time>("2026-02-03").value(), local_date_time{local_days{third_of_february}});
    for (auto const* text : {"", "2026-02-03T24:00:00", "2026-02-03T10:11:60", "2026-02-03T10:11:12Z"})
        EXPECT_EQ(read<local_date_time>(text).error(), errc::malformed) << text;
    EXPECT_EQ(to_text(local_date_time::max()), "");
}

TEST(calendar, TYPE_19_with_offsets)
{
    EXPECT_EQ(to_text(zoned_date_time{morning}), "2026-02-03T10:11:12");
    EXPECT_EQ(to_text(zoned_date_time{morning, 0min}), "2026-02-03T10:11:12Z");
    EXPECT_EQ(to_text(zoned_date_time{morning, 60min}), "2026-02-03T10:11:12+01:00");
    EXPECT_EQ(to_text(zoned_date_time{morning, -210min}), "2026-02-03T10:11:12-03:30");
    EXPECT_EQ(read<zoned_date_time>("2026-02-03T10:11:12-0330").value(), (zoned_date_time{morning, -210min}));
    EXPECT_EQ(read<zoned_date_time>("2026-02-03T10:11:12+00:00").value(), (zoned_date_time{morning, 0min}));
    EXPECT_EQ(read<zoned_date_time>("2026-02-03T10:11:12").value(), zoned_date_time{morning});
    EXPECT_EQ(read<zoned_date_time>("2026-02-03T10:11:12+24:00").error(), errc::malformed);
    EXPECT_EQ(to_text(zoned_date_time{morning, 24h}), "");
    EXPECT_EQ((zoned_date_time{morning, 60min}).instant(),
              std::chrono::sys_days{third_of_february} + 9h + 11min + 12s);
    EXPECT_EQ(zoned_date_time{morning}.instant(), std::nullopt);
}

TEST(calendar, TYPE_20_TYPE_21_times)
{
    EXPECT_EQ(to_text(time_of_day{10h + 11min + 12s}), "10:11:12");
    EXPECT_EQ(to_text(time_of_day{24h - 1ms}), "23:59:59.999");
    EXPECT_EQ(to_text(time_of_day{24h}), "");
    EXPECT_EQ(to_text(time_of_day{-1ms}), "");
    EXPECT_EQ(read<time_of_day>("10:11:12").value(), time_of_day{10h + 11min + 12s});
    EXPECT_EQ(read<time_of_day>("10:11:12Z").error(), errc::malformed);
    EXPECT_EQ(to_text(zoned_time_of_day{{10h}, 90min}), "10:00:00+01:30");
    EXPECT_EQ(read<zoned_time_of_day>("10:00:00+0130").value(), (zoned_time_of_day{{10h}, 90min}));
}

TEST(calendar, values_are_made_of_them_and_read_as_them)
{
    value const v{zoned_date_time{morning, 0min}};
    EXPECT_EQ(v, value{"2026-02-03T10:11:12Z"});
    EXPECT_EQ(v.get<zoned_date_time>().value(), (zoned_date_time{morning, 0min}));
    EXPECT_EQ(v.get<local_date_time>().error(), errc::malformed);
    EXPECT_EQ(value{7}.get<time_of_day>().error(), errc::wrong_type);
    EXPECT_EQ(format_value(data_type::date, third_of_february).value(), "2026-02-03");
    EXPECT_EQ(format_value(data_type::time, time_of_day{24h}).error(), errc::malformed) << "out of its range";
}

TEST(calendar, TYPE_17_TYPE_21_every_value_comes_back_from_its_text)
{
    std::mt19937_64 random{7};
    auto const first = local_days{std::chrono::year{0} / 1 / 1};
    auto const last = local_days{std::chrono::year{9999} / 12 / 31};
    for (int i = 0; i < 2000; ++i) {
        std::uniform_int_distribution<int> day{0, static_cast<int>((last - first).count())};
        std::uniform_int_distribution<int> since_midnight{0, 24 * 60 * 60 * 1000 - 1};
        std::uniform_int_distribution<int> offset{-24 * 60 + 1, 24 * 60 - 1};
        auto const date = first + days{day(random)};
        auto const at = milliseconds{since_midnight(random)};
        zoned_date_time const zoned{date + at, minutes{offset(random)}};
        auto const expect_same = [](auto const& v) {
            auto const text = to_text(v);
            EXPECT_EQ(read<std::decay_t<decltype(v)>>(text).value(), v) << text;
        };
        expect_same(year_month_day{date});
        expect_same(local_date_time{date + at});
        expect_same(zoned);
        expect_same(time_of_day{at});
        expect_same(zoned_time_of_day{{at}, zoned.offset});
    }
}

} // namespace
} // namespace onlink
