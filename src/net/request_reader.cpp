// SPDX-License-Identifier: BSL-1.0
#include "net/request_reader.hpp"

#include <utility>

namespace onlink {

namespace {

constexpr std::size_t max_spare = 4;

} // namespace

request_reader_pool::request_reader_pool(limits::http_limits const& bounds) : bounds_(bounds)
{
    spare_.reserve(max_spare);
}

std::unique_ptr<request_reader> request_reader_pool::take()
{
    if (spare_.empty())
        return std::make_unique<request_reader>(bounds_);
    auto reader = std::move(spare_.back());
    spare_.pop_back();
    return reader;
}

void request_reader_pool::give_back(std::unique_ptr<request_reader> reader) noexcept
{
    if (!reader || spare_.size() == max_spare)
        return;
    reader->parser.restart({});
    reader->room = request_reader::least_room;
    if (reader->received.capacity() > 2 * request_reader::least_room)
        reader->received = std::string{}; // what one large request took is not kept
    reader->received.clear();
    spare_.push_back(std::move(reader));
}

} // namespace onlink
