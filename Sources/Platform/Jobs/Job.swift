// Owns work that outlives a request: the table `jobs`, its claims, retries, schedules and dead letters. Refuses to know what a job does.
public import Kernel

/// One job in the hands of one process, nobody else's until its lease ends.
public struct Job: Sendable {
    public let kind: String
    /// Unique among the jobs of its kind.
    public let key: String
    public let payload: JSON
    /// From 1 on.
    public let attempt: Int
    let owner: String
}

/// What became of a job that did not fail.
public enum JobResult: Sendable {
    case done
    /// There is more to do at that time: the same job again, with all its attempts.
    case later(Timestamp)
}

/// A failure that another attempt would not mend: the job becomes a dead letter at once.
public struct JobGivenUp: Error, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ reason: String) { description = reason }
}

/// When a kind of job runs by itself; what was missed while no process ran is made up for once.
public enum JobSchedule: Sendable, Hashable {
    /// Milliseconds between the end of one run and the next.
    case every(Int64)
    /// Each day at that minute, UTC.
    case daily(minute: Int64)

    func next(after now: Timestamp) -> Timestamp {
        switch self {
        case .every(let pause): return now.adding(milliseconds: pause)
        case .daily(let minute):
            let day: Int64 = 86_400_000
            let today = Timestamp(milliseconds: now.milliseconds / day * day + minute * 60_000)
            return today > now ? today : today.adding(milliseconds: day)
        }
    }

    /// What runs in intervals runs at the first start, too.
    func first(at now: Timestamp) -> Timestamp {
        switch self {
        case .every: now
        case .daily: next(after: now)
        }
    }
}
