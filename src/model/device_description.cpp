// SPDX-License-Identifier: BSL-1.0
#include <onlink/device_description.hpp>

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "model/embedded_name.hpp"
#include "model/picture.hpp"
#include "url/url_path.hpp"

#include <algorithm>
#include <optional>
#include <span>

namespace onlink {

namespace {

enum class presence { required, optional };

/// A text element. UDA 2.0, 2.3 has lengths "less than N characters".
std::optional<defect> text_defect(char const* element, std::string const& text, presence p,
                                  std::size_t too_long)
{
    if (text.empty())
        return p == presence::required ? std::optional{defect{errc::missing, element}} : std::nullopt;
    if (!is_xml_text(text))
        return defect{errc::not_utf8, element};
    if (count_code_points(text) >= too_long)
        return defect{errc::too_large, element};
    return std::nullopt;
}

std::optional<defect> url_defect(char const* element, std::string const& url)
{
    bool const legal = is_xml_text(url) && std::none_of(url.begin(), url.end(), [](char c) {
                           return (c >= '\0' && c <= ' ') || c == '\x7f';
                       });
    return legal ? std::nullopt : std::optional{defect{errc::malformed, element}};
}

/// An empty path is filled in later.
std::optional<defect> path_defect(std::string const& where, std::string const& path)
{
    if (path.empty() || is_served_path(path))
        return std::nullopt;
    return defect{errc::malformed, where};
}

bool is_image_type(std::string_view text) noexcept
{
    constexpr std::string_view image = "image/";
    if (!ascii::equal_ignoring_case(text.substr(0, image.size()), image))
        return false;
    text.remove_prefix(image.size());
    return ascii::is_token(text);
}

/// UDA 2.0, 2.3, "icon": what the document says of a picture is true of what is served.
std::optional<defect> picture_defect(icon const& i, std::string const& where)
{
    auto const facts = read_picture(i.data);
    auto const is_type = [&](std::string_view type) { return ascii::equal_ignoring_case(i.mimetype, type); };
    if (!facts && facts.error() == errc::malformed)
        return defect{errc::malformed, where + ", data"};
    auto const known = facts ? facts->mimetype : std::string_view{};
    // Kinds that read_picture() does not know are believed.
    if (known.empty() ? is_type("image/png") || is_type("image/jpeg") : !is_type(known))
        return defect{errc::contradictory, where + ", mimetype (not that of the picture)"};
    if (known.empty() || (facts->width == i.width && facts->height == i.height))
        return std::nullopt;
    return defect{errc::contradictory, where + ", width and height (the picture has " +
                                           std::to_string(facts->width) + " x " +
                                           std::to_string(facts->height) + ")"};
}

std::optional<defect> upc_defect(std::string const& upc)
{
    // UDA 2.0, 2.3, "UPC": 12-digit, all-numeric
    if (upc.empty() || (upc.size() == 12 && std::all_of(upc.begin(), upc.end(), ascii::is_digit)))
        return std::nullopt;
    return defect{errc::malformed, "UPC"};
}

/// What is found goes to the end of a list, each with the name of its device in front.
class defect_list {
public:
    defect_list(std::vector<defect>& all, std::string prefix) : all_(all), prefix_(std::move(prefix)) {}

    void add(std::optional<defect> found)
    {
        if (found)
            all_.push_back({found->code, prefix_ + found->where});
    }

private:
    std::vector<defect>& all_;
    std::string prefix_;
};

void check_icon(icon const& i, std::string const& where, defect_list& found)
{
    auto const require = [&](bool there, char const* element) {
        if (!there)
            found.add(defect{errc::missing, where + element});
    };
    require(!i.mimetype.empty(), ", mimetype");
    if (!i.mimetype.empty() && !is_image_type(i.mimetype))
        found.add(defect{errc::malformed, where + ", mimetype"});
    require(i.width != 0, ", width");
    require(i.height != 0, ", height");
    require(i.depth != 0, ", depth");
    require(!i.path.empty() || !i.data.empty(), ", url"); // or else nobody could serve it
    found.add(path_defect(where + ", url", i.path));
    if (is_image_type(i.mimetype) && i.width != 0 && i.height != 0 && !i.data.empty())
        found.add(picture_defect(i, where));
}

void check_services(std::vector<service_identity> const& services, defect_list& found)
{
    for (auto s = services.begin(); s != services.end(); ++s) {
        auto const where = "service " + s->id.to_string();
        // UDA 2.0, 2.3, "serviceId": unique within the device description
        if (std::any_of(services.begin(), s,
                        [&](service_identity const& other) { return other.id == s->id; }))
            found.add(defect{errc::duplicate, where + ", serviceId"});
        found.add(path_defect(where + ", SCPDURL", s->paths.scpd));
        found.add(path_defect(where + ", controlURL", s->paths.control));
        found.add(path_defect(where + ", eventSubURL", s->paths.event));
    }
}

void check_one(device_description const& d, defect_list& found)
{
    using enum presence;
    found.add(text_defect("friendlyName", d.friendly_name, required, 64));
    found.add(text_defect("manufacturer", d.manufacturer, required, 64));
    found.add(url_defect("manufacturerURL", d.manufacturer_url));
    found.add(text_defect("modelDescription", d.model_description, optional, 128));
    found.add(text_defect("modelName", d.model_name, required, 32));
    found.add(text_defect("modelNumber", d.model_number, optional, 32));
    found.add(url_defect("modelURL", d.model_url));
    found.add(text_defect("serialNumber", d.serial_number, optional, 64));
    found.add(upc_defect(d.upc));
    found.add(url_defect("presentationURL", d.presentation_url));
    found.add(path_defect("description_path", d.description_path));
    for (std::size_t i = 0; i < d.icons.size(); ++i)
        check_icon(d.icons[i], "icon " + std::to_string(i + 1), found);
    check_services(d.services, found);
}

void check_all(device_description const& d, std::string const& prefix, std::vector<defect>& all)
{
    defect_list found{all, prefix};
    check_one(d, found);
    std::span<device_description const> const embedded{d.embedded};
    for (std::size_t i = 0; i < embedded.size(); ++i) {
        auto const& inner = embedded[i];
        auto const where = prefix + embedded_name(embedded.first(i), inner.friendly_name) + ", ";
        if (!inner.description_path.empty()) // embedded devices are described in their root's document
            all.push_back({errc::contradictory, where + "description_path"});
        check_all(inner, where, all);
    }
}

} // namespace

std::vector<defect> device_description::defects() const
{
    std::vector<defect> all;
    check_all(*this, {}, all);
    return all;
}

checked<void> device_description::check() const
{
    auto const all = defects();
    if (!all.empty())
        return all.front();
    return {};
}

} // namespace onlink
