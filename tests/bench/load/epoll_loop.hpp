// SPDX-License-Identifier: BSL-1.0
// A minimal single-threaded epoll loop.
#ifndef ONLINK_TESTS_BENCH_LOAD_EPOLL_LOOP_HPP
#define ONLINK_TESTS_BENCH_LOAD_EPOLL_LOOP_HPP

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cstdint>

namespace onlink::bench {

class ready_handler {
public:
    virtual ~ready_handler() = default;
    virtual void on_ready(uint32_t events) = 0;
};

class epoll_loop {
public:
    epoll_loop() : fd_(epoll_create1(0)) {}
    ~epoll_loop() { close(fd_); }
    epoll_loop(const epoll_loop&) = delete;
    epoll_loop& operator=(const epoll_loop&) = delete;

    void add(int fd, uint32_t events, ready_handler* handler) { control(EPOLL_CTL_ADD, fd, events, handler); }
    void change(int fd, uint32_t events, ready_handler* handler)
    {
        control(EPOLL_CTL_MOD, fd, events, handler);
    }
    void poll(int timeout_ms)
    {
        int count = epoll_wait(fd_, events_.data(), static_cast<int>(events_.size()), timeout_ms);
        for (int i = 0; i < count; ++i)
            static_cast<ready_handler*>(events_[i].data.ptr)->on_ready(events_[i].events);
    }

private:
    void control(int operation, int fd, uint32_t events, ready_handler* handler)
    {
        epoll_event event{};
        event.events = events;
        event.data.ptr = handler;
        epoll_ctl(fd_, operation, fd, &event);
    }
    int fd_;
    std::array<epoll_event, 256> events_{};
};

} // namespace onlink::bench

#endif
