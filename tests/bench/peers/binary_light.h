/* SPDX-License-Identifier: BSL-1.0 */
/* The BinaryLight:1 device that every peer and floor serves: same XML, same URL layout.
 *   /description.xml, /SwitchPower1.xml, /control/<i>, /event/<i>
 * i = 0 is the root device, 1..N are the embedded devices. */
#ifndef BENCH_BINARY_LIGHT_H
#define BENCH_BINARY_LIGHT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIGHT_DEVICE_TYPE "urn:schemas-upnp-org:device:BinaryLight:1"
#define SWITCH_SERVICE_TYPE "urn:schemas-upnp-org:service:SwitchPower:1"
#define SWITCH_SERVICE_ID "urn:upnp-org:serviceId:SwitchPower"

static const char switch_power_scpd[] =
    "<?xml version=\"1.0\"?>\n"
    "<scpd xmlns=\"urn:schemas-upnp-org:service-1-0\">\n"
    "<specVersion><major>1</major><minor>0</minor></specVersion>\n"
    "<actionList>\n"
    "<action><name>SetTarget</name><argumentList><argument><name>newTargetValue</name>"
    "<direction>in</direction><relatedStateVariable>Target</relatedStateVariable></argument></argumentList></"
    "action>\n"
    "<action><name>GetTarget</name><argumentList><argument><name>RetTargetValue</name>"
    "<direction>out</direction><relatedStateVariable>Target</relatedStateVariable></argument></"
    "argumentList></action>\n"
    "<action><name>GetStatus</name><argumentList><argument><name>ResultStatus</name>"
    "<direction>out</direction><relatedStateVariable>Status</relatedStateVariable></argument></"
    "argumentList></action>\n"
    "</actionList>\n"
    "<serviceStateTable>\n"
    "<stateVariable sendEvents=\"no\"><name>Target</name><dataType>boolean</dataType>"
    "<defaultValue>0</defaultValue></stateVariable>\n"
    "<stateVariable sendEvents=\"yes\"><name>Status</name><dataType>boolean</dataType>"
    "<defaultValue>0</defaultValue></stateVariable>\n"
    "</serviceStateTable>\n"
    "</scpd>\n";

static void light_udn(char out[64], int index)
{
    snprintf(out, 64, "uuid:2fac1234-31f8-11b4-a222-08002b34%04x", index & 0xffff);
}

static size_t light_append_device(char* out, size_t room, int index)
{
    char udn[64];
    light_udn(udn, index);
    return (size_t)snprintf(out, room,
                            "<deviceType>" LIGHT_DEVICE_TYPE "</deviceType>\n"
                            "<friendlyName>Bench light %d</friendlyName>\n"
                            "<manufacturer>Bench</manufacturer>\n"
                            "<modelDescription>Binary light used as a benchmark peer</modelDescription>\n"
                            "<modelName>BinaryLight</modelName>\n"
                            "<modelNumber>1</modelNumber>\n"
                            "<UDN>%s</UDN>\n"
                            "<serviceList><service>\n"
                            "<serviceType>" SWITCH_SERVICE_TYPE "</serviceType>\n"
                            "<serviceId>" SWITCH_SERVICE_ID "</serviceId>\n"
                            "<SCPDURL>/SwitchPower1.xml</SCPDURL>\n"
                            "<controlURL>/control/%d</controlURL>\n"
                            "<eventSubURL>/event/%d</eventSubURL>\n"
                            "</service></serviceList>\n",
                            index, udn, index, index);
}

/* Returns a malloc'd description document with `embedded` embedded devices. */
static char* light_description(int embedded)
{
    size_t room = 1024 + (size_t)(embedded + 1) * 1024, used = 0;
    char* xml = (char*)malloc(room);
    if (!xml)
        abort();
    used += (size_t)snprintf(xml + used, room - used,
                             "<?xml version=\"1.0\"?>\n<root xmlns=\"urn:schemas-upnp-org:device-1-0\">\n"
                             "<specVersion><major>1</major><minor>0</minor></specVersion>\n<device>\n");
    used += light_append_device(xml + used, room - used, 0);
    if (embedded > 0) {
        used += (size_t)snprintf(xml + used, room - used, "<deviceList>\n");
        for (int i = 1; i <= embedded; ++i) {
            used += (size_t)snprintf(xml + used, room - used, "<device>\n");
            used += light_append_device(xml + used, room - used, i);
            used += (size_t)snprintf(xml + used, room - used, "</device>\n");
        }
        used += (size_t)snprintf(xml + used, room - used, "</deviceList>\n");
    }
    snprintf(xml + used, room - used, "</device>\n</root>\n");
    return xml;
}

/* Writes one document into the directory the peer library serves files from. */
static void light_write_file(const char* dir, const char* name, const char* text)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE* f = fopen(path, "w");
    if (!f || fputs(text, f) < 0 || fclose(f) != 0) {
        perror(path);
        exit(1);
    }
}

static void light_write_documents(const char* dir, int embedded)
{
    char* description = light_description(embedded);
    light_write_file(dir, "description.xml", description);
    light_write_file(dir, "SwitchPower1.xml", switch_power_scpd);
    free(description);
}

/* Command line shared by the peers. */
struct light_options {
    const char* interface_name;
    const char* directory;
    int port;
    int embedded;
};

static struct light_options light_parse_options(int argc, char** argv)
{
    struct light_options o = {NULL, "/tmp", 49200, 0};
    for (int i = 1; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--interface"))
            o.interface_name = argv[i + 1];
        else if (!strcmp(argv[i], "--directory"))
            o.directory = argv[i + 1];
        else if (!strcmp(argv[i], "--port"))
            o.port = atoi(argv[i + 1]);
        else if (!strcmp(argv[i], "--embedded"))
            o.embedded = atoi(argv[i + 1]);
        else {
            fprintf(stderr, "unknown option %s\n", argv[i]);
            exit(2);
        }
    }
    return o;
}

#endif
