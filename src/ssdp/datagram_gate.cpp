// SPDX-License-Identifier: BSL-1.0
#include "ssdp/datagram_gate.hpp"

namespace onlink {

datagram_gate::datagram_gate(limits::ssdp_limits const& bounds, time_point now, segment_map segments)
    : max_datagram_(bounds.max_datagram),
      segments_(std::move(segments)),
      searches_(bounds.max_sources, bounds.search_burst, bounds.searches_per_second),
      answers_(bounds.max_sources, bounds.answer_burst, bounds.answers_per_second),
      all_answers_(bounds.total_answer_burst, bounds.total_answers_per_second, now)
{}

std::optional<refusal_reason> datagram_gate::check(std::size_t size, endpoint const& source,
                                                   network_interface const& ingress) const
{
    if (size > max_datagram_)
        return refusal_reason::datagram_too_large;
    // Port 0 cannot be answered; a broadcast source would be answered by everyone.
    if (source.port == 0 || is_special(source.address) || !segments_.on_segment(ingress, source.address) ||
        segments_.is_edge(ingress, source.address))
        return refusal_reason::datagram_off_segment;
    return std::nullopt;
}

std::optional<refusal_reason> datagram_gate::check_search_rate(address const& source, time_point now)
{
    if (!searches_.take(source, now))
        return refusal_reason::search_rate;
    return std::nullopt;
}

std::optional<refusal_reason> datagram_gate::check_answer_rate(address const& source, std::size_t answers,
                                                               time_point now)
{
    // The total is asked for as much as is wanted, so that under a flood of forged sources many small answers
    // get through before a large one does; and before the source is charged for what it does not get.
    if (answers_.available_at(source, now) > now || !all_answers_.spend(answers, now, answers))
        return refusal_reason::search_answer_rate;
    answers_.spend(source, answers, now);
    return std::nullopt;
}

} // namespace onlink
