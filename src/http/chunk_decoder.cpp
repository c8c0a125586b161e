// SPDX-License-Identifier: BSL-1.0
#include "http/chunk_decoder.hpp"

#include "base/ascii.hpp"
#include "http/http_message.hpp"

#include <algorithm>
#include <limits>

namespace onlink {

namespace {

/// What chunks may cost beside their data, in multiples of max_body (or of what has come, if the body is a
/// long stream): sizes, extensions and line ends. Chunks
/// of a single byte take five; more than eight is no encoding but an attack on our patience.
constexpr std::uint64_t max_chunk_overhead = 8;

/// Text of a field value or a chunk extension (RFC 9110, 5.5).
bool is_field_text(char c) noexcept
{
    auto const byte = static_cast<unsigned char>(c);
    return c == '\t' || (byte >= ' ' && byte != 0x7F);
}

} // namespace

std::size_t chunk_decoder::take(std::string_view bytes, std::string& body)
{
    std::size_t at = 0;
    while (at < bytes.size() && step_ != step::done && status_ == 0) {
        if (step_ == step::data) {
            auto const part =
                bytes.substr(at, static_cast<std::size_t>(std::min<std::uint64_t>(size_, bytes.size() - at)));
            body += part;
            at += part.size();
            size_ -= part.size();
            decoded_ += part.size();
            if (size_ == 0)
                step_ = step::data_cr;
            continue;
        }
        status_ = look_at(bytes[at]);
        ++at;
    }
    return at;
}

/// 0, or the status of a refusal.
int chunk_decoder::look_at(char c)
{
    bool const in_trailer = step_ >= step::trailer_begin;
    if (in_trailer && ++trailer_bytes_ > bounds_->max_header)
        return 431;
    if (!in_trailer && ++overhead_ / max_chunk_overhead > std::min(max_body_, decoded_ + bounds_->max_body))
        return 413;
    switch (step_) {
    case step::size_begin:
    case step::size:
        return look_at_size(c);
    case step::size_blank: // RFC 9112, 7.1.1: blanks may stand before an extension
        if (c == ';')
            step_ = step::extension;
        return c == ';' || ascii::is_blank(c) ? 0 : 400;
    case step::extension:
        if (c == '\r')
            step_ = step::size_lf;
        return c == '\r' || is_field_text(c) ? 0 : 400;
    case step::size_lf:
        return expect(c, '\n', size_ == 0 ? step::trailer_begin : step::data);
    case step::data_cr:
        return expect(c, '\r', step::data_lf);
    case step::data_lf:
        return expect(c, '\n', step::size_begin);
    case step::trailer_begin:
        if (c == '\r')
            return expect(c, '\r', step::last_lf);
        if (!ascii::is_token(c))
            return 400;
        step_ = step::trailer_name;
        return ++trailer_fields_ > max_header_fields ? 431 : 0;
    case step::trailer_name:
        if (c == ':')
            step_ = step::trailer_value;
        return c == ':' || ascii::is_token(c) ? 0 : 400;
    case step::trailer_value:
        if (c == '\r')
            step_ = step::trailer_lf;
        return c == '\r' || is_field_text(c) ? 0 : 400;
    case step::trailer_lf:
        return expect(c, '\n', step::trailer_begin);
    case step::last_lf:
        return expect(c, '\n', step::done);
    case step::data:
    case step::done:
        break;
    }
    return 400;
}

int chunk_decoder::expect(char c, char wanted, step next)
{
    if (c != wanted)
        return 400;
    step_ = next;
    return 0;
}

int chunk_decoder::look_at_size(char c)
{
    char const lower = ascii::to_lower(c);
    bool const is_letter = lower >= 'a' && lower <= 'f';
    if (ascii::is_digit(c) || is_letter) {
        if (size_ > std::numeric_limits<std::uint64_t>::max() / 16)
            return 400;
        size_ = size_ * 16 + static_cast<std::uint64_t>(is_letter ? lower - 'a' + 10 : c - '0');
        step_ = step::size;
        return 0;
    }
    if (step_ == step::size_begin)
        return 400;
    if (c == '\r')
        step_ = step::size_lf;
    else if (c == ';')
        step_ = step::extension;
    else if (ascii::is_blank(c))
        step_ = step::size_blank;
    else
        return 400;
    return size_ > max_body_ - decoded_ ? 413 : 0;
}

} // namespace onlink
