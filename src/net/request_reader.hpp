// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_REQUEST_READER_HPP
#define ONLINK_NET_REQUEST_READER_HPP

#include "http/request_parser.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace onlink {

/// What a connection needs while a request is on its way, and gives back when it waits for the next one.
struct request_reader {
    /// Least room for what comes next. Whole requests without a body are shorter.
    static constexpr std::size_t least_room = 512;
    static constexpr std::size_t most_room = 16384; // of a body that comes fast

    explicit request_reader(limits::http_limits const& bounds) : parser(bounds) {}

    request_parser parser;
    std::string received; ///< what was read and not yet consumed
    std::size_t room = least_room;
};

/// Those that no connection needs: few, as few requests are on their way at the same time.
class request_reader_pool {
public:
    explicit request_reader_pool(limits::http_limits const& bounds);

    std::unique_ptr<request_reader> take();
    void give_back(std::unique_ptr<request_reader> reader) noexcept;

private:
    limits::http_limits const& bounds_;
    std::vector<std::unique_ptr<request_reader>> spare_;
};

} // namespace onlink

#endif
