// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_FOLDER_FILE_HPP
#define ONLINK_NET_FOLDER_FILE_HPP

#include "http/selected_part.hpp"

#include <onlink/web_content.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace onlink {

/// An open file below a folder. Opened segment by segment, so that no symbolic link is followed unless the
/// folder allows it, whoever changes the folder meanwhile.
class folder_file {
public:
    /// `name` is relative, without empty segments and without such as begin with a dot. Errors: those of the
    /// system, and not_found for what is no regular file.
    static result<folder_file> open(web_folder const& folder, std::string const& name);
    folder_file(folder_file&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)), facts_(std::move(other.facts_))
    {}
    folder_file& operator=(folder_file&&) = delete;
    ~folder_file();

    /// As they were when it was opened.
    content_facts const& facts() const noexcept { return facts_; }

    /// Reads up to `size` bytes; 0 at the end, which may come sooner than facts() say. Errors: those of the
    /// system.
    result<std::size_t> read(std::uint64_t offset, char* into, std::size_t size) const;

private:
    explicit folder_file(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
    content_facts facts_;
};

} // namespace onlink

#endif
