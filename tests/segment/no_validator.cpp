// SPDX-License-Identifier: BSL-1.0
// The segment validator of a device that has none: everything is admitted, always. Linked in place of the
// real one into a light for border_containment.py, which shows that the kernel alone keeps its packets on the
// link.
#include "eventing/segment_validator.hpp"

namespace onlink {

segment_validator::segment_validator(policies const& policy, segment_map segments)
    : rule_(policy.callback), cross_family_(true), segments_(std::move(segments))
{}

callback_result<void> segment_validator::judge(interface_table const&, ingress const&,
                                               endpoint const&) const noexcept
{
    return {};
}

callback_result<callback_url> segment_validator::admit(interface_table const&, ingress const& at,
                                                       callback_candidate const& candidate) const noexcept
{
    return callback_url{candidate, at};
}

callback_result<void> segment_validator::check_again(interface_table const&,
                                                     callback_url const&) const noexcept
{
    return {};
}

bool segment_validator::still_on_segment(interface_table const&, callback_url const&) const noexcept
{
    return true;
}

} // namespace onlink
