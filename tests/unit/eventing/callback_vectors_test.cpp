// SPDX-License-Identifier: BSL-1.0
#include "eventing/segment_validator.hpp"

#include "base/ascii.hpp"
#include "base/decimal.hpp"
#include "support/guarded_buffer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

// The table and the explanation of its form are in callback_vectors.txt.

namespace onlink {
namespace {

char const* const file_name = ONLINK_SOURCE_DIR "/tests/unit/eventing/callback_vectors.txt";

/// The verdicts a row may name, with what they mean.
std::map<std::string, refusal_reason> const reasons = {
    {"malformed", refusal_reason::callback_malformed},
    {"too_long", refusal_reason::callback_too_long},
    {"too_many", refusal_reason::callback_too_many},
    {"scheme", refusal_reason::callback_scheme},
    {"not_literal", refusal_reason::callback_not_literal},
    {"port", refusal_reason::callback_port},
    {"reserved", refusal_reason::callback_reserved},
    {"multicast", refusal_reason::callback_multicast},
    {"broadcast", refusal_reason::callback_broadcast},
    {"loopback", refusal_reason::callback_loopback},
    {"own_address", refusal_reason::callback_own_address},
    {"other_family", refusal_reason::callback_other_family},
    {"off_segment", refusal_reason::callback_off_segment},
    {"not_private", refusal_reason::callback_not_private},
    {"not_requester", refusal_reason::callback_not_requester},
    {"interface_gone", refusal_reason::callback_interface_gone},
};

struct row {
    unsigned line = 0;
    address requester;
    std::string callback; ///< the whole header field
    std::string verdict;
    std::string remark;
};

struct section {
    std::string name;
    std::optional<interface_table> on;
    ingress at; ///< without the requester
    std::optional<interface_table> later;
    policies policy;
    std::vector<extra_segment> extra;
    std::optional<address> from;
    std::vector<row> rows;

    friend void PrintTo(section const& s, std::ostream* out) { *out << s.name; }
};

/// What is wrong with the file; the line is added further up.
[[noreturn]] void fail(std::string const& what) { throw std::runtime_error{what}; }

std::vector<std::string> words_of(std::string const& line)
{
    std::istringstream in{line};
    std::vector<std::string> words;
    for (std::string word; in >> word;)
        words.push_back(word);
    return words;
}

/// An address; a zone is a number.
address read_address(std::string const& text)
{
    boost::system::error_code ec;
    auto const a = boost::asio::ip::make_address(text, ec);
    if (ec)
        fail("no address: " + text);
    return a;
}

ip_prefix read_prefix(std::string const& text)
{
    auto const prefix = ip_prefix::parse(text);
    if (!prefix)
        fail("no prefix: " + text);
    return *prefix;
}

unsigned read_number(std::string const& text)
{
    auto const number = parse_decimal<unsigned>(text);
    if (!number)
        fail("no number: " + text);
    return *number;
}

link_layer_address read_station(std::string const& text)
{
    link_layer_address station{};
    if (text.size() != 17)
        fail("no hardware address: " + text);
    for (std::size_t i = 0; i < 6; ++i) {
        auto const high = ascii::hex_digit(text[3 * i]);
        auto const low = ascii::hex_digit(text[3 * i + 1]);
        if (!high || !low || (i < 5 && text[3 * i + 2] != ':'))
            fail("no hardware address: " + text);
        station[i] = static_cast<std::uint8_t>(*high * 16 + *low);
    }
    return station;
}

std::string unescape(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        char const c = text.front();
        text.remove_prefix(1);
        if (c != '\\') {
            out += c;
            continue;
        }
        if (text.empty())
            fail("a backslash at the end");
        char const what = text.front();
        text.remove_prefix(1);
        constexpr std::string_view names = "\\trn0sp";
        constexpr std::string_view bytes{"\\\t\r\n\0 |", 7};
        if (auto const at = names.find(what); at != names.npos) {
            out += bytes[at];
        } else if (what == 'x' && text.size() >= 2 && ascii::hex_digit(text[0]) &&
                   ascii::hex_digit(text[1])) {
            out += static_cast<char>(*ascii::hex_digit(text[0]) * 16 + *ascii::hex_digit(text[1]));
            text.remove_prefix(2);
        } else if (what == '{' && text.find('}') != text.npos) {
            auto const inside = std::string{text.substr(0, text.find('}'))};
            auto const star = std::min(inside.find('*'), inside.size());
            auto const times = read_number(inside.substr(0, star));
            for (unsigned i = 0; i < times; ++i)
                out += inside.substr(std::min(star + 1, inside.size()));
            text.remove_prefix(inside.size() + 1);
        } else {
            fail(std::string{"an escape that is none: \\"} + what);
        }
    }
    return out;
}

class reader {
public:
    void read(unsigned number, std::string const& line)
    {
        auto const words = words_of(line);
        if (words.empty() || words[0][0] == '#')
            return;
        if (line.find('|') != line.npos)
            return read_row(number, line);
        arguments_ = words;
        auto const& what = words[0];
        if (what == "snapshot")
            snapshot();
        else if (what == "section")
            begin_section();
        else if (!sections.empty())
            of_section(what);
        else
            of_snapshot(what);
    }

