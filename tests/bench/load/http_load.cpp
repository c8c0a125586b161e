// SPDX-License-Identifier: BSL-1.0
// upnp_load get and upnp_load soap: closed-loop HTTP load on C connections.
#include "http_client.hpp"

#include <memory>

namespace onlink::bench {
namespace {

int run_closed_loop(const option_list& options, const char* name, const std::string& request,
                    const http_address& url, const std::string& expected)
{
    raise_file_limit();
    const bool keep_alive = !options.has("no-keepalive");
    const int connections = options.integer("connections", 8);
    const int64_t timeout = static_cast<int64_t>(options.number("timeout", 5) * 1e9);
    epoll_loop reactor;
    http_totals totals;
    latency_samples latencies;
    bool running = true;
    std::vector<http_client*> to_restart; // restarted from the loop, so that failures cannot recurse

    auto done = [&](http_client& connection, bool ok) {
        if (ok) {
            if (connection.reader.status != 200)
                ++totals.bad_status, totals.last_bad_status = connection.reader.status;
            else if (!expected.empty() && connection.reader.body().find(expected) == std::string_view::npos)
                ++totals.bad_body;
            else
                ++totals.ok, latencies.add(now_ns() - connection.started());
        }
        if (running)
            to_restart.push_back(&connection);
    };
    std::vector<std::unique_ptr<http_client>> clients;
    for (int i = 0; i < connections; ++i)
        clients.push_back(std::make_unique<http_client>(reactor, url.address(), keep_alive, totals, done));

    cpu_meter meter(options.integer("pid", 0));
    meter.start();
    const int64_t end = now_ns() + static_cast<int64_t>(options.number("seconds", 3) * 1e9);
    for (auto& client : clients)
        client->request(request);
    int64_t next_check = now_ns() + 100'000'000;
    for (;;) {
        reactor.poll(20);
        int64_t now = now_ns();
        if (now >= end || totals.failed > 100'000)
            break;
        if (now >= next_check) {
            next_check = now + 100'000'000;
            for (auto& client : clients)
                if (client->busy() && now - client->started() > timeout)
                    client->give_up();
        }
        std::vector<http_client*> batch;
        batch.swap(to_restart);
        for (http_client* connection : batch)
            connection->request(request);
    }
    meter.stop();
    running = false;

    const double ok = static_cast<double>(totals.ok);
    std::printf("%s connections=%d keepalive_asked=%s ok=%llu rate=%.1f", name, connections,
                keep_alive ? "yes" : "no", static_cast<unsigned long long>(totals.ok), ok / meter.seconds());
    print_percentiles(latencies);
    meter.print(ok);
    std::printf(
        " bad_status=%llu last_bad_status=%d bad_body=%llu failed=%llu timeouts=%llu connects=%llu "
        "server_closes=%llu stale_reuses=%llu bytes_per_op=%.0f\n",
        static_cast<unsigned long long>(totals.bad_status), totals.last_bad_status,
        static_cast<unsigned long long>(totals.bad_body), static_cast<unsigned long long>(totals.failed),
        static_cast<unsigned long long>(totals.timeouts), static_cast<unsigned long long>(totals.connects),
        static_cast<unsigned long long>(totals.server_closes),
        static_cast<unsigned long long>(totals.stale_reuses),
        ok > 0 ? static_cast<double>(totals.bytes) / ok : 0.0);
    return totals.ok > 0 ? 0 : 1;
}

} // namespace

int run_get(const option_list& options)
{
    http_address url(options.at(0));
    return run_closed_loop(options, "get", get_request(url, !options.has("no-keepalive")), url,
                           options.text("expect", ""));
}

int run_soap(const option_list& options)
{
    http_address url(options.at(0));
    const std::string action = options.text("action", "GetStatus");
    const std::string service = options.text("service", "urn:schemas-upnp-org:service:SwitchPower:1");
    return run_closed_loop(
        options, "soap",
        soap_request(url, service, action, options.text("arguments", ""), !options.has("no-keepalive")), url,
        options.text("expect", action + "Response"));
}

} // namespace onlink::bench
