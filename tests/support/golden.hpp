// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_SUPPORT_GOLDEN_HPP
#define ONLINK_TESTS_SUPPORT_GOLDEN_HPP

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace onlink::test {

/// Where the golden messages are: in the sources, unless a program that travels has them beside it.
inline std::string& golden_folder()
{
    static std::string folder{ONLINK_SOURCE_DIR "/tests/wire"};
    return folder;
}

/// A message of tests/wire/, byte for byte.
inline std::string wire(std::string const& name)
{
    std::ifstream file{golden_folder() + "/" + name, std::ios::binary};
    if (!file)
        throw std::runtime_error{"no such golden message: " + name};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// A copy of a message with one part exchanged; throws if the part is not there.
inline std::string with(std::string message, std::string const& part, std::string const& instead)
{
    auto const at = message.find(part);
    if (at == std::string::npos)
        throw std::runtime_error{"no such part: " + part};
    return message.replace(at, part.size(), instead);
}

/// A copy of a request whose body was exchanged and CONTENT-LENGTH adjusted.
inline std::string with_body(std::string const& message, std::string const& body)
{
    auto head = message.substr(0, message.find("\r\n\r\n") + 4);
    auto const at = head.find("CONTENT-LENGTH: ") + 16;
    head.replace(at, head.find("\r\n", at) - at, std::to_string(body.size()));
    return head + body;
}

/// What a header field says; empty if there is none.
inline std::string field(std::string const& message, std::string const& name)
{
    auto const at = message.find("\r\n" + name + ": ");
    if (at == message.npos)
        return {};
    auto const begin = at + name.size() + 4;
    return message.substr(begin, message.find("\r\n", begin) - begin);
}

inline std::string body_of(std::string const& message)
{
    return message.substr(message.find("\r\n\r\n") + 4);
}

} // namespace onlink::test

#endif
