// SPDX-License-Identifier: BSL-1.0
#include "http/product_tokens.hpp"

namespace onlink {

namespace {

std::string_view upnp_token(uda_version uda) noexcept
{
    switch (uda) {
    case uda_version::v1_0:
        return "UPnP/1.0";
    case uda_version::v1_1:
        return "UPnP/1.1";
    case uda_version::v2_0:
        break;
    }
    return "UPnP/2.0";
}

} // namespace

std::string server_tokens(product_token const& os, uda_version uda, product_token const& product)
{
    std::string out = os.name + '/' + os.version + ' ';
    out += upnp_token(uda);
    return out + ' ' + product.name + '/' + product.version;
}

} // namespace onlink
