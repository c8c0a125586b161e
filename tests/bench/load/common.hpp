// SPDX-License-Identifier: BSL-1.0
// Clock, statistics, options and addresses used by every subcommand of upnp_load.
#ifndef ONLINK_TESTS_BENCH_LOAD_COMMON_HPP
#define ONLINK_TESTS_BENCH_LOAD_COMMON_HPP

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace onlink::bench {

inline int64_t clock_ns(clockid_t id)
{
    timespec t{};
    if (clock_gettime(id, &t) != 0)
        return 0;
    return int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

inline int64_t now_ns() { return clock_ns(CLOCK_MONOTONIC); }

/// Latencies; percentiles are in microseconds.
class latency_samples {
public:
    void add(int64_t ns) { ns_.push_back(static_cast<uint32_t>(std::min<int64_t>(ns, UINT32_MAX))); }
    std::size_t size() const { return ns_.size(); }
    double percentile(double p)
    {
        if (ns_.empty())
            return 0;
        std::sort(ns_.begin(), ns_.end());
        auto index = static_cast<std::size_t>(p / 100.0 * static_cast<double>(ns_.size() - 1) + 0.5);
        return ns_[index] / 1000.0;
    }

private:
    std::vector<uint32_t> ns_;
};

/// Wall time, own CPU time and the CPU time of the measured process (all its threads) between start and stop.
/// CPU per operation is much less disturbed by other work on the machine than the rate is.
class cpu_meter {
public:
    explicit cpu_meter(pid_t server)
    {
        has_server_ = server > 0 && clock_getcpuclockid(server, &server_clock_) == 0;
    }
    void start() { wall_ = now_ns(), own_ = clock_ns(CLOCK_PROCESS_CPUTIME_ID), server_ = server_now(); }
    void stop()
    {
        wall_ = now_ns() - wall_, own_ = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - own_,
        server_ = server_now() - server_;
    }
    double seconds() const { return static_cast<double>(wall_) / 1e9; }
    void print(double operations) const
    {
        std::printf(" seconds=%.3f load_cpu_pct=%.1f", seconds(), 100.0 * own_ / wall_);
        if (has_server_)
            std::printf(" server_cpu_pct=%.1f server_us_per_op=%.3f", 100.0 * server_ / wall_,
                        operations > 0 ? server_ / 1000.0 / operations : 0.0);
    }

private:
    int64_t server_now() const { return has_server_ ? clock_ns(server_clock_) : 0; }
    clockid_t server_clock_{};
    bool has_server_ = false;
    int64_t wall_ = 0, own_ = 0, server_ = 0;
};

inline void print_percentiles(latency_samples& samples)
{
    std::printf(" p50_us=%.1f p90_us=%.1f p99_us=%.1f max_us=%.1f", samples.percentile(50),
                samples.percentile(90), samples.percentile(99), samples.percentile(100));
}

/// Positional arguments and --name value options; a name listed in `flags` takes no value.
class option_list {
public:
    option_list(int argc, char** argv, const std::vector<std::string>& flags)
    {
        for (int i = 0; i < argc; ++i) {
            std::string word = argv[i];
            if (word.rfind("--", 0) != 0)
                positional_.push_back(word);
            else if (std::find(flags.begin(), flags.end(), word.substr(2)) != flags.end())
                named_.emplace(word.substr(2), std::string("1"));
            else if (i + 1 < argc)
                named_[word.substr(2)] = argv[++i];
            else
                throw std::runtime_error(word + " needs a value");
        }
    }
    const std::string& at(std::size_t i) const
    {
        if (i >= positional_.size())
            throw std::runtime_error("missing argument");
        return positional_[i];
    }
    bool has(const std::string& name) const { return named_.count(name) != 0; }
    std::string text(const std::string& name, const std::string& fallback) const
    {
        auto found = named_.find(name);
        return found == named_.end() ? fallback : found->second;
    }
    double number(const std::string& name, double fallback) const
    {
        return has(name) ? std::atof(named_.at(name).c_str()) : fallback;
    }
    int integer(const std::string& name, int fallback) const
    {
        return static_cast<int>(number(name, fallback));
    }

private:
    std::vector<std::string> positional_;
    std::map<std::string, std::string> named_;
};

inline sockaddr_in address_of(const std::string& host, int port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1)
        throw std::runtime_error("not an IPv4 address: " + host);
    return address;
}

/// http://ADDRESS[:PORT]/PATH
struct http_address {
    std::string host;
    int port = 80;
    std::string path = "/";

    explicit http_address(const std::string& text)
    {
        if (text.rfind("http://", 0) != 0)
            throw std::runtime_error("not an http URL: " + text);
        std::size_t slash = text.find('/', 7);
        host = text.substr(7, slash == std::string::npos ? slash : slash - 7);
        if (slash != std::string::npos)
            path = text.substr(slash);
        if (std::size_t colon = host.find(':'); colon != std::string::npos) {
            port = std::atoi(host.c_str() + colon + 1);
            host.resize(colon);
        }
    }
    sockaddr_in address() const { return address_of(host, port); }
    std::string authority() const { return host + ":" + std::to_string(port); }
};

/// Value of a header in an HTTP head (the part before the empty line); empty if absent.
inline std::string_view header(std::string_view head, std::string_view name)
{
    for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
        std::string_view line = head.substr(at + 2, name.size() + 1);
        if (line.size() != name.size() + 1 || line.back() != ':')
            continue;
        if (strncasecmp(line.data(), name.data(), name.size()) != 0)
            continue;
        std::size_t from = at + 2 + name.size() + 1, end = head.find("\r\n", from);
        std::string_view value = head.substr(from, end == std::string_view::npos ? end : end - from);
        while (!value.empty() && (value.front() == ' ' || value.front() == '\t'))
            value.remove_prefix(1);
        while (!value.empty() && (value.back() == ' ' || value.back() == '\t'))
            value.remove_suffix(1);
        return value;
    }
    return {};
}

inline bool equals_ignoring_case(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

inline void raise_file_limit()
{
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int run_msearch(const option_list&);
int run_msearch_burst(const option_list&);
int run_get(const option_list&);
int run_soap(const option_list&);
int run_events(const option_list&);
int run_hold_subscriptions(const option_list&);
int run_hold_connections(const option_list&);
int run_subscribe(const option_list&);

} // namespace onlink::bench

#endif
