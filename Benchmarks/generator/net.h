// What the generator's scenarios share: connections of one epoll loop, time, and the CPU time of another process.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    int socket;
    bool has_upgraded;  // a WebSocket from here on
    bool is_ready;      // subscribed: deliveries count
    uint8_t *kept;      // the beginning of what has not arrived whole
    size_t kept_count;
    uint64_t sent_at;   // of the request under way, in microseconds
    uint64_t turn;      // requests sent so far
} Connection;

typedef struct {
    const char *host_header;
    int port;
    const char *token;
    int server;  // the process whose CPU time is read
    int seconds;
} Target;

uint64_t now_us(void);
/// User and system time of all threads of `process`, in microseconds.
uint64_t cpu_us(int process);
/// What is resident of memory of its own, without pages of files: the database's file is mapped, and comes and goes with the kernel's cache.
long resident_kb(int process);
int connect_to(int port);
void raise_descriptor_limit(void);
/// Sends all of it, or ends the program: the buffers of a benchmark's few bytes never fill.
void send_all(int socket, const void *bytes, size_t count);
_Noreturn void fail(const char *format, ...);

/// Latencies in microseconds, up to 60 s, within 1 %.
typedef struct {
    uint32_t counts[4096];
    uint64_t total;
} Latencies;
void latency_add(Latencies *latencies, uint64_t us);
double latency_ms(const Latencies *latencies, double quantile);


/// Takes what has come of an HTTP answer; one that is not 2xx ends the program.
///
/// - Parameter answer: if not NULL, set to the whole of it, good until the next call.
/// - Returns: whether it is whole.
bool take_answer(Connection *connection, const char **answer);

/// What the command line says.
typedef struct {
    Target target;
    int connections, rate, burst, stars, site_watchers;
    bool is_bare, is_resumed, over_tls, has_primer, at_full_speed, is_passive, keeps_nobody;
    const char *path, *list, *sample;
} Scenario;

int run_status(const Scenario *scenario);
int run_silence(const Scenario *scenario);
int run_arrivals(const Scenario *scenario);
int run_storm(const Scenario *scenario);
int run_sign_in(const Scenario *scenario);
int run_xmpp(const Scenario *scenario);
int run_requests(Target target, int connections, const char *path);
int run_pace(Target target, int connections, int rate, const char *path);
int run_hostile(Target target, int connections, const char *kind);
int run_echo(Target target, int connections);
int run_sends(Target target, int connections, const char *list_path);
int run_writes(Target target, int connections, const char *list_path);
int run_handshakes(Target target, bool is_resumed);
int run_silent(Target target, int connections);
