// SPDX-License-Identifier: BSL-1.0
// The same floor as http_reply.cpp on single-threaded Boost.Asio coroutines: shows what Asio itself costs.
// usage: http_reply_asio PORT
#include "canned.hpp"

#include <boost/asio.hpp>

#include <array>

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

const std::string description = onlink::bench::canned::description_response();
const std::string soap = onlink::bench::canned::soap_response("GetStatus", "<ResultStatus>0</ResultStatus>");

asio::awaitable<void> serve(tcp::socket socket)
{
    socket.set_option(tcp::no_delay(true));
    std::array<char, 16384> buffer;
    std::size_t used = 0;
    boost::system::error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    for (;;) {
        used +=
            co_await socket.async_read_some(asio::buffer(buffer.data() + used, buffer.size() - used), token);
        if (error)
            co_return;
        std::string_view input(buffer.data(), used);
        std::size_t length;
        while (!input.empty() && (length = onlink::bench::canned::request_length(input)) > 0) {
            co_await asio::async_write(socket, asio::buffer(input[0] == 'G' ? description : soap), token);
            if (error || onlink::bench::canned::wants_close(input.substr(0, length)))
                co_return;
            input.remove_prefix(length);
        }
        std::memmove(buffer.data(), input.data(), input.size());
        used = input.size();
        if (used == buffer.size())
            co_return;
    }
}

asio::awaitable<void> listen(tcp::acceptor acceptor)
{
    for (;;) {
        boost::system::error_code error;
        tcp::socket socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
        if (!error)
            asio::co_spawn(acceptor.get_executor(), serve(std::move(socket)), asio::detached);
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 2)
        return 2;
    asio::io_context context(1);
    tcp::acceptor acceptor(context, {tcp::v4(), static_cast<unsigned short>(std::atoi(argv[1]))});
    acceptor.listen(4096);
    std::printf("READY http://0.0.0.0:%s/description.xml\n", argv[1]);
    std::fflush(stdout);
    asio::co_spawn(context, listen(std::move(acceptor)), asio::detached);
    context.run();
}
