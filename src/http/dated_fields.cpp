// SPDX-License-Identifier: BSL-1.0
#include "http/dated_fields.hpp"

#include "http/http_date.hpp"

#include <fmt/format.h>

namespace onlink {

dated_fields::dated_fields(std::string_view server) : server_(server) {}

std::shared_ptr<std::string const> dated_fields::at(std::chrono::sys_seconds date)
{
    if (!lines_ || date != date_) {
        lines_ = std::make_shared<std::string const>(
            fmt::format("DATE: {}\r\nSERVER: {}\r\n", http_date(date), server_));
        date_ = date;
    }
    return lines_;
}

} // namespace onlink
