// Status changes on a schedule that waits for nobody: each person changes their own by a POST with their own token.
#pragma once
#include "fleet.h"

typedef struct {
    Fleet *fleet;
    uint64_t begin;      // when the first was due
    uint64_t interval;   // between bursts, in microseconds
    int burst;           // changes that are due at the same moment
    bool has_nobody;     // the one whom nobody watches makes them all: what changes cost by themselves
    bool has_primer;     // 10 ms before each burst somebody else changes, so that the burst finds the tick begun
    uint32_t total;      // changes to make
    uint32_t part;       // up to which they are made in one go, all of them when it is the total
    uint32_t sent, answered;
    uint32_t *person_of; // by number, from 1
    Latencies latencies; // of the answers
} Changes;

/// Opens the connections that changes go by, once.
void changes_connect(Fleet *fleet, int connections);
/// Knows from now on who makes which change.
void changes_prepare(Changes *changes, Fleet *fleet);
/// Those up to `part` are made now, the first of them soon.
void changes_begin(Changes *changes, uint32_t part);
/// Sends what is due as far as there are connections. - Returns: milliseconds until the next is due, at most 100.
int changes_send(Changes *changes);
/// What epoll has to say of one of the connections.
void changes_read(void *connection);
bool changes_done(const Changes *changes);
/// How many sockets should have had the changes up to `part`.
uint64_t changes_expected(const Changes *changes);
/// How many of those did not get one, and how many were spared one because the person changed again in the same tick.
uint64_t changes_missed(const Changes *changes, uint64_t *spared);
