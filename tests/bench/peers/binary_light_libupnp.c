/* SPDX-License-Identifier: BSL-1.0 */
/* BinaryLight:1 on libupnp (pupnp 1.8.4).
 * Options: --interface IF --port P --directory DIR --embedded N. Runs until SIGTERM or SIGINT. */
#include "binary_light.h"

#include <pthread.h>
#include <signal.h>
#include <upnp/upnp.h>
#include <upnp/upnptools.h>

static UpnpDevice_Handle device;
static pthread_mutex_t state_lock = PTHREAD_MUTEX_INITIALIZER;
static char status[65536]; /* '0' or '1' for each device index */

/* Device index from the last four hex digits of its UDN. */
static int index_of(const char* udn)
{
    size_t length = strlen(udn);
    return length < 4 ? 0 : (int)strtol(udn + length - 4, NULL, 16) & 0xffff;
}

static void answer_action(UpnpActionRequest* request)
{
    const char* name = UpnpActionRequest_get_ActionName_cstr(request);
    const char* udn = UpnpActionRequest_get_DevUDN_cstr(request);
    int index = index_of(udn);
    char value[2] = {0, 0};
    IXML_Document* answer = NULL;

    if (!strcmp(name, "SetTarget")) {
        IXML_Document* arguments = UpnpActionRequest_get_ActionRequest(request);
        IXML_NodeList* list = ixmlDocument_getElementsByTagName(arguments, "newTargetValue");
        IXML_Node* text = list ? ixmlNode_getFirstChild(ixmlNodeList_item(list, 0)) : NULL;
        const char* wanted = text ? ixmlNode_getNodeValue(text) : NULL;
        if (!wanted || (wanted[0] != '0' && wanted[0] != '1')) {
            ixmlNodeList_free(list);
            UpnpActionRequest_set_ErrCode(request, 600);
            return;
        }
        value[0] = wanted[0];
        ixmlNodeList_free(list);
        pthread_mutex_lock(&state_lock);
        int changed = status[index] != value[0];
        status[index] = value[0];
        if (changed) {
            const char *names[] = {"Status"}, *values[] = {value};
            int code = UpnpNotify(device, udn, SWITCH_SERVICE_ID, names, values, 1);
            if (code != UPNP_E_SUCCESS)
                fprintf(stderr, "UpnpNotify: %s (%d)\n", UpnpGetErrorMessage(code), code);
        }
        pthread_mutex_unlock(&state_lock);
        answer = UpnpMakeActionResponse(name, SWITCH_SERVICE_TYPE, 0, NULL);
    } else if (!strcmp(name, "GetStatus") || !strcmp(name, "GetTarget")) {
        pthread_mutex_lock(&state_lock);
        value[0] = status[index];
        pthread_mutex_unlock(&state_lock);
        const char* argument = name[3] == 'S' ? "ResultStatus" : "RetTargetValue";
        answer = UpnpMakeActionResponse(name, SWITCH_SERVICE_TYPE, 1, argument, value);
    } else {
        UpnpActionRequest_set_ErrCode(request, 401);
        return;
    }
    UpnpActionRequest_set_ErrCode(request, UPNP_E_SUCCESS);
    UpnpActionRequest_set_ActionResult(request, answer);
}

static void accept_subscription(const UpnpSubscriptionRequest* request)
{
    const char* udn = UpnpSubscriptionRequest_get_UDN_cstr(request);
    pthread_mutex_lock(&state_lock);
    char value[2] = {status[index_of(udn)], 0};
    const char *names[] = {"Status"}, *values[] = {value};
    UpnpAcceptSubscription(device, udn, UpnpSubscriptionRequest_get_ServiceId_cstr(request), names, values, 1,
                           UpnpSubscriptionRequest_get_SID_cstr(request));
    pthread_mutex_unlock(&state_lock);
}

static int on_event(Upnp_EventType type, const void* event, void* cookie)
{
    (void)cookie;
    if (type == UPNP_CONTROL_ACTION_REQUEST)
        answer_action((UpnpActionRequest*)event);
    else if (type == UPNP_EVENT_SUBSCRIPTION_REQUEST)
        accept_subscription(event);
    return 0;
}

static void check(int code, const char* what)
{
    if (code == UPNP_E_SUCCESS)
        return;
    fprintf(stderr, "%s: %s (%d)\n", what, UpnpGetErrorMessage(code), code);
    exit(1);
}

int main(int argc, char** argv)
{
    struct light_options options = light_parse_options(argc, argv);
    memset(status, '0', sizeof status);
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);

    light_write_documents(options.directory, options.embedded);
    check(UpnpInit2(options.interface_name, (unsigned short)options.port), "UpnpInit2");
    /* The default of 16 kB also limits the device's own description, which the library fetches from itself.
     */
    check(UpnpSetMaxContentLength(1 << 20), "UpnpSetMaxContentLength");
    check(UpnpSetWebServerRootDir(options.directory), "UpnpSetWebServerRootDir");
    char url[256];
    snprintf(url, sizeof url, "http://%s:%d/description.xml", UpnpGetServerIpAddress(), UpnpGetServerPort());
    check(UpnpRegisterRootDevice(url, on_event, NULL, &device), "UpnpRegisterRootDevice");
    /* The default is unlimited; said explicitly so that the benchmark does not depend on it. */
    check(UpnpSetMaxSubscriptions(device, 100000), "UpnpSetMaxSubscriptions");
    check(UpnpSendAdvertisement(device, 1800), "UpnpSendAdvertisement");
    printf("READY %s\n", url);
    fflush(stdout);

    int signal_number;
    sigwait(&stop, &signal_number);
    UpnpUnRegisterRootDevice(device);
    UpnpFinish();
    return 0;
}
