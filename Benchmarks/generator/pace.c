// Requests at a fixed rate, whatever the answers do: each counts from when it should have been sent, so that a stall is not left out.
// SIGUSR1 begins the count anew, SIGTERM ends it early.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "net.h"

static Latencies latencies;

static volatile sig_atomic_t begins_anew, has_ended;

static void heard(int signal) {
    if (signal == SIGUSR1) begins_anew = 1;
    else has_ended = 1;
}

int run_pace(Target target, int count, int rate, const char *path) {
    char request[4096];
    int length = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: %s:%d\r\n%s%s%s\r\n", path, target.host_header, target.port,
        *target.token ? "Authorization: Bearer " : "", target.token, *target.token ? "\r\n" : "");
    signal(SIGUSR1, heard);
    signal(SIGTERM, heard);
    int poll = epoll_create1(0);
    Connection *connections = calloc((size_t)count, sizeof *connections);
    // The one that rested longest goes first, so that none is closed for idling, or for not asking anything at all.
    int *idle = calloc((size_t)count, sizeof *idle), idle_count = 0, idle_first = 0;
    for (int index = 0; index < count; index++) {
        connections[index].socket = connect_to(target.port);
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)index};
        epoll_ctl(poll, EPOLL_CTL_ADD, connections[index].socket, &event);
        idle[idle_count++] = index;
    }
    uint64_t begin = now_us(), end = begin + (uint64_t)target.seconds * 1000000, sent = 0, answered = 0, now;
    while ((now = now_us()) < end && !has_ended) {
        if (begins_anew) {
            begins_anew = 0;
            answered = 0;
            latencies = (Latencies){0};
        }
        // All that is due goes out as far as there are connections; what waits for one is late from its own time on.
        while (idle_count) {
            uint64_t due = begin + sent * 1000000 / (uint64_t)rate;
            if (due > now) break;
            Connection *connection = &connections[idle[idle_first++ % count]];
            idle_count--;
            connection->sent_at = due;
            send_all(connection->socket, request, (size_t)length);
            sent++;
        }
        struct epoll_event events[256];
        int ready = epoll_wait(poll, events, 256, 1);
        for (int number = 0; number < ready; number++) {
            int index = (int)events[number].data.u32;
            if (!take_answer(&connections[index], NULL)) continue;
            answered++;
            latency_add(&latencies, now_us() - connections[index].sent_at);
            idle[(idle_first + idle_count++) % count] = index;
        }
    }
    printf("{\"connections\": %d, \"sent\": %lu, \"answered\": %lu, \"p50_ms\": %.3f, \"p95_ms\": %.3f, \"p99_ms\": %.3f}\n", count, sent, answered,
        latency_ms(&latencies, 0.5), latency_ms(&latencies, 0.95), latency_ms(&latencies, 0.99));
    return answered ? 0 : 1;
}
