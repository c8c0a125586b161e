// SPDX-License-Identifier: BSL-1.0
#include "base/utf8.hpp"
#include "fuzz/expect.hpp"
#include "url/url_path.hpp"

// A path that is accepted is absolute, UTF-8 without controls, and stays within its tree, however it was
// escaped.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace onlink;
    auto const target = test::as_text(data, size);
    for (bool const collapse : {false, true}) {
        auto const path = url_path::parse(target, collapse);
        if (!path)
            continue;
        auto const& text = path->to_string();
        test::expect(text.starts_with('/') && text.find('\\') == text.npos);
        test::expect((text + '/').find("/../") == text.npos && (text + '/').find("/./") == text.npos);
        test::expect(!collapse || !text.starts_with("//"));
        test::expect(is_xml_text(text));
        for (char const c : text)
            test::expect(!(c >= '\0' && c < ' ') && c != '\x7f');
        if (is_served_path(text))
            test::expect(url_path::parse(text).value().to_string() == text);
    }
    return 0;
}
