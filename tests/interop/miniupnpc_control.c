/* SPDX-License-Identifier: BSL-1.0
 *
 * Calls by libminiupnpc, run by miniupnpc.py: switches a light on, asks it, makes two mistakes, and prints
 * what comes back.
 *
 *     miniupnpc_control CONTROL_URL
 */
#include <miniupnpc/miniupnpc.h>
#include <miniupnpc/upnpreplyparse.h>
#include <stdio.h>
#include <stdlib.h>

#define SWITCH_POWER "urn:schemas-upnp-org:service:SwitchPower:1"

/* Prints the value of `result`, or `ok` if none is asked for; of an error its code and description. */
static void call(char const* url, char const* action, struct UPNParg* arguments, char const* result)
{
    struct NameValueParserData said;
    char const* code;
    char const* value;
    int size = 0;
    char* answer = simpleUPnPcommand(-1, url, SWITCH_POWER, action, arguments, &size);
    if (!answer) {
        printf("%s: no answer\n", action);
        return;
    }
    ParseNameValue(answer, size, &said);
    free(answer);
    code = GetValueFromNameValueList(&said, "errorCode");
    value = result ? GetValueFromNameValueList(&said, result) : "ok";
    if (code)
        printf("%s: error %s %s\n", action, code, GetValueFromNameValueList(&said, "errorDescription"));
    else
        printf("%s: %s\n", action, value ? value : "(nothing)");
    ClearNameValueList(&said);
}

int main(int argc, char** argv)
{
    struct UPNParg on[] = {{"newTargetValue", "1"}, {NULL, NULL}};
    struct UPNParg wrong[] = {{"newTargetValue", "maybe"}, {NULL, NULL}};
    if (argc != 2) {
        fprintf(stderr, "usage: miniupnpc_control CONTROL_URL\n");
        return 2;
    }
    call(argv[1], "SetTarget", on, NULL);
    call(argv[1], "GetTarget", NULL, "RetTargetValue");
    call(argv[1], "GetStatus", NULL, "ResultStatus");
    call(argv[1], "SetTarget", wrong, NULL);
    call(argv[1], "Explode", NULL, NULL);
    return 0;
}
