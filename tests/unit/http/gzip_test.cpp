// SPDX-License-Identifier: BSL-1.0
#include "http/gzip.hpp"

#include <boost/beast/zlib/inflate_stream.hpp>
#include <boost/crc.hpp>
#include <gtest/gtest.h>

namespace onlink {
namespace {

std::uint32_t number_at(std::string_view bytes, std::size_t at)
{
    std::uint32_t number = 0;
    for (std::size_t i = 4; i-- > 0;)
        number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
    return number;
}

/// Undone by the other half of the library that did it, checksum and length by a third.
std::string unpacked(std::string const& packed, std::size_t size)
{
    namespace zlib = boost::beast::zlib;
    std::string out(size + 1, '\0');
    zlib::inflate_stream stream;
    zlib::z_params work;
    work.next_in = packed.data() + 10;
    work.avail_in = packed.size() - 18;
    work.next_out = out.data();
    work.avail_out = out.size();
    boost::beast::error_code error;
    stream.write(work, zlib::Flush::finish, error);
    EXPECT_EQ(error, zlib::error::end_of_stream);
    EXPECT_EQ(work.avail_in, 0U);
    out.resize(work.total_out);
    boost::crc_32_type crc;
    crc.process_bytes(out.data(), out.size());
    EXPECT_EQ(number_at(packed, packed.size() - 8), crc.checksum());
    EXPECT_EQ(number_at(packed, packed.size() - 4), out.size());
    return out;
}

TEST(gzip, DESC_19_unpacks_to_the_same_bytes)
{
    std::string long_one;
    for (int i = 0; i < 30000; ++i)
        long_one += "<state" + std::to_string(i * 7919 % 10007) + ">";
    std::string all_bytes;
    for (int i = 0; i < 256; ++i)
        all_bytes += static_cast<char>(i);
    for (auto const& content :
         {std::string{}, std::string{"x"}, std::string(100000, 'a'), all_bytes, long_one})
        EXPECT_EQ(unpacked(gzip(content), content.size()), content);
}

TEST(gzip, is_the_same_each_time_and_names_neither_file_nor_time)
{
    EXPECT_EQ(gzip("lamp"), gzip("lamp"));
    EXPECT_EQ(gzip("lamp").substr(0, 10), (std::string{"\x1f\x8b\x08\0\0\0\0\0\0\xff", 10}));
}

TEST(gzip, makes_a_text_shorter) { EXPECT_LT(gzip(std::string(5000, 'a')).size(), 100U); }

} // namespace
} // namespace onlink
