// SPDX-License-Identifier: BSL-1.0
// The tables of tests/http against a device with real sockets: every row in one go and byte by byte, some of
// them cut in two at every place. The same bytes have to have the same answer however they arrive.
#include "base/joined.hpp"
#include "http/gzip.hpp"
#include "support/http_table.hpp"
#include "support/live_light.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>

namespace onlink::test {
namespace {

using testing::IsEmpty;

struct heard_answer {
    std::string version;
    int status = 0;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;

    std::optional<std::string> field(std::string const& name) const
    {
        for (auto const& [n, value] : fields)
            if (n == name)
                return value;
        return std::nullopt;
    }
    std::size_t count(std::string const& name) const
    {
        return static_cast<std::size_t>(
            std::count_if(fields.begin(), fields.end(), [&](auto const& f) { return f.first == name; }));
    }
    /// The same for every run: without the date. Of a refusal only the status counts: what explains it
    /// depends on who was reading when the bytes came.
    std::string text() const
    {
        auto all = joined({version, " ", std::to_string(status), "\n"});
        if (status >= 400)
            return all;
        for (auto const& [name, value] : fields)
            if (name != "DATE")
                all += joined({name, ": ", value, "\n"});
        return all + "\n" + body;
    }
};

/// Answers out of a stream of bytes. Strict: what is no answer is an exception.
class answer_reader {
public:
    explicit answer_reader(std::string_view bytes) : left_(bytes) {}

    bool empty() const { return left_.empty(); }

    /// The next one; nothing if it is not complete. `bodiless`: it answers HEAD.
    std::optional<heard_answer> next(bool bodiless)
    {
        auto const end = left_.find("\r\n\r\n");
        if (end == left_.npos)
            return std::nullopt;
        auto head = left_.substr(0, end + 2);
        heard_answer heard;
        auto const first = line(head);
        if (!first.starts_with("HTTP/1.") || first.size() < 13 || first[8] != ' ' || first[12] != ' ')
            throw std::runtime_error{"no status line: " + first};
        heard.version = first.substr(0, 8);
        heard.status = std::stoi(first.substr(9, 3));
        while (!head.empty()) {
            auto const one = line(head);
            auto const colon = one.find(':');
            if (colon == one.npos || colon == 0)
                throw std::runtime_error{"no field: " + one};
            auto const blanks = one.find_first_not_of(' ', colon + 1);
            heard.fields.emplace_back(one.substr(0, colon), blanks == one.npos ? "" : one.substr(blanks));
        }
        auto rest = left_.substr(end + 4);
        bool const none = bodiless || heard.status < 200 || heard.status == 204 || heard.status == 304;
        if (!none && !take_body(heard, rest))
            return std::nullopt;
        left_ = rest;
        return heard;
    }

private:
    static std::string line(std::string_view& text)
    {
        auto const end = text.find("\r\n");
        std::string const one{text.substr(0, end)};
        text.remove_prefix(end + 2);
        return one;
    }

    static bool take_body(heard_answer& heard, std::string_view& rest)
    {
        if (heard.field("TRANSFER-ENCODING"))
            return take_chunks(heard, rest);
        auto const length = heard.field("CONTENT-LENGTH");
        if (!length)
            throw std::runtime_error{"a body without a length"};
        auto const size = std::stoul(*length);
        if (rest.size() < size)
            return false;
        heard.body = rest.substr(0, size);
        rest.remove_prefix(size);
        return true;
    }

    static bool take_chunks(heard_answer& heard, std::string_view& rest)
    {
        for (;;) {
            if (rest.find("\r\n") == rest.npos)
                return false;
            auto const size = std::stoul(line(rest), nullptr, 16);
            if (rest.size() < size + 2)
                return false;
            heard.body += rest.substr(0, size);
            rest.remove_prefix(size + 2);
            if (size == 0)
                return true;
        }
    }

    std::string_view left_;
};

/// How the bytes of a row arrive.
struct delivery {
    std::optional<std::size_t> cut =
        std::nullopt; ///< in two parts, the second from this byte of the first turn
    bool byte_by_byte = false;

