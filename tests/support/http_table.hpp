// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_SUPPORT_HTTP_TABLE_HPP
#define ONLINK_TESTS_SUPPORT_HTTP_TABLE_HPP

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace onlink::test {

/// What a row of a table in tests/http wants of a field.
struct wanted_field {
    std::string name;
    std::optional<std::string> value = std::nullopt; ///< absent: any
    bool absent = false;                             ///< the answer must not have it
};

struct wanted_answer {
    std::string version = "HTTP/1.1";
    int status = 0;
    bool head = false;     ///< no body follows, whatever the fields say
    bool optional = false; ///< an interim one that may be there or not
    std::vector<wanted_field> fields;
    std::optional<std::string> body;

    bool interim() const { return status < 200; }
    bool has_body() const { return !head && !interim() && status != 204 && status != 304; }
};

/// What is sent in one go, and the answers that come before anything more is sent.
struct http_turn {
    std::string bytes;
    std::vector<wanted_answer> answers;
};

struct http_row {
    std::string name;
    std::size_t line = 0;
    std::vector<http_turn> turns{{}};
    std::string end; ///< open, closed or gone
    bool splits = false;
    bool bug = false; ///< known: the server does otherwise

    std::vector<wanted_answer> answers() const
    {
        std::vector<wanted_answer> all;
        for (auto const& turn : turns)
            all.insert(all.end(), turn.answers.begin(), turn.answers.end());
        return all;
    }
};

/// A table of requests and answers; tests/http/conformance.txt says what it is made of. A line that it does
/// not understand is an exception.
class http_table {
public:
    using names = std::map<std::string, std::string>;

    explicit http_table(std::string const& file)
    {
        std::ifstream in{std::string{ONLINK_SOURCE_DIR "/tests/http/"} + file};
        if (!in)
            throw std::runtime_error{"no table " + file};
        for (std::string line; std::getline(in, line);) {
            ++line_;
            try {
                read(line);
            } catch (std::exception const& e) {
                throw std::runtime_error{file + ":" + std::to_string(line_) + ": " + e.what()};
            }
        }
    }

    std::map<std::string, std::vector<http_row>> const& groups() const { return groups_; }

    /// `{name}` gives way to what it stands for.
    static std::string fill_in(std::string text, names const& known)
    {
        for (auto const& [name, value] : known) {
            auto const word = "{" + name + "}";
            for (auto at = text.find(word); at != text.npos; at = text.find(word, at + value.size()))
                text.replace(at, word.size(), value);
        }
        return text;
    }

private:
    [[noreturn]] static void fail(std::string const& why) { throw std::runtime_error{why}; }

    void read(std::string_view line)
    {
        auto const rest = [&](std::size_t begin) {
            return std::string{line.substr(std::min(begin, line.size()))};
        };
        if (line.empty() || line.starts_with('#'))
            return;
        if (line.starts_with("== ")) {
            group_ = rest(3).substr(0, rest(3).find(':'));
            groups_[group_];
            return;
        }
        if (line.starts_with("-- ")) {
            groups_[group_].push_back({rest(3), line_});
            return;
        }
        if (line.starts_with("nginx "))
            return;
        if (groups_[group_].empty())
            fail("this belongs to a row");
        auto& row = groups_[group_].back();
        if (line.starts_with(">> "))
            send(row, expand(unescape(rest(3))));
        else if (line.starts_with(">"))
            send(row, expand(unescape(rest(2))) + "\r\n");
        else if (line.starts_with("< "))
            row.turns.back().answers.push_back(answer(rest(2)));
        else if (line == "open" || line == "closed" || line == "gone")
            row.end = line;
        else if (line == "splits")
            row.splits = true;
        else if (line.starts_with("bug: "))
            row.bug = true;
        else
            fail("what is this?");
    }

    static void send(http_row& row, std::string const& bytes)
    {
        if (!row.turns.back().answers.empty())
            row.turns.emplace_back();
        row.turns.back().bytes += bytes;
    }

    static std::string unescape(std::string_view text)
    {
        std::string out;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] != '\\') {
                out += text[i];
                continue;
            }
            switch (text.substr(i + 1).empty() ? '\0' : text[++i]) {
            case 'r':
                out += '\r';
                break;
            case 'n':
                out += '\n';
                break;
            case 't':
                out += '\t';
                break;
            case '\\':
                out += '\\';
                break;
            case 'x':
                out += static_cast<char>(std::stoi(std::string{text.substr(i + 1, 2)}, nullptr, 16));
                i += 2;
                break;
            default:
                fail("no such escape");
            }
        }
        return out;
    }

    /// `{3*ab}` becomes `ababab`.
    static std::string expand(std::string text)
    {
        for (std::size_t at = 0; (at = text.find('{', at)) != text.npos; ++at) {
            auto const star = text.find_first_not_of("0123456789", at + 1);
            auto const end = text.find('}', at);
            if (star == at + 1 || star == text.npos || text[star] != '*' || end == text.npos)
                continue;
            auto const part = text.substr(star + 1, end - star - 1);
            std::string all;
            for (int times = std::stoi(text.substr(at + 1)); times > 0; --times)
                all += part;
            text.replace(at, end + 1 - at, all);
        }
        return text;
    }

    static wanted_answer answer(std::string_view text)
    {
        constexpr std::string_view bar = " | ";
        wanted_answer wanted;
        status(wanted, text.substr(0, text.find(bar)));
        for (auto at = text.find(bar); at != text.npos; at = text.find(bar)) {
            text.remove_prefix(at + bar.size());
            auto const part = text.substr(0, text.find(bar));
            auto const colon = part.find(": ");
            if (part.starts_with('='))
                wanted.body = std::string{part.substr(1)};
            else if (part.starts_with('!'))
                wanted.fields.push_back({std::string{part.substr(1)}, std::nullopt, true});
            else if (colon == part.npos)
                wanted.fields.push_back({std::string{part}});
            else
                wanted.fields.push_back(
                    {std::string{part.substr(0, colon)}, unescape(part.substr(colon + 2))});
        }
        return wanted;
    }

    /// `200`, `200 head`, `1.0 200`, `100?`
    static void status(wanted_answer& wanted, std::string_view text)
    {
        constexpr std::string_view head = " head";
        wanted.head = text.ends_with(head);
        if (wanted.head)
            text.remove_suffix(head.size());
        wanted.optional = text.ends_with('?');
        if (wanted.optional)
            text.remove_suffix(1);
        if (text.starts_with("1.0 ")) {
            wanted.version = "HTTP/1.0";
            text.remove_prefix(4);
        }
        if (text.size() != 3)
            fail("no status");
        wanted.status = std::stoi(std::string{text});
    }

    std::size_t line_ = 0;
    std::string group_;
    std::map<std::string, std::vector<http_row>> groups_;
};

} // namespace onlink::test

#endif
