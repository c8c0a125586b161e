// SPDX-License-Identifier: BSL-1.0
// The structure of docs/architecture.md, held against the #include lines of the tree.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct include_line {
    std::string file;   ///< e.g. src/ssdp/announcer.cpp
    std::string folder; ///< ssdp; for public headers: onlink
    std::string target; ///< as written
};

fs::path const root = ONLINK_SOURCE_DIR;

std::vector<include_line> includes_under(char const* top)
{
    static std::regex const pattern{R"re(^\s*#\s*include\s*[<"]([^>"]+)[>"])re"};
    std::vector<include_line> lines;
    for (auto const& entry : fs::recursive_directory_iterator{root / top}) {
        auto const extension = entry.path().extension();
        if (extension != ".hpp" && extension != ".cpp")
            continue;
        std::ifstream file{entry.path()};
        for (std::string line; std::getline(file, line);)
            if (std::smatch match; std::regex_search(line, match, pattern))
                lines.push_back({fs::relative(entry.path(), root).generic_string(),
                                 entry.path().parent_path().filename().string(), match[1].str()});
    }
    return lines;
}

std::string first_part(std::string const& path) { return path.substr(0, path.find('/')); }

/// Which folders of src/ a folder may use besides itself. Everyone may use the public value headers.
std::map<std::string, std::set<std::string>> const below{
    {"base", {}},
    {"netlink", {"base"}},
    {"xml", {"base"}},
    {"url", {"base"}},
    {"model", {"base", "url"}},
    {"http", {"base", "url", "model"}},
    {"ssdp", {"base", "model", "http"}},
    {"description", {"base", "xml", "url", "model", "http"}},
    {"control", {"base", "xml", "model", "http"}},
    {"eventing", {"base", "xml", "url", "model", "http"}},
    {"host", {"base", "xml", "url", "model", "http", "ssdp", "description", "control", "eventing"}},
    {"net", {"base", "netlink", "model", "http", "ssdp", "eventing", "host"}},
};

TEST(include_rules, includes_point_down_and_engines_never_meet)
{
    for (auto const& line : includes_under("src")) {
        auto const part = first_part(line.target);
        if (part == "onlink" || !below.contains(part) || line.target.find('/') == std::string::npos)
            continue;
        auto const rule = below.find(line.folder);
        ASSERT_NE(rule, below.end()) << line.file << ": a folder that has no rule yet";
        EXPECT_TRUE(part == line.folder || rule->second.contains(part))
            << line.file << " includes " << line.target;
    }
}

TEST(include_rules, every_folder_of_src_has_its_place)
{
    for (auto const& entry : fs::directory_iterator{root / "src"})
        if (entry.is_directory())
            EXPECT_TRUE(below.contains(entry.path().filename().string())) << entry.path();
}

TEST(include_rules, the_facade_is_for_net_and_applications_only)
{
    for (auto const& line : includes_under("src"))
        EXPECT_TRUE(line.folder == "net" ||
                    (line.target != "onlink/device_host.hpp" && line.target != "onlink/onlink.hpp"))
            << line.file;
}

TEST(include_rules, public_headers_include_only_the_standard_library_public_headers_and_plain_Boost_values)
{
    std::set<std::string> const allowed{
        "boost/asio/any_io_executor.hpp",   // device_host: where to run
        "boost/asio/awaitable.hpp",         // handler: coroutines
        "boost/asio/ip/address.hpp",        // a plain value
        "boost/pfr/core.hpp",               // handler: the members of a struct
        "boost/assert/source_location.hpp", // signature of throw_exception_from_error
        "boost/system/error_code.hpp",
        "boost/system/result.hpp",
    };
    for (auto const& line : includes_under("include")) {
        if (line.target.find('/') == std::string::npos || first_part(line.target) == "onlink")
            continue;
        EXPECT_TRUE(allowed.contains(line.target)) << line.file << " includes " << line.target;
    }
}

/// A third-party library and the one folder that may know it.
struct door {
    char const* pattern;
    std::set<std::string> folders;
};

TEST(include_rules, each_third_party_library_has_one_door)
{
    std::vector<door> const doors{
        {"^pugixml", {"xml"}},
        {"^boost/url", {"url"}},
        {"^boost/beast", {"http"}},
        {"^boost/asio/(?!ip/address|buffer)", {"net"}},
        {"^boost/asio/buffer", {"http", "net"}},              // what Beast's parser is fed with
        {"^boost/asio/ip/address", {"base", "model", "net"}}, // plain values; elsewhere through base/ip.hpp
        {"^linux/", {"netlink", "net"}},
        {"^(sys/|netinet/|arpa/|net/if|ifaddrs)", {"net", "netlink", "model"}}, // model: getrandom
    };
    for (auto const& line : includes_under("src"))
        for (auto const& each : doors)
            EXPECT_TRUE(each.folders.contains(line.folder) ||
                        !std::regex_search(line.target, std::regex{each.pattern}))
                << line.file << " includes " << line.target;
}

TEST(include_rules, only_the_shell_reads_a_clock)
{
    static std::regex const now{R"((steady_clock|system_clock)::now)"};
    for (auto const& entry : fs::recursive_directory_iterator{root / "src"}) {
        if (!entry.is_regular_file() || entry.path().parent_path().filename() == "net")
            continue;
        std::ifstream file{entry.path()};
        std::string const text{std::istreambuf_iterator<char>{file}, {}};
        EXPECT_FALSE(std::regex_search(text, now)) << entry.path();
    }
}

TEST(include_rules, every_source_file_names_its_licence)
{
    for (auto const* top : {"src", "include", "examples", "tests"})
        for (auto const& entry : fs::recursive_directory_iterator{root / top}) {
            auto const extension = entry.path().extension();
            if (extension != ".hpp" && extension != ".cpp" && extension != ".py" && extension != ".sh" &&
                entry.path().filename() != "CMakeLists.txt")
                continue;
            std::ifstream file{entry.path()};
            std::string const text{std::istreambuf_iterator<char>{file}, {}};
            EXPECT_NE(text.substr(0, 200).find("SPDX-License-Identifier: BSL-1.0"), std::string::npos)
                << entry.path();
        }
}

TEST(include_rules, every_folder_of_src_is_listed_in_the_architecture_page)
{
    std::ifstream file{root / "docs" / "architecture.md"};
    std::string const text{std::istreambuf_iterator<char>{file}, {}};
    for (auto const& entry : fs::recursive_directory_iterator{root / "src"}) {
        if (entry.path().extension() != ".hpp")
            continue;
        auto const name = entry.path().stem().string();
        EXPECT_NE(text.find("`" + name + "`"), std::string::npos)
            << "not in docs/architecture.md: " << entry.path();
    }
}

TEST(readme, shows_the_light_of_the_examples_word_for_word)
{
    auto const read = [](fs::path const& path) {
        std::ifstream file{path};
        return std::string{std::istreambuf_iterator<char>{file}, {}};
    };
    auto light = read(root / "examples" / "light.cpp");
    light.erase(0, light.find('\n') + 1); // the licence line
    EXPECT_NE(read(root / "README.md").find("```cpp\n" + light + "```\n"), std::string::npos);
}

} // namespace