    void finish()
    {
        close_section();
        if (sections.empty())
            fail("no sections");
    }

    std::vector<section> sections;

private:
    struct host {
        std::vector<network_interface> interfaces;
        std::vector<neighbour> neighbours;
    };

    std::string const& argument(std::size_t i) const
    {
        if (i >= arguments_.size())
            fail(arguments_[0] + " wants more");
        return arguments_[i];
    }
    void no_more_than(std::size_t count) const
    {
        if (arguments_.size() > count)
            fail("too much: " + arguments_[count]);
    }

    void snapshot()
    {
        no_more_than(2);
        if (!sections.empty())
            fail("snapshots come before sections");
        if (!hosts_.try_emplace(argument(1)).second)
            fail("a second snapshot of that name");
        host_ = &hosts_[argument(1)];
    }

    network_interface& last_interface()
    {
        if (!host_ || host_->interfaces.empty())
            fail("of which interface?");
        return host_->interfaces.back();
    }

    void of_snapshot(std::string const& what)
    {
        if (!host_)
            fail("of which snapshot?");
        if (what == "interface") {
            network_interface i;
            i.index = read_number(argument(1));
            i.name = argument(2);
            i.up = true;
            i.multicast = true;
            for (std::size_t n = 3; n < arguments_.size(); ++n) {
                if (argument(n) == "loopback")
                    i.loopback = true;
                else if (argument(n) == "point_to_point")
                    i.point_to_point = true;
                else if (argument(n) == "down")
                    i.up = false;
                else
                    fail("no flag: " + argument(n));
            }
            host_->interfaces.push_back(i);
        } else if (what == "address") {
            last_interface().addresses.push_back(own_address());
        } else if (what == "route") {
            no_more_than(2);
            last_interface().routes.push_back(read_prefix(argument(1)));
        } else if (what == "neighbour") {
            no_more_than(4);
            interface_table const table{host_->interfaces};
            auto const* interface = table.find(std::string_view{argument(1)});
            if (!interface)
                fail("no interface: " + argument(1));
            host_->neighbours.push_back(
                {interface->index, read_address(argument(2)), read_station(argument(3))});
        } else {
            fail("what is " + what + '?');
        }
    }

    interface_address own_address() const
    {
        auto const prefix = read_prefix(argument(1));
        interface_address own;
        own.address = prefix.network;
        own.prefix_length = prefix.length;
        for (std::size_t n = 2; n < arguments_.size(); ++n) {
            if (argument(n) == "peer")
                own.peer = read_address(argument(++n));
            else if (argument(n) == "deprecated")
                own.deprecated = true;
            else if (argument(n) == "tentative")
                own.tentative = true;
            else if (argument(n) == "noprefixroute")
                own.prefix_on_link = false;
            else
                fail("no flag: " + argument(n));
        }
        return own;
    }

    interface_table table_of(std::string const& name) const
    {
        auto const found = hosts_.find(name);
        if (found == hosts_.end())
            fail("no snapshot: " + name);
        return interface_table{found->second.interfaces, found->second.neighbours};
    }

    void begin_section()
    {
        no_more_than(2);
        close_section();
        for (auto const& other : sections)
            if (other.name == argument(1))
                fail("a second section of that name");
        sections.emplace_back();
        sections.back().name = argument(1);
    }

    void close_section() const
    {
        if (!sections.empty() && sections.back().rows.empty())
            fail("a section without rows before this line");
    }

    void of_section(std::string const& what)
    {
        auto& s = sections.back();
        if (!s.rows.empty())
            fail("behind the rows of a section: " + what);
        if (what == "on") {
            no_more_than(4);
            s.on = table_of(argument(1));
            auto const* interface = s.on->find(std::string_view{argument(2)});
            s.at = {interface ? interface->index : read_number(argument(2)), read_address(argument(3)), {}};
        } else if (what == "with") {
            network_interface eth0;
            eth0.index = 2;
            eth0.name = "eth0";
            eth0.up = true;
            for (std::size_t n = 1; n < arguments_.size(); ++n) {
                auto const prefix = read_prefix(argument(n));
                eth0.addresses.push_back({prefix.network, prefix.length});
            }
            s.at = {eth0.index, read_prefix(argument(1)).network, {}};
            s.on = interface_table{{eth0}};
        } else if (what == "later") {
            no_more_than(2);
            s.later = table_of(argument(1));
        } else if (what == "from") {
            no_more_than(2);
            s.from = read_address(argument(1));
        } else if (what == "policy") {
            policy(s);
        } else {
            fail("what is " + what + '?');
        }
    }

