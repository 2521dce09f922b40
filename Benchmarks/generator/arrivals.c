// People who come one after the other at an even pace: what each socket hears of the others' coming.
#include <stdio.h>
#include <stdlib.h>

#include "fleet.h"

static Fleet fleet;

static int ascending(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

int run_arrivals(const Scenario *scenario) {
    fleet = (Fleet){.port = scenario->target.port, .server = scenario->target.server, .count = scenario->connections,
        .site_watchers = scenario->site_watchers};
    fleet_prepare(&fleet, scenario->list);
    uint64_t cpu_before = cpu_us(fleet.server), begin = now_us(), period = (uint64_t)scenario->target.seconds * 1000000;
    int opened = 0;
    while (fleet.live_count < fleet.count) {
        uint64_t now = now_us();
        if (now > begin + period + 60000000) fail("only %d of %d sockets became ready", fleet.live_count, fleet.count);
        for (int burst = 0; burst < 64 && opened < fleet.count && begin + (uint64_t)opened * period / (uint64_t)fleet.count <= now; burst++) {
            fleet_connect(&fleet, &fleet.clients[opened++]);
        }
        fleet_turn(&fleet, 1, NULL);
    }
    double seconds = (double)(now_us() - begin) / 1e6;
    for (uint64_t end = now_us() + 3000000; now_us() < end;) fleet_turn(&fleet, 100, NULL);
    uint64_t cpu = cpu_us(fleet.server) - cpu_before, total = 0, site = 0, *events = calloc((size_t)fleet.count, sizeof *events);
    int others = 0;
    for (int index = 0; index < fleet.count; index++) {
        const Client *client = &fleet.clients[index];
        total += client->events;
        if (client->sees_all) site += client->events;
        else events[others++] = client->events;
    }
    qsort(events, (size_t)others, sizeof *events, ascending);
    printf("{\"sockets\": %d, \"seconds\": %.1f, \"deliveries\": %lu, \"per_listener\": %.1f, \"median\": %lu, \"most\": %lu, "
           "\"per_site_watcher\": %.0f, \"cpu_us\": %lu, \"us_per_arrival\": %.0f}\n",
        fleet.count, seconds, total, (double)(total - site) / others, events[others / 2], events[others - 1],
        fleet.site_watchers ? (double)site / fleet.site_watchers : 0, cpu, (double)cpu / fleet.count);
    return 0;
}
