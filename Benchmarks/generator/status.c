// Status changes to all who watch them: CPU, memory, and the time from when a change was due to when each socket had it.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "changes.h"

static Fleet fleet;
static Changes changes;

static void run_for(uint64_t us) {
    for (uint64_t end = now_us() + us, now; (now = now_us()) < end;) fleet_turn(&fleet, (int)((end - now + 999) / 1000), NULL);
}

/// Until the server is done with the arrivals: a second in which it costs less than a twentieth of a core.
static void settle(void) {
    for (int second = 0; second < 30; second++) {
        uint64_t before = cpu_us(fleet.server);
        run_for(1000000);
        if (second >= 2 && cpu_us(fleet.server) - before < 50000) return;
    }
}

static Fleet of(const Scenario *scenario) {
    return (Fleet){.port = scenario->target.port, .server = scenario->target.server, .count = scenario->connections,
        .site_watchers = scenario->is_bare ? 0 : scenario->site_watchers, .stars = scenario->stars, .is_bare = scenario->is_bare,
        .over_tls = scenario->over_tls, .keeps_nobody = scenario->keeps_nobody, .sample = scenario->sample};
}

/// Opens all. - Returns: the KiB that each added to the server's resident memory.
static double open_all(double *seconds) {
    long before = resident_kb(fleet.server);
    uint64_t begin = now_us();
    fleet_open(&fleet, 100);
    *seconds = (double)(now_us() - begin) / 1e6;
    settle();
    return (double)(resident_kb(fleet.server) - before) / fleet.count;
}

int run_silence(const Scenario *scenario) {
    fleet = of(scenario);
    fleet_prepare(&fleet, scenario->list);
    double seconds, kib = open_all(&seconds);
    printf("{\"sockets\": %d, \"kib_per_socket\": %.2f, \"opening_s\": %.1f}\n", fleet.count, kib, seconds);
    return 0;
}

static void print(double kib, double seconds_to_open, uint64_t cpu, uint64_t alone, uint64_t own, double seconds) {
    uint64_t expected = changes_expected(&changes), spared, missed = changes_missed(&changes, &spared);
    double each = fleet.deliveries ? 1.0 / (double)fleet.deliveries : 0;
    printf("{\"sockets\": %d, \"changes\": %u, \"expected\": %lu, \"deliveries\": %lu, \"missed\": %lu, \"spared\": %lu, \"unordered\": %lu, "
           "\"strangers\": %lu, \"bytes\": %.0f, \"other_frames\": %lu, \"events_per_read\": %.2f, \"cpu_us\": %lu, \"us_per_delivery\": %.3f, "
           "\"generator_us_per_delivery\": %.3f, \"server_cores\": %.2f, \"p50_ms\": %.2f, \"p99_ms\": %.2f, \"most_ms\": %.2f, "
           "\"answer_p50_ms\": %.2f, \"answer_p99_ms\": %.2f, \"kib_per_socket\": %.2f, \"opening_s\": %.1f, "
           "\"us_per_delivery_alone\": %.3f}\n",
        fleet.count, changes.total, expected, fleet.deliveries, missed, spared, fleet.unordered, fleet.strangers,
        (double)fleet.delivered_bytes * each, fleet.other_frames, fleet.reads ? (double)fleet.deliveries / (double)fleet.reads : 0, cpu,
        (double)cpu * each, (double)own * each, (double)cpu / 1e6 / seconds, latency_ms(&fleet.latencies, 0.5),
        latency_ms(&fleet.latencies, 0.99), latency_ms(&fleet.latencies, 1), latency_ms(&changes.latencies, 0.5),
        latency_ms(&changes.latencies, 0.99), kib, seconds_to_open,
        ((double)cpu - (double)alone) * each);
}

/// Another generator makes the changes, at another process of the site: from the first that arrives until all have the last.
static void listen_only(void) {
    printf("open\n");
    fflush(stdout);
    for (uint64_t end = now_us() + 180000000ull; !fleet.deliveries && now_us() < end;) fleet_turn(&fleet, 100, NULL);
    for (uint64_t end = now_us() + 60000000ull; fleet.arrivals[changes.total] < (uint32_t)fleet.count && now_us() < end;) fleet_turn(&fleet, 10, NULL);
}

/// Makes the changes up to a number. - Returns: the CPU time of the server.
static uint64_t make(Changes *those, uint32_t part) {
    uint64_t before = cpu_us(fleet.server);
    changes_begin(those, part);
    while (!changes_done(those)) fleet_turn(&fleet, changes_send(those), changes_read);
    uint64_t expected = changes_expected(those);
    for (uint64_t end = now_us() + 5000000; fleet.deliveries < expected && now_us() < end;) fleet_turn(&fleet, 10, changes_read);
    return cpu_us(fleet.server) - before;
}

/// Two seconds of changes by turns with the same when nobody hears of them, so that a machine that is slower for a while is so for both.
/// - Returns: the CPU time of those that are heard.
static uint64_t make_by_turns(uint32_t in_turn, uint64_t *alone) {
    Changes unheard = changes;
    unheard.has_nobody = true;
    changes_prepare(&unheard, &fleet);
    uint64_t heard = 0;
    for (uint32_t part = 0; part < changes.total;) {
        part = part + in_turn < changes.total ? part + in_turn : changes.total;
        *alone += make(&unheard, part);
        heard += make(&changes, part);
    }
    return heard;
}

int run_status(const Scenario *scenario) {
    fleet = of(scenario);
    uint32_t bursts = (uint32_t)(scenario->rate * scenario->target.seconds);
    changes = (Changes){.interval = 1000000 / (uint64_t)scenario->rate, .burst = scenario->burst, .has_primer = scenario->has_primer,
        .total = bursts * (uint32_t)(scenario->burst + scenario->has_primer)};
    changes.part = changes.total;
    fleet_prepare(&fleet, scenario->list);
    changes_prepare(&changes, &fleet);
    double seconds_to_open, kib = open_all(&seconds_to_open);
    if (!scenario->is_passive) changes_connect(&fleet, fleet.is_bare ? 1 : fleet.stars ? 16 : 64);
    fleet.is_measuring = true;
    fleet.reads = fleet.other_frames = 0;
    uint64_t cpu, alone = 0, cpu_before = cpu_us(fleet.server), own_before = own_cpu_us(), wall = now_us();
    if (scenario->is_passive) {
        listen_only();
        cpu = cpu_us(fleet.server) - cpu_before;
    } else {
        cpu = fleet.keeps_nobody ? make_by_turns((uint32_t)scenario->rate * 2, &alone) : make(&changes, changes.total);
    }
    print(kib, seconds_to_open, cpu, alone, own_cpu_us() - own_before, (double)(now_us() - wall) / 1e6);
    return 0;
}