    void policy(section& s) const
    {
        auto const& what = argument(1);
        if (what == "same_host") {
            s.policy.callback = callback_admission::same_host;
        } else if (what == "same_family") {
            s.policy.cross_family = false;
        } else if (what == "no_refused_ports") {
            s.policy.refused_callback_ports.clear();
        } else if (what == "refused_ports") {
            s.policy.refused_callback_ports.clear();
            for (std::size_t n = 2; n < arguments_.size(); ++n)
                s.policy.refused_callback_ports.push_back(
                    static_cast<std::uint16_t>(read_number(argument(n))));
        } else if (what == "extra") {
            no_more_than(4);
            s.extra.push_back({argument(2), read_prefix(argument(3))});
        } else {
            fail("no policy: " + what);
        }
    }

    void read_row(unsigned number, std::string const& line)
    {
        if (sections.empty() || !sections.back().on)
            fail("a row without a section that says where");
        auto& s = sections.back();
        std::vector<std::string> cells;
        for (std::string_view rest = line; cells.empty() || !rest.empty();) {
            auto const bar = std::min(rest.find('|'), rest.size());
            cells.emplace_back(ascii::trim(rest.substr(0, bar)));
            rest.remove_prefix(std::min(bar + 1, rest.size()));
        }
        if (std::count(line.begin(), line.end(), '|') != 3)
            fail("a row has four cells");
        cells.resize(4);
        row r;
        r.line = number;
        if (cells[0] == "." && !s.from)
            fail("whom does `.` mean?");
        r.requester = cells[0] == "." ? *s.from : read_address(cells[0]);
        constexpr std::string_view whole = "CALLBACK:";
        bool const is_whole = cells[1].starts_with(whole);
        auto const text = unescape(is_whole ? cells[1].substr(whole.size()) : cells[1]);
        r.callback = is_whole || text.starts_with('<') ? text : '<' + text + '>';
        r.verdict = cells[2];
        if (!r.verdict.starts_with("ok ") && !reasons.contains(r.verdict))
            fail("no verdict: " + r.verdict);
        r.remark = cells[3];
        s.rows.push_back(r);
    }

