// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_ERROR_HPP
#define ONLINK_ERROR_HPP

#include <boost/assert/source_location.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <onlink/export.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace onlink {

/// Why a text, a value or a configuration was refused. One list for the whole library.
enum class errc {
    malformed = 1,     ///< does not follow its grammar
    not_utf8,          ///< not UTF-8, or a character that XML forbids
    missing,           ///< a required part is absent
    duplicate,         ///< a part that may occur once occurs twice
    contradictory,     ///< parts that exclude each other
    unknown_name,      ///< a name that nothing declares
    wrong_type,        ///< a value of another type than declared
    out_of_range,      ///< right type, but outside its range or list
    too_large,         ///< beyond a limit of onlink::limits
    unsupported,       ///< well formed, but of a kind this library does not serve
    doctype_refused,   ///< XML with a document type declaration: never read
    host_not_literal,  ///< a URL whose host is a name; names are never resolved
    special_address,   ///< loopback, multicast, broadcast, unspecified or the device's own address
    off_segment,       ///< an address outside the network segment it has to be on
    unknown_interface, ///< no interface of that name or index is served
    public_address,    ///< an interface with public addresses only, which policies do not let us serve
    no_interface,      ///< nothing to serve: no interface fits the options
    not_found,         ///< no such subscription, document or path
    full,              ///< a bounded table or queue has no room
    bad_state,         ///< the operation does not fit the present state of the object
};

/// The category of errc; its messages are short English phrases without a full stop.
ONLINK_EXPORT boost::system::error_category const& error_category() noexcept;

inline boost::system::error_code make_error_code(errc e) noexcept
{
    return {static_cast<int>(e), error_category()};
}

/// A value, or the errc that says why there is none.
template <class T>
using result = boost::system::result<T>;

/// What is wrong with a configuration or a document, and where: `where` names the field or element.
struct defect {
    errc code = errc::malformed;
    std::string where;

    // Of documents only.
    std::string file = {};   ///< as it was given; empty for a text
    std::size_t line = 0;    ///< counted from 1; 0: unknown
    std::string clause = {}; ///< what it offends against, e.g. `UDA 2.0, 2.5`

    /// "file:line: where: reason (clause)", as far as they are known.
    ONLINK_EXPORT std::string message() const;
};

/// All that is wrong with a document, in its order. Empty only in a loaded<T> that has a value.
class ONLINK_EXPORT document_faults {
public:
    /// Most that are kept; those beyond are counted. A document with more has one fault many times.
    static constexpr std::size_t most = 64;

    document_faults() = default;
    explicit document_faults(std::vector<defect> found);

    /// Only if there are any.
    defect const& front() const noexcept { return kept_.front(); }
    std::vector<defect> const& all() const noexcept { return kept_; }
    /// How many there are beyond all().
    std::size_t more() const noexcept { return more_; }

    /// The same with the name of the file.
    document_faults in_file(std::string const& name) const;

    /// A line each, as compilers print them.
    std::string message() const;

private:
    std::vector<defect> kept_;
    std::size_t more_ = 0;
};

/// Thrown by constructors that are handed a configuration which cannot work. Network input never causes it.
class ONLINK_EXPORT configuration_error : public std::invalid_argument {
public:
    explicit configuration_error(defect d);
    /// what() has a line for each fault.
    explicit configuration_error(document_faults const& faults);
    /// The first of them, if there are several.
    defect const& what_is_wrong() const noexcept { return defect_; }

private:
    defect defect_;
};

/// A value checked by us, or the defect that was found. `.value()` throws configuration_error.
template <class T>
using checked = boost::system::result<T, defect>;

/// A value read from a document, or all that is wrong with it. `.value()` throws configuration_error.
template <class T>
using loaded = boost::system::result<T, document_faults>;

/// Found by argument-dependent look-up from `checked<T>::value()` and `loaded<T>::value()`.
[[noreturn]] ONLINK_EXPORT void throw_exception_from_error(defect const& d, boost::source_location const&);
[[noreturn]] ONLINK_EXPORT void throw_exception_from_error(document_faults const& f,
                                                           boost::source_location const&);

} // namespace onlink

template <>
struct boost::system::is_error_code_enum<onlink::errc> : std::true_type {};

#endif
