// Opens authenticated WebSockets, subscribes each to `presence`, changes one status at a fixed rate and counts what arrives.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net.h"

enum { opening_at_once = 100, buffer_size = 1 << 20, numbers = 1 << 16 };

static uint8_t buffer[buffer_size];
static uint64_t sent_at[numbers];  // by the number in the message
static Latencies latencies;
static uint64_t deliveries, delivered_bytes, others;
static unsigned long last_number;  // of the changes to come
static int ready_count, up_to_date;
static bool is_measuring;
static const char *sample_file;

/// A masked text frame; the mask is zero, which costs the receiver the same.
static void send_text(Connection *connection, const char *text) {
    size_t count = strlen(text), head = count < 126 ? 6 : 8;
    uint8_t *frame = calloc(1, head + count);
    frame[0] = 0x81;
    frame[1] = 0x80 | (count < 126 ? (uint8_t)count : 126);
    if (count >= 126) {
        frame[2] = (uint8_t)(count >> 8);
        frame[3] = (uint8_t)count;
    }
    memcpy(frame + head, text, count);
    send_all(connection->socket, frame, head + count);
    free(frame);
}

static void open_one(Connection *connection, Target target, int poll) {
    connection->socket = connect_to(target.port);
    char request[256];
    int count = snprintf(request, sizeof request,
        "GET /api/v1/gateway HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", target.host_header, target.port);
    send_all(connection->socket, request, (size_t)count);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    epoll_ctl(poll, EPOLL_CTL_ADD, connection->socket, &event);
}

static bool contains(const uint8_t *bytes, size_t count, const char *text) { return memmem(bytes, count, text, strlen(text)) != NULL; }

static void keep_sample(const uint8_t *payload, size_t count) {
    FILE *file = fopen(sample_file, "w");
    if (!file || fwrite(payload, 1, count, file) != count) fail("%s cannot be written", sample_file);
    fclose(file);
    sample_file = NULL;
}

static void receive(Connection *connection, const uint8_t *payload, size_t count) {
    if (connection->is_ready) {
        const uint8_t *mark = memmem(payload, count, "bench ", 6);
        if (!is_measuring) return;
        if (!mark || !contains(payload, count, "presence.update")) {
            others++;
            return;
        }
        unsigned long number = strtoul((const char *)mark + 6, NULL, 10);
        deliveries++;
        delivered_bytes += count;
        if (number == last_number) up_to_date++;
        latency_add(&latencies, now_us() - sent_at[number % numbers]);
        if (sample_file) keep_sample(payload, count);
    } else if (contains(payload, count, "\"ready\"")) {
        send_text(connection, "{\"type\":\"subscribe\",\"id\":\"p\",\"topic\":\"presence\"}");
    } else if (contains(payload, count, "\"subscribed\"")) {
        connection->is_ready = true;
        ready_count++;
    } else if (contains(payload, count, "\"error\"")) {
        fail("refused: %.*s", (int)(count < 300 ? count : 300), payload);
    }
}

/// - Returns: how many bytes the first frame takes, 0 when it is not whole.
static size_t take_frame(Connection *connection, const uint8_t *bytes, size_t count) {
    if (count < 2) return 0;
    size_t length = bytes[1] & 0x7F, head = 2;
    if (length == 126) {
        if (count < 4) return 0;
        length = (size_t)bytes[2] << 8 | bytes[3];
        head = 4;
    } else if (length == 127) {
        if (count < 10) return 0;
        length = 0;
        for (int index = 2; index < 10; index++) length = length << 8 | bytes[index];
        head = 10;
    }
    if (count < head + length) return 0;
    switch (bytes[0] & 0x0F) {
    case 1: receive(connection, bytes + head, length); break;
    case 8: fail("closed by the server with %d", length >= 2 ? bytes[head] << 8 | bytes[head + 1] : 0);
    case 9: send_all(connection->socket, "\x8A\x80\0\0\0\0", 6); break;
    default: break;
    }
    return head + length;
}

static size_t take_upgrade(Connection *connection, const uint8_t *bytes, size_t count, Target target, bool is_bare) {
    const uint8_t *end = memmem(bytes, count, "\r\n\r\n", 4);
    if (!end) return 0;
    if (memcmp(bytes, "HTTP/1.1 101", 12)) fail("no upgrade: %.*s", (int)(end - bytes), bytes);
    connection->has_upgraded = true;
    if (is_bare) {
        connection->is_ready = true;
        ready_count++;
    } else {
        char hello[2048];
        snprintf(hello, sizeof hello, "{\"type\":\"hello\",\"token\":\"%s\"}", target.token);
        send_text(connection, hello);
    }
    return (size_t)(end - bytes) + 4;
}

