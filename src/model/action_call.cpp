// SPDX-License-Identifier: BSL-1.0
#include <onlink/action_call.hpp>

#include <boost/system/system_error.hpp>

#include <algorithm>

namespace onlink {

action_call::action_call(std::string action, std::vector<named_value> arguments,
                         boost::asio::ip::address caller, std::string interface_name)
    : action_(std::move(action)),
      arguments_(std::move(arguments)),
      caller_(std::move(caller)),
      interface_name_(std::move(interface_name))
{}

value const& action_call::argument(std::string_view name) const
{
    auto const found = std::find_if(arguments_.begin(), arguments_.end(),
                                    [&](named_value const& a) { return a.name == name; });
    if (found == arguments_.end())
        throw boost::system::system_error(errc::unknown_name,
                                          "action " + action_ + ", argument " + std::string{name});
    return found->value;
}

} // namespace onlink
