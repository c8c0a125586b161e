// SPDX-License-Identifier: BSL-1.0
#include "ssdp/search_matcher.hpp"

namespace onlink {

bool answers(advertisement const& offered, search_target const& wanted)
{
    struct matcher {
        search_target const& nt;

        bool operator()(search_all) const { return true; }
        bool operator()(search_root) const { return std::holds_alternative<search_root>(nt); }
        bool operator()(udn const& name) const
        {
            auto const* own = std::get_if<udn>(&nt);
            return own && *own == name;
        }
        bool operator()(device_type const& type) const
        {
            auto const* own = std::get_if<device_type>(&nt);
            return own && own->serves(type);
        }
        bool operator()(service_type const& type) const
        {
            auto const* own = std::get_if<service_type>(&nt);
            return own && own->serves(type);
        }
    };
    return std::visit(matcher{offered.nt}, wanted);
}

search_target answered_target(advertisement const& offered, search_target const& wanted)
{
    return std::holds_alternative<search_all>(wanted) ? offered.nt : wanted;
}

} // namespace onlink
