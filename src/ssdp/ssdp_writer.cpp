// SPDX-License-Identifier: BSL-1.0
#include "ssdp/ssdp_writer.hpp"

#include "ssdp/advertisement_set.hpp"

#include <utility>

namespace onlink {

namespace {

/// Header lines in the order they are asked for.
class message {
public:
    message(std::string buffer, std::string_view start_line) : out_(std::move(buffer))
    {
        out_.clear();
        out_.reserve(512); // UDA 2.0, 1.2.2: stay below this anyway
        out_.append(start_line).append("\r\n");
    }
    message& field(std::string_view name, std::string_view value, std::string_view more = {})
    {
        out_.append(name).append(value.empty() ? ":" : ": ").append(value).append(more).append("\r\n");
        return *this;
    }
    message& field(std::string_view name, std::uint64_t value) { return field(name, std::to_string(value)); }
    message& target(std::string_view name, search_target const& value)
    {
        out_.append(name).append(": ");
        append_to(out_, value);
        out_.append("\r\n");
        return *this;
    }
    message& usn(ssdp_subject const& subject)
    {
        out_.append("USN: ");
        append_usn(out_, subject.device, subject.target);
        out_.append("\r\n");
        return *this;
    }
    std::string end()
    {
        out_.append("\r\n");
        return std::move(out_);
    }

private:
    std::string out_;
};

/// A.4.1: over IPv6 a string that changes with the network configuration. The BOOTID does that but for
/// addresses that only go.
void add_nls(message& m, ssdp_identity const& id)
{
    auto nls = std::to_string(id.boot_id);
    if (id.silent_changes != 0)
        nls += '-' + std::to_string(id.silent_changes);
    m.field("OPT", "\"http://schemas.upnp.org/upnp/1/0/\"; ns=01").field("01-NLS", nls);
}

void add_boot_and_config(message& m, ssdp_identity const& id)
{
    if (id.uda == uda_version::v1_0)
        return;
    m.field("BOOTID.UPNP.ORG", id.boot_id).field("CONFIGID.UPNP.ORG", id.config_id);
}

void add_search_port(message& m, ssdp_identity const& id)
{
    if (id.search_port && id.uda != uda_version::v1_0)
        m.field("SEARCHPORT.UPNP.ORG", *id.search_port);
}

void add_max_age(message& m, ssdp_identity const& id)
{
    m.field("CACHE-CONTROL", "max-age=", std::to_string(id.max_age.count()));
}

} // namespace

std::string write_alive(ssdp_identity const& id, ssdp_group group, ssdp_subject const& subject,
                        std::string buffer)
{
    message m{std::move(buffer), "NOTIFY * HTTP/1.1"};
    m.field("HOST", group_host(group));
    add_max_age(m, id);
    m.field("LOCATION", subject.location, subject.path);
    if (group != ssdp_group::ipv4)
        add_nls(m, id);
    m.target("NT", subject.target).field("NTS", "ssdp:alive").field("SERVER", id.server);
    m.usn(subject);
    add_boot_and_config(m, id);
    add_search_port(m, id);
    return m.end();
}

std::string write_byebye(ssdp_identity const& id, ssdp_group group, ssdp_subject const& subject,
                         std::string buffer)
{
    message m{std::move(buffer), "NOTIFY * HTTP/1.1"};
    m.field("HOST", group_host(group));
    if (group != ssdp_group::ipv4)
        add_nls(m, id);
    m.target("NT", subject.target).field("NTS", "ssdp:byebye");
    m.usn(subject);
    add_boot_and_config(m, id);
    return m.end();
}

std::string write_update(ssdp_identity const& id, ssdp_group group, ssdp_subject const& subject,
                         std::uint32_t next_boot_id, std::string buffer)
{
    message m{std::move(buffer), "NOTIFY * HTTP/1.1"};
    m.field("HOST", group_host(group)).field("LOCATION", subject.location, subject.path);
    if (group != ssdp_group::ipv4)
        add_nls(m, id);
    m.target("NT", subject.target).field("NTS", "ssdp:update");
    m.usn(subject);
    add_boot_and_config(m, id);
    m.field("NEXTBOOTID.UPNP.ORG", next_boot_id);
    add_search_port(m, id);
    return m.end();
}

std::string write_search_response(ssdp_identity const& id, bool ipv6, ssdp_subject const& subject,
                                  std::string_view date, std::string buffer)
{
    message m{std::move(buffer), "HTTP/1.1 200 OK"};
    add_max_age(m, id);
    m.field("DATE", date).field("EXT", "").field("LOCATION", subject.location, subject.path);
    if (ipv6)
        add_nls(m, id);
    m.field("SERVER", id.server).target("ST", subject.target);
    m.usn(subject);
    add_boot_and_config(m, id);
    add_search_port(m, id);
    return m.end();
}

} // namespace onlink
