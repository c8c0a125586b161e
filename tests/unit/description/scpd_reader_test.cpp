// SPDX-License-Identifier: BSL-1.0
#include <onlink/scpd.hpp>

#include "unit/description/hall_lamp_documents.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace onlink {
namespace {

std::string document(std::string const& content)
{
    return "<?xml version=\"1.0\"?><scpd xmlns=\"urn:schemas-upnp-org:service-1-0\">"
           "<specVersion><major>1</major><minor>0</minor></specVersion>" +
           content + "</scpd>";
}

std::string table(std::string const& variables)
{
    return "<serviceStateTable>" + variables + "</serviceStateTable>";
}

std::string with_variable(std::string const& variable) { return document(table(variable)); }

std::string with_action(std::string const& action)
{
    return document("<actionList>" + action + "</actionList>" +
                    table("<stateVariable><name>V</name><dataType>ui1</dataType></stateVariable>"));
}

scpd read(std::string const& xml)
{
    auto contract = scpd::parse(xml);
    EXPECT_TRUE(contract) << contract.error().message();
    return std::move(contract).value();
}

TEST(scpd_reader, reads_actions_and_variables)
{
    auto const contract = read(test::switch_power_document());
    ASSERT_EQ(contract.actions().size(), 3u);
    auto const& set_target = contract.actions()[0];
    EXPECT_EQ(set_target.name, "SetTarget");
    ASSERT_EQ(set_target.arguments.size(), 1u);
    EXPECT_EQ(set_target.arguments[0].name, "newTargetValue");
    EXPECT_EQ(set_target.arguments[0].direction, direction::in);
    EXPECT_EQ(set_target.arguments[0].variable, 0u);
    EXPECT_EQ(contract.find_action("GetStatus")->arguments[0].direction, direction::out);
    EXPECT_EQ(contract.find_action("GetStatus")->arguments[0].variable, 1u);
    ASSERT_EQ(contract.variables().size(), 2u);
    EXPECT_FALSE(contract.variables()[0].evented);
    EXPECT_TRUE(contract.variables()[1].evented);
    EXPECT_EQ(contract.variables()[1].type, data_type::boolean);
    EXPECT_EQ(contract.variables()[1].default_value, value{false});
}

TEST(scpd_reader, reads_ranges_lists_and_retval)
{
    auto const contract = read(document(
        "<actionList><action><name>A</name><argumentList><argument><name>R</name><direction>out</direction>"
        "<retval/><relatedStateVariable>Level</relatedStateVariable></argument></argumentList></action></"
        "actionList>" +
        table("<stateVariable sendEvents='no'><name>Level</name><dataType>ui1</dataType>"
              "<defaultValue>0</defaultValue><allowedValueRange><minimum>0</minimum><maximum>100</maximum>"
              "<step>10</step></allowedValueRange></stateVariable>"
              "<stateVariable><name>Mode</name><dataType>string</dataType><allowedValueList>"
              "<allowedValue>ON</allowedValue><allowedValue>OFF</allowedValue></allowedValueList></"
              "stateVariable>")));
    EXPECT_TRUE(contract.actions()[0].arguments[0].retval);
    ASSERT_TRUE(contract.variables()[0].range);
    EXPECT_EQ(contract.variables()[0].range->maximum, value{100});
    EXPECT_EQ(contract.variables()[0].range->step, value{10});
    EXPECT_EQ(contract.variables()[1].allowed_values, (std::vector<std::string>{"ON", "OFF"}));
}

TEST(scpd_reader, DESC_68_DESC_69_event_words_in_both_spellings)
{
    struct {
        char const* attributes;
        bool evented;
        bool multicast;
    } const table[] = {
        {"", true, false},
        {"sendEvents='yes'", true, false},
        {"sendEvents='no'", false, false},
        {"sendEvents='1'", true, false},
        {"sendEvents='0'", false, false},
        {"sendEvents='YES'", true, false},
        {"sendEvents='yes' multicast='yes'", true, true},
        {"sendEvents='1' multicast='1'", true, true},
        {"sendEvents='yes' multicast='no'", true, false},
    };
    for (auto const& row : table) {
        auto const contract = read(with_variable("<stateVariable " + std::string{row.attributes} +
                                                 "><name>V</name><dataType>ui1</dataType></stateVariable>"));
        EXPECT_EQ(contract.variables()[0].evented, row.evented) << row.attributes;
        EXPECT_EQ(contract.variables()[0].multicast, row.multicast) << row.attributes;
    }
}

TEST(scpd_reader, DESC_26_ignores_what_it_does_not_know)
{
    auto const contract =
        read("\xEF\xBB\xBF<?xml version='1.0'?><!-- c --><?pi x?>"
             "<u:scpd xmlns:u='urn:schemas-upnp-org:service-1-0' xmlns:v='urn:vendor' configId='9' v:X_a='1'>"
             "<v:serviceStateTable><v:stateVariable/></v:serviceStateTable><u:X_more><u:name/></u:X_more>"
             "<u:serviceStateTable><!-- c --><u:stateVariable v:sendEvents='perhaps'>"
             "<v:name>wrong</v:name><u:name> V\n</u:name><u:sendEventsAttribute>no</u:sendEventsAttribute>"
             "<u:dataType>\t<![CDATA[ui1]]> </u:dataType></u:stateVariable></u:serviceStateTable></u:scpd>");
    ASSERT_EQ(contract.variables().size(), 1u);
    EXPECT_EQ(contract.variables()[0].name, "V");
    EXPECT_EQ(contract.variables()[0].type, data_type::ui1);
    EXPECT_TRUE(contract.variables()[0].evented);
}

TEST(scpd_reader, refuses_and_says_where)
{
    struct {
        std::string xml;
        errc code;
        char const* where;
    } const table[] = {
        {"", errc::malformed, "service description"},
        {"<scpd", errc::malformed, "service description"},
        {"<!DOCTYPE scpd [<!ENTITY a 'b'>]><scpd/>", errc::doctype_refused, "service description"},
        {"<scpd/>", errc::unsupported, "root element (not an scpd of urn:schemas-upnp-org:service-1-0)"},
        {"<root xmlns='urn:schemas-upnp-org:service-1-0'/>", errc::unsupported,
         "root element (not an scpd of urn:schemas-upnp-org:service-1-0)"},
        {document(""), errc::missing, "serviceStateTable"},
        {document("<serviceStateTable/>"), errc::missing, "serviceStateTable"},
        {document(onlink::test::wire_text("<serviceStateTable/><serviceStateTable/>")), errc::duplicate,
         "serviceStateTable"},
        {with_variable("<stateVariable><dataType>ui1</dataType></stateVariable>"), errc::missing,
         "stateVariable, name"},
        {with_variable("<stateVariable><name>V</name></stateVariable>"), errc::missing,
         "stateVariable V, dataType"},
        {with_variable("<stateVariable><name>V</name><name>W</name><dataType>ui1</dataType></stateVariable>"),
         errc::duplicate, "stateVariable, name"},
        {with_variable("<stateVariable><name>V</name><dataType>ui3</dataType></stateVariable>"),
         errc::unsupported, "stateVariable V, dataType"},
        {with_variable(
             "<stateVariable sendEvents='maybe'><name>V</name><dataType>ui1</dataType></stateVariable>"),
         errc::malformed, "stateVariable V, sendEvents"},
        {with_variable("<stateVariable><name>V</name><dataType>ui1</dataType><defaultValue>x</defaultValue>"
                       "</stateVariable>"),
         errc::malformed, "stateVariable V, defaultValue"},
        {with_variable("<stateVariable><name>V</name><dataType>ui1</dataType><defaultValue>256</defaultValue>"
                       "</stateVariable>"),
         errc::out_of_range, "stateVariable V, defaultValue"},
        {with_variable("<stateVariable><name>V</name><dataType>ui1</dataType><allowedValueRange>"
                       "<minimum>0</minimum></allowedValueRange></stateVariable>"),
         errc::missing, "stateVariable V, allowedValueRange, maximum"},
        {with_variable("<stateVariable><name>V</name><dataType>ui1</dataType><allowedValueRange>"
                       "<minimum>x</minimum><maximum>1</maximum></allowedValueRange></stateVariable>"),
         errc::malformed, "stateVariable V, allowedValueRange, minimum"},
        {with_action("<action/>"), errc::missing, "action, name"},
        {with_action("<action><name>A</name><argumentList><argument/></argumentList></action>"),
         errc::missing, "action A, argument, name"},
        {with_action("<action><name>A</name><argumentList><argument><name>B</name><relatedStateVariable>V"
                     "</relatedStateVariable></argument></argumentList></action>"),
         errc::missing, "action A, argument B, direction"},
        {with_action(
             "<action><name>A</name><argumentList><argument><name>B</name><direction>inout</direction>"
             "<relatedStateVariable>V</relatedStateVariable></argument></argumentList></action>"),
         errc::malformed, "action A, argument B, direction"},
        {with_action("<action><name>A</name><argumentList><argument><name>B</name><direction>in</direction>"
                     "</argument></argumentList></action>"),
         errc::missing, "action A, argument B, relatedStateVariable"},
        {with_action(
             "<action><name>A</name><argumentList><argument><name>B</name><direction>in</direction><retval/>"
             "<relatedStateVariable>V</relatedStateVariable></argument></argumentList></action>"),
         errc::contradictory, "action A, argument B, retval"},
        {with_action("<action><name>A</name><argumentList><argument><name>B</name><direction>in</direction>"
                     "<relatedStateVariable>W</relatedStateVariable></argument></argumentList></action>"),
         errc::unknown_name, "action A, argument B, relatedStateVariable W"},
        {with_variable(std::string(256 * 1024, ' ')), errc::too_large, "service description"},
    };
    for (auto const& row : table) {
        auto const contract = scpd::parse(row.xml);
        ASSERT_FALSE(contract) << row.xml;
        EXPECT_EQ(contract.error().front().code, row.code) << row.xml << '\n' << contract.error().message();
        EXPECT_EQ(contract.error().front().where, row.where);
    }
}

TEST(scpd_reader, TYPE_30_extended_types_are_refused)
{
    for (std::string const type : {"xsd:byte", "urn:example-com:schema:Song"}) {
        auto const refused = scpd::parse(with_variable("<stateVariable><name>V</name><dataType type='" +
                                                       type + "'>string</dataType></stateVariable>"));
        ASSERT_FALSE(refused) << type;
        EXPECT_EQ(refused.error().front().code, errc::unsupported) << type;
        EXPECT_EQ(refused.error().front().where, "stateVariable V, dataType, type") << type;
    }
}

TEST(scpd_reader, all_faults_are_told_at_once_with_line_and_clause)
{
    auto const contract = scpd::parse("<?xml version='1.0'?>\n"
                                      "<scpd xmlns='urn:schemas-upnp-org:service-1-0'>\n"
                                      "<actionList>\n"
                                      "<action><name>Set</name><argumentList>\n"
                                      "  <argument><name>A</name><direction>inout</direction>\n"
                                      "    <relatedStateVariable>Level</relatedStateVariable></argument>\n"
                                      "  <argument><name>B</name><direction>in</direction>\n"
                                      "    <relatedStateVariable>Nothing</relatedStateVariable></argument>\n"
                                      "</argumentList></action>\n"
                                      "<action><name>Set</name></action>\n"
                                      "</actionList>\n"
                                      "<serviceStateTable>\n"
                                      "<stateVariable sendEvents='perhaps'><name>Level</name>\n"
                                      "  <dataType>ui1</dataType>\n"
                                      "  <defaultValue>bright</defaultValue></stateVariable>\n"
                                      "<stateVariable><name>Mode</name>\n"
                                      "  <dataType>strong</dataType></stateVariable>\n"
                                      "<stateVariable><name>Range</name><dataType>ui1</dataType>\n"
                                      "  <allowedValueRange><minimum>9</minimum>\n"
                                      "    <maximum>1</maximum></allowedValueRange></stateVariable>\n"
                                      "</serviceStateTable></scpd>");
    ASSERT_FALSE(contract);
    EXPECT_EQ(contract.error().message(),
              "line 5: action Set, argument A, direction: does not follow its grammar (UDA 2.0, 2.5)\n"
              "line 8: action Set, argument B, relatedStateVariable Nothing: a name that nothing declares "
              "(UDA 2.0, 2.5)\n"
              "line 10: action Set, name: occurs twice (UDA 2.0, 2.5)\n"
              "line 13: stateVariable Level, sendEvents: does not follow its grammar (UDA 2.0, 2.5)\n"
              "line 15: stateVariable Level, defaultValue: does not follow its grammar (UDA 2.0, 2.5)\n"
              "line 17: stateVariable Mode, dataType: not supported (UDA 2.0, 2.5)\n"
              "line 19: stateVariable Range, allowedValueRange: contradicts another part (UDA 2.0, 2.5)");
}

TEST(scpd_reader, faults_are_told_up_to_a_number)
{
    std::string variables;
    for (std::size_t i = 0; i < document_faults::most + 6; ++i)
        variables += "<stateVariable><name>V" + std::to_string(i) + "</name></stateVariable>\n";
    auto const contract = scpd::parse(with_variable(variables));
    ASSERT_FALSE(contract);
    EXPECT_EQ(contract.error().all().size(), document_faults::most);
    EXPECT_EQ(contract.error().more(), 6u);
    EXPECT_TRUE(contract.error().message().ends_with("\nand 6 more"));
}

TEST(scpd_reader, XML_that_is_not_well_formed_has_a_line_as_well)
{
    auto const contract =
        scpd::parse("<scpd xmlns='urn:schemas-upnp-org:service-1-0'>\n<a>\n<b>\n</a>\n</scpd>");
    ASSERT_FALSE(contract);
    EXPECT_EQ(contract.error().message(),
              "line 4: service description: does not follow its grammar (XML 1.0)");
    try {
        (void)contract.value();
        FAIL();
    } catch (configuration_error const& e) {
        EXPECT_EQ(std::string{e.what()}, contract.error().message());
    }
}

class scpd_file : public testing::Test {
protected:
    std::string const path_ =
        (std::filesystem::path{testing::TempDir()} /
         (std::string{testing::UnitTest::GetInstance()->current_test_info()->name()} + "_scpd.xml"))
            .string();

