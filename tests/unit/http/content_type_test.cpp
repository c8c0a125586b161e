// SPDX-License-Identifier: BSL-1.0
#include "http/content_type.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

TEST(content_type, CTRL_02_text_xml_in_UTF_8_in_any_spelling)
{
    for (auto const* type :
         {"text/xml", "text/xml; charset=\"utf-8\"", "text/xml;charset=utf-8", "TEXT/XML; CHARSET=UTF-8",
          "text/xml ; charset = \"UTF-8\" ", "text/xml; charset=utf8", "text/xml; charset=us-ascii",
          "text/xml;", "text/xml; x=y; charset=utf-8", "text/xml; x"})
        EXPECT_TRUE(is_utf8_xml(type)) << type;
}

TEST(content_type, CTRL_02_CTRL_14_other_types_and_other_charsets)
{
    for (auto const* type :
         {"", "text", "text/plain", "text/xmlx", "application/xml", "application/soap+xml; charset=utf-8",
          "text/xml; charset=iso-8859-1", "text/xml; charset=\"utf-16\"",
          "text/xml; charset=", "text/xml; charset=utf-8; charset=utf-16", "text/xml, text/xml"})
        EXPECT_FALSE(is_utf8_xml(type)) << type;
}

} // namespace
} // namespace onlink
