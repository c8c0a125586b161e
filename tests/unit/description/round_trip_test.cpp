// SPDX-License-Identifier: BSL-1.0
// What is rendered reads back as what it was, whatever it is.
#include "description/device_document.hpp"
#include "description/scpd_document.hpp"

#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

constexpr std::uint64_t seeds = 300;

/// Draws descriptions and contracts that follow the rules.
class draw {
public:
    explicit draw(std::uint64_t seed) : random_(seed) {}

    std::uint64_t below(std::uint64_t bound)
    {
        std::uint64_t word = 0;
        random_.fill(std::as_writable_bytes(std::span{&word, 1}));
        return word % bound;
    }
    bool coin() { return below(2) == 0; }

    /// `least` to `most` characters, with markup and letters of several alphabets; no blanks at the ends.
    std::string text(std::size_t least, std::size_t most)
    {
        static constexpr std::string_view characters[] = {"a",
                                                          "Z",
                                                          "7",
                                                          "<",
                                                          ">",
                                                          "&",
                                                          "\"",
                                                          "'",
                                                          "]",
                                                          "-",
                                                          "%",
                                                          "\\",
                                                          "\xC3\xA4",
                                                          "\xE2\x82\xAC",
                                                          "\xF0\x9F\x92\xA1",
                                                          "\r",
                                                          "\n",
                                                          "\t",
                                                          " "};
        constexpr std::size_t blanks = 4;
        auto const length = least + below(most - least + 1);
        std::string out;
        for (std::size_t i = 0; i < length; ++i) {
            bool const inside = i != 0 && i + 1 != length;
            out += characters[below(std::size(characters) - (inside ? 0 : blanks))];
        }
        return out;
    }

    std::string path() { return "/p" + std::to_string(++paths_) + (coin() ? "/a_b-c.d~e" : ""); }

    std::string number(std::uint64_t bound) { return std::to_string(below(bound)); }

    /// What vendors add, none more often than any.
    std::vector<vendor_element> extensions()
    {
        std::vector<vendor_element> out;
        for (auto i = coin() ? 0 : below(3); i != 0; --i) {
            auto const name = (coin() ? "v:X_" : "X_") + number(10);
            auto const declared = name.starts_with('v') ? "xmlns:v" : "xmlns";
            auto content = text(0, 20);
            for (auto at = content.find_first_of("<>&\r"); at != content.npos;
                 at = content.find_first_of("<>&\r"))
                content[at] = '.';
            out.push_back(vendor_element::parse('<' + name + ' ' + declared + "=\"urn:a-com:x\">" + content +
                                                "<y>&#13;&amp;</y></" + name + '>')
                              .value());
        }
        return out;
    }

    device_description description(int depth = 0)
    {
        std::string udn_text = "uuid:00000000-0000-4000-8000-000000000000";
        auto const count = std::to_string(++devices_);
        udn_text.replace(udn_text.size() - count.size(), count.size(), count);
        device_description d{.type = device_type::parse("urn:a-com:device:D" + number(100) + ":" +
                                                        std::to_string(1 + below(9)))
                                         .value(),
                             .udn = udn::parse(udn_text).value(),
                             .friendly_name = text(1, 63),
                             .manufacturer = text(1, 63),
                             .manufacturer_url = coin() ? "http://example.com/?a=1&b=<" + number(9) : "",
                             .model_description = text(0, 127),
                             .model_name = text(1, 31),
                             .model_number = text(0, 31),
                             .model_url = coin() ? "https://example.com/" + number(9) : "",
                             .serial_number = text(0, 63),
                             .upc = coin() ? "012345678905" : "",
                             .presentation_url = coin()   ? path() + "?x#y"
                                                 : coin() ? "http://192.0.2.1/"
                                                          : "",
                             .extensions = extensions()};
        for (auto i = below(4); i != 0; --i)
            d.icons.push_back({.mimetype = coin() ? "image/png" : "image/svg+xml",
                               .width = 1 + static_cast<unsigned>(below(4096)),
                               .height = 1 + static_cast<unsigned>(below(4096)),
                               .depth = 1 + static_cast<unsigned>(below(64)),
                               .path = path(),
                               .extensions = extensions()});
        for (auto i = below(4); i != 0; --i)
            d.services.push_back(
                {service_type::parse("urn:schemas-upnp-org:service:S" + number(100) + ":1").value(),
                 service_id::parse("urn:a-com:serviceId:S" + std::to_string(i)).value(),
                 {path(), path(), path()},
                 extensions()});
        for (auto i = depth < 2 ? below(3) : 0; i != 0; --i)
            d.embedded.push_back(description(depth + 1));
        return d;
    }

