// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HOST_OBSERVER_NOTES_HPP
#define ONLINK_HOST_OBSERVER_NOTES_HPP

#include "host/action.hpp"

#include <onlink/observer.hpp>

namespace onlink {

// What the runtime has noted, in the observer's words. They throw what the observer throws.
void tell(observer& to, exposure_note const& note);
void tell(observer& to, refusal_note const& note);
void tell(observer& to, action_note const& note);
void tell(observer& to, subscription_note const& note);
void tell(observer& to, delivery_note const& note);
void tell(observer& to, serving_note const& note);

} // namespace onlink

#endif
