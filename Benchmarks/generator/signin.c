// Gets an access token for each of many sessions: the refresh tokens are spent, the answers written where others read them.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "net.h"

typedef struct {
    char uuid[40], refresh[64], *access;
} Account;

static Account *accounts;

static bool send_next(Connection *connection, Target target, int *next, int count) {
    if (*next == count) return false;
    connection->turn = (uint64_t)(*next)++;
    char body[128], request[512];
    int length = snprintf(body, sizeof body, "{\"refresh_token\":\"%s\"}", accounts[connection->turn].refresh);
    int size = snprintf(request, sizeof request,
        "POST /api/v1/auth/refresh HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
        target.port, length, body);
    send_all(connection->socket, request, (size_t)size);
    return true;
}

static void keep_token(Account *account, const char *answer) {
    const char *begin = strstr(answer, "\"access_token\":\"");
    if (!begin) fail("no token: %s", answer);
    begin += 16;
    account->access = strndup(begin, strcspn(begin, "\""));
}

int run_sign_in(const Scenario *scenario) {
    int count = scenario->connections, lanes = count < 64 ? count : 64, next = 0, done = 0;
    accounts = calloc((size_t)count, sizeof *accounts);
    FILE *file = fopen(scenario->list, "r");
    if (!file) fail("%s cannot be read", scenario->list);
    for (int index = 0; index < count; index++) {
        if (fscanf(file, "%39s %63s", accounts[index].uuid, accounts[index].refresh) != 2) fail("%s is too short", scenario->list);
    }
    fclose(file);
    int poll = epoll_create1(0);
    Connection *connections = calloc((size_t)lanes, sizeof *connections);
    for (int index = 0; index < lanes; index++) {
        connections[index].socket = connect_to(scenario->target.port);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[index]};
        epoll_ctl(poll, EPOLL_CTL_ADD, connections[index].socket, &event);
        send_next(&connections[index], scenario->target, &next, count);
    }
    while (done < count) {
        struct epoll_event events[64];
        int ready = epoll_wait(poll, events, 64, 10000);
        if (!ready) fail("the server says nothing");
        for (int number = 0; number < ready; number++) {
            const char *answer;
            Connection *connection = events[number].data.ptr;
            if (!take_answer(connection, &answer)) continue;
            keep_token(&accounts[connection->turn], answer);
            done++;
            send_next(connection, scenario->target, &next, count);
        }
    }
    file = fopen(scenario->sample, "w");
    if (!file) fail("%s cannot be written", scenario->sample);
    for (int index = 0; index < count; index++) fprintf(file, "%s %s\n", accounts[index].uuid, accounts[index].access);
    if (fclose(file)) fail("%s cannot be written", scenario->sample);
    printf("{\"signed_in\": %d}\n", count);
    return 0;
}
