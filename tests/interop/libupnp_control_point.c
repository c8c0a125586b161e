/* SPDX-License-Identifier: BSL-1.0
 *
 * A control point on libupnp 1.8, run by libupnp.py: finds a light, subscribes, switches it, renews,
 * unsubscribes, and prints each step.
 *
 *     libupnp_control_point INTERFACE
 *
 * or, run by side_by_side.py, subscribes, prints so many events as they come, and unsubscribes:
 *
 *     libupnp_control_point INTERFACE COUNT
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <upnp/upnp.h>
#include <upnp/upnptools.h>

#define SWITCH_POWER "urn:schemas-upnp-org:service:SwitchPower:1"
enum { mx = 5, seconds_to_wait = mx + 1, max_text = 512 };

/* What the threads of libupnp hand over to main(). */
static struct {
    pthread_mutex_t mutex;
    pthread_cond_t news;
    char location[max_text];
    char event[max_text];
    int heard; /* events */
} inbox = {.mutex = PTHREAD_MUTEX_INITIALIZER, .news = PTHREAD_COND_INITIALIZER};

struct service {
    char udn[max_text];
    char control_url[max_text];
    char event_url[max_text];
};

static void require(int condition, const char* what)
{
    if (condition)
        return;
    printf("failed: %s\n", what);
    exit(1);
}

static void succeed(int code, const char* what)
{
    if (code == UPNP_E_SUCCESS)
        return;
    printf("failed: %s: %d %s\n", what, code, UpnpGetErrorMessage(code));
    exit(1);
}

static void post(char* slot, const char* text)
{
    pthread_mutex_lock(&inbox.mutex);
    snprintf(slot, max_text, "%s", text);
    pthread_cond_signal(&inbox.news);
    pthread_mutex_unlock(&inbox.mutex);
}

/* Waits for a text in the slot and takes it out; 0 if none came. */
static int take(char* slot, char* text)
{
    struct timespec deadline;
    int late = 0;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += seconds_to_wait;
    pthread_mutex_lock(&inbox.mutex);
    while (!slot[0] && late != ETIMEDOUT)
        late = pthread_cond_timedwait(&inbox.news, &inbox.mutex, &deadline);
    snprintf(text, max_text, "%s", slot);
    slot[0] = '\0';
    pthread_mutex_unlock(&inbox.mutex);
    return text[0] != '\0';
}

/* The text of the first element of this name under the node. */
static const char* text_of(IXML_Node* node, const char* name)
{
    IXML_NodeList* found = ixmlElement_getElementsByTagName((IXML_Element*)node, name);
    IXML_Node* first = ixmlNodeList_item(found, 0);
    IXML_Node* text = first ? ixmlNode_getFirstChild(first) : NULL;
    ixmlNodeList_free(found);
    return text ? ixmlNode_getNodeValue(text) : "";
}

/* Whether events are printed as they come. */
static int listens = 0;

static void on_event(const UpnpEvent* event)
{
    char line[max_text];
    IXML_Node* root = ixmlNode_getFirstChild((IXML_Node*)UpnpEvent_get_ChangedVariables(event));
    snprintf(line, sizeof line, "event %s %d Status=%s", UpnpEvent_get_SID_cstr(event),
             UpnpEvent_get_EventKey(event), text_of(root, "Status"));
    if (!listens) {
        post(inbox.event, line);
        return;
    }
    pthread_mutex_lock(&inbox.mutex);
    printf("%s\n", line);
    inbox.heard++;
    pthread_cond_signal(&inbox.news);
    pthread_mutex_unlock(&inbox.mutex);
}

/* Until so many events have come, or none for a while. */
static void hear(int count)
{
    int before = -1;
    pthread_mutex_lock(&inbox.mutex);
    while (inbox.heard < count && inbox.heard != before) {
        struct timespec deadline;
        clock_gettime(CLOCK_REALTIME, &deadline);
        deadline.tv_sec += 20;
        before = inbox.heard;
        pthread_cond_timedwait(&inbox.news, &inbox.mutex, &deadline);
    }
    pthread_mutex_unlock(&inbox.mutex);
}

static int on_news(Upnp_EventType type, const void* news, void* unused)
{
    (void)unused;
    if (type == UPNP_DISCOVERY_SEARCH_RESULT)
        post(inbox.location, UpnpDiscovery_get_Location_cstr(news));
    else if (type == UPNP_EVENT_RECEIVED)
        on_event(news);
    return 0;
}

/* libupnp sends its IPv4 search 0.4 s late and counts MX in whole seconds: an answer of the last second and a
 * half is lost on it, so one search may not do. */
static void find_location(UpnpClient_Handle handle, char* location)
{
    int searches = 0;
    do {
        require(searches++ < 5, "no answer to five searches");
        succeed(UpnpSearchAsync(handle, mx, SWITCH_POWER, NULL), "UpnpSearchAsync");
    } while (!take(inbox.location, location));
}

