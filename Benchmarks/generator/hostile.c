// A peer that behaves badly for some seconds, on loopback alone: the others are measured meanwhile.
//   trickle   each connection sends a byte of a head ten times a second
//   unread    each connection sends requests one behind the other and reads nothing
//   streams   each connection opens a stream of events and reads nothing
//   flood     each connection is a WebSocket that sends frames as fast as they are taken
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net.h"

static char block[1 << 16];
static size_t block_size;
static uint64_t reconnects;

static void fill(const char *unit, size_t size) {
    for (block_size = 0; block_size + size <= 16384; block_size += size) memcpy(block + block_size, unit, size);
}

/// Opens a connection and sends what it begins with; a server that has closed gets it again, a hundred times a second at most in all.
static void open_one(Connection *connection, Target target, const char *opening) {
    if (connection->socket > 0) {
        close(connection->socket);
        reconnects++;
        usleep(10000);
    }
    connection->socket = connect_to(target.port);
    connection->turn = 0;
    if (*opening) send(connection->socket, opening, strlen(opening), MSG_NOSIGNAL);
}

int run_hostile(Target target, int count, const char *kind) {
    char head[4096], opening[8192] = "";
    snprintf(head, sizeof head, "Host: %s:%d\r\nAuthorization: Bearer %s\r\n", target.host_header, target.port, target.token);
    bool trickles = !strcmp(kind, "trickle");
    if (trickles) {
        snprintf(opening, sizeof opening, "GET / HTTP/1.1\r\nX-Slow: ");
        fill("a", 1);
    } else if (!strcmp(kind, "unread")) {
        char request[8192];
        int length = snprintf(request, sizeof request, "GET /api/v1/permissions HTTP/1.1\r\n%s\r\n", head);
        fill(request, (size_t)length);
    } else if (!strcmp(kind, "streams")) {
        snprintf(opening, sizeof opening, "GET /api/v1/gateway?topics=presence HTTP/1.1\r\nAccept: text/event-stream\r\n%s\r\n", head);
    } else if (!strcmp(kind, "flood")) {
        snprintf(opening, sizeof opening,
            "GET /api/v1/gateway HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n", head);
        // {"type":"ping"} with a mask of zeros.
        fill("\x81\x8f\0\0\0\0{\"type\":\"ping\"}", 21);
    } else {
        fail("there is no kind %s", kind);
    }
    Connection *connections = calloc((size_t)count, sizeof *connections);
    for (int index = 0; index < count; index++) open_one(&connections[index], target, opening);
    printf("ready\n");
    fflush(stdout);
    uint64_t end = now_us() + (uint64_t)target.seconds * 1000000, sent = 0;
    char thrown[65536];
    while (now_us() < end) {
        bool moved = false;
        for (int index = 0; index < count && now_us() < end; index++) {
            Connection *connection = &connections[index];
            // Where this connection stands in the block: a frame or a request that was cut goes on.
            size_t at = (size_t)(connection->turn % (block_size ? block_size : 1));
            size_t size = trickles ? 1 : block_size - at;
            // Each at its own moment: together they would be a burst.
            if (trickles) usleep((useconds_t)(100000 / count));
            ssize_t done = size ? send(connection->socket, block + at, size, MSG_NOSIGNAL) : 0;
            if (done > 0) {
                connection->turn += (uint64_t)done;
                sent += (uint64_t)done;
                moved = true;
            } else if (done < 0 && errno != EAGAIN) {
                open_one(connection, target, opening);
            }
            // A flood reads its answers, so that it is not closed for its own slowness.
            if (!strcmp(kind, "flood") && recv(connection->socket, thrown, sizeof thrown, 0) == 0) open_one(connection, target, opening);
        }
        if (!trickles && !moved) usleep(1000);
    }
    fprintf(stderr, "{\"sent\": %lu, \"reconnects\": %lu}\n", sent, reconnects);
    return 0;
}
