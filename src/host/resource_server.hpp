// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HOST_RESOURCE_SERVER_HPP
#define ONLINK_HOST_RESOURCE_SERVER_HPP

#include "host/http_reply.hpp"
#include "host/request_turn.hpp"
#include "http/dated_fields.hpp"
#include "http/static_content.hpp"

#include <onlink/host_options.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace onlink {

/// Everything that is served for reading, documents and pages alike, and what routes of the application
/// answer. Numbers are positions in the lists of web_content.
class resource_server {
public:
    /// Both have to outlive it.
    resource_server(host_options const& options, std::string const& server);

    /// A body in memory.
    http_reply read(request_turn const& x, static_content const& content) const;
    http_reply file(request_turn const& x, std::size_t number) const;
    http_reply folder(request_turn const& x, std::size_t number) const;
    http_reply route(request_turn const& x, std::size_t number) const;

    /// The answer to a request that wanted a file, which is open now.
    file_answer file_answer_for(moment now, http_request const& request, wanted_file const& what,
                                content_facts const& facts) const;
    /// The same where there is none.
    http_reply no_file(http_request const& request) const;
    /// The head that a handler of the application wants to send. Errors: malformed.
    result<http_response> web_head(moment now, http_request const& request, web_response const& wanted) const;

private:
    void add_fields_of_a_resource(moment now, http_request const& request, http_response& response) const;
    void keep_out_of_frames(http_response& response) const;

    host_options const& options_;
    std::string const& server_;
    mutable dated_fields dated_;
    std::vector<static_content> files_; ///< of web_content::files
};

} // namespace onlink

#endif
