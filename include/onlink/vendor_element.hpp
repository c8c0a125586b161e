// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_VENDOR_ELEMENT_HPP
#define ONLINK_VENDOR_ELEMENT_HPP

#include <onlink/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace onlink {

/// How the elements of vendors may be named.
enum class vendor_naming : std::uint8_t {
    x_prefix, ///< `X_` and more (UDA 2.0, 2.7)
    any,      ///< also names older than that rule, e.g. `sec:ProductCap`, which some TVs look for
};

/// An element of a vendor's own with all it holds, to stand behind the standard children of an element of a
/// description (UDA 2.0, 2.7), e.g.
/// `<dlna:X_DLNADOC xmlns:dlna="urn:schemas-dlna-org:device-1-0">DMS-1.50</dlna:X_DLNADOC>`.
class vendor_element {
public:
    static constexpr std::size_t max_bytes = 8 * 1024; ///< of one
    static constexpr std::size_t max_depth = 8;        ///< elements within elements, itself included
    static constexpr std::size_t max_elements = 256;   ///< in one, itself and comments included
    static constexpr std::size_t max_attributes = 16;  ///< of one element

    /// Reads one element that stands alone: the namespaces it uses are declared in it. Its own has to be a
    /// vendor's: not empty, and none of UPnP's (`urn:schemas-upnp-org:...`). Comments and processing
    /// instructions are dropped, CDATA becomes text, white space stays. Errors: malformed, contradictory (the
    /// namespace), too_large, not_utf8, doctype_refused.
    ONLINK_EXPORT static checked<vendor_element> parse(std::string_view xml,
                                                       vendor_naming naming = vendor_naming::x_prefix);

    std::string const& name() const noexcept { return name_; } ///< without prefix
    std::string const& name_space() const noexcept { return name_space_; }
    /// As it is put into documents. `parse(e.to_xml())` is `e`.
    std::string const& to_xml() const noexcept { return xml_; }

    friend bool operator==(vendor_element const&, vendor_element const&) = default;

private:
    vendor_element(std::string name, std::string name_space, std::string xml)
        : name_(std::move(name)), name_space_(std::move(name_space)), xml_(std::move(xml))
    {}

    std::string name_;
    std::string name_space_;
    std::string xml_;
};

} // namespace onlink

#endif
