// SPDX-License-Identifier: BSL-1.0
#include "fuzz/expect.hpp"
#include "xml/xml_document.hpp"

#include <vector>

// What the scan lets through, the parser behind it must read, and see the same elements in it.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace onlink;
    auto const text = test::as_text(data, size);
    xml_budget const budget;
    bool const passed = scan_xml(text, budget).has_value();
    auto const document = xml_document::parse(text, budget);
    test::expect(document.has_value() == passed);
    if (!document)
        return 0;

    std::size_t elements = 0;
    std::vector<xml_element> waiting{document->root()};
    while (!waiting.empty()) {
        auto const element = waiting.back();
        waiting.pop_back();
        ++elements;
        test::expect(!element.name().empty());
        test::expect(element.prefix().empty() || !element.name_space().empty());
        (void)element.text();
        (void)element.attribute("a");
        (void)element.attribute(element.name_space(), "a");
        for (auto const& child : element.children())
            waiting.push_back(child);
    }
    test::expect(elements <= budget.max_elements);

    // Declarations that move into a copy may make it larger than allowed.
    xml_budget const wider{budget.max_depth, budget.max_elements, budget.max_attributes * budget.max_depth,
                           1 << 20};
    auto copied = document->root().children();
    copied.push_back(document->root());
    for (auto const& element : copied) {
        auto const copy = element.copy();
        auto const alone = xml_document::parse(copy, wider);
        test::expect(alone.has_value());
        test::expect(alone->root().copy() == copy);
        test::expect(alone->root().is(element.name_space(), element.name()));
    }
    return 0;
}
