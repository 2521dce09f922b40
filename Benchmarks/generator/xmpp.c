// The broadcast at an XMPP server: sessions over WebSockets (RFC 7395), one of which sends to all at a fixed rate.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "fleet.h"

typedef enum { opening, authenticating, reopening, binding, present } Step;

typedef struct {
    WebSocket web;
    Step step;
} Session;

static const char *domain, *padding = "";
static Session *sessions;
static int port, poll_, present_count;
static uint64_t read_at, deliveries, delivered_bytes, *arrivals;
static Latencies latencies;
static uint32_t total;

static bool contains(const uint8_t *bytes, size_t count, const char *text) { return memmem(bytes, count, text, strlen(text)) != NULL; }

static void say(Session *session, Step next, const char *text) {
    session->step = next;
    websocket_send(&session->web, text, strlen(text));
}

static void open_stream(Session *session, Step next) {
    char text[256];
    snprintf(text, sizeof text, "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='%s' version='1.0'/>", domain);
    say(session, next, text);
}

static void take_message(const uint8_t *payload, size_t count) {
    const uint8_t *mark = memmem(payload, count, "bench ", 6);
    if (!mark) return;
    char *rest;
    unsigned long number = strtoul((const char *)mark + 6, &rest, 10);
    uint64_t due = strtoull(rest, NULL, 10);
    if (number == 0 || number > total) return;
    arrivals[number]++;
    deliveries++;
    delivered_bytes += count;
    latency_add(&latencies, read_at > due ? read_at - due : 0);
}

static void receive(void *owner, const uint8_t *payload, size_t count) {
    Session *session = owner;
    if (contains(payload, count, "<stream:error") || contains(payload, count, "<failure") || contains(payload, count, "type='error'")) {
        fail("refused: %.*s", (int)(count < 400 ? count : 400), payload);
    }
    switch (session->step) {
    case opening:
        if (!contains(payload, count, "<mechanism>ANONYMOUS")) return;
        return say(session, authenticating, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>");
    case authenticating:
        if (contains(payload, count, "<success")) open_stream(session, reopening);
        return;
    case reopening:
        if (!contains(payload, count, "xmpp-bind")) return;
        return say(session, binding, "<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    case binding:
        if (!contains(payload, count, "<jid>")) return;
        present_count++;
        return say(session, present, "<presence xmlns='jabber:client'/>");
    case present: return take_message(payload, count);
    }
}

static void begin(Session *session) {
    websocket_open(&session->web, port, "/ws", "xmpp", false);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = session};
    epoll_ctl(poll_, EPOLL_CTL_ADD, session->web.socket, &event);
}

static void turn(int timeout_ms) {
    struct epoll_event events[512];
    int count = epoll_wait(poll_, events, 512, timeout_ms);
    for (int index = 0; index < count; index++) {
        Session *session = events[index].data.ptr;
        read_at = now_us();
        Reading reading = websocket_read(&session->web, receive, session);
        if (reading == just_upgraded) open_stream(session, opening);
        if (reading != lost) continue;
        // One that took too long to sign in among so many begins again.
        if (session->step == present) fail("a socket was lost with %d; %d are present", session->web.refusal, present_count);
        websocket_drop(&session->web);
        begin(session);
    }
}

static void run_until(uint64_t time) {
    for (uint64_t now; (now = now_us()) < time;) turn((int)((time - now + 999) / 1000));
}

static void speak(uint32_t number, uint64_t due) {
    static char text[1024];
    int size = snprintf(text, sizeof text,
        "<message xmlns='jabber:client' to='%s/announce/online'><body>bench %07u %015lu%s</body></message>", domain, number, due, padding);
    websocket_send(&sessions[0].web, text, (size_t)size);
}

int run_xmpp(const Scenario *scenario) {
    int count = scenario->connections, server = scenario->target.server;
    domain = scenario->path;
    port = scenario->target.port;
    if (scenario->list) padding = scenario->list;
    total = (uint32_t)(scenario->rate * scenario->target.seconds);
    arrivals = calloc((size_t)total + 1, sizeof *arrivals);
    sessions = calloc((size_t)count, sizeof *sessions);
    poll_ = epoll_create1(0);
    long resident_before = resident_kb(server);
    uint64_t give_up = now_us() + 150000000ull;
    for (int opened = 0; present_count < count;) {
        if (now_us() > give_up) fail("only %d of %d are present", present_count, count);
        while (opened < count && opened - present_count < 100) begin(&sessions[opened++]);
        turn(100);
    }
    run_until(now_us() + 3000000);
    double kib = (double)(resident_kb(server) - resident_before) / count;
    uint64_t cpu_before = cpu_us(server), own_before = own_cpu_us(), begin = now_us() + 100000, missed = 0;
    for (uint32_t number = 1; number <= total; number++) {
        uint64_t due = begin + (number - 1) * 1000000ull / (uint64_t)scenario->rate;
        run_until(due);
        speak(number, due);
    }
    for (uint64_t end = now_us() + 15000000; deliveries < (uint64_t)total * (uint64_t)count && now_us() < end;) turn(10);
    uint64_t cpu = cpu_us(server) - cpu_before, own = own_cpu_us() - own_before;
    for (uint32_t number = 1; number <= total; number++) missed += (uint64_t)count - arrivals[number];
    double each = deliveries ? 1.0 / (double)deliveries : 0;
    printf("{\"sockets\": %d, \"deliveries\": %lu, \"missed\": %lu, \"bytes\": %.0f, \"us_per_delivery\": %.3f, \"generator_us_per_delivery\": %.3f, "
           "\"p50_ms\": %.2f, \"p99_ms\": %.2f, \"kib_per_socket\": %.2f}\n",
        count, deliveries, missed, (double)delivered_bytes * each, (double)cpu * each, (double)own * each, latency_ms(&latencies, 0.5),
        latency_ms(&latencies, 0.99), kib);
    return 0;
}
