// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_SCPD_HPP
#define ONLINK_SCPD_HPP

#include <onlink/data_type.hpp>
#include <onlink/error.hpp>
#include <onlink/value.hpp>
#include <onlink/vendor_element.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onlink {

/// `<allowedValueRange>`: both ends inclusive; the step counts from the minimum (UDA 2.0, 2.5).
struct allowed_range {
    value minimum;
    value maximum;
    std::optional<value> step = std::nullopt; ///< absent: 1 for integers, any value for others

    friend bool operator==(allowed_range const&, allowed_range const&) = default;
};

/// A state variable as its service declares it.
struct state_variable {
    std::string name;
    data_type type = data_type::string;
    bool evented = true;    ///< `sendEvents`
    bool multicast = false; ///< `multicast`
    std::optional<value> default_value = std::nullopt;
    std::vector<std::string> allowed_values = {};      ///< only for data_type::string
    std::optional<allowed_range> range = std::nullopt; ///< only for numeric types
    std::vector<vendor_element> extensions = {};

    /// Whether a value may be held: type, range and list.
    /// Errors: wrong_type, malformed, out_of_range.
    ONLINK_EXPORT result<void> check(value const& v) const;

    /// Reads the lexical form and checks it. Errors: out_of_range (outside range or list); unsupported (an
    /// infinity, or none of the numbers); malformed (no text of its type). `256` is no text of an `ui1`, as a
    /// type is its lexical form and its range at once (UDA 2.0, 2.5); so it is a wrong type (402), and 601 is
    /// left to what the SCPD itself rules out (3.2.5).
    ONLINK_EXPORT result<value> parse(std::string_view text) const;

    /// The value a variable has before anyone sets it: the default, else the least legal one
    /// (first allowed value, minimum, zero, empty).
    ONLINK_EXPORT value initial() const;

    friend bool operator==(state_variable const&, state_variable const&) = default;
};

/// Which way an argument goes: to the device, or back with the answer (UDA 2.0, 2.5).
enum class direction : unsigned char { in, out };

/// An argument of an action. Its type and legal values are those of the state variable it relates to
/// (UDA 2.0, 2.5).
struct argument {
    std::string name; ///< unique in its action; case-sensitive
    onlink::direction direction = direction::in;
    std::string related;      ///< name of the state variable that gives it type and legal values
    bool retval = false;      ///< only on the first out argument
    std::size_t variable = 0; ///< index of `related` in scpd::variables(); filled in by the builder
    std::vector<vendor_element> extensions = {};

    friend bool operator==(argument const&, argument const&) = default;
};

/// An action as its service declares it (UDA 2.0, 2.5). What it does is bound by service::on().
struct action {
    std::string name;                ///< unique in its service; case-sensitive
    std::vector<argument> arguments; ///< all in, then all out
    std::vector<vendor_element> extensions = {};

    friend bool operator==(action const&, action const&) = default;
};

class scpd_builder;

/// A service's contract: its actions and state variables (UDA 2.0, 2.5). Immutable and consistent:
/// there is no scpd with an argument that relates to nothing.
class scpd {
public:
    /// A builder in C++; end it with done().
    ONLINK_EXPORT static scpd_builder build();

    /// Reads a service description document (UDA 2.0, 2.5), and tells all its faults at once. The document is
    /// only read; what control points get is rendered from this value. At most 256 KiB.
    ONLINK_EXPORT static loaded<scpd> parse(std::string_view xml);

    /// parse() of a file. Errors: also missing, if it cannot be read.
    ONLINK_EXPORT static loaded<scpd> load_file(std::string const& path);

    std::vector<action> const& actions() const noexcept { return actions_; }
    std::vector<state_variable> const& variables() const noexcept { return variables_; }
    /// What vendors add to the document as a whole.
    std::vector<vendor_element> const& extensions() const noexcept { return extensions_; }

    /// nullptr if there is none of that name; names are case-sensitive.
    ONLINK_EXPORT action const* find_action(std::string_view name) const noexcept;
    /// Index into variables(), if there is one of that name.
    ONLINK_EXPORT std::optional<std::size_t> find_variable(std::string_view name) const noexcept;
    /// Whether any variable is evented; only then the service has an event URL that accepts subscriptions.
    ONLINK_EXPORT bool has_events() const noexcept;

    friend bool operator==(scpd const&, scpd const&) = default;

private:
    friend class scpd_builder;
    scpd() = default;

    std::vector<action> actions_;
    std::vector<state_variable> variables_;
    std::vector<vendor_element> extensions_;
};

/// Builds an scpd step by step; nothing is judged before done().
///
///     auto contract = onlink::scpd::build()
///         .state("Status", data_type::boolean, {.evented = true})
///         .action("GetStatus").out("ResultStatus", "Status")
///         .done();
class scpd_builder {
public:
    /// What a state variable is beyond name and type: the fields of state_variable, of which `initial` is
    /// called `default_value` there.
    struct state_options {
        bool evented = true;                               ///< `sendEvents`
        bool multicast = false;                            ///< `multicast`; only with `evented`
        std::optional<value> initial = std::nullopt;       ///< published as `<defaultValue>`
        std::vector<std::string> allowed_values = {};      ///< only for data_type::string; or a range
        std::optional<allowed_range> range = std::nullopt; ///< only for numeric types
    };

    /// Adds a state variable; without options it is evented, and has neither default, list nor range.
    ONLINK_EXPORT scpd_builder& state(std::string name, data_type type, state_options options);
    ONLINK_EXPORT scpd_builder& state(std::string name, data_type type);
    ONLINK_EXPORT scpd_builder& state(state_variable variable);
    /// Adds an action without arguments; in(), out() and retval() add them, all in before all out.
    ONLINK_EXPORT scpd_builder& action(std::string name);
    /// Adds an argument to the action named last. `related`: the name of a state variable, which may be added
    /// later.
    ONLINK_EXPORT scpd_builder& in(std::string name, std::string related);
    ONLINK_EXPORT scpd_builder& out(std::string name, std::string related);
    /// As out(), marked `<retval/>`.
    ONLINK_EXPORT scpd_builder& retval(std::string name, std::string related);

    /// Adds an element of a vendor's to the state variable, action or argument named last; before any of
    /// them, to the document as a whole.
    ONLINK_EXPORT scpd_builder& extend(vendor_element element);

    /// The contract, or its first defect; `where` is e.g. `action SetTarget, argument newTargetValue`.
    ONLINK_EXPORT checked<scpd> done() const;
    /// All that keep done() from succeeding. Empty: none.
    ONLINK_EXPORT std::vector<defect> defects() const;

private:
    enum class part : unsigned char { document, variable, action, argument };

    scpd_builder& argument_of_last(onlink::argument a);

    std::vector<onlink::action> actions_;
    std::vector<state_variable> variables_;
    std::vector<vendor_element> extensions_;
    part last_ = part::document;
    bool argument_without_action_ = false;
};

} // namespace onlink

#endif
