// What a client of the fleet makes of the frames that come.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fleet.h"

static Fleet *fleet;  // of the client that reads
static uint64_t read_at;

static const uint8_t *find(const uint8_t *bytes, size_t count, const char *text) { return memmem(bytes, count, text, strlen(text)); }

/// Copies the text that follows `name` up to the next quotation mark.
static bool copy_text(const uint8_t *bytes, size_t count, const char *name, char *text, size_t size) {
    const uint8_t *begin = find(bytes, count, name);
    if (!begin) return false;
    begin += strlen(name);
    const uint8_t *end = memchr(begin, '"', (size_t)(bytes + count - begin));
    if (!end || (size_t)(end - begin) >= size) return false;
    memcpy(text, begin, (size_t)(end - begin));
    text[end - begin] = 0;
    return true;
}

static void say_hello(Client *client) {
    char text[4096];
    const Person *person = &fleet->people[client->index];
    int count = snprintf(text, sizeof text, "{\"type\":\"hello\",\"token\":\"%s\"", person->token);
    if (client->comes_back) {
        count += snprintf(text + count, sizeof text - (size_t)count, ",\"resume\":{\"session\":\"%s\",\"positions\":{\"presence\":\"%s\"",
            client->session, client->places[0]);
        if (client->places[1][0]) {
            count += snprintf(text + count, sizeof text - (size_t)count, ",\"user:%s\":\"%s\"", person->uuid, client->places[1]);
        }
        count += snprintf(text + count, sizeof text - (size_t)count, "}}");
    }
    count += snprintf(text + count, sizeof text - (size_t)count, "}");
    websocket_send(&client->web, text, (size_t)count);
}

static void subscribe(Client *client) {
    static char text[1 << 14];
    int count = snprintf(text, sizeof text, "{\"type\":\"subscribe\",\"id\":\"p\",\"topic\":\"presence\"");
    if (!client->sees_all) {
        count += snprintf(text + count, sizeof text - (size_t)count, ",\"filter\":{\"user_id\":{\"in\":[");
        for (int number = 0; number < fleet->watched_count; number++) {
            const char *uuid = fleet->people[fleet->watched[client->index][number]].uuid;
            count += snprintf(text + count, sizeof text - (size_t)count, "%s\"%s\"", number ? "," : "", uuid);
        }
        count += snprintf(text + count, sizeof text - (size_t)count, "]}}");
    }
    count += snprintf(text + count, sizeof text - (size_t)count, "}");
    websocket_send(&client->web, text, (size_t)count);
}

static void become_live(Client *client) {
    client->phase = live;
    client->live_at = now_us();
    client->attempts = 0;
    fleet->live_count++;
}

static void keep_sample(const uint8_t *payload, size_t count) {
    FILE *file = fopen(fleet->sample, "w");
    if (!file || fwrite(payload, 1, count, file) != count) fail("%s cannot be written", fleet->sample);
    fclose(file);
    fleet->sample = NULL;
}

/// The change must be later than what was heard of this person, who must be one of those watched.
/// - Returns: whether it is news; the status of somebody who comes or goes is told again with the message that it had.
static bool is_news(Client *client, uint32_t person, uint32_t number) {
    size_t slot = person;
    if (!client->sees_all) {
        const uint32_t *list = fleet->watched[client->index];
        int low = 0, high = fleet->watched_count;
        while (low < high) {
            int middle = (low + high) / 2;
            if (list[middle] < person) low = middle + 1;
            else high = middle;
        }
        if (low == fleet->watched_count || list[low] != person) {
            fleet->strangers++;
            return false;
        }
        slot = (size_t)low;
    }
    if (number == client->last[slot]) return false;
    if (number < client->last[slot]) fleet->unordered++;
    client->last[slot] = number;
    return true;
}

