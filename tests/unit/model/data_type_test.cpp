// SPDX-License-Identifier: BSL-1.0
#include <onlink/value.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>

namespace onlink {
namespace {

using enum data_type;

bytes raw(std::string_view text)
{
    bytes out;
    for (char const c : text)
        out.push_back(static_cast<std::byte>(c));
    return out;
}

struct reading {
    data_type type;
    std::string_view text;
    value expected;
};

template <std::size_t N>
void expect_read(reading const (&table)[N])
{
    for (auto const& row : table) {
        auto const read = parse_value(row.type, row.text);
        ASSERT_TRUE(read) << to_string(row.type) << " '" << row.text << "' " << read.error().message();
        EXPECT_EQ(*read, row.expected) << to_string(row.type) << " '" << row.text << "'";
    }
}

struct refusal_row {
    data_type type;
    std::string_view text;
    errc code = errc::malformed;
};

template <std::size_t N>
void expect_refused(refusal_row const (&table)[N])
{
    for (auto const& row : table) {
        auto const read = parse_value(row.type, row.text);
        ASSERT_FALSE(read) << to_string(row.type) << " '" << row.text << "'";
        EXPECT_EQ(read.error(), row.code) << to_string(row.type) << " '" << row.text << "'";
    }
}

TEST(data_type, names_lead_back_to_their_types)
{
    for (auto i = 0; i <= static_cast<int>(uuid); ++i) {
        auto const type = static_cast<data_type>(i);
        EXPECT_EQ(parse_data_type(to_string(type)).value(), type);
    }
    EXPECT_EQ(to_string(integer), "int");
    EXPECT_EQ(to_string(fixed_14_4), "fixed.14.4");
    EXPECT_EQ(to_string(floating), "float");
    EXPECT_EQ(to_string(character), "char");
    EXPECT_EQ(to_string(date_time_tz), "dateTime.tz");
    EXPECT_EQ(to_string(time_tz), "time.tz");
    EXPECT_EQ(to_string(bin_base64), "bin.base64");
    EXPECT_EQ(to_string(bin_hex), "bin.hex");
    for (auto const* unknown : {"", "ui3", "UI1", "Boolean", " int", "xsd:byte"})
        EXPECT_EQ(parse_data_type(unknown).error(), errc::unsupported) << unknown;
}

TEST(data_type, TYPE_01_TYPE_09_integers_are_read_to_the_ends_of_their_ranges)
{
    expect_read({
        {ui1, "0", 0},
        {ui1, "255", 255},
        {ui1, "000000000000000000000000000000255", 255},
        {ui2, "65535", 65535},
        {ui4, "4294967295", 4294967295u},
        {ui8, "18446744073709551615", std::numeric_limits<std::uint64_t>::max()},
        {i1, "-128", -128},
        {i1, "127", 127},
        {i1, "+127", 127},
        {i1, "-0", 0},
        {i1, "+007", 7},
        {i1, "-007", -7},
        {i2, "-32768", -32768},
        {i2, "32767", 32767},
        {i4, "-2147483648", std::numeric_limits<std::int32_t>::min()},
        {i4, "2147483647", std::numeric_limits<std::int32_t>::max()},
        {i8, "-9223372036854775808", std::numeric_limits<std::int64_t>::min()},
        {i8, "9223372036854775807", std::numeric_limits<std::int64_t>::max()},
        {integer, "2147483648", 2147483648},
        {integer, "-9223372036854775808", std::numeric_limits<std::int64_t>::min()},
    });
}

TEST(data_type, TYPE_01_TYPE_09_integers_beyond_their_ranges_are_refused)
{
    expect_refused({
        {ui1, "256", errc::out_of_range},
        {ui2, "65536", errc::out_of_range},
        {ui4, "4294967296", errc::out_of_range},
        {ui8, "18446744073709551616", errc::out_of_range},
        {ui8, "99999999999999999999999999999999", errc::out_of_range},
        {i1, "-129", errc::out_of_range},
        {i1, "128", errc::out_of_range},
        {i2, "32768", errc::out_of_range},
        {i2, "-32769", errc::out_of_range},
        {i4, "2147483648", errc::out_of_range},
        {i4, "-2147483649", errc::out_of_range},
        {i8, "9223372036854775808", errc::out_of_range},
        {i8, "-9223372036854775809", errc::out_of_range},
        {integer, "9223372036854775808", errc::out_of_range},
    });
}

TEST(data_type, TYPE_01_TYPE_09_other_texts_are_no_integers)
{
    for (auto const type : {ui1, ui2, ui4, ui8, i1, i2, i4, i8, integer})
        for (std::string_view const text :
             {"",  " ", " 1",  "1 ",  "1\n", "1.0", "1e1",      "0x1",          "1,000", "1_000", "a",
              "-", "+", "--1", "+-1", "-+1", "++1", "\xC2\xB2", "\xEF\xBC\x91", "$1",    "true"})
            EXPECT_EQ(parse_value(type, text).error(), errc::malformed)
                << to_string(type) << " '" << text << "'";
    expect_refused(
        {{i4, std::string_view{"1\0", 2}}, {ui1, "+1"}, {ui1, "-1"}, {ui1, "-0"}, {ui8, "-1"}, {ui8, "+0"}});
}

TEST(data_type, TYPE_10_TYPE_13_numbers_are_read)
{
    expect_read({
        {r8, "0", 0.0},
        {r8, "-0.0", -0.0},
        {r8, "1", 1.0},
        {r8, "+1.5", 1.5},
        {r8, "-1.5", -1.5},
        {r8, ".5", 0.5},
        {r8, "5.", 5.0},
        {r8, "-.5e1", -5.0},
        {r8, "0001.50", 1.5},
        {r8, "1e3", 1000.0},
        {r8, "1E+03", 1000.0},
        {r8, "1E-3", 0.001},
        {r8, "1.7976931348623157E308", std::numeric_limits<double>::max()},
        {r8, "4.94065645841247E-324", std::numeric_limits<double>::denorm_min()},
        {number, "3.14159", 3.14159},
        {floating, "2.5e-1", 0.25},
        {r4, "3.40282347E+38", std::numeric_limits<float>::max()},
        {r4, "-1.17549435E-38", -std::numeric_limits<float>::min()},
        {r4, "0.1", 0.1f},
        {r4, "0", 0.0},
        {fixed_14_4, "99999999999999.9999", 99999999999999.9999},
        {fixed_14_4, "-0000099999999999999.99990000", -99999999999999.9999},
        {fixed_14_4, "0.0001", 0.0001},
    });
}

TEST(data_type, TYPE_10_TYPE_13_other_texts_are_no_numbers)
{
    for (auto const type : {r4, r8, number, floating, fixed_14_4})
        for (auto const* text : {"",    ".",     "+",    "-",        "e1",    ".e1",   "1e",   "1e+", "1e1.5",
                                 "1,5", " 1",    "1 ",   "1.2.3",    "0x1p3", "0x10",  "1f",   "++1", "--1",
                                 "+-1", "1e++1", "true", "infinite", "inf1",  "nan()", "++inf"})
            EXPECT_EQ(parse_value(type, text).error(), errc::malformed)
                << to_string(type) << " '" << text << "'";
}

TEST(data_type, TYPE_13_infinities_and_none_of_the_numbers_are_refused_as_such)
{
    for (auto const type : {r4, r8, number, floating, fixed_14_4})
        for (auto const* text : {"INF", "inf", "-INF", "+Infinity", "NaN", "nan", "-nan"})
            EXPECT_EQ(parse_value(type, text).error(), errc::unsupported)
                << to_string(type) << " '" << text << "'";
    EXPECT_EQ(parse_value(i4, "INF").error(), errc::malformed);
}

TEST(data_type, TYPE_10_TYPE_12_numbers_beyond_their_ranges_are_refused)
{
    expect_refused({
        {r8, "1E309", errc::out_of_range},
        {r8, "-1E309", errc::out_of_range},
        {r8, "1E-400", errc::out_of_range},
        {r8, "1E99999999999999999999", errc::out_of_range},
        {floating, "1E309", errc::out_of_range},
        {r4, "3.5E38", errc::out_of_range},
        {r4, "-3.5E38", errc::out_of_range},
        {r4, "1E-38", errc::out_of_range},
        {fixed_14_4, "100000000000000", errc::out_of_range},
        {fixed_14_4, "0.00001", errc::out_of_range},
        {fixed_14_4, "1e2", errc::malformed},
    });
}

TEST(data_type, TYPE_14_booleans_are_read_in_all_spellings)
{
    for (auto const* text : {"1", "true", "yes", "True", "TRUE", "Yes", "YES"})
        EXPECT_EQ(parse_value(boolean, text).value(), value{true}) << text;
    for (auto const* text : {"0", "false", "no", "False", "FALSE", "No", "NO"})
        EXPECT_EQ(parse_value(boolean, text).value(), value{false}) << text;
    for (auto const* text : {"", "2", "-1", "01", "10", " 1", "1 ", "y", "t", "on", "off", "truely", "yess"})
        EXPECT_EQ(parse_value(boolean, text).error(), errc::malformed) << text;
}

TEST(data_type, TYPE_15_a_char_is_one_code_point)
{
    expect_read({{character, "a", "a"},
                 {character, " ", " "},
                 {character, "\xC3\xA4", "\xC3\xA4"},
                 {character, "\xF0\x9F\x92\xA1", "\xF0\x9F\x92\xA1"}});
    expect_refused({{character, ""},
                    {character, "ab"},
                    {character, "a\xCC\x88"},
                    {character, "\xC3", errc::not_utf8},
                    {character, "\x01", errc::not_utf8}});
}

TEST(data_type, TYPE_16_a_string_is_any_text_that_XML_allows)
{
    expect_read({{string, "", ""}, {string, " a\tb\r\nc ", " a\tb\r\nc "}, {string, "<&>", "<&>"}});
    expect_refused({{string, std::string_view{"a\0b", 3}, errc::not_utf8},
                    {string, "\x1B[2J", errc::not_utf8},
                    {string, "\xC0\xAF", errc::not_utf8},
                    {string, "\xED\xA0\x80", errc::not_utf8},
                    {string, "\xEF\xBF\xBE", errc::not_utf8}});
}

TEST(data_type, TYPE_17_dates)
{
    using namespace std::chrono;
    expect_read({{date, "2026-02-03", 2026y / 2 / 3},
                 {date, "2024-02-29", 2024y / 2 / 29},
                 {date, "2000-02-29", 2000y / 2 / 29},
                 {date, "0000-02-29", 0y / 2 / 29},
                 {date, "0000-01-01", 0y / 1 / 1},
                 {date, "9999-12-31", 9999y / 12 / 31}});
    for (auto const* text : {"",
                             "2026-02-30",
                             "2023-02-29",
                             "1900-02-29",
                             "2026-13-01",
                             "2026-00-01",
                             "2026-01-00",
                             "2026-04-31",
                             "2026-01-32",
                             "2026-1-1",
                             "20260203",
                             "26-02-03",
                             "-2026-02-03",
                             "+2026-02-03",
                             "12026-02-03",
                             "2026-034",
                             "2026-W06-2",
                             "2026-02-03T00:00:00",
                             "2026-02-03Z",
                             "2026/02/03",
                             " 2026-02-03",
                             "2026-02-03 ",
                             "2026-02-3x",
                             "2026-02"})
        EXPECT_EQ(parse_value(date, text).error(), errc::malformed) << text;
}

TEST(data_type, TYPE_18_TYPE_19_dates_with_times)
{
    using namespace std::chrono;
    constexpr local_days day{2026y / 2 / 3};
    for (auto const type : {date_time, date_time_tz}) {
        expect_read({{type, "2026-02-03", day},
                     {type, "2026-02-03T10:11:12", day + 10h + 11min + 12s},
                     {type, "2026-02-03T00:00:00", day},
                     {type, "2026-02-03T23:59:59", day + 24h - 1s},
                     {type, "2026-02-03T24:00:00", day + 24h},
                     {type, "2026-02-03T24:00:00.000", day + 24h},
                     {type, "2024-02-28T24:00:00", local_days{2024y / 2 / 29}},
                     {type, "2026-02-03T10:11:12.5", day + 10h + 11min + 12500ms},
                     {type, "2026-02-03T10:11:12.000001", day + 10h + 11min + 12s + 1us},
                     {type, "2026-02-03T10:11:12.0000019999", day + 10h + 11min + 12s + 1us},
                     {type, "0000-01-01T00:00:00", local_days{0y / 1 / 1}},
                     {type, "9999-12-31T23:59:59.999999", local_days{9999y / 12 / 31} + 24h - 1us}});
        for (auto const* text : {"",
                                 "T10:11:12",
                                 "2026-02-03T",
                                 "2026-02-03T24:00:01",
                                 "2026-02-03T24:00:00.000001",
                                 "2026-02-03T24:01:00",
                                 "2026-02-03T25:00:00",
                                 "2026-02-03T10:60:00",
                                 "2026-02-03T10:11:60",
                                 "2016-12-31T23:59:60",
                                 "2026-02-03T10:11",
                                 "2026-02-03T10",
                                 "2026-02-03T10:11:12.",
                                 "2026-02-03T10:11:12,5",
                                 "2026-02-03 10:11:12",
                                 "2026-02-03t10:11:12",
                                 "2026-02-30T10:11:12",
                                 "2026-02-03T1:11:12",
                                 "20260203T101112",
                                 "2026-02-03T101112",
                                 "2026-02-03Z",
                                 "2026-02-03+01:00",
                                 "2026-02-03T10:11:12 ",
                                 " 2026-02-03T10:11:12"})
            EXPECT_EQ(parse_value(type, text).error(), errc::malformed) << to_string(type) << ' ' << text;
        EXPECT_EQ(parse_value(type, "9999-12-31T24:00:00").error(), errc::out_of_range);
    }
}

TEST(data_type, TYPE_19_TYPE_21_zones)
{
    using namespace std::chrono;
    struct {
        std::string_view text;
        minutes offset;
    } const legal[] = {{"Z", 0min},         {"+01:00", 60min},   {"-0330", -210min}, {"+00:00", 0min},
                       {"-00:00", 0min},    {"+0000", 0min},     {"-00:30", -30min}, {"+14:00", 14h},
                       {"+23:59", 1439min}, {"-23:59", -1439min}};
    auto const with = [](std::string_view zone) { return std::string{"10:11:12.25"}.append(zone); };
    constexpr microseconds at = 10h + 11min + 12250ms;
    for (auto const& [text, offset] : legal) {
        EXPECT_EQ(parse_value(time_tz, with(text)).value(), (zoned_time_of_day{{at}, offset})) << text;
        EXPECT_EQ(parse_value(date_time_tz, "2026-02-03T" + with(text)).value(),
                  (zoned_date_time{local_days{2026y / 2 / 3} + at, offset}))
            << text;
        EXPECT_EQ(parse_value(data_type::time, with(text)).error(), errc::malformed) << text;
        EXPECT_EQ(parse_value(date_time, "2026-02-03T" + with(text)).error(), errc::malformed) << text;
    }
    for (std::string_view const text :
         {"z", " Z", "Z ", "+1:00", "+24:00", "+01:60", "+01", "+", "+01:", "+010", "01:00", "Z+01:00",
          "+01:00Z", "+01:00:00", "UTC", "+-1:00"}) {
        EXPECT_EQ(parse_value(time_tz, with(text)).error(), errc::malformed) << text;
        EXPECT_EQ(parse_value(date_time_tz, "2026-02-03T" + with(text)).error(), errc::malformed) << text;
    }
}

TEST(data_type, TYPE_20_TYPE_21_times)
{
    using namespace std::chrono;
    for (auto const type : {data_type::time, time_tz}) {
        expect_read({{type, "10:11:12", time_of_day{10h + 11min + 12s}},
                     {type, "00:00:00", time_of_day{}},
                     {type, "24:00:00", time_of_day{}},
                     {type, "23:59:59.999", time_of_day{24h - 1ms}}});
        for (auto const* text : {"", "24:00:01", "10:11", "10:11:60", "T10:11:12", "101112", "10:11:12,5",
                                 "2026-02-03T10:11:12", "-1:11:12", "10:11:12.", "10:11:12 "})
            EXPECT_EQ(parse_value(type, text).error(), errc::malformed) << text;
    }
}

TEST(data_type, TYPE_22_base64)
{
    expect_read({{bin_base64, "", bytes{}},
                 {bin_base64, "Zg==", raw("f")},
                 {bin_base64, "Zm8=", raw("fo")},
                 {bin_base64, "Zm9v", raw("foo")},
                 {bin_base64, "Zm9vYmFy", raw("foobar")},
                 {bin_base64, " Zm9v\r\n\tYm Fy ", raw("foobar")},
                 {bin_base64, "+/+/", raw("\xFB\xFF\xBF")}});
    expect_refused({{bin_base64, "Z"},
                    {bin_base64, "Zg"},
                    {bin_base64, "Zg="},
                    {bin_base64, "Zm9"},
                    {bin_base64, "Z==="},
                    {bin_base64, "===="},
                    {bin_base64, "Zg==Zg=="},
                    {bin_base64, "Zg==="},
                    {bin_base64, "Zm8=a"},
                    {bin_base64, "Z=8="},
                    {bin_base64, "Zm-_"},
                    {bin_base64, "Zh=="}, // bits that no byte holds
                    {bin_base64, "Zm9="},
                    {bin_base64, "Zm9v!"},
                    {bin_base64, std::string_view{"Zm9\0", 4}},
                    {bin_base64, "Zm9\xC3"}});
}

TEST(data_type, TYPE_23_hexadecimal)
{
    expect_read({{bin_hex, "", bytes{}}, {bin_hex, "00fF7a", raw(std::string_view{"\0\xFF\x7A", 3})}});
    expect_refused({{bin_hex, "0"}, {bin_hex, "0g"}, {bin_hex, "00 1"}, {bin_hex, "0x00"}, {bin_hex, "-1"}});
}

TEST(data_type, TYPE_24_a_uri_has_the_characters_of_one)
{
    expect_read({{uri, "", ""},
                 {uri, "http://example.com/a?b=c#d", "http://example.com/a?b=c#d"},
                 {uri, "urn:a:b", "urn:a:b"}});
    expect_read({{uri, "http://[2001:db8::1]/%C3%a4?a[]=1", "http://[2001:db8::1]/%C3%a4?a[]=1"},
                 {uri, "http://example.com/\xC3\xA4", "http://example.com/\xC3\xA4"}});
    expect_refused({{uri, "a b"}, {uri, "a\n"}, {uri, "a\x7F"}, {uri, "\xFF", errc::not_utf8}});
    for (auto const* text : {"<a>", "\"a\"", "a\\b", "a|b", "{a}", "a^b", "a`b", "%", "%4", "%4g", "a%"})
        EXPECT_EQ(parse_value(uri, text).error(), errc::malformed) << text;
}

TEST(data_type, TYPE_25_a_uuid_may_come_with_its_prefix)
{
    std::string_view const plain = "2fac1234-31f8-11b4-a222-08002b34c003";
    EXPECT_EQ(parse_value(uuid, plain).value(), value{plain});
    EXPECT_EQ(parse_value(uuid, "uuid:" + std::string{plain}).value(), value{plain});
    EXPECT_EQ(parse_value(uuid, "UUID:" + std::string{plain}).value(), value{plain});
    EXPECT_EQ(parse_value(uuid, "2FAC1234-31F8-11B4-A222-08002B34C003").value(), value{plain});
    expect_refused({{uuid, ""},
                    {uuid, "uuid:"},
                    {uuid, "uuid:uuid:2fac1234-31f8-11b4-a222-08002b34c003"},
                    {uuid, "2fac1234-31f8-11b4-a222-08002b34c00"},
                    {uuid, "2fac1234-31f8-11b4-a222-08002b34c0033"},
                    {uuid, "2fac1234x31f8-11b4-a222-08002b34c003"},
                    {uuid, "{fac1234-31f8-11b4-a222-08002b34c003"}});
}

TEST(data_type, values_are_written_in_one_form)
{
    struct {
        data_type type;
        value held;
        std::string_view text;
    } const table[] = {
        {boolean, true, "1"},
        {boolean, false, "0"},
        {ui1, 255, "255"},
        {ui8, std::numeric_limits<std::uint64_t>::max(), "18446744073709551615"},
        {i8, std::numeric_limits<std::int64_t>::min(), "-9223372036854775808"},
        {i4, -7, "-7"},
        {i4, 7u, "7"},
        {integer, 0, "0"},
        {r8, 0.1, "0.1"},
        {r8, 100.0, "100"},
        {r8, -2.5, "-2.5"},
        {r8, 1e300, "1E+300"},
        {r4, 0.1, "0.1"},
        {r4, 0.1f, "0.1"},
        {r4, 3.40282347E+38, "3.4028235E+38"},
        {r8, -0.0, "0"},
        {r4, -0.0, "0"},
        {r8, 1e5, "1E+05"},
        {r8, 123456.0, "123456"},
        {r8, -1e-7, "-1E-07"},
        {r8, 0.1 + 0.2, "0.30000000000000004"},
        {r8, std::numeric_limits<double>::max(), "1.7976931348623157E+308"},
        {r8, std::numeric_limits<double>::denorm_min(), "5E-324"},
        {number, 2.5, "2.5"},
        {floating, 2.5f, "2.5"},
        {r4, std::numeric_limits<float>::min(), "1.1754944E-38"},
        {fixed_14_4, 0.1 + 0.2, "0.3"},
        {fixed_14_4, 1.0 / 3, "0.3333"},
        {fixed_14_4, -0.0, "0"},
        {fixed_14_4, std::numeric_limits<double>::denorm_min(), "0"},
        {fixed_14_4, 12345678901234.5678, "12345678901234.568"},
        {fixed_14_4, 1.5, "1.5"},
        {fixed_14_4, 100.0, "100"},
        {fixed_14_4, 0.0, "0"},
        {fixed_14_4, -0.00001, "0"},
        {fixed_14_4, 12345678901234.5, "12345678901234.5"},
        {fixed_14_4, 1e13, "10000000000000"},
        {fixed_14_4, -99999999999999.9999, "-99999999999999.9999"},
        {character, "\xC3\xA4", "\xC3\xA4"},
        {string, "<&>", "<&>"},
        {uri, "http://example.com/", "http://example.com/"},
        {bin_base64, bytes{}, ""},
        {bin_base64, raw("f"), "Zg=="},
        {bin_base64, raw("fo"), "Zm8="},
        {bin_base64, raw("foobar"), "Zm9vYmFy"},
        {bin_hex, raw("\xFF\x7A"), "ff7a"},
        {uuid, "2fac1234-31f8-11b4-a222-08002b34c003", "2fac1234-31f8-11b4-a222-08002b34c003"},
    };
    for (auto const& row : table) {
        auto const text = format_value(row.type, row.held);
        ASSERT_TRUE(text) << to_string(row.type) << ' ' << row.text;
        EXPECT_EQ(*text, row.text);
        EXPECT_TRUE(parse_value(row.type, *text)) << row.text;
    }
}

TEST(data_type, TYPE_17_TYPE_21_days_and_times_are_written_in_one_form)
{
    using namespace std::chrono;
    constexpr local_days day{2026y / 2 / 3};
    constexpr microseconds at = 1h + 2min + 3s;
    struct {
        data_type type;
        value held;
        std::string_view text;
    } const table[] = {
        {date, 2026y / 2 / 3, "2026-02-03"},
        {date, 0y / 12 / 31, "0000-12-31"},
        {date_time, day, "2026-02-03T00:00:00"},
        {date_time, day + at, "2026-02-03T01:02:03"},
        {date_time, day + at + 1ns, "2026-02-03T01:02:03"},
        {date_time, day + at - 1ns, "2026-02-03T01:02:02.999999"},
        {date_time, local_days{1y / 1 / 1} + at, "0001-01-01T01:02:03"},
        {date_time, day + at + 120ms, "2026-02-03T01:02:03.12"},
        {date_time, day + at + 1us, "2026-02-03T01:02:03.000001"},
        {date_time, zoned_date_time{day + at}, "2026-02-03T01:02:03"},
        {date_time_tz, day + at, "2026-02-03T01:02:03"},
        {date_time_tz, zoned_date_time{day + at, 0min}, "2026-02-03T01:02:03Z"},
        {date_time_tz, zoned_date_time{day + at, 90min}, "2026-02-03T01:02:03+01:30"},
        {date_time_tz, zoned_date_time{day + at + 500ms, -30min}, "2026-02-03T01:02:03.5-00:30"},
        {data_type::time, time_of_day{at}, "01:02:03"},
        {data_type::time, time_of_day{at + 10ms}, "01:02:03.01"},
        {time_tz, zoned_time_of_day{{at}, -600min}, "01:02:03-10:00"},
        {time_tz, zoned_time_of_day{{at}, 0min}, "01:02:03Z"},
        {time_tz, time_of_day{at}, "01:02:03"},
        // texts stand for them
        {date, "2026-02-03", "2026-02-03"},
        {date_time, "2026-02-03", "2026-02-03T00:00:00"},
        {date_time_tz, "2026-02-03T01:02:03.50+0130", "2026-02-03T01:02:03.5+01:30"},
        {data_type::time, "24:00:00", "00:00:00"},
        {time_tz, "01:02:03-00:00", "01:02:03Z"},
    };
    for (auto const& row : table)
        EXPECT_EQ(format_value(row.type, row.held).value(), row.text) << to_string(row.type);
}

TEST(data_type, TYPE_17_TYPE_21_days_and_times_that_no_text_can_tell_are_not_written)
{
    using namespace std::chrono;
    struct {
        data_type type;
        value held;
        errc code;
    } const table[] = {
        {date, 2026y / 2 / 30, errc::out_of_range},
        {date, 10000y / 1 / 1, errc::out_of_range},
        {date, year{-1} / 12 / 31, errc::out_of_range},
        {date, local_days{2026y / 2 / 3}, errc::wrong_type},
        {date, "2026-02-30", errc::malformed},
        {date_time, 2026y / 2 / 3, errc::wrong_type},
        {date_time, local_days{10000y / 1 / 1}, errc::out_of_range},
        {date_time, local_days{0y / 1 / 1} - 1us, errc::out_of_range},
        {date_time, zoned_date_time{{}, 0min}, errc::out_of_range},
        {date_time, "2026-02-03T01:02:03Z", errc::malformed},
        {date_time_tz, zoned_date_time{{}, 24h}, errc::out_of_range},
        {date_time_tz, zoned_date_time{{}, -24h}, errc::out_of_range},
        {date_time_tz, time_of_day{}, errc::wrong_type},
        {data_type::time, time_of_day{24h}, errc::out_of_range},
        {data_type::time, time_of_day{-1us}, errc::out_of_range},
        {data_type::time, zoned_time_of_day{{}, 1min}, errc::out_of_range},
        {data_type::time, 0, errc::wrong_type},
        {string, 2026y / 2 / 3, errc::wrong_type},
        {ui1, time_of_day{}, errc::wrong_type},
    };
    for (auto const& row : table)
        EXPECT_EQ(format_value(row.type, row.held).error(), row.code) << to_string(row.type);
    EXPECT_EQ(value{2026y / 2 / 30}.get<std::string>().error(), errc::out_of_range);
}

TEST(data_type, TYPE_25_a_uuid_is_written_in_lower_case_without_prefix)
{
    for (auto const* given :
         {"uuid:2FAC1234-31f8-11B4-a222-08002B34C003", "2FAC1234-31F8-11B4-A222-08002B34C003"})
        EXPECT_EQ(format_value(uuid, given).value(), "2fac1234-31f8-11b4-a222-08002b34c003");
}

TEST(data_type, TYPE_22_base64_of_any_length_is_written_without_line_breaks)
{
    for (std::size_t size = 0; size < 200; ++size) {
        bytes data;
        for (std::size_t i = 0; i < size; ++i)
            data.push_back(static_cast<std::byte>(i * 37));
        auto const text = format_value(bin_base64, data).value();
        EXPECT_EQ(text.find_first_of("\r\n"), text.npos);
        EXPECT_EQ(parse_value(bin_base64, text).value(), value{data});
    }
}

TEST(data_type, values_that_do_not_fit_are_not_written)
{
    struct {
        data_type type;
        value held;
        errc code;
    } const table[] = {
        {ui1, true, errc::wrong_type},
        {ui1, "1", errc::wrong_type},
        {ui1, 1.0, errc::wrong_type},
        {r8, 1, errc::wrong_type},
        {boolean, 1, errc::wrong_type},
        {string, raw("a"), errc::wrong_type},
        {bin_hex, "00", errc::wrong_type},
        {ui1, 256, errc::out_of_range},
        {ui1, -1, errc::out_of_range},
        {i1, 128u, errc::out_of_range},
        {i8, std::numeric_limits<std::uint64_t>::max(), errc::out_of_range},
        {ui8, -1, errc::out_of_range},
        {r8, std::numeric_limits<double>::infinity(), errc::out_of_range},
        {r8, std::numeric_limits<double>::quiet_NaN(), errc::out_of_range},
        {r4, 1e39, errc::out_of_range},
        {fixed_14_4, 1.1e14, errc::out_of_range},
        {string, "\x01", errc::malformed},
        {character, "ab", errc::malformed},
        {date, "yesterday", errc::malformed},
        {uri, "a b", errc::malformed},
        {uuid, "2fac1234", errc::malformed},
    };
    for (auto const& row : table)
        EXPECT_EQ(format_value(row.type, row.held).error(), row.code) << to_string(row.type);
}

TEST(value, compares_integers_by_value)
{
    EXPECT_EQ(value{1}, value{1u});
    EXPECT_EQ(value{std::int8_t{-1}}, value{std::int64_t{-1}});
    EXPECT_NE(value{-1}, value{std::numeric_limits<std::uint64_t>::max()});
    EXPECT_NE(value{1}, value{1.0});
    EXPECT_NE(value{1}, value{true});
    EXPECT_NE(value{"1"}, value{1});
    EXPECT_EQ(value{"a"}, value{std::string{"a"}});
    EXPECT_EQ(value{raw("a")}, value{raw("a")});
}

TEST(value, is_read_as_what_it_holds)
{
    EXPECT_EQ(value{true}.get<bool>().value(), true);
    EXPECT_EQ(value{200}.get<std::uint8_t>().value(), 200);
    EXPECT_EQ(value{200}.get<std::int8_t>().error(), errc::out_of_range);
    EXPECT_EQ(value{-1}.get<unsigned>().error(), errc::out_of_range);
    EXPECT_EQ(value{std::numeric_limits<std::uint64_t>::max()}.get<std::int64_t>().error(),
              errc::out_of_range);
    EXPECT_EQ(value{1.5}.get<float>().value(), 1.5f);
    EXPECT_EQ(value{"a"}.get<std::string>().value(), "a");
    EXPECT_EQ(value{raw("a")}.get<bytes>().value(), raw("a"));
    EXPECT_EQ(value{1}.get<bool>().error(), errc::wrong_type);
    EXPECT_EQ(value{1}.get<double>().error(), errc::wrong_type);
    EXPECT_EQ(value{1.0}.get<int>().error(), errc::wrong_type);
    EXPECT_EQ(value{"1"}.get<int>().error(), errc::wrong_type);
    EXPECT_EQ(value{true}.get<std::string>().error(), errc::wrong_type);
    EXPECT_EQ(value{"a"}.get<bytes>().error(), errc::wrong_type);
}

TEST(value, days_and_times_are_read_as_such_and_as_text)
{
    using namespace std::chrono;
    constexpr local_days day{2026y / 2 / 3};
    EXPECT_EQ(value{2026y / 2 / 3}.get<year_month_day>().value(), 2026y / 2 / 3);
    EXPECT_EQ(value{2026y / 2 / 3}.get<std::string>().value(), "2026-02-03");
    EXPECT_EQ(value{day}.get<local_date_time>().value(), day);
    EXPECT_EQ(value{day}.get<zoned_date_time>().value(), zoned_date_time{day});
    EXPECT_EQ((value{zoned_date_time{day, 0min}}.get<std::string>().value()), "2026-02-03T00:00:00Z");
    EXPECT_EQ((value{zoned_date_time{day, 0min}}.get<local_date_time>().error()), errc::out_of_range)
        << "the zone would be lost";
    EXPECT_EQ(value{time_of_day{1h}}.get<time_of_day>().value(), time_of_day{1h});
    EXPECT_EQ((value{zoned_time_of_day{{1h}, 60min}}.get<time_of_day>().error()), errc::out_of_range);
    EXPECT_EQ((value{zoned_time_of_day{{1h}, 60min}}.get<std::string>().value()), "01:00:00+01:00");
    EXPECT_EQ(value{day}.get<year_month_day>().error(), errc::wrong_type);
    EXPECT_EQ(value{day}.get<time_of_day>().error(), errc::wrong_type);
    EXPECT_EQ(value{"2026-02-03"}.get<year_month_day>().error(), errc::wrong_type) << "its type is not known";
    EXPECT_EQ(value{1}.get<year_month_day>().error(), errc::wrong_type);
    EXPECT_NE(value{2026y / 2 / 3}, value{day});
    EXPECT_NE((value{zoned_date_time{day, 0min}}), value{day});
}

TEST(calendar, a_moment_and_the_zone_it_is_told_in)
{
    using namespace std::chrono;
    constexpr sys_days midnight = 2026y / 2 / 3;
    auto const here = zoned_date_time::of(midnight + 1500ns, -90min);
    EXPECT_EQ(value{here}.get<std::string>().value(), "2026-02-02T22:30:00.000001-01:30");
    EXPECT_EQ(here.instant(), midnight + 1us);
    EXPECT_EQ(zoned_date_time::of(midnight).instant(), midnight);
    EXPECT_NE(zoned_date_time::of(midnight), zoned_date_time::of(midnight, 60min)) << "told otherwise";
    EXPECT_EQ(zoned_date_time{}.instant(), std::nullopt);
    EXPECT_LT(time_of_day{1h}, time_of_day{2h});
}

} // namespace
} // namespace onlink
