import Database
import Kernel
import Runtime
import Synchronization
import TestSupport
import Testing

@testable import Jobs

/// Jobs over a clock that stands still until a test moves it.
final class JobSite: Sendable {
    let database: any Database
    let queue: JobQueue
    let metrics = Metrics()
    let ran = Mutex<[String]>([])

    struct Broken: Error {}

    static func with(_ kind: TestDatabase, _ body: (JobSite) async throws -> Void) async throws {
        let effects = Migration("0001_effects", ["CREATE TABLE effects (name TEXT NOT NULL)"])
        try await kind.with(jobMigrations + [effects]) { try await body(JobSite($0)) }
    }

    private init(_ database: any Database) {
        self.database = database
        let time = TestTime(Timestamp(milliseconds: 1_800_000_000_000))
        clockBox = time
        queue = JobQueue(database: database, clock: WallClock { time.value })
    }

    private let clockBox: TestTime

    var now: Timestamp { clockBox.value }
    func pass(_ milliseconds: Int64) { clockBox.move(milliseconds) }

    func runner(_ kinds: JobKind..., memory: Int64? = nil) -> JobRunner {
        var options = JobRunner.Options()
        options.memory = memory
        options.random = { 0 }
        return JobRunner(queue, kinds: kinds, log: .silent, metrics: Metrics(), options: options)
    }

    func add(_ kind: String, key: String? = nil, after milliseconds: Int64 = 0, payload: JSON = [:]) async throws {
        let time = now.adding(milliseconds: milliseconds)
        try await database.write { [queue] in try $0.enqueue(kind, key: key, at: time, payload: payload, on: queue) }
    }

    func note(_ text: String) { ran.withLock { $0.append(text) } }
    var notes: [String] { ran.withLock { $0 } }

    func rows(_ kind: String) async throws -> [(state: String, runAt: Timestamp, attempts: Int, error: String?)] {
        try await database.read { transaction in
            try transaction.rows("SELECT state, run_at, attempts, last_error FROM jobs WHERE kind = \(kind) ORDER BY job_key").map {
                ($0.text(0), $0.time(1), $0.int(2), $0.optionalText(3))
            }
        }
    }

    func effects() async throws -> Int { try await database.read { try $0.row("SELECT COUNT(*) FROM effects")?.int(0) ?? 0 } }
}

final class TestTime: Sendable {
    private let time: Mutex<Timestamp>
    init(_ start: Timestamp) { time = Mutex(start) }
    var value: Timestamp { time.withLock { $0 } }
    func move(_ milliseconds: Int64) { time.withLock { $0 = $0.adding(milliseconds: milliseconds) } }
}

@Suite struct JobTests {
    @Test(arguments: TestDatabase.all) func runsWhatIsDueOnceAndForgetsIt(_ kind: TestDatabase) async throws {
        try await JobSite.with(kind) { site in
            let runner = site.runner(
                JobKind("a") { context in
                    site.note(context.job.payload["n"]?.integer.map(String.init) ?? "-")
                    return .done
                })
            try await site.add("a", payload: ["n": 1])
            try await site.add("a", after: 1000, payload: ["n": 2])
            await runner.runDue()
            #expect(site.notes == ["1"])
            site.pass(1000)
            await runner.runDue()
            await runner.runDue()
            #expect(site.notes == ["1", "2"])
            #expect(try await site.rows("a").isEmpty)
        }
    }

