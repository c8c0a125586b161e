// SPDX-License-Identifier: BSL-1.0
// Floor for SSDP: answers every M-SEARCH datagram with one canned unicast 200 response.
// usage: udp_reply ADDRESS PORT [--batch]     (--batch: recvmmsg/sendmmsg, 32 datagrams a call)
#include "canned.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <vector>

namespace {

constexpr int batch_size = 32;

bool is_search(const char* data, std::size_t size)
{
    return size > 8 && std::memcmp(data, "M-SEARCH", 8) == 0;
}

void serve_one_by_one(int fd, const std::string& reply)
{
    std::array<char, 2048> buffer;
    for (;;) {
        sockaddr_in from{};
        socklen_t length = sizeof from;
        ssize_t n =
            recvfrom(fd, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&from), &length);
        if (n > 0 && is_search(buffer.data(), static_cast<std::size_t>(n)))
            sendto(fd, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&from), length);
    }
}

void serve_in_batches(int fd, std::string reply)
{
    std::vector<std::array<char, 2048>> buffers(batch_size);
    std::array<sockaddr_in, batch_size> from{};
    std::array<iovec, batch_size> in{};
    iovec out{reply.data(), reply.size()};
    std::array<mmsghdr, batch_size> received{}, answers{};
    for (;;) {
        for (int i = 0; i < batch_size; ++i) {
            in[i] = {buffers[i].data(), buffers[i].size()};
            received[i].msg_hdr = {&from[i], sizeof from[i], &in[i], 1, nullptr, 0, 0};
        }
        int count = recvmmsg(fd, received.data(), batch_size, MSG_WAITFORONE, nullptr);
        int ready = 0;
        for (int i = 0; i < count; ++i)
            if (is_search(buffers[i].data(), received[i].msg_len))
                answers[ready++].msg_hdr = {&from[i], sizeof from[i], &out, 1, nullptr, 0, 0};
        for (int sent = 0; sent < ready;) {
            int n = sendmmsg(fd, answers.data() + sent, static_cast<unsigned>(ready - sent), 0);
            if (n <= 0)
                break;
            sent += n;
        }
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 3)
        return 2;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    int one = 1, room = 4 << 20;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(std::atoi(argv[2])));
    address.sin_addr.s_addr = INADDR_ANY;
    if (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        perror("bind");
        return 1;
    }
    ip_mreq group{};
    inet_pton(AF_INET, "239.255.255.250", &group.imr_multiaddr);
    inet_pton(AF_INET, argv[1], &group.imr_interface);
    if (setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group) != 0)
        perror("multicast join");
    std::string location = std::string("http://") + argv[1] + ":49200/description.xml";
    std::printf("READY %s\n", location.c_str());
    std::fflush(stdout);
    if (argc > 3 && std::string_view(argv[3]) == "--batch")
        serve_in_batches(fd, onlink::bench::canned::search_response(location));
    else
        serve_one_by_one(fd, onlink::bench::canned::search_response(location));
}
