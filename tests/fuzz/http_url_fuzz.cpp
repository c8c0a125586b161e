// SPDX-License-Identifier: BSL-1.0
#include "fuzz/expect.hpp"
#include "url/http_url.hpp"

#include <string>

// A URL that is accepted means exactly what it says: its parts, put together, are the text again, and its
// host is the address.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace onlink;
    auto const text = test::as_text(data, size);
    auto const url = http_url::parse(text);
    if (!url)
        return 0;
    test::expect(url->to_string() == text);
    test::expect(url->where().port != 0);
    test::expect(url->target().starts_with('/'));
    auto const behind_scheme = text.substr(7);
    std::string authority{behind_scheme.substr(0, behind_scheme.find_first_of("/?#"))};
    if (auto const zone = authority.find('%'); zone != authority.npos) { // the writer's own matter
        test::expect(is_link_local(url->where().address));
        authority.erase(zone, authority.find(']') - zone);
    }
    test::expect(url->authority() == authority);
    auto const canonical = http_url::parse("http://" + to_authority(url->where()) + url->target());
    test::expect(canonical && canonical->where() == url->where() && canonical->target() == url->target());
    // An IPv6 literal that becomes an IPv4 address is a mapped one.
    if (url->where().address.is_v4() && !authority.starts_with('['))
        test::expect(authority.starts_with(url->where().address.to_string()));
    return 0;
}
