// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_SUPPORT_OWN_NAMESPACE_HPP
#define ONLINK_TESTS_SUPPORT_OWN_NAMESPACE_HPP

#ifdef __linux__

#    include <gtest/gtest.h>

#    include <cstring>
#    include <exception>
#    include <functional>
#    include <thread>

#    include <net/if.h>
#    include <netinet/in.h>
#    include <sched.h>
#    include <sys/ioctl.h>
#    include <sys/socket.h>
#    include <unistd.h>

namespace onlink::test {

/// Runs `body` in a network namespace of its own, which has nothing but a loopback interface that is down.
/// False if the system does not let us.
inline bool in_another_namespace(std::function<void()> const& body)
{
    bool may = false;
    std::thread{[&] { // a namespace is a thread's
        may = ::unshare(CLONE_NEWNET) == 0;
        if (may)
            try {
                body();
            } catch (std::exception const& thrown) { // of a wait in vain
                ADD_FAILURE() << thrown.what();
            }
    }}
        .join();
    return may;
}

inline void switch_loopback(bool on)
{
    int const socket = ::socket(AF_INET, SOCK_DGRAM, 0);
    ifreq request{};
    std::strcpy(request.ifr_name, "lo");
    request.ifr_flags = on ? IFF_UP : 0;
    EXPECT_EQ(::ioctl(socket, SIOCSIFFLAGS, &request), 0);
    ::close(socket);
}

/// Gives the loopback interface the address 10.9.9.9/8 beside its own, or takes it away.
inline void set_loopback_alias(bool on)
{
    int const socket = ::socket(AF_INET, SOCK_DGRAM, 0);
    ifreq request{};
    std::strcpy(request.ifr_name, "lo:1");
    if (on) {
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_addr.s_addr = htonl(0x0A090909);
        std::memcpy(&request.ifr_addr, &where, sizeof where);
        EXPECT_EQ(::ioctl(socket, SIOCSIFADDR, &request), 0);
    } else {
        request.ifr_flags = 0;
        EXPECT_EQ(::ioctl(socket, SIOCSIFFLAGS, &request), 0);
    }
    ::close(socket);
}

} // namespace onlink::test

#endif

#endif
