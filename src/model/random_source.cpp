// SPDX-License-Identifier: BSL-1.0
#include <onlink/random_source.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <random>

#if defined(__linux__)
#    include <sys/random.h>
#    include <sys/types.h>
#endif

namespace onlink {

namespace {

/// Fills the front of `out` from the kernel; returns what is left to fill.
std::span<std::byte> fill_from_kernel(std::span<std::byte> out) noexcept
{
#if defined(__linux__)
    while (!out.empty()) {
        ssize_t const got = ::getrandom(out.data(), out.size(), 0);
        if (got > 0)
            out = out.subspan(static_cast<std::size_t>(got));
        else if (got == 0 || errno != EINTR)
            break; // a kernel before 3.17, or a sandbox that forbids the call
    }
#endif
    return out;
}

class system_source final : public random_source {
public:
    /// Small numbers come from what was fetched together: a call of the kernel for each would cost more than
    /// what it is for. What was handed out is not kept.
    void fill(std::span<std::byte> out) override
    {
        if (out.size() > stock_.size())
            return fetch(out);
        if (out.size() > left_) {
            fetch(stock_);
            left_ = stock_.size();
        }
        auto const taken = std::span{stock_}.subspan(stock_.size() - left_, out.size());
        std::copy(taken.begin(), taken.end(), out.begin());
        std::fill(taken.begin(), taken.end(), std::byte{});
        left_ -= out.size();
    }

private:
    static void fetch(std::span<std::byte> out)
    {
        out = fill_from_kernel(out);
        if (out.empty())
            return;
        std::random_device device;
        while (!out.empty()) {
            std::random_device::result_type const word = device();
            auto const count = std::min(sizeof word, out.size());
            std::memcpy(out.data(), &word, count);
            out = out.subspan(count);
        }
    }

    std::array<std::byte, 256> stock_{};
    std::size_t left_ = 0; ///< of it, at its end
};

} // namespace

random_source::~random_source() = default;

std::uint64_t random_source::next()
{
    std::uint64_t number = 0;
    fill(std::as_writable_bytes(std::span{&number, 1}));
    return number;
}

std::uint64_t random_source::up_to(std::uint64_t bound)
{
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    if (bound == most)
        return next();
    auto const count = bound + 1;
    // Draws above this would make small results likelier than large ones.
    auto const last_fair = most - (most % count + 1) % count;
    // Each draw is fair with a chance above one half. Only a broken source fails so often, and it shall not
    // hang the host.
    constexpr int attempts = 128;
    auto draw = next();
    for (int i = 1; draw > last_fair && i < attempts; ++i)
        draw = next();
    return draw % count;
}

std::shared_ptr<random_source> system_random() { return std::make_shared<system_source>(); }

} // namespace onlink
