internal import Glibc

/// A bounded queue between tasks, which never block, and threads, which do.
public final class WorkQueue<Job: Sendable>: @unchecked Sendable {
    // SAFETY: `jobs`, `head` and `isClosed` are touched only between pthread_mutex_lock and _unlock of `mutex`. Both pthread objects are on the heap, at one
    // address for the queue's whole life, which every thread that waits on them prolongs by its reference.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let arrival = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let capacity: Int
    private var jobs: [Job] = []
    /// What stands before it in `jobs` has been taken.
    private var head = 0
    private var isClosed = false

    public enum Taken {
        case jobs([Job])
        /// Nothing came in the time given.
        case nothing
        /// Closed, and nothing is left.
        case closed
    }

    public init(capacity: Int) {
        self.capacity = capacity
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(arrival, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(arrival)
        pthread_mutex_destroy(mutex)
        arrival.deallocate()
        mutex.deallocate()
    }

    /// How many wait.
    public var count: Int { locked { jobs.count - head } }

    /// - Throws: when `capacity` wait already, or after `close`; the job will not run then.
    public func submit(_ job: Job) throws(QueueRefusal) {
        let refusal: QueueRefusal? = locked {
            if isClosed { return .closed }
            if jobs.count - head >= capacity { return .full(capacity) }
            jobs.append(job)
            pthread_cond_signal(arrival)
            return nil
        }
        if let refusal { throw refusal }
    }

    /// Blocks the calling thread until there is a job; what waits is handed out even after `close`.
    public func take(upTo limit: Int, within milliseconds: Int? = nil) -> Taken {
        locked {
            var deadline = timespec()
            if let milliseconds {
                clock_gettime(CLOCK_MONOTONIC, &deadline)
                deadline.tv_sec += milliseconds / 1000
                deadline.tv_nsec += milliseconds % 1000 * 1_000_000
                if deadline.tv_nsec >= 1_000_000_000 {
                    deadline.tv_sec += 1
                    deadline.tv_nsec -= 1_000_000_000
                }
            }
            while head == jobs.count {
                if isClosed { return .closed }
                if milliseconds == nil {
                    pthread_cond_wait(arrival, mutex)
                } else if pthread_cond_timedwait(arrival, mutex, &deadline) == ETIMEDOUT {
                    return .nothing
                }
            }
            let end = min(head + limit, jobs.count)
            let taken = Array(jobs[head..<end])
            head = end
            if head == jobs.count || head >= 256 {
                jobs.removeFirst(head)
                head = 0
            }
            return .jobs(taken)
        }
    }

    /// Refuses what comes from now on; threads end when they have done what waits.
    public func close() {
        locked {
            isClosed = true
            pthread_cond_broadcast(arrival)
        }
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}

/// Why a queue took no job.
public enum QueueRefusal: Error, Sendable, Hashable {
    /// So many were waiting already.
    case full(Int)
    case closed
}