    std::string name() const
    {
        if (byte_by_byte)
            return "byte by byte";
        return cut ? "cut at " + std::to_string(*cut) : "in one go";
    }
};

/// What became of a row.
struct outcome {
    std::vector<heard_answer> answers; ///< without the one that shows whether the connection is open
    std::string end;
    std::string trouble; ///< why the rest could not be understood

    /// Final answers and the end: the same for every delivery.
    std::string text() const
    {
        std::string all;
        for (auto const& answer : answers)
            if (answer.status >= 200)
                all += answer.text() + "\n";
        return all + end + trouble;
    }
};

class http_conformance : public testing::Test {
protected:
    void SetUp() override
    {
        fill_folder();
        light.start();
        names = {{"authority", light.authority()},
                 {"address", "127.0.0.1"},
                 {"port", std::to_string(light.port)},
                 {"host", "HOST: " + light.authority()},
                 {"doc", "/desc.xml"},
                 {"doc-escaped", "/%64%65%73%63%2E%78%6d%6C"},
                 {"other", "/scpd.xml"},
                 {"get", "GET /desc.xml HTTP/1.1\r\nHOST: " + light.authority()},
                 {"control", "/control"},
                 {"event", "/event"},
                 {"echo", "/echo"},
                 {"file", "/files/ten.txt"},
                 {"file-etag", ""}};
        auto const document = fetch("/desc.xml");
        auto const packed = fetch("/desc.xml", "ACCEPT-ENCODING: gzip\r\n");
        bodies = {
            {"doc", document.body}, {"other", fetch("/scpd.xml").body}, {"gzip doc", gzip(document.body)}};
        auto const tag = document.field("ETAG").value();
        names["etag"] = tag;
        names["etag-text"] = tag.substr(1, tag.size() - 2);
        names["gzip-etag"] = packed.field("ETAG").value();
        names["file-etag"] = fetch("/files/ten.txt").field("ETAG").value();
    }

    /// All rows of a group, in whichever table it is.
    void check(std::string const& group)
    {
        bool const of_files = files().groups().contains(group);
        for (auto const& row : (of_files ? files() : table()).groups().at(group)) {
            SCOPED_TRACE(joined({"tests/http/", of_files ? "files" : "conformance",
                                 ".txt:", std::to_string(row.line), ": ", row.name}));
            ASSERT_FALSE(row.end.empty()) << "open, closed or gone?";
            auto const at_once = play(row, {});
            auto const faults = judge(row, at_once);
            if (row.bug)
                EXPECT_FALSE(faults.empty()) << "the server does right now: the line `bug:` has to go";
            else
                EXPECT_THAT(faults, IsEmpty()) << at_once.text();
            check_delivery(row, {std::nullopt, true}, at_once);
            for (std::size_t cut = 1; row.splits && cut < fill(row.turns[0].bytes).size(); ++cut)
                check_delivery(row, {cut, false}, at_once);
        }
    }

    static http_table const& table()
    {
        static http_table const read{"conformance.txt"};
        return read;
    }

    static http_table const& files()
    {
        static http_table const read{"files.txt"};
        return read;
    }

    heard_answer fetch(std::string const& path, std::string const& fields = "",
                       std::string const& method = "GET")
    {
        auto socket = light.connect();
        asio::write(socket, asio::buffer(method + " " + path + " HTTP/1.1\r\nHOST: " + light.authority() +
                                         "\r\nCONNECTION: close\r\n" + fields + "\r\n"));
        auto const bytes = read(socket, [](auto const&) { return false; });
        return answer_reader{bytes}.next(method == "HEAD").value();
    }

    web_content content() const
    {
        web_content web;
        web.folders.push_back({"/files/", folder.path()});
        web.routes.push_back({"/echo", {"POST"}, [](web_exchange& x) { return echo(x); }, 1'000'000});
        return web;
    }

