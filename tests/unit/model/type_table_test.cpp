// SPDX-License-Identifier: BSL-1.0
// UDA 2.0, 2.5, a row for each data type: what is read, and how it is written then; the ends of its range;
// what it is not.
#include <onlink/value.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace onlink {
namespace {

struct spelling {
    std::string_view given;
    std::string_view written;
};

struct type_row {
    std::string_view name;
    data_type type;
    std::vector<spelling> legal;
    std::vector<std::string_view> beyond;    ///< out_of_range
    std::vector<std::string_view> malformed; ///< malformed or not_utf8
};

std::vector<type_row> const& table()
{
    using enum data_type;
    static std::vector<type_row> const rows{
        {"TYPE_01_ui1",
         ui1,
         {{"0", "0"}, {"255", "255"}, {"007", "7"}, {"00", "0"}},
         {"256", "1000"},
         {"", "-1", "-0", "+1", "1.0", " 1", "1 ", "a", "0x1"}},
        {"TYPE_02_ui2",
         ui2,
         {{"0", "0"}, {"65535", "65535"}, {"0065535", "65535"}},
         {"65536"},
         {"", "-1", "+1"}},
        {"TYPE_03_ui4", ui4, {{"0", "0"}, {"4294967295", "4294967295"}}, {"4294967296"}, {"", "-1", "1e3"}},
        {"TYPE_04_ui8",
         ui8,
         {{"0", "0"}, {"18446744073709551615", "18446744073709551615"}},
         {"18446744073709551616"},
         {"", "-1", "+1"}},
        {"TYPE_05_i1",
         i1,
         {{"-128", "-128"}, {"127", "127"}, {"+127", "127"}, {"-0", "0"}, {"-007", "-7"}},
         {"128", "-129"},
         {"", "-", "+-1", "1.0"}},
        {"TYPE_06_i2", i2, {{"-32768", "-32768"}, {"+32767", "32767"}}, {"32768", "-32769"}, {"", "--1"}},
        {"TYPE_07_i4",
         i4,
         {{"-2147483648", "-2147483648"}, {"2147483647", "2147483647"}},
         {"2147483648", "-2147483649"},
         {"", "1,000"}},
        {"TYPE_08_i8",
         i8,
         {{"-9223372036854775808", "-9223372036854775808"}, {"9223372036854775807", "9223372036854775807"}},
         {"9223372036854775808", "-9223372036854775809"},
         {"", "$1"}},
        {"TYPE_09_int",
         integer,
         {{"+2147483648", "2147483648"}, {"-9223372036854775808", "-9223372036854775808"}},
         {"9223372036854775808"},
         {"", "1.0"}},
        {"TYPE_10_r4",
         r4,
         {{"0", "0"},
          {"-0", "0"},
          {"+00.50", "0.5"},
          {"0.1", "0.1"},
          {"0.10000000149011612", "0.1"},
          {"16777217", "16777216"}, // the nearest float
          {"3.40282347E+38", "3.4028235E+38"},
          {"-3.40282347e38", "-3.4028235E+38"},
          {"1.17549435E-38", "1.1754944E-38"}},
         {"3.4028236E+38", "1.17E-38", "1E39", "1E-50"},
         {"", ".", "1e", "1,5", "0x1p0"}},
        {"TYPE_11_r8",
         r8,
         {{"0", "0"},
          {"-0.0", "0"},
          {"0E999", "0"},
          {"100", "100"},
          {"1e2", "100"},
          {"1E+02", "100"},
          {"00012.500", "12.5"},
          {".5", "0.5"},
          {"5.", "5"},
          {"0.1000000000000000055511151231257827", "0.1"},
          {"9007199254740993", "9007199254740992"}, // the nearest double
          {"1.79769313486231570E308", "1.7976931348623157E+308"},
          {"-4.94065645841247E-324", "-5E-324"}},
         {"1E309", "-1E309", "1E-400"},
         {"", "e1", "1e1.5", "1 ", "--1"}},
        {"TYPE_11_number", number, {{"3.14159", "3.14159"}, {"1e23", "1E+23"}}, {"1E309"}, {"", "pi"}},
        {"TYPE_12_fixed_14_4",
         fixed_14_4,
         {{"0", "0"},
          {"-0.0000", "0"},
          {"0001.50", "1.5"},
          {"-0.0001", "-0.0001"},
          {"99999999999999.9999", "99999999999999.9999"},
          {"-99999999999999.9999", "-99999999999999.9999"},
          {"1234567890.1234", "1234567890.1234"},
          {"1.00000000", "1"}},
         {"100000000000000", "0.00001"},
         {"", "1e2", "1,5"}},
        {"TYPE_13_float",
         floating,
         {{"2.5E-01", "0.25"}, {"+1.5e+3", "1500"}, {"-1E5", "-1E+05"}, {"123456", "123456"}},
         {"1E309"},
         {"", "1E", "E1", "1 E1"}},
        {"TYPE_14_boolean",
         boolean,
         {{"0", "0"}, {"1", "1"}, {"true", "1"}, {"FALSE", "0"}, {"Yes", "1"}, {"no", "0"}},
         {},
         {"", "2", "01", "on", " 1", "-1"}},
        {"TYPE_15_char",
         character,
         {{"a", "a"}, {" ", " "}, {"\xF0\x9F\x92\xA1", "\xF0\x9F\x92\xA1"}},
         {},
         {"", "ab", "\x01", "\xC3"}},
        {"TYPE_16_string", string, {{"", ""}, {" a<b ", " a<b "}}, {}, {"\x1B", "\xFF"}},
        {"TYPE_17_date",
         date,
         {{"2026-02-03", "2026-02-03"}, {"2024-02-29", "2024-02-29"}, {"0000-01-01", "0000-01-01"}},
         {},
         {"", "2023-02-29", "20260203", "2026-02-03T00:00:00", "10000-01-01"}},
        {"TYPE_18_dateTime",
         date_time,
         {{"2026-02-03T10:11:12", "2026-02-03T10:11:12"},
          {"2026-02-03", "2026-02-03T00:00:00"},
          {"2026-02-03T10:11:12.500", "2026-02-03T10:11:12.5"},
          {"2026-02-03T10:11:12.0", "2026-02-03T10:11:12"},
          {"2026-12-31T24:00:00", "2027-01-01T00:00:00"}},
         {"9999-12-31T24:00:00"},
         {"", "2026-02-03T10:11:12Z", "2026-02-03T10:11:60", "2026-02-03T10:11"}},
        {"TYPE_19_dateTime_tz",
         date_time_tz,
         {{"2026-02-03T10:11:12+01:00", "2026-02-03T10:11:12+01:00"},
          {"2026-02-03T10:11:12-0330", "2026-02-03T10:11:12-03:30"},
          {"2026-02-03T10:11:12+0000", "2026-02-03T10:11:12Z"},
          {"2026-02-03T10:11:12.25Z", "2026-02-03T10:11:12.25Z"},
          {"2026-02-03T10:11:12", "2026-02-03T10:11:12"},
          {"2026-02-03", "2026-02-03T00:00:00"}},
         {"9999-12-31T24:00:00Z"},
         {"", "2026-02-03Z", "2026-02-03T10:11:12+1", "2026-02-03T10:11:12z"}},
        {"TYPE_20_time",
         data_type::time,
         {{"10:11:12", "10:11:12"}, {"24:00:00", "00:00:00"}, {"23:59:59.9", "23:59:59.9"}},
         {},
         {"", "10:11:12Z", "24:00:01", "23:59:60", "101112"}},
        {"TYPE_21_time_tz",
         time_tz,
         {{"10:11:12-00:00", "10:11:12Z"}, {"10:11:12+0530", "10:11:12+05:30"}, {"10:11:12", "10:11:12"}},
         {},
         {"", "10:11:12+24:00", "T10:11:12"}},
        {"TYPE_22_bin_base64",
         bin_base64,
         {{"", ""}, {"Zm9v", "Zm9v"}, {" Zm\r\n8 =\t", "Zm8="}, {"+w==", "+w=="}},
         {},
         {"Z", "Zm9", "Zm9v=", "Zm-_", "+/=="}},
        {"TYPE_23_bin_hex", bin_hex, {{"", ""}, {"00Ff", "00ff"}}, {}, {"0", "0g", "0x00", "00 ff"}},
        {"TYPE_24_uri", uri, {{"", ""}, {"a/b?c#d", "a/b?c#d"}, {"%41", "%41"}}, {}, {"a b", "<a>", "%4"}},
        {"TYPE_25_uuid",
         uuid,
         {{"2FAC1234-31F8-11B4-A222-08002B34C003", "2fac1234-31f8-11b4-a222-08002b34c003"},
          {"uuid:2fac1234-31f8-11b4-a222-08002b34c003", "2fac1234-31f8-11b4-a222-08002b34c003"}},
         {},
         {"", "uuid:", "2fac123431f811b4a22208002b34c003"}},
    };
    return rows;
}

class type_table : public testing::TestWithParam<type_row> {};

TEST_P(type_table, is_read_and_written_in_its_canonical_form)
{
    auto const& row = GetParam();
    for (auto const& [given, written] : row.legal) {
        auto const v = parse_value(row.type, given);
        ASSERT_TRUE(v) << '\'' << given << "': " << v.error().message();
        EXPECT_EQ(v->kind(), kind_of(row.type));
        EXPECT_EQ(format_value(row.type, *v).value(), written) << '\'' << given << '\'';
        EXPECT_EQ(parse_value(row.type, written).value(), *v) << '\'' << given << '\'';
    }
}

TEST_P(type_table, refuses_what_it_is_not)
{
    auto const& row = GetParam();
    for (auto const text : row.beyond)
        EXPECT_EQ(parse_value(row.type, text).error(), errc::out_of_range) << '\'' << text << '\'';
    for (auto const text : row.malformed) {
        auto const v = parse_value(row.type, text);
        ASSERT_FALSE(v) << '\'' << text << '\'';
        EXPECT_TRUE(v.error() == errc::malformed || v.error() == errc::not_utf8) << '\'' << text << '\'';
    }
}

std::string name_of(testing::TestParamInfo<type_row> const& info) { return std::string{info.param.name}; }

INSTANTIATE_TEST_SUITE_P(each, type_table, testing::ValuesIn(table()), name_of);

TEST(type_rows, has_a_row_for_each_type)
{
    for (auto i = 0; i <= static_cast<int>(data_type::uuid); ++i) {
        auto const type = static_cast<data_type>(i);
        EXPECT_EQ(
            std::count_if(table().begin(), table().end(), [&](auto const& r) { return r.type == type; }), 1)
            << to_string(type);
    }
}

} // namespace
} // namespace onlink
