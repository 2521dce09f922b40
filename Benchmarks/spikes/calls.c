// What a broadcast and an echo cost by the system call that sends: one a socket, one for some frames, or io_uring with many at once.
//   calls broadcast MODE SOCKETS     MODE: send | writev (8 frames a socket at once) | gather (the same, copied into one) | uring | uring-fixed
//   calls echo MODE SOCKETS          MODE: epoll | uring
// Both print the sender's CPU, user and system, for one frame of 277 bytes. The readers are a process of their own on the loopback.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { frame_size = 277, frames_at_once = 8, most = 1 << 15, ring_size = 512, buffer_size = 2048, buffers = 1024 };

static int sockets[most], count;
static char frame[frame_size];

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static double seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double cpu(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/// Reads and throws away; as an echo's client it sends a frame for each that came.
static _Noreturn void be_client(int port, bool echoes) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int poll = epoll_create1(0), yes = 1;
    int *got = calloc(most, sizeof *got), *ends = calloc(most, sizeof *ends);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (int index = 0; index < count; index++) {
        ends[index] = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(ends[index], (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
        setsockopt(ends[index], IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)index};
        epoll_ctl(poll, EPOLL_CTL_ADD, ends[index], &event);
    }
    if (echoes) {
        sleep(1);
        for (int index = 0; index < count; index++) send(ends[index], frame, frame_size, MSG_NOSIGNAL);
    }
    static char thrown[1 << 16];
    for (;;) {
        struct epoll_event events[256];
        int ready = epoll_wait(poll, events, 256, -1);
        for (int number = 0; number < ready; number++) {
            int index = (int)events[number].data.u32;
            ssize_t size = recv(ends[index], thrown, sizeof thrown, MSG_DONTWAIT);
            if (size == 0) exit(0);
            if (size < 0 || !echoes) continue;
            for (got[index] += (int)size; got[index] >= frame_size; got[index] -= frame_size)
                send(ends[index], frame, frame_size, MSG_NOSIGNAL);
        }
    }
}

static void connect_all(bool echoes) {
    int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 4096) < 0) fail("listen");
    getsockname(listener, (struct sockaddr *)&address, &size);
    if (fork() == 0) be_client(ntohs(address.sin_port), echoes);
    for (int index = 0; index < count; index++) {
        sockets[index] = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (sockets[index] < 0) fail("accept");
        setsockopt(sockets[index], IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    }
}

static void make_ring(struct io_uring *ring, bool fixed) {
    struct io_uring_params options = {.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE, .cq_entries = 1 << 16};
    int status = io_uring_queue_init_params(ring_size, ring, &options);
    if (status < 0) errno = -status, fail("io_uring");
    if (fixed && (status = io_uring_register_files(ring, sockets, (unsigned)count)) < 0) errno = -status, fail("register");
    io_uring_register_ring_fd(ring);
}

static void reap(struct io_uring *ring) {
    struct io_uring_cqe *done;
    unsigned head, seen = 0;
    io_uring_for_each_cqe(ring, head, done) {
        if (done->res != frame_size) errno = done->res < 0 ? -done->res : EAGAIN, fail("send of the ring");
        seen++;
    }
    io_uring_cq_advance(ring, seen);
}

static void broadcast_by_ring(struct io_uring *ring, bool fixed) {
    for (int index = 0; index < count; index++) {
        struct io_uring_sqe *entry = io_uring_get_sqe(ring);
        if (!entry) {
            io_uring_submit(ring);
            reap(ring);
            entry = io_uring_get_sqe(ring);
        }
        io_uring_prep_send(entry, fixed ? index : sockets[index], frame, frame_size, MSG_NOSIGNAL);
        // Only what went wrong is told.
        entry->flags |= IOSQE_CQE_SKIP_SUCCESS | (fixed ? IOSQE_FIXED_FILE : 0);
    }
    io_uring_submit(ring);
    io_uring_get_events(ring);
    reap(ring);
}

static void broadcast(const char *mode) {
    bool fixed = !strcmp(mode, "uring-fixed"), rings = fixed || !strcmp(mode, "uring");
    bool vectors = !strcmp(mode, "writev"), gathers = !strcmp(mode, "gather");
    connect_all(false);
    struct io_uring ring;
    if (rings) make_ring(&ring, fixed);
    struct iovec parts[frames_at_once];
    for (int part = 0; part < frames_at_once; part++) parts[part] = (struct iovec){frame, frame_size};
    char gathered[frame_size * frames_at_once];
    double begin = 0, rest = seconds();
    long deliveries = 0;
    for (int round = 0; round < 25; round++) {
        if (round == 5) begin = cpu(), deliveries = 0;
        if (rings) broadcast_by_ring(&ring, fixed);
        else for (int index = 0; index < count; index++) {
            if (gathers) for (int part = 0; part < frames_at_once; part++) memcpy(gathered + part * frame_size, frame, frame_size);
            ssize_t sent = vectors ? writev(sockets[index], parts, frames_at_once)
                : gathers ? send(sockets[index], gathered, sizeof gathered, MSG_NOSIGNAL)
                : send(sockets[index], frame, frame_size, MSG_NOSIGNAL);
            if (sent < frame_size) fail("send");
        }
        deliveries += (long)count * (vectors || gathers ? frames_at_once : 1);
        for (rest += 0.2; seconds() < rest;) usleep(1000);
    }
    printf("broadcast %-11s %d sockets: %.2f us a delivery\n", mode, count, (cpu() - begin) * 1e6 / (double)deliveries);
}