static void read_from(Connection *connection, Target target, bool is_bare) {
    size_t count = connection->kept_count;
    if (count) memcpy(buffer, connection->kept, count);
    ssize_t got = recv(connection->socket, buffer + count, buffer_size - count, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) fail("a socket was lost: %s", got < 0 ? strerror(errno) : "closed");
    count += (size_t)got;
    size_t offset = 0, taken;
    do {
        taken = connection->has_upgraded ? take_frame(connection, buffer + offset, count - offset)
                                         : take_upgrade(connection, buffer + offset, count - offset, target, is_bare);
        offset += taken;
    } while (taken && offset < count);
    connection->kept_count = count - offset;
    if (connection->kept_count) {
        connection->kept = realloc(connection->kept, connection->kept_count);
        memcpy(connection->kept, buffer + offset, connection->kept_count);
    }
}

static void change_status(int socket, Target target, unsigned number) {
    char body[128], request[4096];
    int length = snprintf(body, sizeof body, "{\"status\":\"dnd\",\"status_message\":\"bench %07u\"}", number);
    int count = snprintf(request, sizeof request,
        "POST /api/v1/users/me/status HTTP/1.1\r\nHost: %s:%d\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"
        "Content-Length: %d\r\n\r\n%s", target.host_header, target.port, target.writer, length, body);
    sent_at[number % numbers] = now_us();
    send_all(socket, request, (size_t)count);
}

static void drain_answers(int socket) {
    ssize_t got;
    while ((got = recv(socket, buffer, buffer_size, 0)) > 0) {
        if (memcmp(buffer, "HTTP/1.1 2", 10)) fail("the status change was refused: %.*s", (int)got, buffer);
    }
    if (got == 0) fail("the writer's connection was closed");
}

static void turn(int poll, int timeout_ms, Target target, bool is_bare) {
    struct epoll_event events[512];
    int count = epoll_wait(poll, events, 512, timeout_ms);
    for (int index = 0; index < count; index++) {
        if (events[index].data.ptr) read_from(events[index].data.ptr, target, is_bare);
    }
}

static void wait_until(uint64_t time, int poll, Target target, bool is_bare) {
    for (uint64_t now = now_us(); now < time; now = now_us()) turn(poll, (int)((time - now + 999) / 1000), target, is_bare);
}

int run_broadcast(Target target, int sockets, int rate, bool is_bare, const char *sample_path) {
    int poll = epoll_create1(0);
    long resident_before = resident_kb(target.server);
    Connection *connections = calloc((size_t)sockets, sizeof *connections);
    uint64_t give_up = now_us() + 120000000ull;
    for (int opened = 0; ready_count < sockets;) {
        if (now_us() > give_up) fail("only %d of %d sockets became ready", ready_count, sockets);
        while (opened < sockets && opened - ready_count < opening_at_once) open_one(&connections[opened++], target, poll);
        turn(poll, 100, target, is_bare);
    }
    long resident_after = resident_kb(target.server);
    int writer = connect_to(target.port);
    wait_until(now_us() + 2000000, poll, target, is_bare);  // arrivals settle

    sample_file = sample_path;
    is_measuring = true;
    last_number = (unsigned long)rate * (unsigned long)target.seconds;
    uint64_t cpu_before = cpu_us(target.server), begin = now_us();
    for (unsigned number = 1; number <= last_number; number++) {
        wait_until(begin + (uint64_t)number * 1000000 / (uint64_t)rate, poll, target, is_bare);
        drain_answers(writer);
        change_status(writer, target, number);
    }
    for (uint64_t end = now_us() + 5000000; up_to_date < sockets && now_us() < end;) turn(poll, 10, target, is_bare);
    uint64_t cpu = cpu_us(target.server) - cpu_before;
    printf("{\"sockets\": %d, \"up_to_date\": %d, \"changes\": %lu, \"deliveries\": %lu, \"bytes\": %lu, \"other_frames\": %lu, \"cpu_us\": %lu, \"us_per_delivery\": %.3f, "
           "\"p50_ms\": %.2f, \"p99_ms\": %.2f, \"kb_per_socket\": %.2f}\n",
        sockets, up_to_date, last_number, deliveries, deliveries ? delivered_bytes / deliveries : 0, others, cpu, deliveries ? (double)cpu / (double)deliveries : 0,
        latency_ms(&latencies, 0.5), latency_ms(&latencies, 0.99), (double)(resident_after - resident_before) / sockets);
    return up_to_date == sockets ? 0 : 1;
}
