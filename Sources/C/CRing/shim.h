/* Sends on many sockets with one system call: the least of io_uring, and nothing of it is left under way when a call returns. */
#pragma once
#include <errno.h>
#include <linux/io_uring.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

struct send_ring {
    int descriptor;
    unsigned tail, tail_mask, done_mask;
    unsigned *published, *done_head, *done_tail;
    struct io_uring_sqe *entries;
    struct io_uring_cqe *results;
    void *shared;
    size_t shared_size, entries_size;
};

static inline void send_ring_close(struct send_ring *ring) {
    munmap(ring->entries, ring->entries_size);
    munmap(ring->shared, ring->shared_size);
    close(ring->descriptor);
}

/* 0, or what the kernel has against it: an old one, or one that keeps io_uring from this process. `count` is a power of two. */
static inline int send_ring_open(struct send_ring *ring, unsigned count) {
    struct io_uring_params given;
    memset(&given, 0, sizeof given);
    ring->descriptor = (int)syscall(SYS_io_uring_setup, count, &given);
    if (ring->descriptor < 0) return errno;
    if (!(given.features & IORING_FEAT_SINGLE_MMAP)) {
        close(ring->descriptor);
        return ENOSYS;
    }
    size_t submitted = given.sq_off.array + given.sq_entries * sizeof(unsigned);
    size_t completed = given.cq_off.cqes + given.cq_entries * sizeof(struct io_uring_cqe);
    ring->shared_size = submitted > completed ? submitted : completed;
    ring->entries_size = given.sq_entries * sizeof(struct io_uring_sqe);
    ring->shared = mmap(NULL, ring->shared_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring->descriptor, IORING_OFF_SQ_RING);
    if (ring->shared == MAP_FAILED) {
        int reason = errno;
        close(ring->descriptor);
        return reason;
    }
    ring->entries = (struct io_uring_sqe *)mmap(
        NULL, ring->entries_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring->descriptor, IORING_OFF_SQES);
    if (ring->entries == MAP_FAILED) {
        int reason = errno;
        munmap(ring->shared, ring->shared_size);
        close(ring->descriptor);
        return reason;
    }
    char *shared = (char *)ring->shared;
    ring->published = (unsigned *)(shared + given.sq_off.tail);
    ring->tail_mask = *(unsigned *)(shared + given.sq_off.ring_mask);
    ring->done_head = (unsigned *)(shared + given.cq_off.head);
    ring->done_tail = (unsigned *)(shared + given.cq_off.tail);
    ring->done_mask = *(unsigned *)(shared + given.cq_off.ring_mask);
    ring->results = (struct io_uring_cqe *)(shared + given.cq_off.cqes);
    ring->tail = *ring->published;
    unsigned *order = (unsigned *)(shared + given.sq_off.array);
    for (unsigned index = 0; index < given.sq_entries; index++) order[index] = index;
    return 0;
}

/* The `index`th send of the next run, in order; the bytes stay as they are until then. */
static inline void send_ring_add(struct send_ring *ring, unsigned index, int descriptor, const void *bytes, unsigned count) {
    struct io_uring_sqe *entry = &ring->entries[ring->tail++ & ring->tail_mask];
    memset(entry, 0, sizeof *entry);
    entry->opcode = IORING_OP_SEND;
    entry->fd = descriptor;
    entry->addr = (unsigned long)bytes;
    entry->len = count;
    entry->msg_flags = MSG_NOSIGNAL | MSG_DONTWAIT;
    entry->user_data = index;
}

/* Does all `count` sends: how many bytes each took, or a negative errno. Not 0 where the ring is of no more use; what has no result is not sent. */
static inline int send_ring_run(struct send_ring *ring, unsigned count, int *results) {
    for (unsigned index = 0; index < count; index++) results[index] = -EAGAIN;
    __atomic_store_n(ring->published, ring->tail, __ATOMIC_RELEASE);
    unsigned left = count, submitted = 0;
    int reason = 0;
    while (left && !reason) {
        long status = syscall(SYS_io_uring_enter, ring->descriptor, count - submitted, left, IORING_ENTER_GETEVENTS, NULL, 0);
        if (status >= 0) submitted += (unsigned)status;
        else if (errno != EINTR) reason = errno;
        unsigned head = *ring->done_head, tail = __atomic_load_n(ring->done_tail, __ATOMIC_ACQUIRE);
        for (; head != tail; head++, left--) {
            struct io_uring_cqe *done = &ring->results[head & ring->done_mask];
            if (done->user_data < count) results[done->user_data] = done->res;
        }
        __atomic_store_n(ring->done_head, head, __ATOMIC_RELEASE);
    }
    return reason;
}
