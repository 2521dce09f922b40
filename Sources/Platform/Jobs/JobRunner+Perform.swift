internal import Database
internal import Kernel
internal import Runtime

extension JobRunner {
    /// One attempt at a job, and what is written down of it.
    func perform(_ job: Job) async {
        guard let kind = kinds[job.kind] else { return }
        do {
            // The processes that had it before ended without a word.
            if job.attempt > kind.retries.attempts, kind.schedule == nil { throw JobGivenUp("no attempt came to an end") }
            try await work(job, kind)
            done.add()
        } catch is JobLost {
            log.warning("a job took longer than its lease", fields(job))
        } catch let error where error is CancellationError || Task.isCancelled {
            await settle(job) { [now = queue.clock.now()] in try JobTable.release(job, at: now, in: $0) }
        } catch {
            await fail(job, kind, error)
        }
    }

    private func work(_ job: Job, _ kind: JobKind) async throws {
        switch kind.work {
        case .transactional(let body):
            try await queue.database.write { [clock = queue.clock] transaction in
                let result = try body(job, transaction)
                guard try JobTable.finish(job, next: Self.next(result, kind, at: clock.now()), in: transaction) else { throw JobLost() }
            }
        case .free(let body):
            let result = try await keeping(job, kind) { [queue] in try await body(JobContext(job: job, queue: queue)) }
            let next = Self.next(result, kind, at: queue.clock.now())
            guard try await queue.database.write({ try JobTable.finish(job, next: next, in: $0) }) else { throw JobLost() }
        }
    }

    private static func next(_ result: JobResult, _ kind: JobKind, at now: Timestamp) -> Timestamp? {
        if case .later(let time) = result { return time }
        return kind.schedule?.next(after: now)
    }

    /// Renews the lease while the body runs; ends the body when another process has the job.
    private func keeping(
        _ job: Job, _ kind: JobKind, _ body: @escaping @Sendable () async throws -> JobResult
    ) async throws -> JobResult {
        try await withThrowingTaskGroup(of: JobResult.self) { group in
            group.addTask { try await body() }
            group.addTask { [queue, log] in
                while true {
                    try await Task.sleep(for: .milliseconds(kind.lease / 3))
                    let end = queue.clock.now().adding(milliseconds: kind.lease)
                    do {
                        guard try await queue.database.write({ try JobTable.renew(job, until: end, in: $0) }) else { throw JobLost() }
                    } catch let error as DatabaseError {
                        log.warning("the lease of a job could not be renewed", [("cause", .string("\(error)"))])
                    }
                }
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }

    private func fail(_ job: Job, _ kind: JobKind, _ error: any Error) async {
        failed.add()
        let now = queue.clock.now()
        let pause = now.adding(milliseconds: kind.retries.pause(after: job.attempt, random: options.random()))
        var retry: Timestamp? = pause
        if let schedule = kind.schedule {
            retry = min(pause, schedule.next(after: now))
        } else if error is JobGivenUp || job.attempt >= kind.retries.attempts {
            retry = nil
        }
        if retry == nil { dead.add() }
        log.warning(retry == nil ? "a job is given up" : "a job failed", fields(job) + [("cause", .string("\(error)"))])
        await settle(job) { [retry] in try JobTable.fail(job, because: "\(error)", retryAt: retry, at: now, in: $0) }
    }

    /// Where it cannot be written down, the lease runs out and the job is taken again.
    private func settle(_ job: Job, _ write: @escaping @Sendable (Transaction) throws -> Void) async {
        do { try await queue.database.write(write) } catch {
            log.warning("what became of a job could not be written down", fields(job) + [("cause", .string("\(error)"))])
        }
    }

    private func fields(_ job: Job) -> [(String, JSON)] {
        [("kind", .string(job.kind)), ("key", .string(job.key)), ("attempt", JSON(job.attempt))]
    }
}
