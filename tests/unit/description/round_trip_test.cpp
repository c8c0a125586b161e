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
    return render_device_document(device_tree::of({built_of(d)}).value(), 0, uda_version::v2_0, 1);
}

TEST(round_trip, DESC_24_DESC_27_DESC_28_device_descriptions)
{
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        auto original = draw{seed}.description();
        original.description_path = "/desc.xml";
        auto const document = render(original);
        auto const read = device_description::parse(document, "/desc.xml");
        ASSERT_TRUE(read) << "seed " << seed << '\n' << read.error().message() << '\n' << document;
        EXPECT_TRUE(original == *read);
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
        EXPECT_TRUE(original == *read);
        EXPECT_EQ(render_scpd_document(*read, uda_version::v2_0, 1), document);
        ASSERT_FALSE(HasFailure()) << "seed " << seed << '\n' << document;
    }
}

} // namespace
} // namespace onlink
