// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HTTP_PRODUCT_TOKENS_HPP
#define ONLINK_HTTP_PRODUCT_TOKENS_HPP

#include <onlink/host_options.hpp>

#include <string>

namespace onlink {

/// The SERVER value (UDA 2.0, 1.2.2): `OS/version UPnP/2.0 product/version`, one blank between, no commas.
std::string server_tokens(product_token const& os, uda_version uda, product_token const& product);

} // namespace onlink

#endif
