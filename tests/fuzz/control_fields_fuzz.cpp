// SPDX-License-Identifier: BSL-1.0
#include "base/ascii.hpp"
#include "control/mandatory_extension.hpp"
#include "fuzz/expect.hpp"
#include "http/content_type.hpp"

// CONTENT-TYPE and MAN of a control message: what is taken says what it has to say.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace onlink;
    auto const text = test::as_text(data, size);
    if (is_utf8_xml(text))
        test::expect(ascii::equal_ignoring_case(ascii::trim(text.substr(0, text.find(';'))), "text/xml"));

    header_fields fields;
    fields.add("MAN", text);
    fields.add("01-SOAPACTION", "found");
    auto const said = mandatory_soap_action(fields);
    if (!said)
        return 0;
    test::expect(text.find("http://schemas.xmlsoap.org/soap/envelope/") != text.npos);
    test::expect(said->empty() || (*said == "found" && text.find("01") != text.npos));
    return 0;
}
