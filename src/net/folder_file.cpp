// SPDX-License-Identifier: BSL-1.0
#include "net/folder_file.hpp"

#include "http/entity_tag.hpp"
#include "net/descriptor.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace onlink {

namespace {

boost::system::error_code last_error() { return {errno, boost::system::system_category()}; }

constexpr std::uint64_t nanoseconds_per_second = 1'000'000'000;

content_facts facts_of(struct stat const& status)
{
    auto const nanoseconds = static_cast<std::uint64_t>(status.st_mtim.tv_sec) * nanoseconds_per_second +
                             static_cast<std::uint64_t>(status.st_mtim.tv_nsec);
    auto const size = static_cast<std::uint64_t>(status.st_size);
    return {size, entity_tag_of_file(nanoseconds, size),
            std::chrono::sys_seconds{std::chrono::seconds{status.st_mtim.tv_sec}}};
}

} // namespace

result<folder_file> folder_file::open(web_folder const& folder, std::string const& name)
{
    int const no_links = folder.follow_symlinks ? 0 : O_NOFOLLOW;
    // The folder itself is the application's choice, links included.
    descriptor at{::open(folder.directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
    if (!at)
        return last_error();
    std::size_t begin = 0;
    for (auto slash = name.find('/'); slash != name.npos; slash = name.find('/', begin)) {
        auto const segment = name.substr(begin, slash - begin);
        at.reset(::openat(at.number(), segment.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC | no_links));
        if (!at)
            return last_error();
        begin = slash + 1;
    }
    // Without O_NONBLOCK, opening a pipe would wait for somebody to write into it.
    at.reset(
        ::openat(at.number(), name.c_str() + begin, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | no_links));
    if (!at)
        return last_error();
    struct stat status {};
    if (::fstat(at.number(), &status) != 0)
        return last_error();
    if (!S_ISREG(status.st_mode))
        return errc::not_found;
    folder_file file{at.release()};
    file.facts_ = facts_of(status);
    return file;
}

folder_file::~folder_file()
{
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

result<std::size_t> folder_file::read(std::uint64_t offset, char* into, std::size_t size) const
{
    for (;;) {
        auto const got = ::pread(descriptor_, into, size, static_cast<off_t>(offset));
        if (got >= 0)
            return static_cast<std::size_t>(got);
        if (errno != EINTR)
            return last_error();
    }
}

} // namespace onlink
