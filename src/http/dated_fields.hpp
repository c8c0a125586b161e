// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HTTP_DATED_FIELDS_HPP
#define ONLINK_HTTP_DATED_FIELDS_HPP

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace onlink {

/// DATE and SERVER as lines, which all answers of one second have in common.
class dated_fields {
public:
    explicit dated_fields(std::string_view server);

    std::shared_ptr<std::string const> at(std::chrono::sys_seconds date);

private:
    std::string server_;
    std::chrono::sys_seconds date_{};
    std::shared_ptr<std::string const> lines_; ///< of `date_`; at first there are none
};

} // namespace onlink

#endif
