// SPDX-License-Identifier: BSL-1.0
#include <onlink/web_content.hpp>

#include "base/ascii.hpp"
#include "url/url_path.hpp"

#include <algorithm>
#include <set>

namespace onlink {

namespace {

std::string place(char const* list, std::string const& path)
{
    return std::string{"web."} + list + ", " + ascii::printable(path);
}

/// Visible ASCII and blanks: what a field value may hold without being taken for more (RFC 9110, 5.5).
bool is_field_value(std::string_view text) noexcept
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

/// Finds the first fault, and paths that occur twice.
class content_check {
public:
    void path(char const* list, std::string const& path)
    {
        if (!is_served_path(path))
            refuse(errc::malformed, place(list, path));
        else if (!paths_.insert(path).second)
            refuse(errc::duplicate, place(list, path));
    }
    void require(bool good, errc code, std::string where)
    {
        if (!good)
            refuse(code, std::move(where));
    }
    checked<void> result() const
    {
        if (found_)
            return *found_;
        return {};
    }

private:
    void refuse(errc code, std::string where)
    {
        if (!found_)
            found_ = defect{code, std::move(where)};
    }

    std::set<std::string> paths_;
    std::optional<defect> found_;
};

} // namespace

checked<void> web_content::check() const
{
    content_check check;
    for (auto const& f : files) {
        check.path("files", f.path);
        check.require(!f.content_type.empty() && is_field_value(f.content_type), errc::malformed,
                      place("files", f.path) + ".content_type");
    }
    for (auto const& f : folders) {
        auto const where = place("folders", f.path);
        check.path("folders", f.path);
        check.require(f.path.ends_with('/'), errc::malformed, where);
        check.require(!f.directory.empty(), errc::missing, where + ".directory");
        check.require(f.index.find('/') == f.index.npos && !f.index.starts_with('.'), errc::malformed,
                      where + ".index");
    }
    for (auto const& r : routes) {
        auto const where = place("routes", r.path);
        check.path("routes", r.path);
        check.require(!r.methods.empty(), errc::missing, where + ".methods");
        check.require(std::all_of(r.methods.begin(), r.methods.end(),
                                  [](std::string const& method) { return ascii::is_token(method); }),
                      errc::malformed, where + ".methods");
        check.require(static_cast<bool>(r.run), errc::missing, where + ".run");
    }
    return check.result();
}

} // namespace onlink
