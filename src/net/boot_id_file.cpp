// SPDX-License-Identifier: BSL-1.0
#include "base/decimal.hpp"
#include "net/descriptor.hpp"

#include <onlink/boot_id_store.hpp>

#include <array>
#include <cerrno>
#include <cstdio>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace onlink {

namespace {

constexpr std::uint32_t greatest = 2147483647; // UDA 2.0, 1.2.2: 31 bits

boost::system::error_code last_error() { return {errno, boost::system::system_category()}; }

bool is_regular(int file) noexcept
{
    struct stat about {};
    return ::fstat(file, &about) == 0 && S_ISREG(about.st_mode);
}

boost::system::error_code write_all(int file, std::string_view text)
{
    while (!text.empty()) {
        auto const written = ::write(file, text.data(), text.size());
        if (written > 0)
            text.remove_prefix(static_cast<std::size_t>(written));
        else if (written < 0 && errno != EINTR)
            return last_error();
    }
    return {};
}

/// The content as it has to be on the disk before the name may change.
boost::system::error_code write_file(std::string const& path, std::string_view text)
{
    // A left-over of a crash, or a pipe or link that somebody put there, goes; what it names stays as it is.
    // Readable for all: the number is told to the whole segment.
    (void)::unlink(path.c_str());
    descriptor const file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644)};
    if (!file)
        return last_error();
    if (auto const failed = write_all(file.number(), text))
        return failed;
    if (::fsync(file.number()) != 0)
        return last_error();
    return {};
}

/// So that the name outlives a power cut too. Some file systems cannot do it, and need not.
void sync_directory_of(std::string const& path)
{
    auto const slash = path.rfind('/');
    auto const directory = slash == path.npos ? std::string{"."} : path.substr(0, slash + 1);
    descriptor const opened{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (opened)
        (void)::fsync(opened.number());
}

class file_store final : public boot_id_store {
public:
    explicit file_store(std::string path) : path_(std::move(path)) {}

    std::optional<std::uint32_t> load() override
    {
        descriptor const file{::open(
            path_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)}; // a pipe in its place must not hold us up
        if (!file || !is_regular(file.number()))
            return std::nullopt;
        std::array<char, 32> buffer{};
        auto const size = ::read(file.number(), buffer.data(), buffer.size());
        if (size <= 0 || size == static_cast<ssize_t>(buffer.size()))
            return std::nullopt;
        std::string_view text{buffer.data(), static_cast<std::size_t>(size)};
        if (text.ends_with('\n'))
            text.remove_suffix(1);
        auto const number = parse_decimal<std::uint32_t>(text, 0, greatest);
        return number ? std::optional{*number} : std::nullopt;
    }

    result<void> save(std::uint32_t id) override
    {
        auto const beside = path_ + ".new";
        auto failed = write_file(beside, std::to_string(id) + '\n');
        if (!failed && std::rename(beside.c_str(), path_.c_str()) != 0)
            failed = last_error();
        if (failed) {
            (void)::unlink(beside.c_str());
            return failed;
        }
        sync_directory_of(path_);
        return {};
    }

private:
    std::string path_;
};

} // namespace

boot_id_store::~boot_id_store() = default;

std::shared_ptr<boot_id_store> boot_id_file(std::string path)
{
    return std::make_shared<file_store>(std::move(path));
}

} // namespace onlink