static bool take_change(Client *client, const uint8_t *payload, size_t count) {
    const uint8_t *mark = find(payload, count, "bench ");
    if (!mark) return false;
    char *rest;
    unsigned long number = strtoul((const char *)mark + 6, &rest, 10), person = strtoul(rest, &rest, 10);
    uint64_t due = strtoull(rest, NULL, 10);
    if (!fleet->is_measuring || number >= number_limit) return true;
    if (!fleet->is_bare && !is_news(client, (uint32_t)person, (uint32_t)number)) return true;
    fleet->arrivals[number]++;
    fleet->deliveries++;
    fleet->delivered_bytes += count;
    latency_add(&fleet->latencies, read_at > due ? read_at - due : 0);
    if (fleet->sample) keep_sample(payload, count);
    return true;
}

static void take_event(Client *client, const uint8_t *payload, size_t count) {
    size_t tail = count < 160 ? count : 160;
    const uint8_t *end = payload + count - tail;
    bool is_presence = find(end, tail, "\"topic\":\"presence\"");
    if (!is_presence && !find(end, tail, "\"topic\":\"user:")) {
        if (find(payload, count, "\"resync\"")) fleet->resyncs++;
        else if (find(payload, count, "\"error\"")) {
            if (!fleet->may_return) fail("refused: %.*s", (int)(count < 300 ? count : 300), payload);
            fleet->refusals++;
        }
        fleet->other_frames++;
        return;
    }
    copy_text(end, tail, "\"position\":\"", client->places[is_presence ? 0 : 1], sizeof client->places[0]);
    if (!is_presence) {
        fleet->other_frames++;
        return;
    }
    client->events++;
    if (!take_change(client, payload, count)) fleet->other_frames++;
}

static void take_positions(Client *client, const uint8_t *payload, size_t count) {
    char name[64];
    const uint8_t *begin = find(payload, count, "\"positions\":{");
    if (!begin) return;
    size_t rest = (size_t)(payload + count - begin);
    snprintf(name, sizeof name, "\"user:%s\":\"", fleet->people[client->index].uuid);
    copy_text(begin, rest, name, client->places[1], sizeof client->places[1]);
    copy_text(begin, rest, "\"presence\":\"", client->places[0], sizeof client->places[0]);
}

static void receive(void *owner, const uint8_t *payload, size_t count) {
    Client *client = owner;
    switch (client->phase) {
    case live:
        if (fleet->is_bare) take_change(client, payload, count);
        else take_event(client, payload, count);
        break;
    case greeting:
        if (find(payload, count, "\"type\":\"ready\"")) {
            copy_text(payload, count, "\"session\":\"", client->session, sizeof client->session);
            take_positions(client, payload, count);
            if (client->comes_back) break;
            client->phase = subscribing;
            subscribe(client);
        } else if (find(payload, count, "\"type\":\"resumed\"")) {
            become_live(client);
        } else if (find(payload, count, "\"type\":\"error\"")) {
            if (!fleet->may_return) fail("refused: %.*s", (int)(count < 300 ? count : 300), payload);
            fleet->refusals++;
        }
        break;
    case subscribing:
        if (find(payload, count, "\"type\":\"subscribed\"")) {
            copy_text(payload, count, "\"position\":\"", client->places[0], sizeof client->places[0]);
            become_live(client);
        } else if (find(payload, count, "\"type\":\"error\"")) {
            fail("refused: %.*s", (int)(count < 300 ? count : 300), payload);
        }
        break;
    default: break;
    }
}

void fleet_read(Fleet *those, Client *client) {
    if (client->phase == away) return;
    fleet = those;
    read_at = now_us();
    if (client->phase == live) fleet->reads++;
    switch (websocket_read(&client->web, receive, client)) {
    case just_upgraded:
        if (fleet->is_bare) {
            become_live(client);
        } else {
            client->phase = greeting;
            say_hello(client);
        }
        break;
    case lost: {
        int refusal = client->web.refusal, wait = client->web.retry_after;
        if (!fleet->may_return) fail("a socket was lost: %d", refusal);
        fleet->losses++;
        fleet_drop(fleet, client);
        client->retry_at = now_us() + (wait ? (uint64_t)wait * 1000000 : 0) + backoff_us(client->attempts);
        break;
    }
    default: break;
    }
}
