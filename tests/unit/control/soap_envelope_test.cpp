// SPDX-License-Identifier: BSL-1.0
#include "control/soap_envelope.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

TEST(soap_envelope, CTRL_11_CTRL_12_namespace_and_encodingStyle_are_always_sent)
{
    xml_writer xml;
    open_soap_body(xml);
    xml.element("x", "").line();
    close_soap_body(xml);
    EXPECT_EQ(std::move(xml).take(), "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n"
                                     "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\""
                                     " s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\">\r\n"
                                     "<s:Body>\r\n"
                                     "<x></x>\r\n"
                                     "</s:Body>\r\n"
                                     "</s:Envelope>");
}

} // namespace
} // namespace onlink
