// SPDX-License-Identifier: BSL-1.0
// A stranger's program: builds a light from the public headers alone, and a host for it.
#include <boost/asio/io_context.hpp>
#include <onlink/onlink.hpp>

#include <cstdio>
#include <utility>

using namespace onlink::literals;

namespace {

constexpr auto switch_power = R"(<scpd xmlns="urn:schemas-upnp-org:service-1-0">
  <specVersion><major>1</major><minor>0</minor></specVersion>
  <actionList>
    <action><name>SetTarget</name><argumentList>
      <argument><name>newTargetValue</name><direction>in</direction>
        <relatedStateVariable>Status</relatedStateVariable></argument>
    </argumentList></action>
  </actionList>
  <serviceStateTable>
    <stateVariable sendEvents="yes"><name>Status</name><dataType>boolean</dataType></stateVariable>
  </serviceStateTable>
</scpd>)";

onlink::device make_light()
{
    onlink::service power{{.type = "urn:schemas-upnp-org:service:SwitchPower:1"_service_type,
                           .id = "urn:upnp-org:serviceId:SwitchPower"_service_id},
                          onlink::scpd::parse(switch_power).value()};
    auto& state = power.state();
    power.on("SetTarget", [&state](bool on) { state.set("Status", on); });

    onlink::device light{{.type = "urn:schemas-upnp-org:device:BinaryLight:1"_device_type,
                          .udn = "uuid:2fac1234-31f8-11b4-a222-08002b34c003"_udn,
                          .friendly_name = "A stranger's light",
                          .manufacturer = "A stranger",
                          .model_name = "stranger"}};
    light.add(power);
    return light;
}

} // namespace

int main()
{
    auto light = make_light();
    if (!light.check()) {
        std::puts("the light is not sound");
        return 1;
    }
    boost::asio::io_context loop;
    onlink::device_host const host{loop.get_executor(), std::move(light)};
    std::printf("onlink %s: a sound light, served at %zu addresses\n", ONLINK_VERSION_STRING,
                host.serving().size());
}
