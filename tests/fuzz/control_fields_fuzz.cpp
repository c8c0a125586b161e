// SPDX-License-Identifier: BSL-1.0
#include "base/ascii.hpp"
#include "control/mandatory_extension.hpp"
#include "control/media_type.hpp"
#include "fuzz/expect.hpp"

// CONTENT-TYPE and MAN of a control message: what is taken says what it has to say.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace onlink;
    auto const text = test::as_text(data, size);
    if (is_control_message(text))
        test::expect(ascii::equal_ignoring_case(ascii::trim(text.substr(0, text.find(';'))), "text/xml"));

    auto const field = soap_action_field(text);
    if (!field)
        return 0;
    test::expect(text.find("http://schemas.xmlsoap.org/soap/envelope/") != text.npos);
    std::string_view const name = *field;
    test::expect(name.ends_with("SOAPACTION"));
    auto const prefix = name.substr(0, name.size() - 10);
    test::expect(prefix.empty() || (prefix.size() > 2 && prefix.back() == '-' &&
                                    ascii::count_leading_digits(prefix) == prefix.size() - 1));
    return 0;
}
