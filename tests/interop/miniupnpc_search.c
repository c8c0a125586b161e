/* SPDX-License-Identifier: BSL-1.0
 *
 * A search by libminiupnpc, run by miniupnpc.py and minissdpd.py: prints ST, USN and location
 * of all that it finds.
 *
 *     miniupnpc_search INTERFACE 4|6 SOCKET [ST]
 *
 * SOCKET is that of a minissdpd to ask instead of the network. Without ST it searches for ssdp:all.
 */
#include <miniupnpc/miniupnpc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { milliseconds = 2000, ttl = 2 };

int main(int argc, char** argv)
{
    int error = UPNPDISCOVER_SUCCESS;
    if (argc != 4 && argc != 5) {
        fprintf(stderr, "usage: miniupnpc_search INTERFACE 4|6 SOCKET [ST]\n");
        return 2;
    }
    char const* interface = argv[1];
    char const* minissdpd = argv[3];
    int ipv6 = strcmp(argv[2], "6") == 0;
    struct UPNPDev* found =
        argc == 5 ? upnpDiscoverDevice(argv[4], milliseconds, interface, minissdpd, 0, ipv6, ttl, &error)
                  : upnpDiscoverAll(milliseconds, interface, minissdpd, 0, ipv6, ttl, &error);
    if (error != UPNPDISCOVER_SUCCESS)
        printf("failed: %d\n", error);
    for (struct UPNPDev const* each = found; each; each = each->pNext)
        printf("%s %s %s\n", each->st, each->usn, each->descURL);
    freeUPNPDevlist(found);
    return error != UPNPDISCOVER_SUCCESS;
}
