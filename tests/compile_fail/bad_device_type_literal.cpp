// SPDX-License-Identifier: BSL-1.0
#include <onlink/device_type.hpp>

using namespace onlink::literals;

#ifdef FORBIDDEN
onlink::device_type const type = "urn:schemas-upnp-org:device:BinaryLight"_device_type;
#else
onlink::device_type const type = "urn:schemas-upnp-org:device:BinaryLight:1"_device_type;
#endif
