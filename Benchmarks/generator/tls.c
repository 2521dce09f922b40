// Handshakes of TLS 1.3, sixteen at once, each to its polite end: in full, then resumed by ticket. Or WebSockets that say nothing.
#include <errno.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net.h"

enum { at_once = 16 };

typedef struct {
    SSL *ssl;
    int socket;
    bool has_ended;  // we said that we send no more
    uint64_t begun_at;
} Peer;

static SSL_CTX *context;
static SSL_SESSION *ticket;
static Latencies latencies;

static int keep_ticket(SSL *ssl, SSL_SESSION *session) {
    (void)ssl;
    if (ticket) return 0;
    ticket = session;
    return 1;
}

static void make_context(void) {
    context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set1_groups_list(context, "X25519");
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, keep_ticket);
}

static void begin(Peer *peer, Target target, bool is_resumed) {
    peer->begun_at = now_us();
    peer->has_ended = false;
    peer->socket = connect_to(target.port);
    peer->ssl = SSL_new(context);
    SSL_set_fd(peer->ssl, peer->socket);
    SSL_set_connect_state(peer->ssl);
    if (!is_resumed) return;
    // A copy: OpenSSL's client takes a session for spent once it has resumed it.
    SSL_SESSION *session = SSL_SESSION_dup(ticket);
    SSL_set_session(peer->ssl, session);
    SSL_SESSION_free(session);
}

/// Ends with a reset, so that neither side keeps the port for a minute.
static void end(Peer *peer) {
    struct linger reset = {.l_onoff = 1, .l_linger = 0};
    setsockopt(peer->socket, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    SSL_free(peer->ssl);
    close(peer->socket);
}

/// Reads what there is. - Returns: whether the server has ended its side.
static bool read_to_end(Peer *peer) {
    char bytes[4096];
    int count = SSL_read(peer->ssl, bytes, sizeof bytes);
    if (count > 0) fail("the server spoke first");
    int error = SSL_get_error(peer->ssl, count);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return false;
    if (error != SSL_ERROR_ZERO_RETURN && error != SSL_ERROR_SYSCALL) fail("a connection was lost");
    return true;
}

/// - Returns: whether the handshake is done.
static bool shake(Peer *peer) {
    int status = SSL_do_handshake(peer->ssl);
    if (status == 1) return true;
    int error = SSL_get_error(peer->ssl, status);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) fail("the handshake failed");
    return false;
}

/// - Returns: whether the connection went through all its life.
static bool advance(Peer *peer, bool is_resumed) {
    if (!peer->has_ended) {
        if (!shake(peer)) return false;
        if (SSL_session_reused(peer->ssl) != is_resumed) fail(is_resumed ? "a ticket was refused" : "a handshake was not in full");
        SSL_shutdown(peer->ssl);
        peer->has_ended = true;
    }
    return read_to_end(peer);
}

static void wait_for(int socket) {
    struct pollfd wanted = {.fd = socket, .events = POLLIN};
    if (poll(&wanted, 1, 10000) <= 0) fail("the server says nothing");
}

/// Has one connection wait for its ticket.
static void take_ticket(Target target) {
    Peer peer;
    begin(&peer, target, false);
    while (!shake(&peer)) wait_for(peer.socket);
    while (!read_to_end(&peer) && !ticket) wait_for(peer.socket);
    if (!ticket) fail("there are no tickets");
    SSL_shutdown(peer.ssl);  // or the session would count as broken
    end(&peer);
}

int run_handshakes(Target target, bool is_resumed) {
    make_context();
    if (is_resumed) take_ticket(target);
    int poll = epoll_create1(0);
    Peer peers[at_once];
    uint64_t begin_at = now_us() + 1000000, end_at = begin_at + (uint64_t)target.seconds * 1000000, now = 0, done = 0, cpu_before = 0;
    bool is_measuring = false;
    for (int index = 0; index < at_once; index++) {
        begin(&peers[index], target, is_resumed);
        shake(&peers[index]);  // says hello
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)index};
        epoll_ctl(poll, EPOLL_CTL_ADD, peers[index].socket, &event);
    }
    // The first second warms up.
    while ((now = now_us()) < end_at) {
        if (!is_measuring && now >= begin_at) {
            is_measuring = true;
            begin_at = now;
            cpu_before = cpu_us(target.server);
        }
        struct epoll_event events[at_once];
        int ready = epoll_wait(poll, events, at_once, 10);
        for (int number = 0; number < ready; number++) {
            Peer *peer = &peers[events[number].data.u32];
            while (advance(peer, is_resumed)) {
                if (is_measuring) {
                    done++;
                    latency_add(&latencies, now_us() - peer->begun_at);
                }
                end(peer);
                begin(peer, target, is_resumed);
                epoll_ctl(poll, EPOLL_CTL_ADD, peer->socket, &events[number]);
            }
        }
    }
    uint64_t cpu = cpu_us(target.server) - cpu_before;
    double seconds = (double)(now - begin_at) / 1e6;
    printf("{\"handshakes\": %lu, \"per_second\": %.1f, \"us_per_handshake\": %.2f, \"p50_ms\": %.3f, \"p99_ms\": %.3f}\n", done,
        (double)done / seconds, done ? (double)cpu / (double)done : 0, latency_ms(&latencies, 0.5), latency_ms(&latencies, 0.99));
    return done ? 0 : 1;
}

/// Opens a WebSocket, and reads all that the server says of its own accord.
static void open_silent(Peer *peer, Target target) {
    char text[1024];
    begin(peer, target, false);
    while (!shake(peer)) wait_for(peer->socket);
    int count = snprintf(text, sizeof text,
        "GET / HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", target.host_header, target.port);
    if (SSL_write(peer->ssl, text, count) != count) fail("the request was not taken");
    while ((count = SSL_read(peer->ssl, text, sizeof text)) <= 0) {
        if (SSL_get_error(peer->ssl, count) != SSL_ERROR_WANT_READ) fail("a connection was lost");
        wait_for(peer->socket);
    }
    if (memcmp(text, "HTTP/1.1 101", 12)) fail("no upgrade: %.*s", count, text);
}

int run_silent(Target target, int connections) {
    make_context();
    Peer *peers = calloc((size_t)connections, sizeof *peers);
    // What the first few cost is the server's, not theirs.
    for (int index = 0; index < 100; index++) {
        Peer first;
        open_silent(&first, target);
        end(&first);
    }
    sleep(1);
    long before = resident_kb(target.server);
    for (int index = 0; index < connections; index++) open_silent(&peers[index], target);
    sleep(2);
    long after = resident_kb(target.server);
    printf("{\"connections\": %d, \"kib_per_connection\": %.2f}\n", connections, (double)(after - before) / connections);
    return 0;
}
