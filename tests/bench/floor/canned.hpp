// SPDX-License-Identifier: BSL-1.0
// Canned messages shared by the floor servers: the bytes a real device would send, prepared once.
#ifndef ONLINK_TESTS_BENCH_FLOOR_CANNED_HPP
#define ONLINK_TESTS_BENCH_FLOOR_CANNED_HPP

#include "../peers/binary_light.h"

#include <string>
#include <string_view>

namespace onlink::bench::canned {

inline std::string with_head(const std::string& head, const std::string& body)
{
    return "HTTP/1.1 200 OK\r\n" + head + "CONTENT-LENGTH: " + std::to_string(body.size()) +
           "\r\nCONTENT-TYPE: text/xml; charset=\"utf-8\"\r\nSERVER: Linux/6 UPnP/1.0 floor/1\r\n\r\n" + body;
}

inline std::string description_response()
{
    char* xml = light_description(0);
    std::string response = with_head("", xml);
    std::free(xml);
    return response;
}

inline std::string soap_response(const char* action, const std::string& arguments)
{
    std::string name = std::string(action) + "Response";
    return with_head(
        "EXT:\r\n",
        "<?xml version=\"1.0\"?>\n<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" "
        "s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body><u:" +
            name + " xmlns:u=\"" SWITCH_SERVICE_TYPE "\">" + arguments + "</u:" + name +
            "></s:Body></s:Envelope>\n");
}

inline std::string search_response(const std::string& location)
{
    return "HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=1800\r\nDATE: Sun, 22 Nov 2026 18:00:00 "
           "GMT\r\nEXT:\r\nLOCATION: " +
           location +
           "\r\nSERVER: Linux/6 UPnP/1.0 floor/1\r\nST: upnp:rootdevice\r\n"
           "USN: uuid:2fac1234-31f8-11b4-a222-08002b340000::upnp:rootdevice\r\n\r\n";
}

/// Length of the first complete request in `input`, or 0 if it has not all arrived.
/// Looks only for the end of the headers and for Content-Length.
inline std::size_t request_length(std::string_view input)
{
    std::size_t end = input.find("\r\n\r\n");
    if (end == std::string_view::npos)
        return 0;
    std::size_t total = end + 4;
    if (input[0] != 'G') {
        std::size_t at = input.substr(0, end).find("ontent-Length:");
        if (at == std::string_view::npos)
            at = input.substr(0, end).find("ONTENT-LENGTH:");
        if (at != std::string_view::npos)
            total += std::strtoul(input.data() + at + 14, nullptr, 10);
    }
    return total <= input.size() ? total : 0;
}

inline bool wants_close(std::string_view request)
{
    return request.find("onnection: close\r\n") != std::string_view::npos;
}

} // namespace onlink::bench::canned

#endif