    ~scpd_file() override { std::remove(path_.c_str()); }
    void write(std::string const& content) const { std::ofstream{path_, std::ios::binary} << content; }
};

TEST_F(scpd_file, is_read)
{
    write(test::switch_power_document());
    auto const contract = scpd::load_file(path_);
    ASSERT_TRUE(contract) << contract.error().message();
    EXPECT_EQ(contract->actions().size(), 3u);
}

TEST_F(scpd_file, is_named_in_its_defects)
{
    write("<scpd/>");
    auto const contract = scpd::load_file(path_);
    ASSERT_FALSE(contract);
    EXPECT_EQ(contract.error().front().file, path_);
    EXPECT_TRUE(contract.error().message().starts_with(path_ + ":1: root element"))
        << contract.error().message();
}

TEST_F(scpd_file, may_be_missing)
{
    EXPECT_EQ(scpd::load_file(path_).error().front().code, errc::missing);
    EXPECT_EQ(scpd::load_file(testing::TempDir()).error().front().code, errc::missing); // a folder
}

TEST_F(scpd_file, may_be_too_large)
{
    write(std::string(256 * 1024 + 1, ' '));
    auto const contract = scpd::load_file(path_);
    ASSERT_FALSE(contract);
    EXPECT_EQ(contract.error().front().code, errc::too_large);
    EXPECT_EQ(contract.error().front().file, path_);
}

} // namespace
} // namespace onlink