    static asio::awaitable<void> echo(web_exchange& x)
    {
        std::string all;
        for (;;) {
            auto part = co_await x.read();
            if (!part)
                co_return;
            if (part->empty())
                break;
            all += *part;
        }
        web_response head;
        head.length = all.size();
        auto begun = co_await x.respond(std::move(head));
        if (!begun)
            co_return;
        auto written = co_await x.write(all);
        (void)written;
    }

    /// As the head of tests/http/files.txt has it.
    void fill_folder() const
    {
        namespace fs = std::filesystem;
        folder.write("ten.txt", "0123456789");
        folder.write("empty.txt", "");
        folder.write("sub/index.html", "<p>");
        for (auto const* name : {"with blank.txt", "caf\xc3\xa9.txt", ".hidden", ".git/config"})
            folder.write(name, "here");
        fs::create_symlink("ten.txt", folder.path() / "link.txt");
        fs::create_directory_symlink("sub", folder.path() / "linked");
        fs::create_directory(folder.path() / "nothing");
        ASSERT_EQ(::mkfifo((folder.path() / "pipe").c_str(), 0600), 0);
        date("ten.txt", std::chrono::sys_days{std::chrono::year{2024} / 1 / 2} + 3h + 4min + 5s);
    }

    void date(std::string const& name, std::chrono::sys_seconds written) const
    {
        timespec const when{static_cast<time_t>(written.time_since_epoch().count()), 0};
        timespec const both[2]{when, when};
        ASSERT_EQ(::utimensat(AT_FDCWD, (folder.path() / name).c_str(), both, 0), 0);
    }

    temporary_folder folder;
    live_light light{[this](host_options& o) {
        o.web = content();
        // No row is about time, and a machine may be busy: byte by byte takes as long as it takes.
        auto& http = o.limits.http;
        for (auto* deadline :
             {&http.header_deadline, &http.body_deadline, &http.idle_deadline, &http.linger_deadline})
            *deadline = 3600s;
    }};

private:
    std::string fill(std::string const& text) const { return http_table::fill_in(text, names); }

    void check_delivery(http_row const& row, delivery const& how, outcome const& at_once)
    {
        auto const other = play(row, how);
        EXPECT_EQ(other.text(), at_once.text()) << how.name();
    }

    /// Behind a row goes a request that closes the connection: if it is answered, the connection was open.
    outcome play(http_row const& row, delivery const& how)
    {
        auto socket = light.connect();
        socket.set_option(tcp::no_delay{true});
        auto const answers = row.answers();
        auto const last = joined({"GET ", names.at("other"), " HTTP/1.1\r\nHOST: ", light.authority(),
                                  "\r\nCONNECTION: close\r\n\r\n"});
        std::string got;
        std::size_t due = 0;
        for (std::size_t i = 0; i < row.turns.size(); ++i) {
            auto bytes = fill(row.turns[i].bytes);
            bool const is_last = i + 1 == row.turns.size();
            if (is_last && row.end != "gone")
                bytes += last;
            send(socket, bytes, i == 0 ? how : delivery{std::nullopt, how.byte_by_byte});
            due += row.turns[i].answers.size();
            if (!is_last)
                got += read(socket, [&](std::string const& all) { return has(got + all, answers, due); });
        }
        boost::system::error_code ignored;
        if (row.end == "gone")
            socket.shutdown(tcp::socket::shutdown_send, ignored);
        got += read(socket, [](auto const&) { return false; }); // to the end
        return understand(got, answers);
    }

    void send(tcp::socket& socket, std::string_view bytes, delivery const& how)
    {
        while (!bytes.empty()) {
            auto const size = how.byte_by_byte ? 1 : std::min(how.cut.value_or(bytes.size()), bytes.size());
            boost::system::error_code ignored; // the server may have closed
            asio::write(socket, asio::buffer(bytes.data(), size), ignored);
            bytes.remove_prefix(size);
            if (how.byte_by_byte || how.cut) {
                light.io.restart();
                light.io.poll();
            }
            if (how.cut)
                break;
        }
        if (how.cut && !bytes.empty())
            send(socket, bytes, {});
    }

