// All sockets are lost at once and come back with what they had, while people go on changing their status.
#include <stdio.h>
#include <stdlib.h>

#include "changes.h"

enum { at_once = 256 };  // without jitter: as many as come back at the same time

static Fleet fleet;
static Changes changes;

static void turn(int timeout_ms) {
    int wait = changes_send(&changes);
    fleet_turn(&fleet, wait < timeout_ms ? wait : timeout_ms, changes_read);
}

static void run_for(uint64_t us) {
    for (uint64_t end = now_us() + us; now_us() < end;) turn(10);
}

/// Connects those whose time has come; a few in each turn, so that what arrives is read meanwhile.
static void return_some(bool has_jitter) {
    static int next_back, cursor;
    if (!has_jitter) {
        while (next_back < fleet.count && next_back - fleet.live_count < at_once) fleet_connect(&fleet, &fleet.clients[next_back++]);
        if (next_back < fleet.count) return;
    }
    uint64_t now = now_us();
    int tries = 0;
    for (int looked = 0; looked < fleet.count && tries < 64; looked++, cursor = (cursor + 1) % fleet.count) {
        Client *client = &fleet.clients[cursor];
        if (client->phase != away || client->retry_at > now) continue;
        fleet_connect(&fleet, client);
        tries++;
    }
}

static int ascending(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

int run_storm(const Scenario *scenario) {
    bool has_jitter = !scenario->at_full_speed;
    fleet = (Fleet){.port = scenario->target.port, .server = scenario->target.server, .count = scenario->connections,
        .site_watchers = scenario->site_watchers};
    changes = (Changes){.interval = 1000000 / (uint64_t)scenario->rate, .burst = 1, .total = (uint32_t)(scenario->rate * scenario->target.seconds)};
    fleet_prepare(&fleet, scenario->list);
    fleet_open(&fleet, 100);
    for (uint64_t end = now_us() + 5000000; now_us() < end;) fleet_turn(&fleet, 100, NULL);
    changes_prepare(&changes, &fleet);
    changes_connect(&fleet, 64);
    fleet.is_measuring = fleet.may_return = true;
    changes_begin(&changes, changes.total);
    run_for(3000000);
    printf("dropped\n");
    fflush(stdout);
    uint64_t cpu_before = cpu_us(fleet.server), dropped_at = now_us();
    for (int index = 0; index < fleet.count; index++) {
        Client *client = &fleet.clients[index];
        fleet_drop(&fleet, client);
        client->retry_at = dropped_at + (has_jitter ? backoff_us(client->attempts) : 0);
    }
    for (uint64_t give_up = now_us() + 60000000; fleet.live_count < fleet.count;) {
        if (now_us() > give_up) fail("only %d of %d sockets are back", fleet.live_count, fleet.count);
        return_some(has_jitter);
        turn(1);
    }
    uint64_t back_at = now_us(), cpu = cpu_us(fleet.server) - cpu_before;
    printf("back\n");
    fflush(stdout);
    while (!changes_done(&changes)) turn(100);
    uint64_t expected = changes_expected(&changes);
    for (uint64_t end = now_us() + 5000000; fleet.deliveries < expected && now_us() < end;) fleet_turn(&fleet, 10, changes_read);
    uint64_t *times = calloc((size_t)fleet.count, sizeof *times);
    for (int index = 0; index < fleet.count; index++) times[index] = fleet.clients[index].live_at - dropped_at;
    qsort(times, (size_t)fleet.count, sizeof *times, ascending);
    double seconds = (double)(back_at - dropped_at) / 1e6;
    uint64_t spared, missed = changes_missed(&changes, &spared);
    printf("{\"sockets\": %d, \"back_s\": %.2f, \"median_back_s\": %.2f, \"p99_back_s\": %.2f, \"per_second\": %.0f, \"us_per_resume\": %.0f, "
           "\"changes\": %u, \"expected\": %lu, \"deliveries\": %lu, \"missed\": %lu, \"spared\": %lu, \"unordered\": %lu, \"resyncs\": %lu, \"refusals\": %lu, "
           "\"losses\": %lu, \"answer_p99_ms\": %.2f}\n",
        fleet.count, seconds, (double)times[fleet.count / 2] / 1e6, (double)times[fleet.count * 99 / 100] / 1e6, fleet.count / seconds,
        (double)cpu / fleet.count, changes.sent, expected, fleet.deliveries, missed, spared, fleet.unordered, fleet.resyncs,
        fleet.refusals, fleet.losses, latency_ms(&changes.latencies, 0.99));
    return 0;
}
