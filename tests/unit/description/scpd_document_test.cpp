// SPDX-License-Identifier: BSL-1.0
#include "description/scpd_document.hpp"

#include "unit/description/hall_lamp_documents.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string render(scpd const& contract, uda_version uda = uda_version::v2_0)
{
    return render_scpd_document(contract, uda, 42);
}

/// One variable of each data type, and each kind of restriction.
scpd everything()
{
    auto contract = scpd::build();
    for (auto i = 0; i <= static_cast<int>(data_type::uuid); ++i) {
        auto const type = static_cast<data_type>(i);
        state_variable v{.name = "V" + std::to_string(i), .type = type};
        v.default_value = v.initial();
        contract.state(v);
    }
    return contract
        .state("Mode", data_type::string, {.evented = false, .allowed_values = {"A&B", "<C>", "D\"E"}})
        .state("Level", data_type::ui1, {.initial = 40, .range = allowed_range{0, 100, 5}})
        .state("Tone", data_type::r8, {.range = allowed_range{-0.5, 1.5, 0.25}})
        .state("Text", data_type::string, {.initial = "a < b & c > d"})
        .action("Nothing")
        .action("Sum")
        .in("Left", "Level")
        .in("Right", "Level")
        .retval("Result", "V2")
        .out("Note", "Text")
        .done()
        .value();
}

TEST(scpd_document, G_14_golden_document)
{
    auto const golden = test::switch_power_document();
    ASSERT_EQ(golden.size(), 1090u); // the CONTENT-LENGTH of G-14
    EXPECT_EQ(render(test::switch_power_contract()), golden);
}

TEST(scpd_document, G_15_DESC_63_golden_document_without_actions)
{
    auto const golden = test::lamp_health_document();
    ASSERT_EQ(golden.size(), 466u); // the CONTENT-LENGTH of G-15
    EXPECT_EQ(render(test::lamp_health_contract()), golden);
}

TEST(scpd_document, both_doors_lead_to_the_same_bytes)
{
    EXPECT_EQ(render(scpd::parse(test::switch_power_document()).value()), test::switch_power_document());
    EXPECT_EQ(render(scpd::parse(test::lamp_health_document()).value()), test::lamp_health_document());
}

TEST(scpd_document, what_was_rendered_reads_back_as_the_same_contract)
{
    auto const first = render(everything());
    auto const again = scpd::parse(first);
    ASSERT_TRUE(again) << again.error().message();
    EXPECT_EQ(render(*again), first);
}

TEST(scpd_document, VER_02_versions_before_2_0)
{
    auto const v1_0 = render(test::lamp_health_contract(), uda_version::v1_0);
    EXPECT_THAT(v1_0, HasSubstr("<scpd xmlns=\"urn:schemas-upnp-org:service-1-0\">"));
    EXPECT_THAT(v1_0, HasSubstr("<major>1</major><minor>0</minor>"));
    EXPECT_THAT(v1_0, Not(HasSubstr("multicast"))); // DESC-69: from 1.1 on

    auto const v1_1 = render(test::lamp_health_contract(), uda_version::v1_1);
    EXPECT_THAT(v1_1, HasSubstr("configId=\"42\""));
    EXPECT_THAT(v1_1, HasSubstr("<major>1</major><minor>1</minor>"));
    EXPECT_THAT(v1_1, HasSubstr("multicast=\"yes\""));
}

TEST(scpd_document, DESC_65_DESC_66_arguments_in_order_and_no_empty_list)
{
    auto const document = render(everything());
    EXPECT_THAT(document, HasSubstr("<action><name>Nothing</name></action>"));
    EXPECT_THAT(document, HasSubstr("<name>Result</name><direction>out</direction><retval></retval>"
                                    "<relatedStateVariable>V2</relatedStateVariable>"));
}

TEST(scpd_document, DESC_74_DESC_75_restrictions)
{
    auto const document = render(everything());
    EXPECT_THAT(document,
                HasSubstr("<allowedValueRange><minimum>0</minimum><maximum>100</maximum><step>5</step>"
                          "</allowedValueRange>"));
    EXPECT_THAT(document, HasSubstr("<minimum>-0.5</minimum><maximum>1.5</maximum><step>0.25</step>"));
    EXPECT_THAT(document,
                HasSubstr("<allowedValue>A&amp;B</allowedValue><allowedValue>&lt;C&gt;</allowedValue>"));
}

} // namespace
} // namespace onlink
