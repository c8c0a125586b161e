// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HTTP_DATED_FIELDS_HPP
#define ONLINK_HTTP_DATED_FIELDS_HPP

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace onlink {

/// DATE as a line with those before and behind it, which all answers of one kind in one second have in
/// common.
class dated_fields {
public:
    /// Lines, each with its end.
    dated_fields(std::string before, std::string behind) noexcept;

    std::shared_ptr<std::string const> at(std::chrono::sys_seconds date);

private:
    std::string before_;
    std::string behind_;
    std::chrono::sys_seconds date_{};
    std::shared_ptr<std::string const> lines_; ///< of `date_`; at first there are none
};

} // namespace onlink

#endif
