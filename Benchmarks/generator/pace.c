// Requests at a fixed rate, whatever the answers do: each counts from when it should have been sent, so that a stall is not left out.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "net.h"

static char buffer[1 << 16];
static Latencies latencies;

/// Takes what has come; returns whether the answer is whole. Answers of this scenario fit into the buffer.
static bool receive(Connection *connection) {
    if (connection->kept_count) memcpy(buffer, connection->kept, connection->kept_count);
    ssize_t got = recv(connection->socket, buffer + connection->kept_count, sizeof buffer - connection->kept_count - 1, 0);
    if (got < 0 && errno == EAGAIN) return false;
    if (got <= 0) fail("a connection was lost: %s", got < 0 ? strerror(errno) : "closed");
    size_t count = connection->kept_count + (size_t)got;
    buffer[count] = 0;
    char *end = memmem(buffer, count, "\r\n\r\n", 4);
    char *field = end ? strcasestr(buffer, "\r\ncontent-length:") : NULL;
    size_t body = field && field < end ? strtoul(field + 17, NULL, 10) : 0;
    if (end && count >= (size_t)(end - buffer) + 4 + body) {
        if (memcmp(buffer, "HTTP/1.1 2", 10)) fail("refused: %s", buffer);
        connection->kept_count = 0;
        return true;
    }
    connection->kept = realloc(connection->kept, count);
    memcpy(connection->kept, buffer, count);
    connection->kept_count = count;
    return false;
}

int run_pace(Target target, int count, int rate, const char *path) {
    char request[4096];
    int length = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: %s:%d\r\n%s%s%s\r\n", path, target.host_header, target.port,
        *target.token ? "Authorization: Bearer " : "", target.token, *target.token ? "\r\n" : "");
    int poll = epoll_create1(0);
    Connection *connections = calloc((size_t)count, sizeof *connections);
    int *idle = calloc((size_t)count, sizeof *idle), idle_count = 0;
    for (int index = 0; index < count; index++) {
        connections[index].socket = connect_to(target.port);
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)index};
        epoll_ctl(poll, EPOLL_CTL_ADD, connections[index].socket, &event);
        idle[idle_count++] = index;
    }
    uint64_t begin = now_us(), end = begin + (uint64_t)target.seconds * 1000000, sent = 0, answered = 0, now;
    while ((now = now_us()) < end) {
        // All that is due goes out as far as there are connections; what waits for one is late from its own time on.
        while (idle_count) {
            uint64_t due = begin + sent * 1000000 / (uint64_t)rate;
            if (due > now) break;
            Connection *connection = &connections[idle[--idle_count]];
            connection->sent_at = due;
            send_all(connection->socket, request, (size_t)length);
            sent++;
        }
        struct epoll_event events[256];
        int ready = epoll_wait(poll, events, 256, 1);
        for (int number = 0; number < ready; number++) {
            int index = (int)events[number].data.u32;
            if (!receive(&connections[index])) continue;
            answered++;
            latency_add(&latencies, now_us() - connections[index].sent_at);
            idle[idle_count++] = index;
        }
    }
    printf("{\"connections\": %d, \"sent\": %lu, \"answered\": %lu, \"p50_ms\": %.3f, \"p99_ms\": %.3f}\n", count, sent, answered,
        latency_ms(&latencies, 0.5), latency_ms(&latencies, 0.99));
    return answered ? 0 : 1;
}
