// Many signed-in people, each with a socket that watches a hundred others; some watch the whole site.
#pragma once
#include "net.h"
#include "websocket.h"

enum { most_watched = 100, number_limit = 1 << 18 };

typedef enum { away, upgrading, greeting, subscribing, live } Phase;

typedef struct {
    WebSocket web;
    uint32_t index;
    Phase phase;
    bool sees_all;
    bool comes_back;      // says hello with what it had
    int attempts;         // since it was last live
    uint64_t retry_at;    // when it is away
    uint64_t live_at;
    uint64_t events;      // of presence, whatever they say
    char session[40];
    char places[2][64];   // its position in `presence` and in its own topic
    uint32_t *last;       // the number last heard of each watched person, in the order of `watched`
} Client;

typedef struct {
    char uuid[40];
    char *token;
} Person;

typedef struct {
    int port, server, count;
    int site_watchers;    // the first of the clients see everybody
    int stars;            // people behind the site's watchers whom everybody watches
    bool keeps_nobody;    // nobody watches the last of the people
    bool is_bare;         // the peer knows no hello and no subscriptions
    bool over_tls;
    bool may_return;      // a socket that is lost comes back; otherwise it ends the program
    int poll;
    Person *people;
    Client *clients;
    uint32_t (*watched)[most_watched];  // by client, ascending
    int watched_count;
    uint32_t *watchers;   // by person: how many sockets hear of them
    int live_count;
    uint32_t arrivals[number_limit];  // by number of a change: how many sockets had it
    uint64_t deliveries, delivered_bytes, reads, unordered, strangers, other_frames, resyncs, refusals, losses;
    bool is_measuring;
    Latencies latencies;
    const char *sample;   // where the first event is written, or NULL
} Fleet;

/// Reads `count` lines of "uuid token" and decides who watches whom.
void fleet_prepare(Fleet *fleet, const char *people);
/// Begins to connect one client.
void fleet_connect(Fleet *fleet, Client *client);
/// Connects all, `at_once` at a time, until they are live.
void fleet_open(Fleet *fleet, int at_once);
/// What epoll has to say of a client.
void fleet_read(Fleet *fleet, Client *client);
/// One look at epoll; its data is a client, or for `other` anything else.
void fleet_turn(Fleet *fleet, int timeout_ms, void (*other)(void *what));
/// Ends the socket by a reset; the client comes back with what it had.
void fleet_drop(Fleet *fleet, Client *client);
/// When a client of the web app would try again: the whole of a window that doubles, at random.
uint64_t backoff_us(int attempt);
/// CPU time of this process.
uint64_t own_cpu_us(void);