    state_variable variable(std::size_t index)
    {
        state_variable v{.name = (coin() ? "A_ARG_TYPE_" : "\xC3\xA4.") + std::to_string(index),
                         .type =
                             static_cast<data_type>(below(1 + static_cast<std::uint64_t>(data_type::uuid)))};
        v.evented = coin();
        v.multicast = v.evented && coin();
        if (v.type == data_type::string && coin()) {
            for (auto i = 1 + below(5); i != 0; --i)
                v.allowed_values.push_back(text(0, 20) + std::to_string(i));
        } else if (kind_of(v.type) == value_kind::integer && coin()) {
            auto const least = static_cast<int>(below(10));
            auto const step = 1 + static_cast<int>(below(10));
            v.range = allowed_range{least, least + step * (1 + static_cast<int>(below(10)))};
            if (coin())
                v.range->step = step;
        } else if (kind_of(v.type) == value_kind::real && coin()) {
            auto const least = static_cast<double>(below(100)) / 8 - 6;
            v.range = allowed_range{least, least + 0.125 * static_cast<double>(1 + below(100))};
        }
        if (coin())
            v.default_value =
                v.type == data_type::string && v.allowed_values.empty() ? value{text(0, 50)} : v.initial();
        v.extensions = extensions();
        return v;
    }

    scpd contract()
    {
        auto builder = scpd::build();
        auto const extend = [&] {
            for (auto& e : extensions())
                builder.extend(std::move(e));
        };
        extend();
        std::vector<std::string> names;
        for (auto i = 1 + below(8); i != 0; --i) {
            auto v = variable(i);
            names.push_back(v.name);
            builder.state(std::move(v));
        }
        auto const any = [&] { return names[below(names.size())]; };
        for (auto i = below(5); i != 0; --i) {
            builder.action("Do" + std::to_string(i));
            extend();
            for (auto in = below(4); in != 0; --in) {
                builder.in("in" + std::to_string(in), any());
                extend();
            }
            if (coin())
                builder.retval("back", any());
            for (auto out = below(4); out != 0; --out)
                builder.out("out" + std::to_string(out), any());
        }
        return builder.done().value();
    }

private:
    test::seeded_random random_;
    unsigned paths_ = 0;
    unsigned devices_ = 0;
};

device built_of(device_description d)
{
    auto const embedded = std::exchange(d.embedded, {});
    auto const services = d.services;
    device built{std::move(d)};
    for (auto const& identity : services)
        built.add(service{identity, scpd::build().state("V", data_type::ui1).done().value()});
    for (auto const& inner : embedded)
        built.add(built_of(inner));
    return built;
}

std::string render(device_description const& d)
{
    auto rooted = d;
    rooted.description_path = "/desc.xml";
    return render_device_document(device_tree::of({built_of(rooted)}).value(), 0, uda_version::v2_0, 1);
}