static struct service find_service(UpnpClient_Handle handle)
{
    struct service service;
    char location[max_text];
    IXML_Document* document = NULL;
    find_location(handle, location);
    succeed(UpnpDownloadXmlDoc(location, &document), "UpnpDownloadXmlDoc");

    IXML_Node* root = ixmlNode_getFirstChild((IXML_Node*)document);
    require(!strcmp(text_of(root, "serviceType"), SWITCH_POWER), "the first service is no SwitchPower:1");
    snprintf(service.udn, max_text, "%s", text_of(root, "UDN"));
    succeed(UpnpResolveURL(location, text_of(root, "controlURL"), service.control_url), "controlURL");
    succeed(UpnpResolveURL(location, text_of(root, "eventSubURL"), service.event_url), "eventSubURL");
    ixmlDocument_free(document);
    printf("found %s %s at %s\n", service.udn, SWITCH_POWER, location);
    return service;
}

static IXML_Document* call(UpnpClient_Handle handle, const struct service* service, IXML_Document* action)
{
    IXML_Document* answer = NULL;
    succeed(UpnpSendAction(handle, service->control_url, SWITCH_POWER, NULL, action, &answer),
            "UpnpSendAction");
    ixmlDocument_free(action);
    return answer;
}

static void set_target(UpnpClient_Handle handle, const struct service* service, const char* value)
{
    ixmlDocument_free(
        call(handle, service, UpnpMakeAction("SetTarget", SWITCH_POWER, 1, "newTargetValue", value)));
    printf("SetTarget newTargetValue=%s -> ok\n", value);
}

static void get_status(UpnpClient_Handle handle, const struct service* service)
{
    IXML_Document* answer = call(handle, service, UpnpMakeAction("GetStatus", SWITCH_POWER, 0, NULL));
    printf("GetStatus -> ResultStatus=%s\n",
           text_of(ixmlNode_getFirstChild((IXML_Node*)answer), "ResultStatus"));
    ixmlDocument_free(answer);
}

/* QueryStateVariable, which only a light of UDA 1.0 answers. */
static void query(UpnpClient_Handle handle, const struct service* service, const char* variable)
{
    DOMString value = NULL;
    int code = UpnpGetServiceVarStatus(handle, service->control_url, variable, &value);
    if (code == UPNP_E_SUCCESS)
        printf("QueryStateVariable %s -> %s\n", variable, value);
    else
        printf("QueryStateVariable %s -> error %d\n", variable, code);
    ixmlFreeDOMString(value);
}

/* A call that the light has to refuse. */
static void fail(UpnpClient_Handle handle, const struct service* service, const char* what,
                 IXML_Document* action)
{
    IXML_Document* answer = NULL;
    int code = UpnpSendAction(handle, service->control_url, SWITCH_POWER, NULL, action, &answer);
    ixmlDocument_free(action);
    if (answer)
        ixmlDocument_free(answer);
    printf("%s -> error %d\n", what, code);
}

static void make_mistakes(UpnpClient_Handle handle, const struct service* service)
{
    fail(handle, service, "SetTarget newTargetValue=maybe",
         UpnpMakeAction("SetTarget", SWITCH_POWER, 1, "newTargetValue", "maybe"));
    fail(handle, service, "Explode", UpnpMakeAction("Explode", SWITCH_POWER, 0, NULL));
}

static void print_event(void)
{
    char line[max_text];
    require(take(inbox.event, line), "no event");
    printf("%s\n", line);
}

int main(int argc, char** argv)
{
    UpnpClient_Handle handle;
    Upnp_SID sid;
    int duration = 1800;
    setvbuf(stdout, NULL, _IOLBF, 0);
    require(argc == 2 || argc == 3, "usage: libupnp_control_point INTERFACE [COUNT]");
    listens = argc == 3;
    succeed(UpnpInit2(argv[1], 0), "UpnpInit2");
    succeed(UpnpRegisterClient(on_news, NULL, &handle), "UpnpRegisterClient");
    struct service service = find_service(handle);

    succeed(UpnpSubscribe(handle, service.event_url, &duration, sid), "UpnpSubscribe");
    printf("subscribed %s for %d s\n", sid, duration);
    if (listens) {
        hear(atoi(argv[2]));
        succeed(UpnpUnSubscribe(handle, sid), "UpnpUnSubscribe");
        printf("unsubscribed %s\n", sid);
        UpnpFinish();
        return 0;
    }
    print_event();
    set_target(handle, &service, "1");
    print_event();

    succeed(UpnpRenewSubscription(handle, &duration, sid), "UpnpRenewSubscription");
    printf("renewed %s for %d s\n", sid, duration);
    set_target(handle, &service, "0");
    print_event();
    get_status(handle, &service);
    make_mistakes(handle, &service);
    query(handle, &service, "Status");
    query(handle, &service, "Colour");

    succeed(UpnpUnSubscribe(handle, sid), "UpnpUnSubscribe");
    printf("unsubscribed %s\n", sid);
    UpnpFinish();
    return 0;
}
