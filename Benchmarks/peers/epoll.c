// The bare peer of the broadcast: one epoll loop in C that upgrades WebSockets and, on every POST, sends one ready frame to all of them.
// No rooms, no rights, no queue: the least that a broadcast can cost on this machine.
//   epoll PORT FILE    FILE holds the payload; what follows its "bench " is taken from the POST's body
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { most = 1 << 17 };

static int sockets[most];       // those that listen
static int count;
static bool has_upgraded[most];  // by descriptor
static uint8_t frame[1 << 16];
static size_t frame_size;
static char *number;  // inside the frame

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void load_payload(const char *path) {
    static char payload[1 << 15];
    FILE *file = fopen(path, "r");
    if (!file) fail(path);
    size_t size = fread(payload, 1, sizeof payload, file);
    fclose(file);
    size_t head = size < 126 ? 2 : 4;
    frame[0] = 0x81;
    frame[1] = size < 126 ? (uint8_t)size : 126;
    if (size >= 126) {
        frame[2] = (uint8_t)(size >> 8);
        frame[3] = (uint8_t)size;
    }
    memcpy(frame + head, payload, size);
    frame_size = head + size;
    char *mark = memmem(frame, frame_size, "bench ", 6);
    if (!mark) fail("the payload has no \"bench \"");
    number = mark + 6;
}

static void upgrade(int socket, const char *request) {
    const char *key = strcasestr(request, "sec-websocket-key: ");
    if (!key) fail("no key");
    char text[128], accept[64], answer[256];
    snprintf(text, sizeof text, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key + 19);
    uint8_t digest[SHA_DIGEST_LENGTH];
    SHA1((const uint8_t *)text, strlen(text), digest);
    EVP_EncodeBlock((uint8_t *)accept, digest, sizeof digest);
    int size = snprintf(answer, sizeof answer,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept);
    if (send(socket, answer, (size_t)size, MSG_NOSIGNAL) != size) fail("upgrade");
    has_upgraded[socket] = true;
    sockets[count++] = socket;
}

static void broadcast(int writer, const char *request) {
    const char *mark = strstr(request, "bench ");
    if (!mark) fail("the POST has no \"bench \"");
    memcpy(number, mark + 6, strcspn(number, "\""));
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    if (send(writer, answer, sizeof answer - 1, MSG_NOSIGNAL) < 0) fail("answer");
    for (int index = 0; index < count; index++) {
        if (send(sockets[index], frame, frame_size, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)frame_size) fail("send");
    }
}

static void receive(int socket) {
    static char buffer[1 << 16];
    ssize_t got = recv(socket, buffer, sizeof buffer - 1, 0);
    if (got == 0 || (got < 0 && errno != EAGAIN)) {
        if (has_upgraded[socket]) exit(0);  // the generator has gone: so do we
        close(socket);
        return;
    }
    if (got < 0 || has_upgraded[socket]) return;
    buffer[got] = 0;
    if (!strncmp(buffer, "POST", 4)) broadcast(socket, buffer);
    else upgrade(socket, buffer);
}

int main(int argument_count, char **arguments) {
    if (argument_count != 3) {
        fputs("usage: epoll PORT FILE\n", stderr);
        return 2;
    }
    load_payload(arguments[2]);
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(arguments[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 4096) < 0) fail("listen");
    int poll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        struct epoll_event events[512];
        int ready = epoll_wait(poll, events, 512, -1);
        for (int index = 0; index < ready; index++) {
            if (events[index].data.fd != listener) {
                receive(events[index].data.fd);
                continue;
            }
            int socket;
            while ((socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                if (socket >= most) fail("too many sockets");
                setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
                event = (struct epoll_event){.events = EPOLLIN, .data.fd = socket};
                epoll_ctl(poll, EPOLL_CTL_ADD, socket, &event);
            }
        }
    }
}
