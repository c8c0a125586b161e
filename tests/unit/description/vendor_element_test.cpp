// SPDX-License-Identifier: BSL-1.0
#include <onlink/vendor_element.hpp>

#include "description/scpd_document.hpp"

#include <onlink/device_description.hpp>
#include <onlink/scpd.hpp>

#include <gtest/gtest.h>

namespace onlink {
namespace {

TEST(vendor_element, DESC_29_an_element_of_a_vendor_is_kept_with_all_it_holds)
{
    std::string const xml = "<v:X_Outer xmlns:v=\"urn:a-com:x\" v:X_a=\"1 &lt; 2\">text "
                            "<inner xmlns=\"urn:a-com:y\"><v:leaf></v:leaf></inner> &amp; tail</v:X_Outer>";
    auto const e = vendor_element::parse(xml).value();
    EXPECT_EQ(e.name(), "X_Outer");
    EXPECT_EQ(e.name_space(), "urn:a-com:x");
    EXPECT_EQ(e.to_xml(), xml);
    EXPECT_EQ(vendor_element::parse(e.to_xml()).value(), e);
}

TEST(vendor_element, DESC_29_what_is_not_content_is_left_out)
{
    auto const e = vendor_element::parse("<?xml version='1.0'?><!-- a --><X_A xmlns='urn:a-com:x'><!-- b -->"
                                         "<?go on?><![CDATA[<b>]]></X_A>")
                       .value();
    EXPECT_EQ(e.to_xml(), "<X_A xmlns=\"urn:a-com:x\">&lt;b&gt;</X_A>");
}

TEST(vendor_element, DESC_29_what_cannot_stand_in_a_description_is_refused)
{
    struct refusal {
        std::string xml;
        errc code;
    };
    auto const nested = [](std::size_t depth) {
        std::string text = "<X_A xmlns='urn:a-com:x'>";
        for (std::size_t i = 1; i < depth; ++i)
            text += "<b>";
        for (std::size_t i = 1; i < depth; ++i)
            text += "</b>";
        return text + "</X_A>";
    };
    auto const of_size = [](std::size_t size) {
        std::string const open = "<X_A xmlns=\"urn:a-com:x\">";
        std::string const close = "</X_A>";
        return open + std::string(size - open.size() - close.size(), 'a') + close;
    };
    auto const with_children = [](std::size_t count) {
        std::string text = "<X_A xmlns='urn:a-com:x'>";
        while (count-- > 0)
            text += "<b/>";
        return text + "</X_A>";
    };
    auto const with_attributes = [](std::size_t count) {
        std::string text = "<X_A xmlns='urn:a-com:x'";
        while (count-- > 0)
            text += " a" + std::to_string(count) + "='1'";
        return text + "/>";
    };
    for (auto const& [xml, code] : {
             refusal{"<X_A/>", errc::contradictory},
             {"<X_A xmlns=''/>", errc::contradictory},
             {"<X_A xmlns='urn:schemas-upnp-org:device-1-0'/>", errc::contradictory},
             {"<X_A xmlns='urn:schemas-upnp-org:anything'/>", errc::contradictory},
             {"<ProductCap xmlns='urn:a-com:x'/>", errc::malformed},
             {"<X_ xmlns='urn:a-com:x'/>", errc::malformed},
             {"<x_a xmlns='urn:a-com:x'/>", errc::malformed},
             {"<v:X_A/>", errc::malformed},
             {"<X_A xmlns='urn:a-com:x'>", errc::malformed},
             {"<X_A xmlns='urn:a-com:x'/><X_B xmlns='urn:a-com:x'/>", errc::malformed},
             {"", errc::malformed},
             {"<!DOCTYPE a><X_A xmlns='urn:a-com:x'/>", errc::doctype_refused},
             {"<X_A xmlns='urn:a-com:x'>\xFF</X_A>", errc::not_utf8},
             {nested(vendor_element::max_depth + 1), errc::too_large},
             {with_children(vendor_element::max_elements), errc::too_large},
             {with_attributes(vendor_element::max_attributes), errc::too_large},
             {of_size(vendor_element::max_bytes + 1), errc::too_large},
             // as short as allowed while `>` is not escaped
             {"<X_A xmlns='urn:a-com:x'>" + std::string(vendor_element::max_bytes / 2, '>') + "</X_A>",
              errc::too_large},
         }) {
        auto const refused = vendor_element::parse(xml);
        ASSERT_FALSE(refused) << xml;
        EXPECT_EQ(refused.error().code, code) << xml;
    }
    EXPECT_TRUE(vendor_element::parse(nested(vendor_element::max_depth)));
    EXPECT_TRUE(vendor_element::parse(with_children(vendor_element::max_elements - 1)));
    EXPECT_TRUE(vendor_element::parse(with_attributes(vendor_element::max_attributes - 1)));
    EXPECT_TRUE(vendor_element::parse(of_size(vendor_element::max_bytes)));
}

TEST(vendor_element, names_older_than_the_rule_can_be_had)
{
    auto const e =
        vendor_element::parse("<sec:ProductCap xmlns:sec='http://www.sec.co.kr/dlna'>smi</sec:ProductCap>",
                              vendor_naming::any)
            .value();
    EXPECT_EQ(e.name(), "ProductCap");
    EXPECT_EQ(e.name_space(), "http://www.sec.co.kr/dlna");
}

TEST(vendor_element, DESC_29_one_that_is_too_large_in_a_document_is_told_with_its_line)
{
    auto const read = scpd::parse("<scpd xmlns='urn:schemas-upnp-org:service-1-0'>\n<serviceStateTable>"
                                  "<stateVariable><name>V</name><dataType>ui1</dataType></stateVariable>"
                                  "</serviceStateTable>\n<v:X_A xmlns:v='urn:a-com:x'>" +
                                  std::string(vendor_element::max_bytes, 'a') + "</v:X_A></scpd>");
    ASSERT_FALSE(read);
    ASSERT_EQ(read.error().all().size(), 1u);
    EXPECT_EQ(read.error().front().code, errc::too_large);
    EXPECT_EQ(read.error().front().where, "X_A");
    EXPECT_EQ(read.error().front().line, 3u);
}

TEST(vendor_element, DESC_29_they_stand_behind_the_standard_elements_of_a_contract)
{
    auto const named = [](std::string const& name) {
        return vendor_element::parse("<X_" + name + " xmlns='urn:a-com:x'/>").value();
    };
    auto const contract = scpd::build()
                              .extend(named("D"))
                              .state("V", data_type::ui1, {.evented = false})
                              .extend(named("V"))
                              .action("Get")
                              .extend(named("A"))
                              .out("Value", "V")
                              .extend(named("O"))
                              .done()
                              .value();
    EXPECT_EQ(render_scpd_document(contract, uda_version::v1_0, 0),
              "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n"
              "<scpd xmlns=\"urn:schemas-upnp-org:service-1-0\">\r\n"
              "<specVersion><major>1</major><minor>0</minor></specVersion>\r\n"
              "<actionList>\r\n"
              "<action><name>Get</name><argumentList>\r\n"
              "<argument><name>Value</name><direction>out</direction>"
              "<relatedStateVariable>V</relatedStateVariable><X_O xmlns=\"urn:a-com:x\"></X_O>\r\n"
              "</argument>\r\n"
              "</argumentList><X_A xmlns=\"urn:a-com:x\"></X_A>\r\n"
              "</action>\r\n"
              "</actionList>\r\n"
              "<serviceStateTable>\r\n"
              "<stateVariable sendEvents=\"no\"><name>V</name><dataType>ui1</dataType>"
              "<X_V xmlns=\"urn:a-com:x\"></X_V>\r\n"
              "</stateVariable>\r\n"
              "</serviceStateTable>\r\n"
              "<X_D xmlns=\"urn:a-com:x\"></X_D>\r\n"
              "</scpd>");
}

} // namespace
} // namespace onlink
