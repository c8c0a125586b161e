// SPDX-License-Identifier: BSL-1.0
#include "http/dated_fields.hpp"

#include "base/joined.hpp"
#include "http/http_date.hpp"

namespace onlink {

dated_fields::dated_fields(std::string before, std::string behind) noexcept
    : before_(std::move(before)), behind_(std::move(behind))
{}

std::shared_ptr<std::string const> dated_fields::at(std::chrono::sys_seconds date)
{
    if (!lines_ || date != date_) {
        lines_ = std::make_shared<std::string const>(
            joined({before_, "DATE: ", http_date(date), "\r\n", behind_}));
        date_ = date;
    }
    return lines_;
}

} // namespace onlink
