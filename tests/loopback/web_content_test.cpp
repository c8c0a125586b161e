// SPDX-License-Identifier: BSL-1.0
// Pages, folders and routes of the application, over real sockets.
#include "support/live_light.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

namespace onlink::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;
using testing::StartsWith;

std::string field_of(std::string const& answer, std::string const& name)
{
    auto const at = answer.find("\r\n" + name + ": ");
    if (at == answer.npos)
        return {};
    auto const begin = at + name.size() + 4;
    return answer.substr(begin, answer.find("\r\n", begin) - begin);
}

std::string body_of(std::string const& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }

/// A light with a page, a folder, and whatever a test adds.
class web : public testing::Test {
public:
    live_light& light()
    {
        if (!light_) {
            light_.emplace([this](host_options& o) {
                o.web = content;
                change(o);
            });
            light_->start();
        }
        return *light_;
    }

    std::string ask(std::string const& method, std::string const& path, std::string const& fields = "")
    {
        auto& l = light();
        auto socket = l.connect();
        auto const request =
            method + " " + path + " HTTP/1.1\r\nHOST: " + l.authority() + "\r\n" + fields + "\r\n";
        asio::write(socket, asio::buffer(request));
        return l.read(socket, [&](std::string const& all) {
            return method == "HEAD" || field_of(all, "CONTENT-LENGTH").empty()
                       ? all.find("\r\n\r\n") != all.npos
                       : live_light::complete(all);
        });
    }
    std::string get(std::string const& path, std::string const& fields = "")
    {
        return ask("GET", path, fields);
    }

    void route(std::string path, std::vector<std::string> methods, web_handler run,
               std::uint64_t max_body = 0)
    {
        content.routes.push_back({std::move(path), std::move(methods), std::move(run), max_body});
    }

    temporary_folder folder;
    web_content content{
        .files = {{"/light/", "text/html; charset=\"utf-8\"", "<p>" + std::string(2000, 'x')}},
        .folders = {{"/files/", folder.path()}},
        .routes = {}};
    std::function<void(host_options&)> change = [](host_options&) {};

private:
    std::optional<live_light> light_;
};

// ---- Files in memory

TEST_F(web, DESC_80_a_page_in_memory)
{
    auto const answer = get("/light/");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_EQ(field_of(answer, "CONTENT-TYPE"), "text/html; charset=\"utf-8\"");
    EXPECT_THAT(body_of(answer), StartsWith("<p>xxx"));
    EXPECT_THAT(ask("HEAD", "/light/"), EndsWith("\r\n\r\n"));
    EXPECT_THAT(ask("POST", "/light/", "CONTENT-LENGTH: 0\r\n"), StartsWith("HTTP/1.1 405 "));
    EXPECT_THAT(get("/light"), StartsWith("HTTP/1.1 404 "));
}

TEST_F(web, DESC_81_CONTENT_LANGUAGE_if_and_only_if_it_was_asked_for)
{
    folder.write("a.txt", "a");
    for (auto const* path : {"/light/", "/files/a.txt"}) {
        EXPECT_EQ(field_of(get(path), "CONTENT-LANGUAGE"), "");
        EXPECT_EQ(field_of(get(path, "ACCEPT-LANGUAGE: fr\r\n"), "CONTENT-LANGUAGE"), "en");
    }
}

TEST_F(web, DESC_19_gzip_for_those_who_ask_and_304_for_those_who_have_it)
{
    for (auto const* path : {"/light/", "/scpd.xml", "/desc.xml"}) {
        auto const plain = get(path);
        auto const packed = get(path, "ACCEPT-ENCODING: gzip, deflate\r\n");
        EXPECT_EQ(field_of(plain, "CONTENT-ENCODING"), "") << path;
        EXPECT_EQ(field_of(packed, "CONTENT-ENCODING"), "gzip") << path;
        EXPECT_LT(body_of(packed).size(), body_of(plain).size()) << path;
        for (auto const& [answer, fields] :
             {std::pair{plain, std::string{}}, std::pair{packed, std::string{"ACCEPT-ENCODING: gzip\r\n"}}}) {
            auto const tag = field_of(answer, "ETAG");
            EXPECT_THAT(tag, StartsWith("\""));
            auto const again = get(path, fields + "IF-NONE-MATCH: " + tag + "\r\n");
            EXPECT_THAT(again, StartsWith("HTTP/1.1 304 Not Modified\r\n"));
            EXPECT_EQ(field_of(again, "ETAG"), tag);
            EXPECT_EQ(body_of(again), "");
        }
    }
}

