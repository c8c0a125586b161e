// SPDX-License-Identifier: BSL-1.0
#include "net/deadline.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace onlink {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// A socket to whose peer more is written than the system holds, under a deadline.
struct long_write : testing::Test {
    long_write()
    {
        asio::local::connect_pair(socket, peer);
        socket.non_blocking(true);
        peer.non_blocking(true);
        by.arm(50ms, nullptr, [this] { socket.cancel(); });
        asio::async_write(socket, asio::buffer(text), by.in_time(),
                          [this](boost::system::error_code const&, std::size_t size) { written = size; });
        io.poll();
    }

    void read_what_has_come()
    {
        std::string chunk(65536, '\0');
        boost::system::error_code ec;
        while (!ec)
            peer.read_some(asio::buffer(chunk), ec);
    }

    asio::io_context io{1};
    asio::local::stream_protocol::socket socket{io};
    asio::local::stream_protocol::socket peer{io};
    deadline by{io.get_executor()};
    std::string const text = std::string(32U << 20, 'x');
    std::optional<std::size_t> written;
};

TEST_F(long_write, ends_at_its_deadline)
{
    io.run_for(10s);
    ASSERT_TRUE(written);
    EXPECT_LT(*written, text.size());
    EXPECT_TRUE(by.expired());
}

TEST_F(long_write, ends_at_its_deadline_though_a_part_of_it_has_just_gone_through)
{
    asio::post(io, [this] {
        std::this_thread::sleep_for(100ms);
        read_what_has_come();
    });
    io.run_for(10s);
    ASSERT_TRUE(written) << "it waits for ever";
    EXPECT_LT(*written, text.size());
    EXPECT_TRUE(by.expired());
}

} // namespace
} // namespace onlink
