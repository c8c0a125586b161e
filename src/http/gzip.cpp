// SPDX-License-Identifier: BSL-1.0
#include "http/gzip.hpp"

#include <boost/beast/zlib/deflate_stream.hpp>

#include <array>
#include <cstdint>
#include <stdexcept>

namespace onlink {

namespace {

namespace zlib = boost::beast::zlib;

/// RFC 1952, 8: the polynomial of ISO 3309, bit by bit. Documents are compressed once, at start.
std::uint32_t crc32(std::string_view content) noexcept
{
    std::uint32_t crc = 0xFFFFFFFFu;
    for (char const c : content) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1u) != 0 ? 0xEDB88320u : 0u);
    }
    return ~crc;
}

void append_little_endian(std::string& out, std::uint32_t number)
{
    for (int byte = 0; byte < 4; ++byte, number >>= 8)
        out += static_cast<char>(number & 0xFFu);
}

std::string deflate(std::string_view content)
{
    zlib::deflate_stream stream;
    stream.reset(9, 15, 8, zlib::Strategy::normal);
    std::string out(stream.upper_bound(content.size()), '\0');
    zlib::z_params work;
    work.next_in = content.data();
    work.avail_in = content.size();
    work.next_out = out.data();
    work.avail_out = out.size();
    boost::beast::error_code error;
    stream.write(work, zlib::Flush::finish, error);
    if (error != zlib::error::end_of_stream)
        throw std::logic_error{"gzip: " + error.message()};
    out.resize(work.total_out);
    return out;
}

} // namespace

std::string gzip(std::string_view content)
{
    // RFC 1952, 2.3: magic, deflate, no flags, no time, no extra flags, unknown system
    std::string out{"\x1f\x8b\x08\0\0\0\0\0\0\xff", 10};
    out += deflate(content);
    append_little_endian(out, crc32(content));
    append_little_endian(out, static_cast<std::uint32_t>(content.size()));
    return out;
}

} // namespace onlink
