// SPDX-License-Identifier: BSL-1.0
//
// What would a device here make of this delivery URL?
//
//     onlink-segment INTERFACE URL [--from ADDRESS] [--same-host] [--extra-segment PREFIX]...
//
// Prints the verdict and the reason; sends nothing. Exit code 0: admitted, 1: refused, 2: not to be answered.

#include <onlink/callback_audit.hpp>

#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr char const* usage =
    "usage: onlink-segment INTERFACE URL [--from ADDRESS] [--same-host] [--extra-segment PREFIX]...";
constexpr int admitted = 0;
constexpr int refused = 1;
constexpr int no_answer = 2;

struct arguments {
    std::string interface_name;
    std::string url;
    std::optional<boost::asio::ip::address> from;
    onlink::host_options options;
};

/// nullopt: not what `usage` says.
std::optional<arguments> parse_arguments(std::vector<std::string> const& words)
{
    arguments given;
    std::vector<std::string> plain;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == "--same-host") {
            given.options.policies.callback = onlink::callback_admission::same_host;
        } else if (words[i] == "--from" && i + 1 < words.size()) {
            boost::system::error_code ec;
            given.from = boost::asio::ip::make_address(words[++i], ec);
            if (ec)
                return std::nullopt;
        } else if (words[i] == "--extra-segment" && i + 1 < words.size()) {
            auto const prefix = onlink::ip_prefix::parse(words[++i]);
            if (!prefix)
                return std::nullopt;
            given.options.extra_segments.push_back({{}, *prefix});
        } else if (words[i].starts_with("--")) {
            return std::nullopt;
        } else {
            plain.push_back(words[i]);
        }
    }
    if (plain.size() != 2)
        return std::nullopt;
    given.interface_name = plain[0];
    given.url = plain[1];
    for (auto& extra : given.options.extra_segments)
        extra.interface_name = given.interface_name;
    return given;
}

} // namespace

int main(int argc, char** argv)
{
    auto const given = parse_arguments({argv + 1, argv + argc});
    if (!given) {
        std::cerr << usage << '\n';
        return no_answer;
    }
    if (auto const legal = given->options.check(); !legal) {
        std::cerr << "onlink-segment: " << legal.error().message() << '\n';
        return no_answer;
    }
    auto const verdict =
        onlink::audit_callback(given->interface_name, given->url, given->from, given->options);
    if (!verdict) {
        std::cerr << "onlink-segment: " << given->interface_name << ": " << verdict.error().message() << '\n';
        return no_answer;
    }
    std::cout << (verdict->refused ? "refused: " : "admitted: ");
    if (verdict->refused)
        std::cout << to_string(*verdict->refused) << '\n' << explain(*verdict->refused) << '\n';
    else
        std::cout << "events would go to " << verdict->address.to_string() << " port " << verdict->port
                  << '\n';
    std::cout << "segment of " << given->interface_name << ':';
    for (auto const& prefix : verdict->segment)
        std::cout << ' ' << prefix.to_string();
    std::cout << '\n';
    return verdict->refused ? refused : admitted;
}
