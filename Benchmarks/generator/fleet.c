#define _GNU_SOURCE
#include "fleet.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>

static void read_people(Fleet *fleet, const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) fail("%s: %s", path, strerror(errno));
    fleet->people = calloc((size_t)fleet->count, sizeof *fleet->people);
    for (int index = 0; index < fleet->count; index++) {
        Person *person = &fleet->people[index];
        if (fscanf(file, "%39s %ms", person->uuid, &person->token) != 2) fail("%s holds fewer than %d people", path, fleet->count);
    }
    fclose(file);
}

static int ascending(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

/// The stars, and people at the same distances from everybody, so that all are watched by about as many.
static void choose_watched(Fleet *fleet) {
    int count = fleet->count, others = count - 1 - fleet->keeps_nobody;
    int wanted = others < most_watched ? others : most_watched;
    uint32_t *distances = malloc((size_t)count * sizeof *distances);
    for (int index = 0; index < count - 1; index++) distances[index] = (uint32_t)index + 1;
    for (int index = count - 2; index > 0; index--) {
        int other = rand() % (index + 1);
        uint32_t kept = distances[index];
        distances[index] = distances[other];
        distances[other] = kept;
    }
    fleet->watched = calloc((size_t)count, sizeof *fleet->watched);
    fleet->watchers = calloc((size_t)count, sizeof *fleet->watchers);
    fleet->watched_count = wanted;
    for (int index = 0; index < count; index++) {
        uint32_t *list = fleet->watched[index];
        int chosen = 0, first = fleet->site_watchers;
        for (; chosen < fleet->stars; chosen++) list[chosen] = (uint32_t)(first + chosen);
        for (int next = 0; chosen < wanted && next < count - 1; next++) {
            uint32_t person = ((uint32_t)index + distances[next]) % (uint32_t)count;
            bool is_star = (int)person >= first && (int)person < first + fleet->stars, is_nobody = fleet->keeps_nobody && (int)person == count - 1;
            if (!is_star && !is_nobody) list[chosen++] = person;
        }
        if (chosen < wanted) fail("%d people are too few", count);
        qsort(list, (size_t)wanted, sizeof *list, ascending);
        if (fleet->clients[index].sees_all) continue;
        for (int number = 0; number < wanted; number++) fleet->watchers[list[number]]++;
    }
    for (int index = 0; index < count; index++) fleet->watchers[index] += (uint32_t)fleet->site_watchers;
    free(distances);
}

void fleet_prepare(Fleet *fleet, const char *people) {
    fleet->poll = epoll_create1(0);
    fleet->clients = calloc((size_t)fleet->count, sizeof *fleet->clients);
    for (int index = 0; index < fleet->count; index++) {
        Client *client = &fleet->clients[index];
        client->index = (uint32_t)index;
        client->web.socket = -1;
        client->sees_all = index < fleet->site_watchers;
    }
    if (fleet->is_bare) return;
    read_people(fleet, people);
    choose_watched(fleet);
    for (int index = 0; index < fleet->count; index++) {
        Client *client = &fleet->clients[index];
        client->last = calloc(client->sees_all ? (size_t)fleet->count : (size_t)fleet->watched_count, sizeof *client->last);
    }
}

uint64_t backoff_us(int attempt) {
    uint64_t window = 500000ull << (attempt < 6 ? attempt : 6);
    if (window > 30000000) window = 30000000;
    return (uint64_t)((double)rand() / RAND_MAX * (double)window);
}

uint64_t own_cpu_us(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 + (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

void fleet_connect(Fleet *fleet, Client *client) {
    client->phase = upgrading;
    client->attempts++;
    websocket_open(&client->web, fleet->port, fleet->is_bare ? "/" : "/api/v1/gateway", NULL, fleet->over_tls);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    epoll_ctl(fleet->poll, EPOLL_CTL_ADD, client->web.socket, &event);
}

void fleet_drop(Fleet *fleet, Client *client) {
    if (client->phase == live) fleet->live_count--;
    client->phase = away;
    client->comes_back = client->session[0] != 0;
    websocket_drop(&client->web);
}

void fleet_open(Fleet *fleet, int at_once) {
    uint64_t give_up = now_us() + 180000000ull;
    for (int opened = 0, wanted = fleet->count; fleet->live_count < wanted;) {
        if (now_us() > give_up) fail("only %d of %d sockets became ready", fleet->live_count, wanted);
        while (opened < wanted && opened - fleet->live_count < at_once) fleet_connect(fleet, &fleet->clients[opened++]);
        fleet_turn(fleet, 100, NULL);
    }
}

void fleet_turn(Fleet *fleet, int timeout_ms, void (*other)(void *what)) {
    struct epoll_event events[512];
    int count = epoll_wait(fleet->poll, events, 512, timeout_ms);
    for (int index = 0; index < count; index++) {
        Client *client = events[index].data.ptr;
        if (client >= fleet->clients && client < fleet->clients + fleet->count) fleet_read(fleet, client);
        else if (other) other(events[index].data.ptr);
    }
}
