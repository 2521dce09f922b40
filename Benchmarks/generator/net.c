#define _GNU_SOURCE
#include "net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

uint64_t now_us(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("generate: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    exit(1);
}

uint64_t cpu_us(int process) {
    clockid_t clock;
    struct timespec time;
    if (clock_getcpuclockid(process, &clock) || clock_gettime(clock, &time)) fail("process %d is gone", process);
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

long resident_kb(int process) {
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/status", process);
    FILE *file = fopen(path, "r");
    if (!file) fail("process %d is gone", process);
    long kb = -1;
    while (kb < 0 && fgets(line, sizeof line, file)) sscanf(line, "RssAnon: %ld kB", &kb);
    fclose(file);
    if (kb < 0) fail("%s does not tell RssAnon", path);
    return kb;
}

int connect_to(int port) {
    int socket_ = socket(AF_INET, SOCK_STREAM, 0);
    if (socket_ < 0) fail("socket: %s (ulimit -n?)", strerror(errno));
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(socket_, (struct sockaddr *)&address, sizeof address) < 0) fail("connect: %s", strerror(errno));
    int yes = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    fcntl(socket_, F_SETFL, O_NONBLOCK);
    return socket_;
}

void raise_descriptor_limit(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

void send_all(int socket, const void *bytes, size_t count) {
    ssize_t sent = send(socket, bytes, count, MSG_NOSIGNAL);
    if (sent != (ssize_t)count) fail("send: %s", sent < 0 ? strerror(errno) : "the buffer is full");
}

// Buckets grow by 1 %: the index of a latency is its logarithm.
void latency_add(Latencies *latencies, uint64_t us) {
    int index = us < 1 ? 0 : (int)(log((double)us) / log(1.01));
    if (index > 4095) index = 4095;
    latencies->counts[index]++;
    latencies->total++;
}

double latency_ms(const Latencies *latencies, double quantile) {
    uint64_t wanted = (uint64_t)(quantile * (double)latencies->total), seen = 0;
    if (wanted && wanted >= latencies->total) wanted = latencies->total - 1;
    for (int index = 0; index < 4096; index++) {
        seen += latencies->counts[index];
        if (seen > wanted) return pow(1.01, index) / 1000;
    }
    return 0;
}

bool take_answer(Connection *connection, const char **answer) {
    static char buffer[1 << 16];
    size_t count = connection->kept_count;
    if (count) memcpy(buffer, connection->kept, count);
    ssize_t got = recv(connection->socket, buffer + count, sizeof buffer - count - 1, 0);
    if (got < 0 && errno == EAGAIN) return false;
    if (got <= 0) fail("a connection was lost: %s", got < 0 ? strerror(errno) : "closed");
    count += (size_t)got;
    buffer[count] = 0;
    char *end = memmem(buffer, count, "\r\n\r\n", 4);
    char *field = end ? strcasestr(buffer, "\r\ncontent-length:") : NULL;
    size_t body = field && field < end ? strtoul(field + 17, NULL, 10) : 0;
    if (end && count >= (size_t)(end - buffer) + 4 + body) {
        if (memcmp(buffer, "HTTP/1.1 2", 10)) fail("refused: %s", buffer);
        if (answer) *answer = buffer;
        connection->kept_count = 0;
        return true;
    }
    connection->kept = realloc(connection->kept, count);
    memcpy(connection->kept, buffer, count);
    connection->kept_count = count;
    return false;
}
