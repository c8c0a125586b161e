// SPDX-License-Identifier: BSL-1.0
#include "eventing/callback_header.hpp"

#include "support/guarded_buffer.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>

namespace onlink {
namespace {

limits::eventing_limits const bounds;

auto read(std::string_view text)
{
    test::guarded_buffer const buffer{text};
    return parse_callback_header(buffer.view(), bounds);
}

using reason = refusal_reason;

std::optional<refusal_reason> error_of(std::string_view text)
{
    auto const candidates = read(text);
    return candidates ? std::nullopt : std::optional{candidates.error()};
}

std::vector<std::string> urls(std::string_view text)
{
    auto const candidates = read(text);
    std::vector<std::string> all;
    if (!candidates) {
        ADD_FAILURE() << text << ": " << to_string(candidates.error());
        return all;
    }
    for (auto const& candidate : *candidates)
        all.push_back(candidate.url().to_string());
    return all;
}

std::string const one = "http://192.168.20.9:50200/ev/1";
std::string const two = "http://192.168.20.9/";
using list = std::vector<std::string>;

TEST(callback_header, GENA_05_one_or_more_URLs_in_angle_brackets_in_order)
{
    EXPECT_EQ(urls('<' + one + '>'), list{one});
    EXPECT_EQ(urls('<' + one + "><" + two + '>'), (list{one, two}));
    EXPECT_EQ(urls('<' + two + "> <" + one + '>'), (list{two, one}));
    EXPECT_EQ(urls("<http://[fe80::9]:1/>"), list{"http://[fe80::9]:1/"});
    EXPECT_EQ(urls('<' + one + "><" + one + '>'), (list{one, one}));
}

TEST(callback_header, GENA_05_blanks_between_and_around_the_brackets)
{
    EXPECT_EQ(urls(" <" + one + ">\t <" + two + "> "), (list{one, two}));
}

TEST(callback_header, GENA_06_a_URL_is_kept_as_it_was_written)
{
    std::string const url = "HTTP://192.168.20.9:50200/a//b/%7e%2F;x=1?q=%20&r=/";
    auto const candidates = read('<' + url + '>');
    ASSERT_TRUE(candidates);
    EXPECT_EQ(candidates->front().url().to_string(), url);
    EXPECT_EQ(candidates->front().url().target(), "/a//b/%7e%2F;x=1?q=%20&r=/");
    EXPECT_EQ(candidates->front().url().authority(), "192.168.20.9:50200");
}

TEST(callback_header, N_39_GENA_08_what_is_no_list_of_URLs_is_malformed)
{
    for (auto const& bad : {
             std::string{},
             std::string{" "},
             std::string{"<>"},
             std::string{"<"},
             std::string{">"},
             std::string{"><"},
             one,
             '<' + one,
             one + '>',
             "<<" + one + ">>",
             '<' + one + ">>",
             "<<" + one + '>',
             '<' + one + ">x",
             'x' + ('<' + one + '>'),
             '<' + one + ">,<" + two + '>',
             '<' + one + '>' + two,
             "< " + one + '>',
             '<' + one + " >",
             '<' + one + "> <>",
             "<> <" + one + '>',
             std::string{"<http://>"},
             std::string{"<http:///x>"},
             std::string{"<http:>"},
             std::string{"</ev/1>"},
             std::string{"<//192.168.20.9/>"},
             std::string{"<http://user@192.168.20.9/>"},
             std::string{"<http://u:p@192.168.20.9/>"},
             std::string{"<http://192.168.20.9/#f>"},
             std::string{"<http://192.168.20.9/a b>"},
             std::string{"<http://192.168.20.9/\r\nX:1>"},
             std::string{"<http://192.168.20.9/\x80>"},
             std::string{"<http://192.168.20.9/%>"},
             std::string{"<http://192.168.20.9\\@8.8.8.8/>"},
             std::string{"<http://[fe80::9/>"},
             std::string{"<http://192.168.20.9:x/>"},
             '"' + one + '"',
         })
        EXPECT_EQ(error_of(bad), reason::callback_malformed) << bad;
    EXPECT_FALSE(read(std::string("<http://192.168.20.9/\0>", 23)));
}

TEST(callback_header, N_39_GENA_08_only_http)
{
    for (auto const* bad :
         {"<ftp://192.168.20.9/>", "<https://192.168.20.9/>", "<gopher://192.168.20.9:6379/_x>",
          "<file:///etc/passwd>", "<httpu://192.168.20.9/>", "<httpx://192.168.20.9/>"})
        EXPECT_EQ(error_of(bad), reason::callback_scheme) << bad;
}

TEST(callback_header, GENA_11_names_and_what_resolvers_take_for_addresses_are_not_literal)
{
    for (auto const* bad : {"<http://router.example/>", "<http://localhost/>", "<http://a/>",
                            "<http://192.168.20.9.evil.example/>", "<http://0xc0a81409/>",
                            "<http://3232240649/>", "<http://192.168.5129/>", "<http://0300.0250.024.011/>",
                            "<http://127.1/>", "<http://192.168.020.009/>", "<http://0x7f.0.0.1/>",
                            "<http://192.168.20.256/>", "<http://%31%32%37.0.0.1/>"})
        EXPECT_EQ(error_of(bad), reason::callback_not_literal) << bad;
}

TEST(callback_header, GENA_11_a_port_is_one_of_65535)
{
    for (auto const* port : {"0", "65536", "65558", "99999", "4294967376", "99999999999999999999"})
        EXPECT_EQ(error_of("<http://192.168.20.9:" + std::string{port} + "/>"), reason::callback_port)
            << port;
    EXPECT_EQ(read("<http://192.168.20.9:65535/>")->front().url().where().port, 65535);
    EXPECT_EQ(read("<http://192.168.20.9:1/>")->front().url().where().port, 1);
    EXPECT_EQ(read("<http://192.168.20.9>")->front().url().where().port, 80);
}

TEST(callback_header, GENA_11_one_bad_URL_spoils_the_header)
{
    for (auto const* bad :
         {"<http://router.example/>", "<ftp://192.168.20.9/>", "<>", "<http://192.168.20.9:0/>"}) {
        EXPECT_FALSE(read('<' + one + '>' + bad)) << bad;
        EXPECT_FALSE(read(bad + ('<' + one + '>'))) << bad;
    }
}

TEST(callback_header, CVE_2016_8863_brackets_that_do_not_match)
{
    EXPECT_EQ(error_of("<http://1.1.1.1/><bad<http://1.1.1.1/>"), reason::callback_malformed);
    EXPECT_EQ(error_of("<http://1.1.1.1/<http://1.1.1.1/>>"), reason::callback_malformed);
    EXPECT_FALSE(read(std::string(1000, '<')));
    EXPECT_FALSE(read(std::string(1000, '>')));
    std::string pairs;
    for (int i = 0; i < 1000; ++i)
        pairs += "<>";
    EXPECT_FALSE(read(pairs));
    EXPECT_FALSE(read(std::string(999, '<') + '>'));
}

TEST(callback_header, CVE_2021_35393_a_long_host)
{
    EXPECT_FALSE(read("<http://" + std::string(1000, 'A') + ":99999/>"));
    EXPECT_FALSE(read("<http://" + std::string(100, 'A') + ":99999/>"));
}

TEST(callback_header, limits_eventing_max_callbacks_is_reached)
{
    std::string text;
    for (std::size_t i = 0; i < bounds.max_callbacks; ++i)
        text += '<' + one + '>';
    EXPECT_EQ(urls(text).size(), bounds.max_callbacks);
    EXPECT_EQ(error_of(text + '<' + one + '>'), reason::callback_too_many);
    for (int i = 0; i < 1000; ++i)
        text += '<' + one + '>';
    EXPECT_EQ(error_of(text), reason::callback_too_many);
}

TEST(callback_header, GENA_06_limits_eventing_max_callback_length_a_longer_URL_is_refused_and_never_cut)
{
    auto const of_length = [](std::size_t length) { return two + std::string(length - two.size(), 'a'); };
    auto const longest = of_length(bounds.max_callback_length);
    EXPECT_EQ(urls('<' + longest + '>'), list{longest});
    for (auto const length :
         {bounds.max_callback_length + 1, std::size_t{700}, std::size_t{5000}, std::size_t{65536}})
        EXPECT_EQ(error_of('<' + of_length(length) + '>'), reason::callback_too_long) << length;
    EXPECT_EQ(error_of('<' + one + "><" + longest + "a>"), reason::callback_too_long);
}

TEST(callback_header, cut_anywhere_it_is_refused_or_a_shorter_list_and_not_read_beyond)
{
    auto const whole = '<' + one + "> <" + two + '>';
    auto const first_end = one.size() + 2;
    for (std::size_t size = 0; size < whole.size(); ++size) {
        auto const cut = whole.substr(0, size);
        if (size == first_end || size == first_end + 1) {
            EXPECT_EQ(urls(cut), list{one});
        } else {
            EXPECT_EQ(error_of(cut), reason::callback_malformed) << cut;
        }
    }
}

TEST(callback_header, GENA_11_the_first_fault_from_the_left_is_the_one_that_is_said)
{
    EXPECT_EQ(error_of("<http://router.example/><ftp://192.168.20.9/>"), reason::callback_not_literal);
    EXPECT_EQ(error_of("<ftp://192.168.20.9/><http://router.example/>"), reason::callback_scheme);
    auto const five = '<' + one + "><" + one + "><" + one + "><" + one + "><http://router.example/>";
    EXPECT_EQ(error_of(five), reason::callback_too_many) << "what is too many is not even read";
    EXPECT_EQ(error_of('<' + one + std::string(bounds.max_callback_length, '#') + '>'),
              reason::callback_too_long);
}

TEST(callback_header, a_candidate_of_one_URL_says_what_is_wrong_with_it)
{
    EXPECT_EQ(callback_candidate::parse(one)->url().to_string(), one);
    EXPECT_EQ(callback_candidate::parse("http://router.example/").error(), reason::callback_not_literal);
    EXPECT_EQ(callback_candidate::parse("https://192.168.20.9/").error(), reason::callback_scheme);
    EXPECT_EQ(callback_candidate::parse("http://192.168.20.9:0/").error(), reason::callback_port);
    EXPECT_EQ(callback_candidate::parse('<' + one + '>').error(), reason::callback_malformed);
    EXPECT_THROW(static_cast<void>(callback_candidate::parse("").value()), std::runtime_error);
}

} // namespace
} // namespace onlink
