#define _GNU_SOURCE
#include "changes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

static Changes *current;  // of the program's one schedule
static Connection *connections;
static int *idle, idle_count, idle_first, lane_count;  // the one that rested longest goes first, so that none is closed for idling

void changes_connect(Fleet *fleet, int count) {
    lane_count = count;
    connections = calloc((size_t)count, sizeof *connections);
    idle = calloc((size_t)count, sizeof *idle);
    for (int index = 0; index < count; index++) {
        connections[index].socket = connect_to(fleet->port);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[index]};
        epoll_ctl(fleet->poll, EPOLL_CTL_ADD, connections[index].socket, &event);
        idle[idle_count++] = index;
    }
}

/// The stars in turn; without stars everybody in turn, neighbours far from each other.
static uint32_t person_of(const Changes *changes, uint32_t number) {
    const Fleet *fleet = changes->fleet;
    if (fleet->is_bare) return 0;
    if (changes->has_nobody) return (uint32_t)fleet->count - 1;
    uint32_t first = (uint32_t)fleet->site_watchers;
    if (changes->has_primer && number % ((uint32_t)changes->burst + 1) == 1) return 0;
    if (fleet->stars) return first + number % (uint32_t)fleet->stars;
    return first + (uint32_t)((uint64_t)number * 7919 % ((uint64_t)fleet->count - first - fleet->keeps_nobody));
}

void changes_prepare(Changes *changes, Fleet *fleet) {
    if (changes->total >= number_limit) fail("%u changes are too many", changes->total);
    changes->fleet = fleet;
    changes->person_of = calloc((size_t)changes->total + 1, sizeof *changes->person_of);
    for (uint32_t number = 1; number <= changes->total; number++) changes->person_of[number] = person_of(changes, number);
}

/// How long behind the first a change is due.
static uint64_t offset_of(const Changes *changes, uint32_t number) {
    if (!changes->has_primer) return (number - 1) / (uint32_t)changes->burst * changes->interval;
    uint32_t size = (uint32_t)changes->burst + 1, round = (number - 1) / size;
    return round * changes->interval + ((number - 1) % size ? 10000 : 0);
}

void changes_begin(Changes *changes, uint32_t part) {
    current = changes;
    changes->part = part;
    changes->begin = now_us() + 100000 - offset_of(changes, changes->sent + 1);
}

static void post(Changes *changes, Connection *connection, uint32_t number, uint64_t due) {
    uint32_t person = changes->person_of[number];
    char body[128], request[4096];
    int length = snprintf(body, sizeof body, "{\"status\":\"dnd\",\"status_message\":\"bench %07u %05u %015lu\"}", number, person, due);
    int count = snprintf(request, sizeof request,
        "POST /api/v1/users/me/status HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"
        "Content-Length: %d\r\n\r\n%s", changes->fleet->port, changes->fleet->is_bare ? "-" : changes->fleet->people[person].token, length, body);
    connection->sent_at = due;
    send_all(connection->socket, request, (size_t)count);
}

int changes_send(Changes *changes) {
    while (changes->sent < changes->part) {
        uint64_t due = changes->begin + offset_of(changes, changes->sent + 1), now = now_us();
        if (due > now) return due - now > 100000 ? 100 : (int)((due - now + 999) / 1000);
        if (!idle_count) return 100;  // an answer wakes us
        int index = idle[idle_first++ % lane_count];
        idle_count--;
        post(changes, &connections[index], ++changes->sent, due);
    }
    return 100;
}

void changes_read(void *what) {
    Connection *connection = what;
    if (!take_answer(connection, NULL)) return;
    current->answered++;
    latency_add(&current->latencies, now_us() - connection->sent_at);
    idle[(idle_first + idle_count++) % lane_count] = (int)(connection - connections);
}

bool changes_done(const Changes *changes) { return changes->answered == changes->part; }

static uint32_t wanted(const Changes *changes, uint32_t number) {
    const Fleet *fleet = changes->fleet;
    return fleet->is_bare ? (uint32_t)fleet->count : fleet->watchers[changes->person_of[number]];
}

uint64_t changes_expected(const Changes *changes) {
    uint64_t sum = 0;
    for (uint32_t number = 1; number <= changes->part; number++) sum += wanted(changes, number);
    return sum;
}

/// Two changes of one person in one tick are one event, the later one: nobody gets the other.
static bool was_spared(const Changes *changes, uint32_t number) {
    if (changes->fleet->arrivals[number]) return false;
    for (uint32_t later = number + 1; later <= changes->total && later < number + 100; later++) {
        if (changes->person_of[later] == changes->person_of[number] && changes->fleet->arrivals[later]) return true;
    }
    return false;
}

uint64_t changes_missed(const Changes *changes, uint64_t *spared) {
    uint64_t sum = 0;
    *spared = 0;
    for (uint32_t number = 1; number <= changes->total; number++) {
        uint32_t count = wanted(changes, number), had = changes->fleet->arrivals[number];
        if (had >= count) continue;
        if (was_spared(changes, number)) *spared += count;
        else sum += count - had;
    }
    return sum;
}