static void echo_by_epoll(double end, double *begin, long *messages) {
    int poll = epoll_create1(0);
    for (int index = 0; index < count; index++) {
        struct epoll_event event = {.events = EPOLLIN, .data.fd = sockets[index]};
        epoll_ctl(poll, EPOLL_CTL_ADD, sockets[index], &event);
    }
    static char buffer[1 << 16];
    for (double now; (now = seconds()) < end;) {
        if (*begin == 0 && now > end - 3) *begin = cpu(), *messages = 0;
        struct epoll_event events[1024];
        int ready = epoll_wait(poll, events, 1024, 100);
        for (int number = 0; number < ready; number++) {
            ssize_t got = recv(events[number].data.fd, buffer, sizeof buffer, 0);
            if (got <= 0) continue;
            *messages += got / frame_size;
            if (send(events[number].data.fd, buffer, (size_t)got, MSG_NOSIGNAL) != got) fail("send");
        }
    }
}

/// One receive a socket stays in the ring and takes its buffers from a pool; what is sent goes with the next wait.
static void echo_by_ring(double end, double *begin, long *messages) {
    struct io_uring ring;
    make_ring(&ring, true);
    struct io_uring_buf_ring *pool;
    char *memory = malloc((size_t)buffers * buffer_size);
    if (posix_memalign((void **)&pool, 4096, buffers * sizeof(struct io_uring_buf))) fail("memory");
    struct io_uring_buf_reg offer = {.ring_addr = (uint64_t)(uintptr_t)pool, .ring_entries = buffers, .bgid = 0};
    if (io_uring_register_buf_ring(&ring, &offer, 0) < 0) fail("buffers");
    io_uring_buf_ring_init(pool);
    for (int index = 0; index < buffers; index++)
        io_uring_buf_ring_add(pool, memory + index * buffer_size, buffer_size, (unsigned short)index, buffers - 1, index);
    io_uring_buf_ring_advance(pool, buffers);
    enum { receiving = 1 << 30 };
    for (int index = 0; index < count; index++) {
        struct io_uring_sqe *entry = io_uring_get_sqe(&ring);
        io_uring_prep_recv_multishot(entry, index, NULL, 0, 0);
        entry->flags |= IOSQE_FIXED_FILE | IOSQE_BUFFER_SELECT;
        entry->buf_group = 0;
        io_uring_sqe_set_data64(entry, receiving | (unsigned)index);
    }
    for (double now; (now = seconds()) < end;) {
        if (*begin == 0 && now > end - 3) *begin = cpu(), *messages = 0;
        struct __kernel_timespec limit = {.tv_nsec = 100000000};
        struct io_uring_cqe *done;
        io_uring_submit_and_wait_timeout(&ring, &done, 1, &limit, NULL);
        unsigned head, seen = 0;
        int returned = 0;
        io_uring_for_each_cqe(&ring, head, done) {
            seen++;
            uint64_t data = io_uring_cqe_get_data64(done);
            if (!(data & receiving)) {
                // The send is done: its buffer goes back.
                io_uring_buf_ring_add(pool, memory + data * buffer_size, buffer_size, (unsigned short)data, buffers - 1, returned++);
                continue;
            }
            if (done->res <= 0 || !(done->flags & IORING_CQE_F_MORE)) errno = done->res < 0 ? -done->res : EPIPE, fail("receive of the ring");
            unsigned buffer = done->flags >> IORING_CQE_BUFFER_SHIFT;
            *messages += done->res / frame_size;
            struct io_uring_sqe *entry = io_uring_get_sqe(&ring);
            io_uring_prep_send(entry, (int)(data & ~(uint64_t)receiving), memory + buffer * buffer_size, (size_t)done->res, MSG_NOSIGNAL);
            entry->flags |= IOSQE_FIXED_FILE;
            io_uring_sqe_set_data64(entry, buffer);
        }
        io_uring_cq_advance(&ring, seen);
        io_uring_buf_ring_advance(pool, returned);
    }
}

static void echo(const char *mode) {
    connect_all(true);
    double begin = 0, end = seconds() + 5;
    long messages = 0;
    if (!strcmp(mode, "uring")) echo_by_ring(end, &begin, &messages); else echo_by_epoll(end, &begin, &messages);
    printf("echo %-6s %d sockets: %.2f us a message, %.0f a second\n", mode, count, (cpu() - begin) * 1e6 / (double)messages, (double)messages / 3);
}

int main(int arguments, char **values) {
    if (arguments != 4 || (count = atoi(values[3])) <= 0 || count > most) return fputs("usage: calls broadcast|echo MODE SOCKETS\n", stderr), 2;
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    memset(frame, 'x', sizeof frame);
    if (!strcmp(values[1], "echo")) echo(values[2]); else broadcast(values[2]);
    return 0;
}