    std::map<std::string, host> hosts_;
    host* host_ = nullptr;
    std::vector<std::string> arguments_;
};

struct contents {
    std::vector<section> sections;
    std::string error; ///< of the first line that cannot be read
};

contents read_all(std::istream& in)
{
    reader vectors;
    unsigned number = 0;
    try {
        for (std::string line; std::getline(in, line);) {
            ++number;
            vectors.read(number, line);
        }
        vectors.finish();
    } catch (std::exception const& e) {
        return {{}, std::to_string(number) + ": " + e.what()};
    }
    return {std::move(vectors.sections), {}};
}

contents const& table()
{
    static contents const all = [] {
        std::ifstream in{file_name};
        return in ? read_all(in) : contents{{}, "cannot be opened"};
    }();
    return all;
}

/// As the engine does it: the whole header field, then each URL; the first refusal is the answer.
std::string outcome_of(section const& s, row const& r)
{
    segment_validator const validator{s.policy, segment_map{s.extra}};
    auto const name_of = [](refusal_reason reason) {
        for (auto const& [name, named] : reasons)
            if (named == reason)
                return name;
        return std::string{to_string(reason)};
    };
    test::guarded_buffer const text{r.callback};
    auto candidates = parse_callback_header(text.view(), limits{}.eventing);
    if (!candidates)
        return name_of(candidates.error());
    auto at = s.at;
    at.requester = r.requester;
    std::string outcome = "ok";
    for (auto const& candidate : *candidates) {
        auto const url = validator.admit(*s.on, at, candidate);
        if (!url)
            return (s.later ? "at first, " : "") + name_of(url.error());
        auto const again = validator.check_again(s.later ? *s.later : *s.on, *url);
        if (!again)
            return (s.later ? "" : "again, ") + name_of(again.error());
        outcome += ' ' + to_authority(url->where());
    }
    return outcome;
}

class callback_vectors : public testing::TestWithParam<section> {};

TEST_P(callback_vectors, GENA_10_GENA_11_each_URL_has_its_verdict)
{
    for (auto const& r : GetParam().rows) {
        SCOPED_TRACE(std::string{file_name} + ':' + std::to_string(r.line) + ": " + r.remark);
        EXPECT_EQ(outcome_of(GetParam(), r), r.verdict)
            << ascii::printable(r.callback) << " for " << to_url_host(r.requester);
    }
}

INSTANTIATE_TEST_SUITE_P(table, callback_vectors, testing::ValuesIn(table().sections),
                         [](auto const& each) { return each.param.name; });

TEST(callback_vectors_file, is_read_to_its_end)
{
    EXPECT_EQ(table().error, "") << file_name;
    std::size_t rows = 0;
    for (auto const& s : table().sections)
        rows += s.rows.size();
    EXPECT_GE(rows, 850U);
}

TEST(callback_vectors_file, has_every_reason_and_every_mark)
{
    std::set<std::string> verdicts;
    std::set<std::string> marks;
    for (auto const& s : table().sections)
        for (auto const& r : s.rows) {
            verdicts.insert(r.verdict);
            for (auto const& word : words_of(r.remark))
                marks.insert(word.ends_with(':') ? word.substr(0, word.size() - 1) : word);
        }
    for (auto const& [name, reason] : reasons)
        EXPECT_TRUE(verdicts.contains(name)) << name << " (" << to_string(reason) << ')';
    for (auto const* mark :
         {"B1",  "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9", "B10", "B11", "B12", "B13", "B14",
          "B17", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9",  "C10", "C11", "C12"})
        EXPECT_TRUE(marks.contains(mark)) << mark;
}

TEST(callback_vectors_file, a_line_that_is_not_understood_is_an_error)
{
    std::string const good = "snapshot s\n"
                             "interface 2 eth0\n"
                             "address 10.0.0.1/8\n"
                             "section one\n"
                             "on s eth0 10.0.0.1\n"
                             "from 10.0.0.2\n"
                             ". | http://10.0.0.2/ | ok 10.0.0.2:80 |\n";
    auto const error_of = [](std::string const& text) {
        std::istringstream in{text};
        return read_all(in).error;
    };
    EXPECT_EQ(error_of(good), "");
    for (auto const* bad : {"x",
                            "snapshot",
                            "snapshot t",
                            "section one",
                            "section",
                            "on s eth0 10.0.0.1",
                            "policy same_host",
                            ". | http://10.0.0.2/ | ok 10.0.0.2:80",
                            ". | http://10.0.0.2/ | fine |",
                            "| http://10.0.0.2/ | port |",
                            ". | http://10.0.0.2/ | callback_port |",
                            "10.0.0 | http://10.0.0.2/ | port |",
                            ". | http://10.0.0.2/\\q | malformed |",
                            ". | http://10.0.0.2/\\x4 | malformed |",
                            ". | http://10.0.0.2/\\{a} | malformed |",
                            ". | http://10.0.0.2/\\ | malformed |",
                            ". | a | port | b | c",
                            "section two",
                            "section two\non t eth0 10.0.0.1",
                            "section two\non s eth9 10.0.0.1",
                            "section two\non s eth0 10.0.0",
                            "section two\nwith 10.0.0.1",
                            "section two\nwith",
                            "section two\nlater t",
                            "section two\npolicy",
                            "section two\npolicy lax",
                            "section two\npolicy extra eth0 10.0.0.1",
                            "section two\non s eth0 10.0.0.1\n. | x | malformed |",
                            "section two\n10.0.0.2 | x | malformed |"})
        EXPECT_NE(error_of(good + bad + '\n'), "") << bad;
    for (auto const* bad : {"", "interface 2 eth0\n", "snapshot s\naddress 10.0.0.1/8\n", "from 10.0.0.1\n",
                            "snapshot s\ninterface two eth0\n", "snapshot s\ninterface 2 eth0 fast\n",
                            "snapshot s\ninterface 2 eth0\naddress 10.0.0.1\n",
                            "snapshot s\ninterface 2 eth0\naddress 10.0.0.1/8 peer\n",
                            "snapshot s\ninterface 2 eth0\naddress 10.0.0.1/8 nice\n",
                            "snapshot s\ninterface 2 eth0\nroute 10.0.0.1\n",
                            "snapshot s\ninterface 2 eth0\nneighbour eth1 10.0.0.2 02:00:00:00:00:09\n",
                            "snapshot s\ninterface 2 eth0\nneighbour eth0 10.0.0.2 02:00:00:00:00:0\n",
                            "snapshot s\ninterface 2 eth0\nneighbour eth0 10.0.0.2 02-00-00-00-00-09\n"})
        EXPECT_NE(error_of(bad + good.substr(good.find("section"))), "") << bad;
}

} // namespace
} // namespace onlink
