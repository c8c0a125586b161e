// SPDX-License-Identifier: BSL-1.0
#include <onlink/device_description.hpp>

#include "description/document_file.hpp"
#include "model/picture.hpp"

namespace onlink {

namespace {

checked<bytes> read_picture_file(std::string const& path)
{
    auto const content = read_file(path, icon::max_bytes);
    if (!content)
        return content.error();
    if (content->empty())
        return defect{errc::malformed, path};
    auto const* const first = reinterpret_cast<std::byte const*>(content->data());
    return bytes(first, first + content->size());
}

checked<void> read_pictures(device_description& d, std::string const& folder)
{
    for (auto& i : d.icons) {
        if (!i.data.empty())
            continue;
        auto data = read_picture_file(folder + i.path);
        if (!data)
            return data.error();
        i.data = *std::move(data);
    }
    for (auto& inner : d.embedded)
        if (auto read = read_pictures(inner, folder); !read)
            return read;
    return {};
}

} // namespace

checked<icon> icon::load_file(std::string const& path)
{
    auto data = read_picture_file(path);
    if (!data)
        return data.error();
    auto const facts = read_picture(*data);
    if (!facts)
        return defect{static_cast<errc>(facts.error().value()), path};
    return icon{.mimetype = std::string{facts->mimetype},
                .width = facts->width,
                .height = facts->height,
                .depth = facts->depth,
                .data = *std::move(data)};
}

checked<void> device_description::load_icons(std::string const& folder)
{
    auto with_pictures = *this;
    if (auto read = read_pictures(with_pictures, folder); !read)
        return read;
    if (auto legal = with_pictures.check(); !legal)
        return legal;
    *this = std::move(with_pictures);
    return {};
}

} // namespace onlink
