// SPDX-License-Identifier: BSL-1.0
#include <onlink/observer.hpp>

#include <gtest/gtest.h>

#include <set>

namespace onlink {
namespace {

TEST(observer, each_refusal_reason_has_a_phrase_of_its_own)
{
    std::set<std::string_view> phrases;
    for (std::size_t i = 0; i < refusal_reason_count; ++i) {
        auto const phrase = to_string(static_cast<refusal_reason>(i));
        EXPECT_FALSE(phrase.empty());
        EXPECT_NE(phrase, "unknown reason") << i;
        EXPECT_TRUE(phrases.insert(phrase).second) << phrase;
    }
    EXPECT_EQ(to_string(refusal_reason::callback_off_segment), "callback off the segment");
    EXPECT_EQ(to_string(static_cast<refusal_reason>(255)), "unknown reason");
}

TEST(observer, each_refusal_reason_is_explained_in_one_sentence_of_its_own)
{
    std::set<std::string_view> sentences;
    for (std::size_t i = 0; i < refusal_reason_count; ++i) {
        auto const reason = static_cast<refusal_reason>(i);
        auto const sentence = explain(reason);
        EXPECT_NE(sentence, "Refused.") << to_string(reason);
        EXPECT_TRUE(sentences.insert(sentence).second) << sentence;
        ASSERT_GT(sentence.size(), 10u) << to_string(reason);
        EXPECT_LE(sentence.size(), 120u) << sentence;
        EXPECT_TRUE(sentence.front() >= 'A' && sentence.front() <= 'Z') << sentence;
        EXPECT_EQ(sentence.back(), '.') << sentence;
        for (char const c : sentence) // it goes into the body of an answer and into logs
            EXPECT_TRUE(c >= ' ' && c <= '~' && c != '<' && c != '>' && c != '&') << sentence;
    }
    EXPECT_EQ(explain(static_cast<refusal_reason>(255)), "Refused.");
}

TEST(observer, need_not_override_anything)
{
    struct indifferent : observer {
    } watch;
    watch.on_refusal({});
    watch.on_action({});
    watch.on_subscription({});
    watch.on_delivery({});
    watch.on_serving({});
    watch.on_exposure({});
}

TEST(refusal_counters, count_each_reason_apart)
{
    refusal_counters counters;
    counters.count(refusal_reason::internal_error);
    counters.count(refusal_reason::internal_error);
    EXPECT_EQ(counters[refusal_reason::internal_error], 2u);
    EXPECT_EQ(counters[refusal_reason::datagram_too_large], 0u);
}

} // namespace
} // namespace onlink
