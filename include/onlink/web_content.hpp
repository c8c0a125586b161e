// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_WEB_CONTENT_HPP
#define ONLINK_WEB_CONTENT_HPP

#include <onlink/error.hpp>
#include <onlink/web_exchange.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace onlink {

/// A file in memory, e.g. the presentation page of a device. Served by GET and HEAD, with an ETag, and
/// compressed for clients that ask.
struct web_file {
    std::string path;         ///< absolute, e.g. `/light/`; only unreserved characters and `/`
    std::string content_type; ///< e.g. `text/html; charset="utf-8"`
    std::string data;
};

/// A folder of the file system, e.g. the media of a NAS. Served by GET and HEAD, with ranges, ETag and
/// LAST-MODIFIED; never listed. Names that begin with a dot are not there, nor is what is neither a file nor
/// a folder, nor a symbolic link. Reading blocks the executor for as long as the file system takes for
/// limits::http::transfer_buffer bytes.
struct web_folder {
    std::string path;                 ///< absolute, ends in `/`
    std::string directory;            ///< of the file system; it may come and go
    std::string index = "index.html"; ///< what a request for a folder gets; empty: 404
    /// Whether symbolic links are followed. They may lead anywhere, so only where nobody else can make one.
    bool follow_symlinks = false;
};

/// A coroutine that answers requests.
struct web_route {
    std::string path;                 ///< absolute; if it ends in `/`, all paths below it as well
    std::vector<std::string> methods; ///< e.g. `{"GET", "PUT"}`; GET brings HEAD along
    web_handler run;
    /// Longest body of a request, in bytes; beyond it 413, or too_large where that only shows later.
    std::uint64_t max_body = 0;
};

/// What a host serves beside its devices, on the same addresses and port, and under the same guards: peers on
/// the segment only, HOST this server, no foreign ORIGIN. The longest path that fits a request serves it; the
/// devices' own paths come first.
struct web_content {
    std::vector<web_file> files = {};
    std::vector<web_folder> folders = {};
    std::vector<web_route> routes = {};

    /// Errors: malformed, missing, duplicate; `where` names the field.
    ONLINK_EXPORT checked<void> check() const;
};

} // namespace onlink

#endif