// ---- Folders

TEST_F(web, a_file_of_a_folder)
{
    folder.write("song.mp3", std::string(200000, 's'));
    folder.write("sub/index.html", "<p>");
    auto const song = get("/files/song.mp3");
    EXPECT_THAT(song, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_EQ(body_of(song), std::string(200000, 's'));
    EXPECT_EQ(field_of(song, "CONTENT-TYPE"), "audio/mpeg");
    EXPECT_EQ(field_of(song, "ACCEPT-RANGES"), "bytes");
    EXPECT_EQ(field_of(song, "X-CONTENT-TYPE-OPTIONS"), "nosniff");
    EXPECT_THAT(field_of(song, "LAST-MODIFIED"), EndsWith(" GMT"));
    EXPECT_EQ(body_of(get("/files/sub/")), "<p>");
    EXPECT_EQ(body_of(get("/files/%73ub/?x=../..")), "<p>");

    auto const tag = field_of(song, "ETAG");
    EXPECT_THAT(get("/files/song.mp3", "IF-NONE-MATCH: " + tag + "\r\n"), StartsWith("HTTP/1.1 304 "));
    EXPECT_THAT(get("/files/song.mp3", "IF-MODIFIED-SINCE: " + field_of(song, "LAST-MODIFIED") + "\r\n"),
                StartsWith("HTTP/1.1 304 "));
    folder.write("song.mp3", "another one");
    EXPECT_EQ(body_of(get("/files/song.mp3", "IF-NONE-MATCH: " + tag + "\r\n")), "another one");
}

TEST_F(web, names_may_have_any_letter)
{
    folder.write("Bj\xc3\xb6rk/J\xc3\xb3ga 1.ogg", "la");
    EXPECT_EQ(body_of(get("/files/Bj%C3%B6rk/J%c3%b3ga%201.ogg")), "la");
}

TEST_F(web, a_range_of_a_file)
{
    folder.write("ten", "0123456789");
    auto const part = get("/files/ten", "RANGE: bytes=2-4\r\n");
    EXPECT_THAT(part, StartsWith("HTTP/1.1 206 Partial Content\r\n"));
    EXPECT_EQ(field_of(part, "CONTENT-RANGE"), "bytes 2-4/10");
    EXPECT_EQ(field_of(part, "CONTENT-LENGTH"), "3");
    EXPECT_EQ(body_of(part), "234");
    EXPECT_EQ(body_of(get("/files/ten", "RANGE: bytes=-3\r\n")), "789");
    auto const beyond = get("/files/ten", "RANGE: bytes=10-\r\n");
    EXPECT_THAT(beyond, StartsWith("HTTP/1.1 416 "));
    EXPECT_EQ(field_of(beyond, "CONTENT-RANGE"), "bytes */10");
    EXPECT_EQ(body_of(get("/files/ten", "RANGE: bytes=0-0,2-3\r\n")), "0123456789") << "several: all of it";
}

TEST_F(web, nothing_outside_the_folder_nor_hidden_nor_linked_nor_special)
{
    folder.write("in.txt", "in");
    folder.write(".hidden", "no");
    folder.write(".git/config", "no");
    folder.write("empty/.keep", "");
    temporary_folder outside;
    outside.write("secret", "no");
    fs::create_symlink(outside.path() / "secret", folder.path() / "link");
    fs::create_directory_symlink(outside.path(), folder.path() / "dir");
    fs::create_symlink("in.txt", folder.path() / "inner");
    ASSERT_EQ(::mkfifo((folder.path() / "pipe").c_str(), 0600), 0);
    auto const secret = outside.path().filename().string() + "/secret";
    for (auto const& path : {std::string{"link"},      std::string{"dir/secret"}, std::string{"inner"},
                             std::string{"pipe"},      std::string{".hidden"},    std::string{".git/config"},
                             std::string{"%2ehidden"}, std::string{"empty"},      std::string{"empty/"},
                             std::string{"nothing"},   std::string{"in.txt/"},    std::string{"in.txt/x"},
                             std::string{""},          std::string{"/in.txt"},    std::string{"./in.txt"},
                             "../" + secret,           "%2e%2e/" + secret,        "..%2f" + secret,
                             "..%5c" + secret,         std::string{"in.txt%00"},  std::string{"sub//in.txt"},
                             std::string(900, 'a')}) {
        auto const answer = get("/files/" + path);
        EXPECT_THAT(answer, testing::AnyOf(StartsWith("HTTP/1.1 404 "), StartsWith("HTTP/1.1 400 "))) << path;
        EXPECT_THAT(answer, Not(HasSubstr("\r\n\r\nno"))) << path;
    }
    EXPECT_EQ(body_of(get("/files/in.txt")), "in");
    EXPECT_THAT(light().watch->refusals, Contains(refusal_reason::not_found));
}

TEST_F(web, links_are_followed_where_the_application_says_so)
{
    temporary_folder outside;
    outside.write("film", "reel");
    fs::create_symlink(outside.path() / "film", folder.path() / "film");
    content.folders[0].follow_symlinks = true;
    EXPECT_EQ(body_of(get("/files/film")), "reel");
}

TEST_F(web, a_file_of_more_than_4_GiB_in_constant_memory)
{
    constexpr std::uint64_t size = 5'000'000'000; // sparse: it takes no room
    folder.write("big", "");
    fs::resize_file(folder.path() / "big", size);
    EXPECT_EQ(field_of(ask("HEAD", "/files/big"), "CONTENT-LENGTH"), "5000000000");
    auto const tail = get("/files/big", "RANGE: bytes=4999999990-\r\n");
    EXPECT_EQ(field_of(tail, "CONTENT-RANGE"), "bytes 4999999990-4999999999/5000000000");
    EXPECT_EQ(body_of(tail), std::string(10, '\0'));
}

TEST_F(web, a_file_that_is_cut_meanwhile_ends_the_connection)
{
    change = [](host_options& o) { o.limits.http.transfer_buffer = 4096; };
    constexpr std::size_t size = 32 * 1024 * 1024; // more than the kernel takes in at once
    folder.write("film", "");
    fs::resize_file(folder.path() / "film", size);
    auto socket = light().connect();
    asio::write(socket, asio::buffer(light().get("/files/film")));
    light().run_until([&] { return socket.available() > 0; });
    fs::resize_file(folder.path() / "film", 10);
    auto const all = light().read(socket, [](auto const&) { return false; }); // to the end
    EXPECT_EQ(field_of(all, "CONTENT-LENGTH"), std::to_string(size));
    EXPECT_LT(all.size(), size);
}

TEST_F(web, a_peer_that_reads_nothing_is_given_up)
{
    change = [](host_options& o) {
        o.limits.http.transfer_deadline = 1s;
        o.limits.http.max_transfers = o.limits.http.max_transfers_per_peer = 1;
    };
    folder.write("film", "");
    fs::resize_file(folder.path() / "film", 64 * 1024 * 1024);
    folder.write("a", "a");
    auto slow = light().connect();
    asio::write(slow, asio::buffer(light().get("/files/film")));
    light().run_until([&] { return slow.available() > 0; });
    EXPECT_THAT(get("/files/a"), StartsWith("HTTP/1.1 503 ")) << "limits::http::max_transfers";
    EXPECT_THAT(light().watch->refusals, Contains(refusal_reason::transfer_limit));
    light().run_until([&] { return get("/files/a").starts_with("HTTP/1.1 200 "); },
                      "room for another transfer");
}

TEST_F(web, one_peer_cannot_take_all_transfers)
{
    change = [](host_options& o) {
        o.limits.http.max_transfers = 3;
        o.limits.http.max_transfers_per_peer = 2;
    };
    folder.write("film", "");
    fs::resize_file(folder.path() / "film", 64 * 1024 * 1024);
    std::vector<tcp::socket> slow;
    for (int i = 0; i < 2; ++i) {
        slow.push_back(light().connect());
        asio::write(slow.back(), asio::buffer(light().get("/files/film")));
        light().run_until([&] { return slow.back().available() > 0; });
    }
    EXPECT_THAT(get("/files/film"), StartsWith("HTTP/1.1 503 ")) << "limits::http::max_transfers_per_peer";
    tcp::socket other{light().io, {asio::ip::make_address("127.0.0.2"), 0}};
    other.connect({asio::ip::address_v4::loopback(), light().port});
    asio::write(other, asio::buffer(light().get("/files/film")));
    light().run_until([&] { return other.available() > 0; });
    EXPECT_EQ(light().host->snapshot().running_transfers, 3U);
    slow.clear();
    other.close();
    light().run_until([&] { return light().host->snapshot().running_transfers == 0; }, "all places");
}

// ---- Routes

TEST_F(web, a_handler_answers_with_a_body_of_known_length)
{
    route("/hello", {"GET"}, [](web_exchange& x) -> asio::awaitable<void> {
        auto const text = x.request().method + " " + x.request().path + " " + x.request().query + " " +
                          x.request().caller.to_string() + " " + x.request().interface_name;
        web_response head{.fields = {{"CONTENT-TYPE", "text/plain"}}, .length = text.size()};
        auto begun = co_await x.respond(std::move(head));
        EXPECT_TRUE(begun);
        auto written = co_await x.write(text);
        EXPECT_TRUE(written);
        auto more = co_await x.write("x");
        EXPECT_EQ(more.error(), errc::too_large);
        auto again = co_await x.respond({});
        EXPECT_EQ(again.error(), errc::bad_state);
    });
    auto const answer = get("/hello?a=%20b");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_EQ(body_of(answer), "GET /hello a=%20b 127.0.0.1 lo");
    EXPECT_THAT(field_of(answer, "SERVER"), HasSubstr("UPnP/2.0"));
    EXPECT_NE(field_of(answer, "DATE"), "");
    EXPECT_EQ(field_of(ask("HEAD", "/hello"), "CONTENT-LENGTH"), "25");
    auto const refused = ask("PUT", "/hello");
    EXPECT_THAT(refused, StartsWith("HTTP/1.1 405 "));
    EXPECT_EQ(field_of(refused, "ALLOW"), "GET");
    EXPECT_THAT(get("/hello/x"), StartsWith("HTTP/1.1 404 "));
}

TEST_F(web, a_handler_answers_in_chunks_and_the_connection_stays)
{
    route("/below/", {"GET"}, [](web_exchange& x) -> asio::awaitable<void> {
        auto begun = co_await x.respond({});
        EXPECT_TRUE(begun);
        for (auto const* part : {"abc", "", "0123456789abcdef"}) {
            auto written = co_await x.write(part);
            EXPECT_TRUE(written);
        }
    });
    auto socket = light().connect();
    for (auto const* path : {"/below/", "/below/any/thing"}) {
        asio::write(socket, asio::buffer(light().get(path)));
        auto const answer =
            light().read(socket, [](std::string const& all) { return all.ends_with("0\r\n\r\n"); });
        EXPECT_EQ(field_of(answer, "TRANSFER-ENCODING"), "chunked");
        EXPECT_EQ(body_of(answer), "3\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n");
    }
    auto old = light().get("/below/");
    old.replace(old.find("HTTP/1.1"), 8, "HTTP/1.0");
    auto other = light().connect();
    asio::write(other, asio::buffer(old));
    auto const to_the_end = light().read(other, [](auto const&) { return false; });
    EXPECT_THAT(to_the_end, StartsWith("HTTP/1.0 200 OK\r\n"));
    EXPECT_EQ(body_of(to_the_end), "abc0123456789abcdef");
}

/// Counts what it is sent, and how much it ever had at a time.
struct printer {
    std::uint64_t bytes = 0;
    std::size_t largest = 0;
    boost::system::error_code error;

    web_handler handler()
    {
        return [this](web_exchange& x) -> asio::awaitable<void> {
            for (;;) {
                auto part = co_await x.read();
                if (!part) {
                    error = part.error();
                    co_return;
                }
                if (part->empty())
                    break;
                bytes += part->size();
                largest = std::max(largest, part->size());
            }
            auto begun = co_await x.respond({.status = 201, .fields = {}, .length = 0});
            (void)begun;
        };
    }
};

TEST_F(web, a_handler_consumes_a_large_body_in_constant_memory)
{
    printer p;
    route("/print", {"POST"}, p.handler(), 100'000'000);
    std::string const body(20'000'000, 'p');
    auto socket = light().connect();
    asio::write(socket, asio::buffer("POST /print HTTP/1.1\r\nHOST: " + light().authority() +
                                     "\r\nCONTENT-LENGTH: " + std::to_string(body.size()) + "\r\n\r\n"));
    asio::async_write(socket, asio::buffer(body), [](auto...) {});
    light().run_until([&] { return p.bytes == body.size(); }, "all of the body");
    EXPECT_THAT(light().read(socket, live_light::complete), StartsWith("HTTP/1.1 201 Created\r\n"));
    EXPECT_LE(p.largest, limits{}.http.transfer_buffer);
    EXPECT_THAT(light().exchange(socket, light().get("/desc.xml")), StartsWith("HTTP/1.1 200 OK"));
}

/// A peer whose connection moves a byte every now and then, each of them in time.
TEST_F(web, a_peer_that_sends_or_reads_a_little_at_a_time_is_given_up)
{
    change = [](host_options& o) { o.limits.http.transfer_deadline = 1s; };
    printer p;
    route("/print", {"POST"}, p.handler(), 100'000'000);
    route("/drop", {"GET"}, [](web_exchange& x) -> asio::awaitable<void> {
        auto begun = co_await x.respond({.fields = {}});
        std::string const part(1024, 'd');
        while (begun)
            begun = co_await x.write(part);
    });
    auto sender = light().connect();
    asio::write(sender, asio::buffer("POST /print HTTP/1.1\r\nHOST: " + light().authority() +
                                     "\r\nCONTENT-LENGTH: 100000000\r\n\r\n"));
    tcp::socket reader{light().io};
    reader.open(tcp::v4());
    reader.set_option(asio::socket_base::receive_buffer_size{4096});
    reader.connect({asio::ip::address_v4::loopback(), light().port});
    asio::write(reader, asio::buffer(light().get("/drop")));
    light().run_until([&] { return light().host->snapshot().running_transfers == 2; }, "both");
    light().run_until(
        [&] {
            boost::system::error_code ignored;
            asio::write(sender, asio::buffer("p", 1), ignored);
            char one[512];
            if (reader.available() > sizeof one)
                reader.read_some(asio::buffer(one), ignored);
            return light().host->snapshot().running_transfers == 0;
        },
        "the end of both");
    EXPECT_GT(p.bytes, 1U);
    EXPECT_THAT(light().watch->refusals,
                IsSupersetOf({refusal_reason::request_timeout, refusal_reason::answer_timeout}));
}

TEST_F(web, a_handler_consumes_chunks_and_is_told_where_they_break)
{
    printer p;
    route("/print", {"POST"}, p.handler(), 1000);
    auto const head =
        "POST /print HTTP/1.1\r\nHOST: " + light().authority() + "\r\nTRANSFER-ENCODING: chunked\r\n\r\n";
    EXPECT_THAT(light().exchange(head + "3\r\nabc\r\n2;x\r\nde\r\n0\r\n\r\n"), StartsWith("HTTP/1.1 201 "));
    EXPECT_EQ(p.bytes, 5U);
    auto socket = light().connect();
    asio::write(socket, asio::buffer(head + "3\r\nabc\r\n"));
    light().run_until([&] { return p.bytes == 8; }, "the first chunk");
    EXPECT_THAT(light().exchange(socket, "!!"), StartsWith("HTTP/1.1 400 "));
    EXPECT_EQ(p.error, errc::malformed);
    EXPECT_THAT(light().exchange(head + "fff\r\n"), StartsWith("HTTP/1.1 413 "));
}

TEST_F(web, a_body_over_the_limit_of_its_route_is_413_before_it_arrives)
{
    printer p;
    route("/print", {"POST"}, p.handler(), 1000);
    auto const with = [&](char const* path, std::size_t size) {
        return light().exchange("POST " + std::string{path} + " HTTP/1.1\r\nHOST: " + light().authority() +
                                "\r\nCONTENT-LENGTH: " + std::to_string(size) + "\r\n\r\n" +
                                (size <= 1024 ? std::string(size, 'x') : ""));
    };
    EXPECT_THAT(with("/print", 1000), StartsWith("HTTP/1.1 201 "));
    EXPECT_THAT(with("/print", 1001), StartsWith("HTTP/1.1 413 "));
    EXPECT_THAT(with("/nothing", 1024), StartsWith("HTTP/1.1 404 ")) << "read and thrown away";
    EXPECT_THAT(with("/nothing", 1025), StartsWith("HTTP/1.1 413 ")) << "limits::http::max_ignored_body";
    EXPECT_THAT(with("/control", 64 * 1024 + 1), StartsWith("HTTP/1.1 413 "));
}

TEST_F(web, DESC_15_a_handler_that_does_not_read_sends_no_100_continue)
{
    route(
        "/no", {"PUT"},
        [](web_exchange& x) -> asio::awaitable<void> {
            auto begun = co_await x.respond({.status = 403, .fields = {}, .length = 0});
            EXPECT_TRUE(begun);
        },
        1000);
    printer p;
    route("/yes", {"PUT"}, p.handler(), 1000);
    auto const head = [&](char const* path) {
        return "PUT " + std::string{path} + " HTTP/1.1\r\nHOST: " + light().authority() +
               "\r\nEXPECT: 100-continue\r\nCONTENT-LENGTH: 3\r\n\r\n";
    };
    auto const refused = light().exchange(head("/no"));
    EXPECT_THAT(refused, AllOf(StartsWith("HTTP/1.1 403 "), HasSubstr("CONNECTION: close\r\n")));
    auto socket = light().connect();
    EXPECT_EQ(light().exchange(socket, head("/yes")), "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_THAT(light().exchange(socket, "abc"), StartsWith("HTTP/1.1 201 "));
}

TEST_F(web, a_handler_that_throws_or_says_nothing_is_500_and_nothing_leaks)
{
    route("/throw", {"GET"}, [](web_exchange&) -> asio::awaitable<void> {
        throw std::runtime_error{"secret"};
        co_return;
    });
    route("/silent", {"GET"}, [](web_exchange&) -> asio::awaitable<void> { co_return; });
    for (auto const* path : {"/throw", "/silent"})
        EXPECT_THAT(get(path), AllOf(StartsWith("HTTP/1.1 500 "), Not(HasSubstr("secret"))));
    EXPECT_EQ(light().host->refusals()[refusal_reason::internal_error], 1U) << "one of them threw";
}

TEST_F(web, an_answer_that_is_not_complete_is_not_taken_for_one)
{
    route("/short", {"GET"}, [](web_exchange& x) -> asio::awaitable<void> {
        auto begun = co_await x.respond({.fields = {}, .length = 10});
        auto written = co_await x.write("123");
        (void)begun, (void)written;
    });
    route("/thrown", {"GET"}, [](web_exchange& x) -> asio::awaitable<void> {
        auto begun = co_await x.respond({});
        auto written = co_await x.write("123");
        (void)begun, (void)written;
        throw 1;
    });
    for (auto const* path : {"/short", "/thrown"}) {
        auto socket = light().connect();
        asio::write(socket, asio::buffer(light().get(path)));
        auto const all = light().read(socket, [](auto const&) { return false; });
        EXPECT_THAT(all, AllOf(HasSubstr("123"), Not(HasSubstr("\r\n0\r\n\r\n")))) << path;
    }
}

TEST_F(web, an_answer_cannot_frame_itself_nor_add_lines)
{
    std::vector<web_response> const bad{{.status = 99},
                                        {.status = 600},
                                        {.fields = {{"CONTENT-LENGTH", "5"}}},
                                        {.fields = {{"Transfer-Encoding", "gzip"}}},
                                        {.fields = {{"connection", "keep-alive"}}},
                                        {.fields = {{"A B", "x"}}},
                                        {.fields = {{"", "x"}}},
                                        {.fields = {{"A", "x\r\nSET-COOKIE: y"}}}};
    route("/bad", {"GET"}, [&](web_exchange& x) -> asio::awaitable<void> {
        auto too_soon = co_await x.write("x");
        EXPECT_EQ(too_soon.error(), errc::bad_state);
        for (auto const& one : bad) {
            auto refused = co_await x.respond(one);
            EXPECT_EQ(refused.error(), errc::malformed);
        }
        auto begun = co_await x.respond({.status = 204});
        EXPECT_TRUE(begun);
    });
    EXPECT_THAT(get("/bad"), StartsWith("HTTP/1.1 204 No Content\r\n"));
}

TEST_F(web, stop_ends_a_handler_that_waits)
{
    bool waits = false;
    bool cancelled = false;
    asio::io_context* io = nullptr;
    change = [](host_options& o) { o.limits.stop_deadline = 50ms; };
    route("/wait", {"GET"}, [&](web_exchange&) -> asio::awaitable<void> {
        waits = true;
        asio::steady_timer timer{*io};
        timer.expires_after(1h);
        try {
            co_await timer.async_wait(asio::use_awaitable);
        } catch (boost::system::system_error const& e) {
            cancelled = e.code() == asio::error::operation_aborted;
            throw;
        }
    });
    io = &light().io;
    auto socket = light().connect();
    asio::write(socket, asio::buffer(light().get("/wait")));
    light().run_until([&] { return waits; }, "the beginning of the handler");
    light().host->stop();
    light().run_until([&] { return cancelled; }, "the end of the handler");
}

TEST_F(web, no_page_of_another_site_shows_it_in_a_frame_unless_that_is_allowed)
{
    auto const answers = [](web_fields fields) {
        return [fields](web_exchange& x) -> asio::awaitable<void> {
            web_response head{.fields = fields, .length = 0};
            auto begun = co_await x.respond(std::move(head));
            EXPECT_TRUE(begun);
        };
    };
    folder.write("a.html", "<p>");
    route("/plain", {"GET"}, answers({}));
    route("/own", {"GET"}, answers({{"Content-Security-Policy", "frame-ancestors https://a.example"}}));
    route("/framed", {"GET"}, answers({{"x-frame-options", "DENY"}}));
    for (auto const* path : {"/light/", "/files/a.html", "/plain"})
        EXPECT_EQ(field_of(get(path), "X-FRAME-OPTIONS"), "SAMEORIGIN") << path;
    EXPECT_EQ(field_of(get("/own"), "X-FRAME-OPTIONS"), "");
    EXPECT_EQ(field_of(get("/framed"), "x-frame-options"), "DENY");
    EXPECT_EQ(field_of(get("/framed"), "X-FRAME-OPTIONS"), "");
    EXPECT_EQ(field_of(get("/desc.xml"), "X-FRAME-OPTIONS"), "");
}

TEST_F(web, pages_of_other_sites_may_show_it_where_the_policy_says_so)
{
    change = [](host_options& o) { o.policies.allow_framing = true; };
    EXPECT_EQ(field_of(get("/light/"), "X-FRAME-OPTIONS"), "");
}

TEST_F(web, guards_stand_before_pages_and_handlers)
{
    bool ran = false;
    route("/run", {"GET"}, [&](web_exchange&) -> asio::awaitable<void> {
        ran = true;
        co_return;
    });
    for (auto const* path : {"/run", "/light/", "/files/x"})
        EXPECT_THAT(light().exchange("GET " + std::string{path} + " HTTP/1.1\r\nHOST: evil.example\r\n\r\n"),
                    StartsWith("HTTP/1.1 421 "));
    EXPECT_FALSE(ran);
}

TEST_F(web, a_path_of_a_device_cannot_be_taken)
{
    content.files.push_back({"/desc.xml", "text/html", "x"});
    try {
        light();
        FAIL();
    } catch (configuration_error const& e) {
        EXPECT_EQ(e.what_is_wrong().code, errc::duplicate);
        EXPECT_EQ(e.what_is_wrong().where, "web, /desc.xml");
    }
}

} // namespace
} // namespace onlink::test
