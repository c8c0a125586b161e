/* SPDX-License-Identifier: BSL-1.0 */
/* BinaryLight:1 on GUPnP 1.6 (with GSSDP and libsoup 3).
 * Options: --interface IF --port P --directory DIR --embedded N. Runs until SIGTERM or SIGINT. */
#include "binary_light.h"

#include <glib-unix.h>
#include <libgupnp/gupnp.h>

static void on_get(GUPnPService* service, GUPnPServiceAction* action, gpointer state)
{
    (void)service;
    gboolean is_status = !strcmp(gupnp_service_action_get_name(action), "GetStatus");
    gupnp_service_action_set(action, is_status ? "ResultStatus" : "RetTargetValue", G_TYPE_BOOLEAN,
                             *(gboolean*)state, NULL);
    gupnp_service_action_return_success(action);
}

static void on_set_target(GUPnPService* service, GUPnPServiceAction* action, gpointer state)
{
    gboolean wanted = FALSE, *status = state;
    gupnp_service_action_get(action, "newTargetValue", G_TYPE_BOOLEAN, &wanted, NULL);
    if (wanted != *status) {
        *status = wanted;
        gupnp_service_notify(service, "Status", G_TYPE_BOOLEAN, wanted, NULL);
    }
    gupnp_service_action_return_success(action);
}

static void on_query_status(GUPnPService* service, const char* variable, GValue* value, gpointer state)
{
    (void)service, (void)variable;
    g_value_init(value, G_TYPE_BOOLEAN);
    g_value_set_boolean(value, *(gboolean*)state);
}

/* Keeps the service alive for the life of the program. */
static void serve_switch_power(GUPnPDeviceInfo* device)
{
    GUPnPServiceInfo* service = gupnp_device_info_get_service(device, SWITCH_SERVICE_TYPE);
    gboolean* status = g_new0(gboolean, 1);
    if (!service) {
        fprintf(stderr, "no SwitchPower service in the description\n");
        exit(1);
    }
    g_signal_connect(service, "action-invoked::GetStatus", G_CALLBACK(on_get), status);
    g_signal_connect(service, "action-invoked::GetTarget", G_CALLBACK(on_get), status);
    g_signal_connect(service, "action-invoked::SetTarget", G_CALLBACK(on_set_target), status);
    g_signal_connect(service, "query-variable::Status", G_CALLBACK(on_query_status), status);
}

static gboolean on_stop(gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_REMOVE;
}

int main(int argc, char** argv)
{
    struct light_options options = light_parse_options(argc, argv);
    GError* error = NULL;
    light_write_documents(options.directory, options.embedded);

    GUPnPContext* context = gupnp_context_new_full(options.interface_name, NULL, (guint16)options.port,
                                                   GSSDP_UDA_VERSION_1_0, &error);
    GUPnPRootDevice* root =
        context ? gupnp_root_device_new(context, "description.xml", options.directory, &error) : NULL;
    if (!root) {
        fprintf(stderr, "gupnp: %s\n", error ? error->message : "unknown error");
        return 1;
    }
    serve_switch_power(GUPNP_DEVICE_INFO(root));
    GList* embedded = gupnp_device_info_list_devices(GUPNP_DEVICE_INFO(root));
    for (GList* item = embedded; item; item = item->next)
        serve_switch_power(GUPNP_DEVICE_INFO(item->data));
    gupnp_root_device_set_available(root, TRUE);
    printf("READY http://%s:%u/description.xml\n", gssdp_client_get_host_ip(GSSDP_CLIENT(context)),
           gupnp_context_get_port(context));
    fflush(stdout);

    GMainLoop* loop = g_main_loop_new(NULL, FALSE);
    g_unix_signal_add(SIGTERM, on_stop, loop);
    g_unix_signal_add(SIGINT, on_stop, loop);
    g_main_loop_run(loop);
    gupnp_root_device_set_available(root, FALSE);
    g_object_unref(root);
    g_object_unref(context);
    return 0;
}
