// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_DEVICE_DESCRIPTION_HPP
#define ONLINK_DEVICE_DESCRIPTION_HPP

#include <onlink/device_type.hpp>
#include <onlink/error.hpp>
#include <onlink/service.hpp>
#include <onlink/udn.hpp>
#include <onlink/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace onlink {

/// A picture of the device (UDA 2.0, 2.3, "icon").
struct icon {
    std::string mimetype;  ///< e.g. `image/png`, which at least one icon should be
    unsigned width = 0;    ///< pixels
    unsigned height = 0;   ///< pixels
    unsigned depth = 0;    ///< bits per pixel
    std::string path = {}; ///< absolute path; empty: one is made
    bytes data = {};       ///< served by onlink; empty: the application serves `path` elsewhere
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
    std::string presentation_url = {}; ///< path or URL of a page that the application serves
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

    /// Reads a device description document (UDA 2.0, 2.3), and tells all its faults at once. URLBase is
    /// refused: served URLs are ours. URLs of what is served are paths, absolute or relative to
    /// `description_path`, which becomes that of the description unless it is empty.
    ONLINK_EXPORT static loaded<device_description> parse(std::string_view xml,
                                                          std::string description_path = {});
    /// parse() of a file. Errors: also missing, if it cannot be read.
    ONLINK_EXPORT static loaded<device_description> load_file(std::string const& path,
                                                              std::string description_path = {});
};

} // namespace onlink

#endif