void expect_equal(device_description const& a, device_description const& b)
{
    EXPECT_EQ(a.type, b.type);
    EXPECT_EQ(a.udn, b.udn);
    EXPECT_EQ(a.friendly_name, b.friendly_name);
    EXPECT_EQ(a.manufacturer, b.manufacturer);
    EXPECT_EQ(a.manufacturer_url, b.manufacturer_url);
    EXPECT_EQ(a.model_description, b.model_description);
    EXPECT_EQ(a.model_name, b.model_name);
    EXPECT_EQ(a.model_number, b.model_number);
    EXPECT_EQ(a.model_url, b.model_url);
    EXPECT_EQ(a.serial_number, b.serial_number);
    EXPECT_EQ(a.upc, b.upc);
    EXPECT_EQ(a.presentation_url, b.presentation_url);
    EXPECT_EQ(a.extensions, b.extensions);
    ASSERT_EQ(a.icons.size(), b.icons.size());
    for (std::size_t i = 0; i < a.icons.size(); ++i) {
        EXPECT_EQ(a.icons[i].mimetype, b.icons[i].mimetype);
        EXPECT_EQ(a.icons[i].width, b.icons[i].width);
        EXPECT_EQ(a.icons[i].height, b.icons[i].height);
        EXPECT_EQ(a.icons[i].depth, b.icons[i].depth);
        EXPECT_EQ(a.icons[i].path, b.icons[i].path);
        EXPECT_EQ(a.icons[i].extensions, b.icons[i].extensions);
    }
    ASSERT_EQ(a.services.size(), b.services.size());
    for (std::size_t i = 0; i < a.services.size(); ++i) {
        EXPECT_EQ(a.services[i].type, b.services[i].type);
        EXPECT_EQ(a.services[i].id, b.services[i].id);
        EXPECT_EQ(a.services[i].paths, b.services[i].paths);
        EXPECT_EQ(a.services[i].extensions, b.services[i].extensions);
    }
    ASSERT_EQ(a.embedded.size(), b.embedded.size());
    for (std::size_t i = 0; i < a.embedded.size(); ++i)
        expect_equal(a.embedded[i], b.embedded[i]);
}

void expect_equal(scpd const& a, scpd const& b)
{
    EXPECT_EQ(a.extensions(), b.extensions());
    ASSERT_EQ(a.variables().size(), b.variables().size());
    for (std::size_t i = 0; i < a.variables().size(); ++i) {
        auto const& v = a.variables()[i];
        auto const& w = b.variables()[i];
        EXPECT_EQ(v.name, w.name);
        EXPECT_EQ(v.type, w.type) << v.name;
        EXPECT_EQ(v.evented, w.evented) << v.name;
        EXPECT_EQ(v.multicast, w.multicast) << v.name;
        EXPECT_TRUE(v.default_value == w.default_value) << v.name;
        EXPECT_EQ(v.allowed_values, w.allowed_values) << v.name;
        EXPECT_EQ(v.extensions, w.extensions) << v.name;
        ASSERT_EQ(v.range.has_value(), w.range.has_value()) << v.name;
        if (v.range) {
            EXPECT_TRUE(v.range->minimum == w.range->minimum && v.range->maximum == w.range->maximum &&
                        v.range->step == w.range->step)
                << v.name;
        }
    }
    ASSERT_EQ(a.actions().size(), b.actions().size());
    for (std::size_t i = 0; i < a.actions().size(); ++i) {
        EXPECT_EQ(a.actions()[i].name, b.actions()[i].name);
        EXPECT_EQ(a.actions()[i].extensions, b.actions()[i].extensions);
        auto const& x = a.actions()[i].arguments;
        auto const& y = b.actions()[i].arguments;
        ASSERT_EQ(x.size(), y.size());
        for (std::size_t k = 0; k < x.size(); ++k) {
            EXPECT_EQ(x[k].name, y[k].name);
            EXPECT_EQ(x[k].direction, y[k].direction);
            EXPECT_EQ(x[k].related, y[k].related);
            EXPECT_EQ(x[k].retval, y[k].retval);
            EXPECT_EQ(x[k].variable, y[k].variable);
            EXPECT_EQ(x[k].extensions, y[k].extensions);
        }
    }
}

TEST(round_trip, DESC_24_DESC_27_DESC_28_device_descriptions)
{
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        auto const original = draw{seed}.description();
        auto const document = render(original);
        auto const read = device_description::parse(document, "/desc.xml");
        ASSERT_TRUE(read) << "seed " << seed << '\n' << read.error().message() << '\n' << document;
        expect_equal(original, *read);
        EXPECT_EQ(render(*read), document);
        ASSERT_FALSE(HasFailure()) << "seed " << seed << '\n' << document;
    }
}

TEST(round_trip, DESC_24_DESC_27_DESC_28_contracts)
{
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        auto const original = draw{seed}.contract();
        auto const document = render_scpd_document(original, uda_version::v2_0, 1);
        auto const read = scpd::parse(document);
        ASSERT_TRUE(read) << "seed " << seed << '\n' << read.error().message() << '\n' << document;
        expect_equal(original, *read);
        EXPECT_EQ(render_scpd_document(*read, uda_version::v2_0, 1), document);
        ASSERT_FALSE(HasFailure()) << "seed " << seed << '\n' << document;
    }
}

} // namespace
} // namespace onlink
