// SPDX-License-Identifier: BSL-1.0
#include "http/http_date.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

struct dated {
    std::int64_t seconds;
    char const* text;
};

constexpr dated known[] = {
    {1700035200, "Wed, 15 Nov 2023 08:00:00 GMT"}, {1770113472, "Tue, 03 Feb 2026 10:11:12 GMT"},
    {0, "Thu, 01 Jan 1970 00:00:00 GMT"},          {951782399, "Mon, 28 Feb 2000 23:59:59 GMT"},
    {951782400, "Tue, 29 Feb 2000 00:00:00 GMT"},  {-1, "Wed, 31 Dec 1969 23:59:59 GMT"},
    {784111777, "Sun, 06 Nov 1994 08:49:37 GMT"},
};

TEST(http_date, DESC_06_dates)
{
    for (auto const& d : known)
        EXPECT_EQ(http_date(sys_seconds{seconds{d.seconds}}), d.text);
}

TEST(http_date, what_is_written_is_read)
{
    for (auto const& d : known)
        EXPECT_EQ(parse_http_date(d.text), sys_seconds{seconds{d.seconds}}) << d.text;
    EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:60 GMT"), sys_seconds{seconds{784111799}})
        << "a leap second";
}

TEST(http_date, the_obsolete_forms_are_read_too)
{
    sys_seconds const when{seconds{784111777}};
    EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), when);
    EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994"), when);
    EXPECT_EQ(parse_http_date("Wed Nov 15 08:00:00 2023"), parse_http_date("Wed, 15 Nov 2023 08:00:00 GMT"));
    EXPECT_EQ(parse_http_date("Wednesday, 15-Nov-23 08:00:00 GMT"),
              parse_http_date("Wed Nov 15 08:00:00 2023"));
    EXPECT_EQ(parse_http_date("Thursday, 01-Jan-70 00:00:00 GMT"), sys_seconds{});
    EXPECT_EQ(parse_http_date("Tuesday, 01-Jan-69 00:00:00 GMT"),
              parse_http_date("Tue, 01 Jan 2069 00:00:00 GMT"));
}

TEST(http_date, other_texts_are_no_dates)
{
    for (auto const* text : {"",
                             "0",
                             "Sunday, 06-Nov-94 08:49:37",
                             "Sundae, 06-Nov-94 08:49:37 GMT",
                             "Sun, 06-Nov-94 08:49:37 GMT",
                             "Monday, 06-Nov-94 08:49:37 GMT",
                             "Sunday, 06 Nov 94 08:49:37 GMT",
                             "Sunday, 06-Nov-1994 08:49:37 GMT",
                             "Sun Nov 6 08:49:37 1994",
                             "Mon Nov  6 08:49:37 1994",
                             "Sun Nov  6 08:49:37 199x",
                             "Sun Nov  6 08:49:37-1994",
                             "Sun-Nov  6 08:49:37 1994",
                             "Sun Nov31 08:49:37 1994",
                             "Mon, 06 Nov 1994 08:49:37 GMT",
                             "Sun, 06 Nov 1994 08:49:37 CET",
                             "Sun, 6 Nov 1994 08:49:37 GMT",
                             "Sun, 06 nov 1994 08:49:37 GMT",
                             "Sun, 31 Feb 1994 08:49:37 GMT",
                             "Sun, 06 Nov 1994 24:49:37 GMT",
                             "Sun, 06 Nov 1994 08:60:37 GMT",
                             "Sun, 06 Nov 1994 08:49:61 GMT",
                             "Sun, 06 Nov 1994 08:49:37 GMT ",
                             "Sun, 06 Nov 1994 08-49:37 GMT",
                             "Sun, 06 Nov 1994 08:49:-7 GMT",
                             "Sun, 06 Nov 19 4 08:49:37 GMT"})
        EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
}

} // namespace
} // namespace onlink
