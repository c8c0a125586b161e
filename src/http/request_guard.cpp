// SPDX-License-Identifier: BSL-1.0
#include "http/request_guard.hpp"

#include "base/ascii.hpp"
#include "url/http_url.hpp"

namespace onlink {

namespace {

constexpr int bad_request = 400;
constexpr int misdirected = 421; // RFC 9110, 15.5.20

std::optional<guard_refusal> refuse(int status) { return guard_refusal{status, refusal_reason::host_header}; }

/// By value: `[fe80::1]` and `[FE80:0:0::1]` are one address. The zone is this host's own matter.
bool same_endpoint(endpoint const& a, endpoint const& b)
{
    if (a.port != b.port || a.address.is_v4() != b.address.is_v4())
        return false;
    if (a.address.is_v4())
        return a.address == b.address;
    return a.address.to_v6().to_bytes() == b.address.to_v6().to_bytes();
}

std::optional<guard_refusal> check_url(result<http_url> const& url, endpoint const& local)
{
    if (!url)
        return refuse(url.error() == errc::host_not_literal ? misdirected : bad_request);
    if (!same_endpoint(url->where(), local))
        return refuse(misdirected);
    return std::nullopt;
}

std::optional<guard_refusal> check_authority(std::string_view authority, endpoint const& local)
{
    if (authority.find_first_of("/?") != authority.npos) // RFC 9112, 3.2: a host and a port, and nothing more
        return refuse(bad_request);
    auto const url = http_url::parse("http://" + std::string{authority});
    if (url && url->authority() != authority) // there was a zone
        return refuse(bad_request);
    if (url && authority.starts_with('[') && url->where().address.is_v4())
        return refuse(misdirected); // IPv4-mapped: nobody was told that this is us
    return check_url(url, local);
}

} // namespace

std::optional<guard_refusal> check_host(http_request const& request, endpoint const& local,
                                        std::string_view usual)
{
    auto const occurrences = request.fields.count("host");
    if (occurrences > 1 || (occurrences == 0 && request.version >= 11)) // RFC 9112, 3.2
        return refuse(bad_request);
    if (occurrences == 1 && (usual.empty() || request.fields.one("host") != usual)) {
        if (auto const refusal = check_authority(*request.fields.one("host"), local))
            return refusal;
    }
    // RFC 9112, 3.2.2: what an absolute-form target says overrides HOST, so it has to be right as well.
    if (!request.target.starts_with('/') && request.target != "*")
        return check_url(http_url::parse(request.target), local);
    return std::nullopt;
}

std::optional<guard_refusal> check_origin(http_request const& request, endpoint const& local)
{
    constexpr std::string_view scheme = "http://";
    guard_refusal const foreign{403, refusal_reason::origin_foreign};
    if (request.method == http_method::get || request.method == http_method::head ||
        !request.fields.has("ORIGIN"))
        return std::nullopt;
    auto const origin = request.fields.one("ORIGIN").value_or("null");
    if (!ascii::equal_ignoring_case(origin.substr(0, scheme.size()), scheme) ||
        check_authority(origin.substr(scheme.size()), local))
        return foreign;
    return std::nullopt;
}

} // namespace onlink
