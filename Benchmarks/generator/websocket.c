#define _GNU_SOURCE
#include "websocket.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net.h"

enum { buffer_size = 1 << 20 };

static uint8_t buffer[buffer_size];

static void shake(WebSocket *web) {
    static SSL_CTX *context;
    if (!context) {
        context = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    }
    web->tls = SSL_new(context);
    SSL_set_fd(web->tls, web->socket);
    SSL_set_connect_state(web->tls);
    for (int status; (status = SSL_do_handshake(web->tls)) != 1;) {
        int error = SSL_get_error(web->tls, status);
        if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) fail("the handshake failed");
        struct pollfd wanted = {.fd = web->socket, .events = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT};
        if (poll(&wanted, 1, 10000) <= 0) fail("the server says nothing");
    }
}

static void send_bytes(WebSocket *web, const void *bytes, size_t count) {
    if (web->tls) {
        if (SSL_write(web->tls, bytes, (int)count) != (int)count) fail("the bytes were not taken");
        return;
    }
    // A server that has closed meanwhile is heard of by the next read.
    if (send(web->socket, bytes, count, MSG_NOSIGNAL) < 0 && errno != EPIPE && errno != ECONNRESET) fail("send: %s", strerror(errno));
}

void websocket_open(WebSocket *web, int port, const char *path, const char *protocol, bool over_tls) {
    web->socket = connect_to(port);
    web->has_upgraded = false;
    web->refusal = web->retry_after = 0;
    web->kept_count = 0;
    if (over_tls) shake(web);
    char request[512];
    int count = snprintf(request, sizeof request,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n%s%s%s"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", path, port,
        protocol ? "Sec-WebSocket-Protocol: " : "", protocol ? protocol : "", protocol ? "\r\n" : "");
    send_bytes(web, request, (size_t)count);
}

void websocket_send(WebSocket *web, const char *text, size_t count) {
    static uint8_t frame[1 << 16];
    size_t head = count < 126 ? 6 : 8;
    if (head + count > sizeof frame) fail("a frame of %zu bytes is too long", count);
    memset(frame, 0, head);
    frame[0] = 0x81;
    frame[1] = 0x80 | (count < 126 ? (uint8_t)count : 126);
    if (count >= 126) {
        frame[2] = (uint8_t)(count >> 8);
        frame[3] = (uint8_t)count;
    }
    memcpy(frame + head, text, count);
    send_bytes(web, frame, head + count);
}

void websocket_drop(WebSocket *web) {
    struct linger reset = {.l_onoff = 1, .l_linger = 0};
    setsockopt(web->socket, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    SSL_free(web->tls);
    close(web->socket);
    free(web->kept);
    *web = (WebSocket){.socket = -1};
}

/// - Returns: how many bytes the first frame takes, 0 when it is not whole.
static size_t take_frame(WebSocket *web, const uint8_t *bytes, size_t count, OnText on_text, void *owner) {
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
    case 1: on_text(owner, bytes + head, length); break;
    case 8: web->refusal = length >= 2 ? bytes[head] << 8 | bytes[head + 1] : 1005; break;
    case 9: send_bytes(web, "\x8A\x80\0\0\0\0", 6); break;
    default: break;
    }
    return head + length;
}

static size_t take_upgrade(WebSocket *web, const uint8_t *bytes, size_t count) {
    const uint8_t *end = memmem(bytes, count, "\r\n\r\n", 4);
    if (!end) return 0;
    int status = atoi((const char *)bytes + 9);
    if (status == 101) {
        web->has_upgraded = true;
    } else {
        web->refusal = status;
        const char *after = strcasestr((const char *)bytes, "\r\nretry-after:");
        if (after && (const uint8_t *)after < end) web->retry_after = atoi(after + 14);
    }
    return (size_t)(end - bytes) + 4;
}

/// - Returns: how many bytes came, 0 for none yet, -1 when the connection is lost.
static ssize_t take_bytes(WebSocket *web, uint8_t *bytes, size_t room) {
    if (!web->tls) {
        ssize_t got = recv(web->socket, bytes, room, 0);
        if (got > 0) return got;
        return got < 0 && errno == EAGAIN ? 0 : -1;
    }
    size_t total = 0;
    for (int got; total < room; total += (size_t)got) {
        got = SSL_read(web->tls, bytes + total, (int)(room - total));
        if (got > 0) continue;
        if (SSL_get_error(web->tls, got) == SSL_ERROR_WANT_READ) break;
        return total ? (ssize_t)total : -1;
    }
    return (ssize_t)total;
}

Reading websocket_read(WebSocket *web, OnText on_text, void *owner) {
    bool had_upgraded = web->has_upgraded;
    size_t count = web->kept_count, offset = 0, taken;
    if (count) memcpy(buffer, web->kept, count);
    ssize_t got = take_bytes(web, buffer + count, buffer_size - count - 1);
    if (got < 0) return lost;
    if (got == 0) return still_waiting;
    count += (size_t)got;
    buffer[count] = 0;
    do {
        taken = web->has_upgraded ? take_frame(web, buffer + offset, count - offset, on_text, owner)
                                  : take_upgrade(web, buffer + offset, count - offset);
        offset += taken;
        if (web->refusal) return lost;
    } while (taken && offset < count);
    if ((web->kept_count = count - offset)) {
        web->kept = realloc(web->kept, web->kept_count);
        memcpy(web->kept, buffer + offset, web->kept_count);
    } else if (web->kept) {
        free(web->kept);
        web->kept = NULL;
    }
    return web->has_upgraded == had_upgraded ? some_frames : just_upgraded;
}
