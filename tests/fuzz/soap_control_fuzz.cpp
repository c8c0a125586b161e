// SPDX-License-Identifier: BSL-1.0
#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "control/mandatory_extension.hpp"
#include "control/soap_action_header.hpp"
#include "control/soap_request.hpp"
#include "fuzz/expect.hpp"
#include "fuzz/message_fields.hpp"
#include "http/content_type.hpp"
#include "support/lamp_host.hpp"
#include "support/rich_service.hpp"
#include "xml/xml_document.hpp"

#include <vector>

namespace {

using namespace onlink;
using test::expect;

constexpr moment a_moment{time_point{std::chrono::hours{100}}, {}};

/// What the scan lets through, the parser behind it reads, and sees the same elements in it.
void judge_xml(std::string_view text)
{
    xml_budget const budget;
    bool const passed = scan_xml(text, budget).has_value();
    auto const document = xml_document::parse(text, budget);
    expect(document.has_value() == passed);
    if (!document)
        return;
    std::size_t elements = 0;
    std::vector<xml_element> waiting{document->root()};
    while (!waiting.empty()) {
        auto const element = waiting.back();
        waiting.pop_back();
        ++elements;
        expect(!element.name().empty());
        expect(element.prefix().empty() || !element.name_space().empty());
        (void)element.text();
        (void)element.attribute("a");
        (void)element.attribute(element.name_space(), "a");
        for (auto const& child : element.children())
            waiting.push_back(child);
    }
    expect(elements <= budget.max_elements);

    // Declarations that move into a copy may make it larger than allowed.
    xml_budget const wider{budget.max_depth, budget.max_elements, budget.max_attributes * budget.max_depth,
                           1 << 20};
    auto copied = document->root().children();
    copied.push_back(document->root());
    for (auto const& element : copied) {
        auto const copy = element.copy();
        auto const alone = xml_document::parse(copy, wider);
        expect(alone.has_value());
        expect(alone->root().copy() == copy);
        expect(alone->root().is(element.name_space(), element.name()));
    }
}

/// A request that is read is XML within its budget, and all that it says is text.
void judge_envelope(std::string_view body)
{
    auto const budget = xml_budget::for_peers(limits{});
    auto const request = soap_request::parse(body, budget);
    expect(scan_xml(body, budget).has_value() == (request || request.error() != soap_defect::bad_xml));
    if (!request)
        return;
    expect(!request->action.empty() && request->action.find(':') == std::string::npos);
    expect(request->arguments.size() + 3 <= budget.max_elements);
    for (auto const& argument : request->arguments) {
        expect(!argument.name.empty() && argument.name.find(':') == std::string::npos);
        expect(is_xml_text(argument.text) && argument.text.size() <= body.size());
    }
}

/// Header fields that are taken say what they have to say.
void judge_fields(header_fields const& fields)
{
    if (auto const type = fields.one("CONTENT-TYPE"); type && is_utf8_xml(*type))
        expect(ascii::equal_ignoring_case(ascii::trim(type->substr(0, type->find(';'))), "text/xml"));
    if (auto const man = fields.one("MAN"); man && mandatory_soap_action(fields))
        expect(man->find("http://schemas.xmlsoap.org/soap/envelope/") != man->npos);
    if (auto const action = fields.one("SOAPACTION"))
        for (bool const tolerant : {false, true})
            if (auto const header = soap_action_header::parse(*action, tolerant)) {
                expect(!header->action.empty() && !header->type_uri.empty());
                expect(action->find(header->type_uri + '#' + header->action) != action->npos);
            }
}

/// A handler sees nothing that the SCPD rules out.
void judge_call(action_call const& call)
{
    static auto const contract = test::rich_contract();
    auto const* action = contract.find_action(call.action());
    expect(action != nullptr);
    std::size_t at = 0;
    for (auto const& argument : action->arguments) {
        if (argument.direction != direction::in)
            continue;
        expect(at < call.arguments().size() && call.arguments()[at].name == argument.name);
        expect(contract.variables()[argument.variable].check(call.arguments()[at].value).has_value());
        ++at;
    }
    expect(at == call.arguments().size());
}

std::vector<device> make_devices()
{
    device workshop{test::hall_lamp_description()};
    workshop.add(test::rich_service(judge_call));
    return {workshop};
}

host_options make_options(bool tolerant)
{
    auto options = test::lamp_host::golden_options();
    options.random = std::make_shared<test::seeded_random>(7);
    options.policies.accept_unordered_arguments = options.policies.accept_unquoted_soapaction = tolerant;
    options.policies.serve_m_post = options.policies.serve_state_queries = tolerant;
    return options;
}

void judge_answer(http_request request, bool tolerant)
{
    static device_runtime strict_host{make_devices(), make_options(false), a_moment};
    static device_runtime tolerant_host{make_devices(), make_options(true), a_moment};
    auto& host = tolerant ? tolerant_host : strict_host;
    connection const from{
        test::lamp_host::eth, "eth0", {test::ip("192.168.20.5"), 49300}, {test::ip("192.168.20.9"), 40000}};
    request.target = "/ws/control";
    auto clean = request;
    clean.fields = {};
    clean.fields.add("HOST", "192.168.20.5:49300");
    for (auto const& field : request.fields.all())
        if (!ascii::equal_ignoring_case(field.name, "HOST") &&
            !ascii::equal_ignoring_case(field.name, "ORIGIN"))
            clean.fields.add(field.name, field.value);

    auto reply = host.on_request(a_moment, from, clean);
    http_response response;
    if (auto const* call = std::get_if<invocation>(&reply.what)) {
        auto const result = (*call->immediate())(call->call);
        response = host.on_action_done(a_moment, from, *call, result);
        expect(response.status == 200);
    } else {
        response = std::get<http_response>(reply.what);
        expect(response.status == 500 || response.status == 200 ||
               (response.status >= 400 && response.status < 520));
    }
    if (response.body && (response.status == 200 || response.status == 500))
        expect(scan_xml(*response.body, xml_budget::for_documents()).has_value());
    host.drain(a_moment);
}

} // namespace

// A control request: its fields, and a body of any length, at a service with every data type. The last byte
// says whether the policies are tolerant.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size == 0)
        return 0;
    auto request = test::read_message(test::as_text(data, size - 1));
    request.method = request.method_text == "M-POST" ? http_method::m_post : http_method::post;
    judge_xml(request.body);
    judge_envelope(request.body);
    judge_fields(request.fields);
    judge_answer(std::move(request), (data[size - 1] & 1) != 0);
    return 0;
}
