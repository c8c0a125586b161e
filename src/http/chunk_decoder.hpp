// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HTTP_CHUNK_DECODER_HPP
#define ONLINK_HTTP_CHUNK_DECODER_HPP

#include <onlink/limits.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace onlink {

/// Decodes a chunked body byte by byte (RFC 9112, 7.1). Extensions are ignored, a bare `;` too
/// (UDA 2.0, 2.1); trailer fields are checked and dropped, so that none of them can pass for a header field.
class chunk_decoder {
public:
    explicit chunk_decoder(limits::http_limits const& bounds) : bounds_(&bounds), max_body_(bounds.max_body)
    {}

    /// Most bytes that the body may have, instead of limits::http::max_body; 413 beyond it.
    void limit(std::uint64_t max_body) noexcept { max_body_ = max_body; }

    /// Takes as much of `bytes` as belongs to the body, and appends what it stands for to `body`; returns how
    /// much was taken.
    std::size_t take(std::string_view bytes, std::string& body);

    bool done() const noexcept { return step_ == step::done; }
    int status() const noexcept { return status_; }

private:
    enum class step : std::uint8_t {
        size_begin,
        size,
        size_blank,
        extension,
        size_lf,
        data,
        data_cr,
        data_lf,
        trailer_begin,
        trailer_name,
        trailer_value,
        trailer_lf,
        last_lf,
        done,
    };

    int look_at(char c);
    int expect(char c, char wanted, step next);
    int look_at_size(char c);

    limits::http_limits const* bounds_;
    step step_ = step::size_begin;
    std::uint64_t size_ = 0; // of the chunk, then what is left of it
    std::uint64_t max_body_;
    std::uint64_t decoded_ = 0;
    std::uint64_t overhead_ = 0;
    std::size_t trailer_bytes_ = 0;
    std::size_t trailer_fields_ = 0;
    int status_ = 0;
};

} // namespace onlink

#endif
