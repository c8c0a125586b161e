// SPDX-License-Identifier: BSL-1.0
#include "http/static_content.hpp"

#include "base/joined.hpp"
#include "http/entity_tag.hpp"
#include "http/gzip.hpp"

#include <utility>

namespace onlink {

namespace {

/// Below this a gzip header and the fields about it eat up what compression saves.
constexpr std::size_t least_worth_compressing = 512;

static_content::form rendered(std::string body, std::string etag, std::string const& more_fields)
{
    auto fields =
        joined({more_fields, "ETAG: ", etag, "\r\nCONTENT-LENGTH: ", std::to_string(body.size()), "\r\n"});
    content_facts facts{body.size(), std::move(etag), std::nullopt};
    return {std::make_shared<std::string const>(std::move(body)), std::move(facts),
            std::make_shared<std::string const>(std::move(fields))};
}

} // namespace

static_content static_content::of(std::string body, std::string const& content_type, bool compress)
{
    auto const type = joined({"CONTENT-TYPE: ", content_type, "\r\n"});
    auto const etag = entity_tag_of(body);
    std::string packed;
    if (compress && body.size() >= least_worth_compressing)
        packed = gzip(body);
    if (packed.empty() || packed.size() > body.size() / 10 * 9)
        return {rendered(std::move(body), etag, type), std::nullopt};

    // RFC 9110, 12.5.5: a cache has to know that there are two.
    auto const vary = type + "VARY: ACCEPT-ENCODING\r\n";
    auto const other_etag = etag.substr(0, etag.size() - 1) + "-gzip\"";
    return {rendered(std::move(body), etag, vary),
            rendered(std::move(packed), other_etag, vary + "CONTENT-ENCODING: gzip\r\n")};
}

} // namespace onlink
