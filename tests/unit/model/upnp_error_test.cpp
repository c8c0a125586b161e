// SPDX-License-Identifier: BSL-1.0
#include <onlink/upnp_error.hpp>

#include <onlink/action_call.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string_view>

namespace onlink {
namespace {

TEST(upnp_error, standard_descriptions_of_the_code_table)
{
    struct {
        int code;
        std::string_view text;
    } const table[] = {
        {401, "Invalid Action"},
        {402, "Invalid Args"},
        {403, ""}, // VER-11: never sent
        {404, "Invalid Var"},
        {501, "Action Failed"},
        {600, "Argument Value Invalid"},
        {601, "Argument Value Out of Range"},
        {602, "Optional Action Not Implemented"},
        {603, "Out of Memory"},
        {604, "Human Intervention Required"},
        {605, "String Argument Too Long"},
        {606, "Action Not Authorized"},
        {607, "Signature Failure"},
        {608, "Signature Missing"},
        {609, "Not Encrypted"},
        {610, "Invalid Sequence"},
        {611, "Invalid Control URL"},
        {612, "No Such Session"},
        {613, ""},
        {701, ""},
        {0, ""},
        {-1, ""},
    };
    for (auto const& row : table)
        EXPECT_EQ(standard_description(row.code), row.text) << row.code;
}

TEST(upnp_error, factories_carry_their_codes)
{
    EXPECT_EQ(upnp_error::invalid_action().code, 401);
    EXPECT_EQ(upnp_error::invalid_args().code, 402);
    EXPECT_EQ(upnp_error::action_failed("jammed"), (upnp_error{501, "jammed"}));
    EXPECT_EQ(upnp_error::argument_value_invalid().code, 600);
    EXPECT_EQ(upnp_error::argument_value_out_of_range().code, 601);
    EXPECT_EQ(upnp_error::optional_action_not_implemented().code, 602);
    EXPECT_EQ(upnp_error::out_of_memory().code, 603);
    EXPECT_EQ(upnp_error::human_intervention_required().code, 604);
    EXPECT_EQ(upnp_error::string_argument_too_long().code, 605);
    EXPECT_EQ(upnp_error::action_not_authorized().code, 606);
}

TEST(upnp_error, value_of_a_failed_outcome_throws)
{
    auto const text_of = [](upnp_error e) -> std::string {
        try {
            (void)action_outcome<int>{e}.value();
        } catch (std::runtime_error const& thrown) {
            return thrown.what();
        }
        return "nothing";
    };
    EXPECT_EQ(text_of({701, "jammed"}), "UPnP error 701: jammed");
    EXPECT_EQ(text_of({601, {}}), "UPnP error 601: Argument Value Out of Range");
    EXPECT_EQ(text_of({799, {}}), "UPnP error 799");
}

} // namespace
} // namespace onlink
