// SPDX-License-Identifier: BSL-1.0
#include "http/media_type.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <array>

namespace onlink {

namespace {

struct entry {
    std::string_view extension;
    std::string_view type;
};

/// What pages are made of, and what media servers and printers exchange.
constexpr std::array<entry, 44> known{{
    {"html", "text/html; charset=\"utf-8\""},
    {"htm", "text/html; charset=\"utf-8\""},
    {"css", "text/css; charset=\"utf-8\""},
    {"js", "text/javascript; charset=\"utf-8\""},
    {"mjs", "text/javascript; charset=\"utf-8\""},
    {"json", "application/json"},
    {"xml", "text/xml; charset=\"utf-8\""},
    {"txt", "text/plain; charset=\"utf-8\""},
    {"srt", "text/plain; charset=\"utf-8\""},
    {"vtt", "text/vtt; charset=\"utf-8\""},
    {"m3u", "audio/x-mpegurl"},
    {"m3u8", "application/vnd.apple.mpegurl"},
    {"png", "image/png"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"gif", "image/gif"},
    {"bmp", "image/bmp"},
    {"ico", "image/vnd.microsoft.icon"},
    {"svg", "image/svg+xml"},
    {"webp", "image/webp"},
    {"avif", "image/avif"},
    {"tif", "image/tiff"},
    {"tiff", "image/tiff"},
    {"mp3", "audio/mpeg"},
    {"m4a", "audio/mp4"},
    {"aac", "audio/aac"},
    {"flac", "audio/flac"},
    {"ogg", "audio/ogg"},
    {"opus", "audio/ogg"},
    {"wav", "audio/wav"},
    {"wma", "audio/x-ms-wma"},
    {"mp4", "video/mp4"},
    {"m4v", "video/mp4"},
    {"mkv", "video/x-matroska"},
    {"webm", "video/webm"},
    {"avi", "video/x-msvideo"},
    {"mov", "video/quicktime"},
    {"mpg", "video/mpeg"},
    {"mpeg", "video/mpeg"},
    {"ts", "video/mp2t"},
    {"wmv", "video/x-ms-wmv"},
    {"pdf", "application/pdf"},
    {"wasm", "application/wasm"},
    {"zip", "application/zip"},
}};

} // namespace

std::string_view media_type_of(std::string_view file_name) noexcept
{
    auto const dot = file_name.rfind('.');
    if (dot != file_name.npos) {
        auto const extension = file_name.substr(dot + 1);
        auto const found = std::find_if(known.begin(), known.end(), [&](entry const& e) {
            return ascii::equal_ignoring_case(e.extension, extension);
        });
        if (found != known.end())
            return found->type;
    }
    return "application/octet-stream";
}

} // namespace onlink
