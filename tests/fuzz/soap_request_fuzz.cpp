// SPDX-License-Identifier: BSL-1.0
#include "base/utf8.hpp"
#include "control/soap_request.hpp"
#include "fuzz/expect.hpp"

// A request that is read is XML within its budget, and all that it says is text.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace onlink;
    auto const body = test::as_text(data, size);
    auto const budget = xml_budget::for_peers(limits{});
    auto const request = soap_request::parse(body, budget);
    test::expect(scan_xml(body, budget).has_value() == (request || request.error() != soap_defect::bad_xml));
    if (!request)
        return 0;
    test::expect(!request->action.empty() && request->action.find(':') == std::string::npos);
    test::expect(request->arguments.size() + 3 <= budget.max_elements);
    for (auto const& argument : request->arguments) {
        test::expect(!argument.name.empty() && argument.name.find(':') == std::string::npos);
        test::expect(is_xml_text(argument.text) && argument.text.size() <= body.size());
    }
    return 0;
}