    /// As live_light::read(), but with no pause between two steps: there are many rows.
    std::string read(tcp::socket& socket, std::function<bool(std::string const&)> const& enough)
    {
        auto const end = std::chrono::steady_clock::now() + 60s;
        std::string all;
        while (!enough(all)) {
            char chunk[4096];
            boost::system::error_code ec;
            all.append(chunk, socket.read_some(asio::buffer(chunk), ec));
            if (ec && ec != asio::error::would_block)
                break;
            if (std::chrono::steady_clock::now() > end)
                throw std::runtime_error{"waited in vain for an answer"};
            if (ec) {
                light.io.restart();
                light.io.run_one_for(10ms);
            }
        }
        return all;
    }

    static bool has(std::string_view bytes, std::vector<wanted_answer> const& answers, std::size_t count)
    {
        answer_reader reader{bytes};
        for (std::size_t i = 0; i < count; ++i)
            if (!reader.next(answers[i].head))
                return false;
        return true;
    }

    outcome understand(std::string_view bytes, std::vector<wanted_answer> const& wanted) const
    {
        outcome seen;
        answer_reader reader{bytes};
        auto next = wanted.begin();
        try {
            while (!reader.empty()) {
                while (next != wanted.end() && next->interim())
                    ++next;
                auto heard = reader.next(next != wanted.end() && next->head);
                if (!heard) {
                    seen.trouble = "an answer without its end";
                    break;
                }
                if (heard->status >= 200 && next != wanted.end())
                    ++next;
                seen.answers.push_back(*std::move(heard));
            }
        } catch (std::exception const& e) {
            seen.trouble = e.what();
        }
        seen.end = "closed";
        auto const finals = std::count_if(wanted.begin(), wanted.end(), [](auto& a) { return !a.interim(); });
        auto const heard_finals = std::count_if(seen.answers.begin(), seen.answers.end(),
                                                [](heard_answer const& a) { return a.status >= 200; });
        if (heard_finals == finals + 1 && seen.answers.back().body == bodies.at("other")) {
            seen.answers.pop_back();
            seen.end = "open";
        }
        return seen;
    }

    // ---- What is wrong with it

    std::vector<std::string> judge(http_row const& row, outcome const& seen) const
    {
        std::vector<std::string> faults;
        auto const fault = [&](std::string what) { faults.push_back(std::move(what)); };
        if (!seen.trouble.empty())
            fault(seen.trouble);
        auto const end = row.end == "gone" ? "closed" : row.end;
        if (seen.end != end)
            fault("the connection is " + seen.end);
        auto heard = seen.answers.begin();
        for (auto const& wanted : row.answers()) {
            bool const there = heard != seen.answers.end() && heard->status == wanted.status;
            if (!there && wanted.optional)
                continue;
            if (!there) {
                fault(heard == seen.answers.end() ? "too few answers" : std::to_string(heard->status));
                return faults;
            }
            bool const closes = seen.end == "closed" && heard + 1 == seen.answers.end() && row.end != "gone";
            judge(wanted, *heard, closes, fault);
            ++heard;
        }
        if (heard != seen.answers.end())
            fault("too many answers");
        return faults;
    }

    template <class Fault>
    void judge(wanted_answer const& wanted, heard_answer const& heard, bool closes, Fault const& fault) const
    {
        if (heard.version != wanted.version)
            fault(heard.version);
        for (auto const& field : wanted.fields) {
            auto const value = heard.field(field.name);
            if (value.has_value() == field.absent)
                fault(field.name + (field.absent ? " is there" : " is not there"));
            else if (field.value && value != fill(*field.value))
                fault(field.name + " is " + *value);
        }
        if (wanted.body && wanted.has_body()) {
            auto const named = bodies.find(*wanted.body);
            if (heard.body != (named == bodies.end() ? fill(*wanted.body) : named->second))
                fault("another body");
        }
        judge_framing(heard, closes, fault);
    }