    @Test(arguments: TestDatabase.all) func whatIsRolledBackIsNoJob(_ kind: TestDatabase) async throws {
        try await JobSite.with(kind) { site in
            await #expect(throws: JobSite.Broken.self) {
                try await site.database.write { transaction -> Int in
                    try transaction.enqueue("a", on: site.queue)
                    throw JobSite.Broken()
                }
            }
            let left = try await site.rows("a")
            #expect(left.isEmpty)
        }
    }

    @Test(arguments: TestDatabase.all) func oneOfAKeyWaitsForTheEarlierTime(_ kind: TestDatabase) async throws {
        try await JobSite.with(kind) { site in
            let start = site.now
            try await site.add("a", key: "k", after: 5000, payload: ["n": 1])
            try await site.add("a", key: "k", after: 9000, payload: ["n": 2])
            #expect(try await site.rows("a").map(\.runAt) == [start.adding(milliseconds: 5000)])
            try await site.add("a", key: "k", after: 2000, payload: ["n": 3])
            #expect(try await site.rows("a").map(\.runAt) == [start.adding(milliseconds: 2000)])
            site.pass(10_000)
            await site.runner(
                JobKind("a") { context in
                    site.note(context.job.payload["n"]?.integer.map(String.init) ?? "-")
                    return .done
                }
            ).runDue()
            #expect(site.notes == ["3"])
        }
    }

    /// Added while it runs: it runs once more, with what was added.
    @Test(arguments: TestDatabase.all) func whatIsAddedMeanwhileIsNotLost(_ kind: TestDatabase) async throws {
        try await JobSite.with(kind) { site in
            let runner = site.runner(
                JobKind("a") { context in
                    let number = context.job.payload["n"]?.integer ?? 0
                    site.note("\(number)")
                    if number == 1 { try await site.add("a", key: "k", payload: ["n": 2]) }
                    return .done
                })
            try await site.add("a", key: "k", payload: ["n": 1])
            await runner.runDue()
            #expect(site.notes == ["1", "2"])
            #expect(try await site.rows("a").isEmpty)
        }
    }

    @Test(arguments: TestDatabase.all) func failuresWaitLongerEachTimeAndEndAsADeadLetter(_ kind: TestDatabase) async throws {
        try await JobSite.with(kind) { site in
            let runner = site.runner(JobKind("a", retries: .init(attempts: 4, first: 1000, longest: 3000)) { _ in throw JobSite.Broken() })
            try await site.add("a")
            for pause: Int64 in [1000, 2000, 3000] {
                let now = site.now
                #expect(await runner.runDue() == 1)
                #expect(try await site.rows("a").map(\.runAt) == [now.adding(milliseconds: pause)])
                #expect(await runner.runDue() == 0)
                site.pass(pause)
            }
            await runner.runDue()
            let row = try #require(try await site.rows("a").first)
            #expect(row.state == "dead" && row.attempts == 4 && row.error == "Broken()")
            site.pass(1_000_000)
            #expect(await runner.runDue() == 0)
            // Added again it lives again.
            _ = try await site.database.write { try $0.execute("UPDATE jobs SET job_key = 'k'") }
            try await site.add("a", key: "k")
            #expect(try await site.rows("a").map(\.state) == ["waiting"])
        }
    }

    @Test func jitterTakesAtMostHalfAway() {
        let retries = JobKind.Retries(attempts: 9, first: 1000, longest: 60_000)
        #expect(retries.pause(after: 1, random: 0) == 1000 && retries.pause(after: 1, random: 1) == 500)
        #expect(retries.pause(after: 4, random: 0) == 8000 && retries.pause(after: 60, random: 0) == 60_000)
    }

    @Test(arguments: TestDatabase.all) func whatIsGivenUpIsNotTriedAgain(_ kind: TestDatabase) async throws {
        try await JobSite.with(kind) { site in
            let runner = site.runner(JobKind("a") { _ in throw JobGivenUp("no such address") })
            try await site.add("a")
            await runner.runDue()
            #expect(try await site.rows("a").map(\.error) == ["no such address"])
            #expect(try await site.rows("a").map(\.state) == ["dead"])
        }
    }

    /// A process that ends while it has a job leaves it until its lease is over; then it is another's, whose end counts alone.
    @Test(arguments: TestDatabase.all) func aLeaseThatRanOutIsTakenOver(_ kind: TestDatabase) async throws {
        try await JobSite.with(kind) { site in
            let job = JobKind(transactional: "a", lease: 10_000) { _, transaction in
                try transaction.execute("INSERT INTO effects (name) VALUES ('a')")
                return .done
            }
            try await site.add("a", key: "k")
            let now = site.now
            let lost = try #require(try await site.database.write { try JobTable.claim([job], by: "gone", at: now, in: $0) })
            let runner = site.runner(job)
            #expect(await runner.runDue() == 0)
            site.pass(10_000)
            #expect(await runner.runDue() == 1)
            #expect(try await site.effects() == 1)
            let counts = try await site.database.write { try JobTable.finish(lost, next: nil, in: $0) }
            #expect(!counts)
        }
    }

    @Test(arguments: TestDatabase.all) func aJobThatEndsEveryProcessIsGivenUp(_ kind: TestDatabase) async throws {
        try await JobSite.with(kind) { site in
            let job = JobKind("a", retries: .init(attempts: 3), lease: 1000) { _ in
                site.note("ran")
                return .done
            }
            try await site.add("a")
            for _ in 0..<3 {
                let now = site.now
                let claimed = try await site.database.write { try JobTable.claim([job], by: "gone", at: now, in: $0) }
                #expect(claimed != nil)
                site.pass(1000)
            }
            await site.runner(job).runDue()
            #expect(site.notes.isEmpty)
            #expect(try await site.rows("a").map(\.state) == ["dead"])
        }
    }

    /// Several nodes at once: every job is done exactly once.
    @Test(arguments: TestDatabase.all) func severalNodesShareTheJobs(_ kind: TestDatabase) async throws {
        try await JobSite.with(kind) { site in
            let job = JobKind(transactional: "a", parallel: 8) { _, transaction in
                try transaction.execute("INSERT INTO effects (name) VALUES ('a')")
                return .done
            }
            for _ in 0..<60 { try await site.add("a") }
            let counts = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<4 { group.addTask { await site.runner(job).runDue() } }
                return await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(counts.reduce(0, +) == 60)
            #expect(try await site.effects() == 60)
            #expect(try await site.rows("a").isEmpty)
        }
    }

    /// The effect and its end are one transaction: a failure leaves neither.
    @Test(arguments: TestDatabase.all) func aTransactionalJobThatFailsLeavesNothing(_ kind: TestDatabase) async throws {
        try await JobSite.with(kind) { site in
            let failures = TestTime(Timestamp(milliseconds: 0))
            let runner = site.runner(
                JobKind(transactional: "a") { _, transaction in
                    try transaction.execute("INSERT INTO effects (name) VALUES ('a')")
                    failures.move(1)
                    if failures.value.milliseconds == 1 { throw JobSite.Broken() }
                    return .done
                })
            try await site.add("a")
            await runner.runDue()
            #expect(try await site.effects() == 0)
            site.pass(1000)
            await runner.runDue()
            #expect(try await site.effects() == 1)
        }
    }

    @Test(arguments: TestDatabase.all) func aScheduleRunsAgainAndMakesUpOnce(_ kind: TestDatabase) async throws {
        try await JobSite.with(kind) { site in
            let job = JobKind("tick", schedule: .every(60_000)) { _ in
                site.note("tick")
                return .done
            }
            let runner = site.runner(job)
            await runner.runDue()
            await runner.runDue()
            #expect(site.notes.count == 1)
            site.pass(60_000)
            await runner.runDue()
            #expect(site.notes.count == 2)
            // Ten intervals without a process are made up for once, by another process that knows the same schedule.
            site.pass(600_000)
            await site.runner(job).runDue()
            #expect(site.notes.count == 3)
            let rows = try await site.rows("tick")
            #expect(rows.count == 1)
        }
    }

    @Test func aDailyScheduleIsAtItsMinute() {
        let day = Timestamp(milliseconds: 1_800_000_000_000 / 86_400_000 * 86_400_000)
        let schedule = JobSchedule.daily(minute: 90)
        #expect(schedule.next(after: day) == day.adding(milliseconds: 5_400_000))
        #expect(schedule.next(after: day.adding(milliseconds: 5_400_000)) == day.adding(milliseconds: 91_800_000))
        #expect(schedule.first(at: day) == day.adding(milliseconds: 5_400_000))
    }

    @Test(arguments: TestDatabase.all) func aScheduleThatFailsIsNeverDead(_ kind: TestDatabase) async throws {
        try await JobSite.with(kind) { site in
            let runner = site.runner(
                JobKind("tick", schedule: .every(60_000), retries: .init(attempts: 2, first: 1000)) { _ in
                    throw JobSite.Broken()
                })
            for _ in 0..<12 {
                await runner.runDue()
                site.pass(60_000)
            }
            let rows = try await site.rows("tick")
            #expect(rows.map(\.state) == ["waiting"])
        }
    }

    @Test(arguments: TestDatabase.all) func progressIsWrittenDownWhileTheLeaseLasts(_ kind: TestDatabase) async throws {
        try await JobSite.with(kind) { site in
            let runner = site.runner(
                JobKind("a", lease: 10_000) { context in
                    try await context.progress(3, of: 10)
                    let row = try await site.database.read {
                        try $0.row("SELECT progress_done, progress_total FROM jobs WHERE kind = 'a'").map { [$0.int(0), $0.int(1)] }
                    }
                    site.note("\(row ?? [])")
                    // Another process takes it over.
                    _ = try await site.database.write { try $0.execute("UPDATE jobs SET lease_owner = 'another' WHERE kind = 'a'") }
                    try await context.progress(4, of: 10)
                    return .done
                })
            try await site.add("a")
            await runner.runDue()
            #expect(site.notes == ["[3, 10]"])
            #expect(try await site.rows("a").map(\.state) == ["running"])
        }
    }

    /// A commit wakes the runner: nothing here waits for the poll, which is a day away.
    @Test(arguments: TestDatabase.all) func aCommitWakesTheRunner(_ kind: TestDatabase) async throws {
        try await JobSite.with(kind) { site in
            let (runs, told) = AsyncStream<Void>.makeStream()
            var options = JobRunner.Options()
            (options.poll, options.memory) = (86_400_000, nil)
            let runner = JobRunner(
                site.queue,
                kinds: [
                    JobKind("a") { _ in
                        told.yield()
                        return .done
                    }
                ], log: .silent, metrics: Metrics(), options: options)
            let service = Task { try await runner.run() }
            var iterator = runs.makeAsyncIterator()
            for _ in 0..<3 {
                try await site.add("a")
                #expect(await iterator.next() != nil)
            }
            service.cancel()
            _ = await service.result
        }
    }

    /// The end of the program gives back what it had not done.
    @Test(arguments: TestDatabase.all) func aStoppedRunnerGivesItsJobBack(_ kind: TestDatabase) async throws {
        try await JobSite.with(kind) { site in
            let (starts, told) = AsyncStream<Void>.makeStream()
            let runner = site.runner(
                JobKind("a") { _ in
                    told.yield()
                    try await Task.sleep(for: .seconds(3600))
                    return .done
                })
            try await site.add("a")
            let service = Task { try await runner.run() }
            for await _ in starts { break }
            service.cancel()
            _ = await service.result
            let row = try #require(try await site.rows("a").first)
            #expect(row.state == "waiting" && row.attempts == 0 && row.runAt == site.now)
        }
    }

    @Test(arguments: TestDatabase.all) func deadLettersAreForgottenAfterAWhile(_ kind: TestDatabase) async throws {
        try await JobSite.with(kind) { site in
            let runner = site.runner(JobKind("a") { _ in throw JobGivenUp("no") }, memory: 30 * 86_400_000)
            try await site.add("a")
            await runner.runDue()
            site.pass(30 * 86_400_000)
            await runner.runDue()
            #expect(try await site.rows("a").count == 1)
            site.pass(3_600_001)
            await runner.runDue()
            #expect(try await site.rows("a").isEmpty)
        }
    }
}
