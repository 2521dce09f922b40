// Masked text frames of 200 bytes, one under way on each connection, sent back by a server that does nothing else.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "net.h"

enum { payload_size = 200, answer_size = 4 + payload_size };

static uint8_t frame[8 + payload_size], answer[answer_size];
static Latencies latencies;

static void make_frames(void) {
    static const uint8_t head[8] = {0x81, 0x80 | 126, 0, payload_size, 0x37, 0xFA, 0x21, 0x3D};
    memcpy(frame, head, sizeof head);
    memcpy(answer, "\x81\x7E\0", 3);
    answer[3] = payload_size;
    for (int index = 0; index < payload_size; index++) {
        answer[4 + index] = (uint8_t)('a' + index % 26);
        frame[8 + index] = answer[4 + index] ^ head[4 + index % 4];
    }
}

static void send_next(Connection *connection) {
    connection->sent_at = now_us();
    send_all(connection->socket, frame, sizeof frame);
}

static void upgrade(Connection *connection, Target target) {
    char text[1024];
    int count = snprintf(text, sizeof text,
        "GET / HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", target.host_header, target.port);
    send_all(connection->socket, text, (size_t)count);
}

/// - Returns: whether the connection may send: the handshake or the whole of an answer has come.
static bool receive(Connection *connection, bool *is_answer) {
    if (!connection->kept) connection->kept = malloc(1024);
    ssize_t got = recv(connection->socket, connection->kept + connection->kept_count, 1024 - connection->kept_count, 0);
    if (got < 0 && errno == EAGAIN) return false;
    if (got <= 0) fail("a connection was lost: %s", got < 0 ? strerror(errno) : "closed");
    connection->kept_count += (size_t)got;
    *is_answer = connection->has_upgraded;
    if (!connection->has_upgraded) {
        if (!memmem(connection->kept, connection->kept_count, "\r\n\r\n", 4)) return false;
        if (memcmp(connection->kept, "HTTP/1.1 101", 12)) fail("no upgrade: %.*s", (int)connection->kept_count, connection->kept);
        connection->has_upgraded = true;
    } else {
        if (connection->kept_count < answer_size) return false;
        if (connection->kept_count > answer_size || memcmp(connection->kept, answer, answer_size)) fail("another frame than was sent");
    }
    connection->kept_count = 0;
    return true;
}

int run_echo(Target target, int count) {
    make_frames();
    int poll = epoll_create1(0);
    Connection *connections = calloc((size_t)count, sizeof *connections);
    for (int index = 0; index < count; index++) {
        connections[index].socket = connect_to(target.port);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[index]};
        epoll_ctl(poll, EPOLL_CTL_ADD, connections[index].socket, &event);
        upgrade(&connections[index], target);
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
            Connection *connection = events[number].data.ptr;
            bool is_answer = false;
            if (!receive(connection, &is_answer)) continue;
            if (is_answer && is_measuring) {
                answered++;
                latency_add(&latencies, now_us() - connection->sent_at);
            }
            send_next(connection);
        }
    }
    uint64_t cpu = cpu_us(target.server) - cpu_before;
    double seconds = (double)(now - begin) / 1e6;
    printf("{\"connections\": %d, \"messages\": %lu, \"per_second\": %.1f, \"cpu_us\": %lu, \"us_per_message\": %.3f, \"p50_ms\": %.3f, \"p99_ms\": %.3f}\n",
        count, answered, (double)answered / seconds, cpu, answered ? (double)cpu / (double)answered : 0, latency_ms(&latencies, 0.5),
        latency_ms(&latencies, 0.99));
    return answered ? 0 : 1;
}