    /// What holds of every answer (RFC 9112, 6.2 and 6.3; RFC 9110, 8.6; UDA 2.0, 2.1).
    template <class Fault>
    static void judge_framing(heard_answer const& heard, bool closes, Fault const& fault)
    {
        auto const lengths = heard.count("CONTENT-LENGTH") + heard.count("TRANSFER-ENCODING");
        bool const framed = heard.status >= 200 && heard.status != 204 && heard.status != 304;
        if (lengths != (framed ? 1 : 0))
            fault("framed " + std::to_string(lengths) + " times");
        bool const says_so = heard.field("CONNECTION") == "close";
        if (says_so != (closes && heard.version == "HTTP/1.1"))
            fault(says_so ? "CONNECTION: close, and it stays" : "it closes without CONNECTION: close");
        for (auto const& [name, value] : heard.fields)
            if (heard.count(name) != 1)
                fault(name + " is there twice");
    }

    http_table::names names;
    std::map<std::string, std::string> bodies;
};

TEST_F(http_conformance, DESC_07_DESC_08_DESC_09_versions) { check("versions"); }
TEST_F(http_conformance, DESC_16_host) { check("host"); }
TEST_F(http_conformance, DESC_17_methods) { check("methods"); }
TEST_F(http_conformance, CTRL_21_targets) { check("targets"); }
TEST_F(http_conformance, DESC_17_fields) { check("fields"); }
TEST_F(http_conformance, DESC_04_DESC_12_bodies) { check("bodies"); }
TEST_F(http_conformance, DESC_12_chunks) { check("chunks"); }
TEST_F(http_conformance, DESC_15_expectations) { check("expectations"); }
TEST_F(http_conformance, DESC_10_pipelining) { check("pipelining"); }
TEST_F(http_conformance, DESC_09_DESC_10_DESC_11_persistence) { check("persistence"); }
TEST_F(http_conformance, DESC_06_dates) { check("dates"); }
TEST_F(http_conformance, conditions) { check("conditions"); }
TEST_F(http_conformance, DESC_19_codings) { check("codings"); }
TEST_F(http_conformance, DESC_17_empty_lines) { check("empty lines"); }
TEST_F(http_conformance, routes) { check("routes"); }
TEST_F(http_conformance, DESC_17_control) { check("control"); }

TEST_F(http_conformance, origin) { check("origin"); }
TEST_F(http_conformance, files) { check("files"); }
TEST_F(http_conformance, ranges_of_files) { check("ranges"); }
TEST_F(http_conformance, ranges_of_files_that_are_still_the_same) { check("if-range"); }
TEST_F(http_conformance, conditions_of_files) { check("file conditions"); }
TEST_F(http_conformance, CTRL_21_file_names) { check("file names"); }

TEST_F(http_conformance, HEAD_has_the_fields_of_GET)
{
    for (auto const* path : {"/desc.xml", "/scpd.xml", "/files/ten.txt", "/files/empty.txt"})
        for (auto const* fields : {"", "ACCEPT-ENCODING: gzip\r\n", "ACCEPT-LANGUAGE: en\r\n"}) {
            auto got = fetch(path, fields);
            got.body.clear();
            EXPECT_EQ(fetch(path, fields, "HEAD").text(), got.text()) << path << ' ' << fields;
        }
}

TEST_F(http_conformance, a_file_of_tomorrow_was_not_written_later_than_now)
{
    folder.write("future.txt", "x");
    date("future.txt", std::chrono::sys_days{std::chrono::year{2100} / 1 / 1});
    auto const answer = fetch("/files/future.txt");
    EXPECT_EQ(answer.field("LAST-MODIFIED"), answer.field("DATE"));
}

TEST_F(http_conformance, every_group_of_the_tables_has_a_test)
{
    std::vector<std::string> groups;
    for (auto const* table : {&table(), &files()})
        for (auto const& [name, rows] : table->groups())
            groups.push_back(name);
    EXPECT_THAT(groups, testing::UnorderedElementsAre("versions", "host", "methods", "targets", "fields",
                                                      "bodies", "chunks", "expectations", "pipelining",
                                                      "persistence", "dates", "conditions", "codings",
                                                      "empty lines", "routes", "control", "origin", "files",
                                                      "ranges", "if-range", "file conditions", "file names"));
}

} // namespace
} // namespace onlink::test
