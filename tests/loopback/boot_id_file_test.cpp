// SPDX-License-Identifier: BSL-1.0
#include <onlink/boot_id_store.hpp>

#include "support/live_light.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace onlink {
namespace {

namespace fs = std::filesystem;

struct boot_id_file_test : testing::Test {
    void put(fs::path const& where, std::string const& text) const { std::ofstream{where} << text; }
    std::string content() const
    {
        std::ostringstream text;
        text << std::ifstream{path}.rdbuf();
        return text.str();
    }

    test::temporary_folder folder;
    fs::path const& directory = folder.path();
    fs::path const path = directory / "boot-id";
};

TEST_F(boot_id_file_test, SSDP_21_what_was_saved_is_loaded_by_the_next_life)
{
    EXPECT_EQ(boot_id_file(path)->load(), std::nullopt) << "the first life of all";
    for (std::uint32_t const id : {0u, 1u, 1700000123u, 2147483647u}) {
        ASSERT_TRUE(boot_id_file(path)->save(id));
        EXPECT_EQ(boot_id_file(path)->load(), id);
        EXPECT_EQ(content(), std::to_string(id) + '\n');
    }
    EXPECT_FALSE(fs::exists(path.string() + ".new"));
}

TEST_F(boot_id_file_test, what_is_no_number_is_as_if_it_were_not_there)
{
    auto const store = boot_id_file(path);
    for (std::string const bad : {"", "\n", "x", "12x", " 12", "12 ", "-1", "+1", "1.5", "12\n\n", "12\r\n",
                                  "2147483648", "99999999999999999999", "0x10"}) {
        put(path, bad);
        EXPECT_EQ(store->load(), std::nullopt) << bad;
    }
    put(path, std::string(100, '0') + "1");
    EXPECT_EQ(store->load(), std::nullopt) << "longer than any number";
    put(path, std::string{"12\0", 3});
    EXPECT_EQ(store->load(), std::nullopt);
    put(path, "12");
    EXPECT_EQ(store->load(), 12u) << "written by hand, without line break";
    put(path, "0012\n");
    EXPECT_EQ(store->load(), 12u);
}

TEST_F(boot_id_file_test, a_pipe_or_a_directory_in_its_place_holds_nobody_up)
{
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    EXPECT_EQ(boot_id_file(path)->load(), std::nullopt);
    fs::remove(path);
    fs::create_directory(path);
    put(path / "inside", "1");
    EXPECT_EQ(boot_id_file(path)->load(), std::nullopt);
    EXPECT_FALSE(boot_id_file(path)->save(7)) << "a directory is not written over";
    EXPECT_TRUE(fs::is_directory(path));
    EXPECT_FALSE(fs::exists(path.string() + ".new"));
}

TEST_F(boot_id_file_test, what_a_crash_left_behind_is_written_over)
{
    ASSERT_TRUE(boot_id_file(path)->save(7));
    put(path.string() + ".new", "half a num");
    EXPECT_EQ(boot_id_file(path)->load(), 7u);
    ASSERT_TRUE(boot_id_file(path)->save(8));
    EXPECT_EQ(content(), "8\n");
}

TEST_F(boot_id_file_test, a_link_in_the_way_is_not_followed)
{
    put(directory / "victim", "precious");
    fs::create_symlink(directory / "victim", path.string() + ".new");
    EXPECT_TRUE(boot_id_file(path)->save(7));
    fs::create_hard_link(directory / "victim", path.string() + ".new");
    EXPECT_TRUE(boot_id_file(path)->save(8));
    ASSERT_EQ(::mkfifo((path.string() + ".new").c_str(), 0600), 0);
    EXPECT_TRUE(boot_id_file(path)->save(9)) << "nor does a pipe hold it up";
    fs::create_directory(path.string() + ".new");
    EXPECT_FALSE(boot_id_file(path)->save(10)) << "a directory is somebody's";
    EXPECT_EQ(boot_id_file(path)->load(), 9u);
    std::ostringstream text;
    text << std::ifstream{directory / "victim"}.rdbuf();
    EXPECT_EQ(text.str(), "precious");
}

TEST_F(boot_id_file_test, an_error_of_the_system_comes_through)
{
    auto const failed = boot_id_file(directory / "nowhere" / "boot-id")->save(7);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error(), boost::system::errc::no_such_file_or_directory);
    EXPECT_EQ(boot_id_file(directory / "nowhere" / "boot-id")->load(), std::nullopt);
}

TEST_F(boot_id_file_test, a_full_disk_leaves_the_old_number)
{
    ASSERT_TRUE(boot_id_file(path)->save(7));
    auto const child = ::fork();
    if (child == 0) { // the limit would be for good
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit const none{0, 0};
        ::setrlimit(RLIMIT_FSIZE, &none);
        auto const saved = boot_id_file(path)->save(8);
        ::_exit(!saved && saved.error() == boost::system::errc::file_too_large ? 0 : 1);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(boot_id_file(path)->load(), 7u);
    EXPECT_FALSE(fs::exists(path.string() + ".new"));
}

TEST_F(boot_id_file_test, SSDP_21_a_host_keeps_its_number_before_it_is_heard)
{
    auto const keep = [&](host_options& o) { o.boot_ids = boot_id_file(path); };
    put(path, "2000000000\n"); // a clock that was once ahead
    {
        test::live_light light{keep};
        light.start();
        EXPECT_EQ(boot_id_file(path)->load(), 2000000016u) << "2000000001, and 15 steps ahead";
    }
    test::live_light light{keep};
    light.start();
    EXPECT_EQ(boot_id_file(path)->load(), 2000000032u) << "a reboot without a shutdown";
}

TEST_F(boot_id_file_test, SSDP_21_a_number_that_cannot_be_kept_is_told_and_the_host_goes_on)
{
    test::live_light light{[&](host_options& o) { o.boot_ids = boot_id_file(directory / "nowhere" / "x"); }};
    light.start();
    EXPECT_TRUE(light.host->enabled());
    EXPECT_EQ(light.host->refusals()[refusal_reason::boot_id_not_kept], 1u);
}

TEST_F(boot_id_file_test, a_store_of_the_application_that_throws_disturbs_nobody)
{
    class broken : public boot_id_store {
    public:
        std::optional<std::uint32_t> load() override { return 7; }
        result<void> save(std::uint32_t) override { throw std::runtime_error{"no such flash"}; }
    };
    test::live_light light{[](host_options& o) { o.boot_ids = std::make_shared<broken>(); }};
    light.start();
    EXPECT_TRUE(light.host->enabled());
    EXPECT_EQ(light.host->refusals()[refusal_reason::boot_id_not_kept], 1u);
}

} // namespace
} // namespace onlink
