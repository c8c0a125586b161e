// SPDX-License-Identifier: BSL-1.0
#include "host/observer_notes.hpp"

namespace onlink {

void tell(observer& to, exposure_note const& note) { to.on_exposure(*note.all); }

void tell(observer& to, refusal_note const& note)
{
    to.on_refusal({note.reason, note.peer, note.interface_name, note.status, note.detail});
}

void tell(observer& to, action_note const& note)
{
    to.on_action({note.call.caller(), note.call.interface_name(), &note.call, note.error});
}

void tell(observer& to, subscription_note const& note)
{
    to.on_subscription({note.change, note.sid, note.service_type, note.peer});
}

void tell(observer& to, delivery_note const& note)
{
    to.on_delivery({note.sid, note.seq, note.url, note.delivered, note.why});
}

void tell(observer& to, serving_note const& note)
{
    to.on_serving({note.interface_name, note.address, note.friendly_name, note.location});
}

} // namespace onlink
