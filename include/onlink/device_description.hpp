// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_DEVICE_DESCRIPTION_HPP
#define ONLINK_DEVICE_DESCRIPTION_HPP

#include <onlink/device_type.hpp>
#include <onlink/error.hpp>
#include <onlink/service.hpp>
#include <onlink/udn.hpp>
#include <onlink/value.hpp>
#include <onlink/vendor_element.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace onlink {

/// A picture of the device (UDA 2.0, 2.3, "icon"). With `data` it is served by onlink; of a PNG or a JPEG the
/// kind and the size have to be true. Without, `path` has to be one of host_options::web.
struct icon {
    static constexpr std::size_t max_bytes = 1024 * 1024; ///< of a file

    std::string mimetype;  ///< e.g. `image/png`, which at least one icon should be
    unsigned width = 0;    ///< pixels
    unsigned height = 0;   ///< pixels
    unsigned depth = 0;    ///< bits per pixel
    std::string path = {}; ///< absolute path; empty: one is made
    bytes data = {};
    std::vector<vendor_element> extensions = {};

    /// An icon of a PNG or JPEG file, which says the rest itself. Errors: missing (it cannot be read),
    /// too_large, unsupported (neither of the two), malformed; `where` is the path.
    ONLINK_EXPORT static checked<icon> load_file(std::string const& path);

    friend bool operator==(icon const&, icon const&) = default;
};

/// Who a device is: the data of a `<device>` element (UDA 2.0, 2.3), for the root and for embedded devices.
/// Length limits of the clause are enforced by check(), as some control points enforce them.
struct device_description {
    device_type type;
    onlink::udn udn;
    std::string friendly_name; ///< required, under 64 characters
    std::string manufacturer;  ///< required, under 64 characters
    std::string manufacturer_url = {};
    std::string model_description = {}; ///< under 128 characters
    std::string model_name;             ///< required, under 32 characters
    std::string model_number = {};      ///< under 32 characters
    std::string model_url = {};
    std::string serial_number = {}; ///< under 64 characters
    std::string upc = {};           ///< empty, or 12 digits
    std::vector<icon> icons = {};
    /// A page about the device: a path of host_options::web, or a URL elsewhere.
    std::string presentation_url = {};
    std::vector<vendor_element> extensions = {};
    /// Path of the description document; only for the root device. Empty: `/<uuid>/desc.xml`.
    std::string description_path = {};

    /// Services and embedded devices, where the description was read from a document: the contract that
    /// `device` then has to fill. Leave them empty when building in C++ and use device::add().
    std::vector<service_identity> services = {};
    std::vector<device_description> embedded = {};

    /// Errors: missing, too_large, malformed, duplicate; `where` names the field.
    ONLINK_EXPORT checked<void> check() const;
    /// All that check() would find, one after the other. Empty: none.
    ONLINK_EXPORT std::vector<defect> defects() const;

    /// Reads a device description document (UDA 2.0, 2.3), and tells all its faults at once. Elements of
    /// vendors are kept where there is a member `extensions`; other unknown elements and attributes are
    /// dropped, as are configId and specVersion, which the host decides. URLBase is
    /// refused: served URLs are ours. URLs of what is served are paths, absolute or relative to
    /// `description_path`, which becomes that of the description unless it is empty.
    ONLINK_EXPORT static loaded<device_description> parse(std::string_view xml,
                                                          std::string description_path = {});
    /// parse() of a file. Errors: also missing, if it cannot be read.
    ONLINK_EXPORT static loaded<device_description> load_file(std::string const& path,
                                                              std::string description_path = {});

    /// Reads the pictures of all icons that have no data, here and in `embedded`: that of `/img/lamp.png`
    /// from the file `<folder>/img/lamp.png`. Then as check(). Errors: also missing, too_large, malformed
    /// (an empty file), with the file; then nothing is changed.
    ONLINK_EXPORT checked<void> load_icons(std::string const& folder);

    friend bool operator==(device_description const&, device_description const&) = default;
};

} // namespace onlink

#endif
