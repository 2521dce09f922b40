// Keep-alive requests, one under way on each connection: the same GET over and over, role assignments and revocations in turn, or messages.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "net.h"

static Latencies latencies;

/// Writes the next request of `connection` into `text`.
typedef int (*Compose)(const Connection *connection, int index, Target target, char *text, size_t size);

static const char *get_path;
static char (*pairs)[2][64];  // by connection: the user's and the role's id

static int compose_get(const Connection *connection, int index, Target target, char *text, size_t size) {
    (void)connection;
    (void)index;
    return snprintf(text, size, "GET %s HTTP/1.1\r\nHost: %s:%d\r\nAuthorization: Bearer %s\r\n\r\n", get_path, target.host_header,
        target.port, target.token);
}

static int compose_change(const Connection *connection, int index, Target target, char *text, size_t size) {
    const char *user = pairs[index][0], *role = pairs[index][1];
    if (connection->turn % 2) {
        return snprintf(text, size, "DELETE /api/v1/users/%s/roles/%s HTTP/1.1\r\nHost: %s:%d\r\nAuthorization: Bearer %s\r\n\r\n", user, role,
            target.host_header, target.port, target.token);
    }
    char body[128];
    int length = snprintf(body, sizeof body, "{\"role_id\":\"%s\",\"reason\":\"bench\"}", role);
    return snprintf(text, size,
        "POST /api/v1/users/%s/roles HTTP/1.1\r\nHost: %s:%d\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"
        "Content-Length: %d\r\n\r\n%s", user, target.host_header, target.port, target.token, length, body);
}

static char (*places)[64];  // by connection: the conversation's id
static uint64_t run_id;

/// Words by which a search finds one message in a thousand, in fifty, in seven.
static int compose_message(const Connection *connection, int index, Target target, char *text, size_t size) {
    unsigned number = (unsigned)index * 7919u + (unsigned)connection->turn;
    char body[256];
    int length = snprintf(body, sizeof body,
        "{\"content\":\"We saw rare%u at the cinema with often%u and usual%u, number %u\",\"key\":\"%lu-%d-%u\"}", number % 1000, number % 50,
        number % 7, number, run_id, index, (unsigned)connection->turn);
    return snprintf(text, size,
        "POST /api/v1/conversations/%s/messages HTTP/1.1\r\nHost: %s:%d\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"
        "Content-Length: %d\r\n\r\n%s", places[index], target.host_header, target.port, target.token, length, body);
}

static void send_next(Connection *connection, int index, Target target, Compose compose) {
    char request[4096];
    int count = compose(connection, index, target, request, sizeof request);
    connection->turn++;
    connection->sent_at = now_us();
    send_all(connection->socket, request, (size_t)count);
}

static int run(Target target, int count, Compose compose) {
    int poll = epoll_create1(0);
    Connection *connections = calloc((size_t)count, sizeof *connections);
    for (int index = 0; index < count; index++) {
        connections[index].socket = connect_to(target.port);
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)index};
        epoll_ctl(poll, EPOLL_CTL_ADD, connections[index].socket, &event);
        send_next(&connections[index], index, target, compose);
    }
    // The first second warms up; then as many as fit into the time.
    uint64_t begin = now_us() + 1000000, end = begin + (uint64_t)target.seconds * 1000000, now = 0, answered = 0, cpu_before = 0;
    bool is_measuring = false;
    while ((now = now_us()) < end) {
        if (!is_measuring && now >= begin) {
            is_measuring = true;
            begin = now;
            cpu_before = cpu_us(target.server);
        }
        struct epoll_event events[256];
        int ready = epoll_wait(poll, events, 256, 10);
        for (int number = 0; number < ready; number++) {
            int index = (int)events[number].data.u32;
            if (!take_answer(&connections[index], NULL)) continue;
            if (is_measuring) {
                answered++;
                latency_add(&latencies, now_us() - connections[index].sent_at);
            }
            send_next(&connections[index], index, target, compose);
        }
    }
    uint64_t cpu = cpu_us(target.server) - cpu_before;
    double seconds = (double)(now - begin) / 1e6;
    printf("{\"connections\": %d, \"requests\": %lu, \"per_second\": %.1f, \"cpu_us\": %lu, \"us_per_request\": %.3f, \"p50_ms\": %.3f, \"p99_ms\": %.3f}\n",
        count, answered, (double)answered / seconds, cpu, answered ? (double)cpu / (double)answered : 0, latency_ms(&latencies, 0.5),
        latency_ms(&latencies, 0.99));
    return answered ? 0 : 1;
}

int run_requests(Target target, int connections, const char *path) {
    get_path = path;
    return run(target, connections, compose_get);
}

int run_writes(Target target, int connections, const char *list_path) {
    FILE *file = fopen(list_path, "r");
    if (!file) fail("%s: %s", list_path, strerror(errno));
    pairs = calloc((size_t)connections, sizeof *pairs);
    for (int index = 0; index < connections; index++) {
        if (fscanf(file, "%63s %63s", pairs[index][0], pairs[index][1]) != 2) fail("%s holds fewer than %d pairs", list_path, connections);
    }
    fclose(file);
    return run(target, connections, compose_change);
}

int run_sends(Target target, int connections, const char *list_path) {
    FILE *file = fopen(list_path, "r");
    if (!file) fail("%s: %s", list_path, strerror(errno));
    places = calloc((size_t)connections, sizeof *places);
    for (int index = 0; index < connections; index++) {
        if (fscanf(file, "%63s", places[index]) != 1) fail("%s holds fewer than %d conversations", list_path, connections);
    }
    fclose(file);
    run_id = now_us();
    return run(target, connections, compose_message);
}
