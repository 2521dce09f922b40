internal import Database
internal import HTTP
internal import Kernel
internal import Runtime
internal import Synchronization
internal import Web

/// Whether the process lives, whether it can serve, and what it measured.
struct HealthRoutes: Sendable {
    let database: any Database
    let metrics: Metrics
    let readiness: Readiness
    /// How long the database may take to answer before it counts as unreachable.
    private static let patience = Duration.seconds(1)

    var routes: [Route] {
        [
            Route(.get, "//healthz", .anyone, Self.healthShape, looksAtCredentials: false) { _ in .json(200, ["status": "ok"]) },
            Route(.get, "//readyz", .anyone, Self.readyShape, looksAtCredentials: false, handler: ready),
            Route(.get, "//metrics", .may(.metricsRead), Self.metricsShape) { _ in
                Reply(
                    status: 200, headers: ["Content-Type": "text/plain; version=0.0.4; charset=utf-8"], body: Array(metrics.render().utf8))
            },
        ]
    }

    private static let healthShape = RouteShape("Tell whether the process lives.", answers: [.ok(.object(["status": .choice("ok")]))])
    private static let readyShape = RouteShape(
        "Tell whether the site can serve.",
        answers: [.ok(.object(["status": .choice("ready"), "database": .choice("ok"), "checks": checks]))])
    private static let checks = Shape.object(["database": .text, "writes": .text, "disk": .text])
    private static let metricsShape = RouteShape("Read the server’s metrics, as Prometheus reads them.", answers: [.bytes("text/plain")])

    /// Says at once what is known to be wrong, else asks the database, which has a second to answer.
    private func ready(_ call: Call) async throws -> Reply {
        guard readiness.isServing else { throw Problem.unavailable(retryAfter: 1, cause: "starting or stopping") }
        var faults = readiness.faults
        if faults.isEmpty, !(await answersInTime()) { faults[.database] = "unreachable" }
        var checks = JSONObject()
        for part in Readiness.Part.allCases { checks.append(part.rawValue, .string(faults[part] ?? "ok")) }
        guard faults.isEmpty else {
            var problem = Problem.unavailable(retryAfter: 5, cause: "not ready: \(JSON.object(checks).text)")
            problem.extensions = [("checks", .object(checks))]
            throw problem
        }
        return .json(200, ["status": "ready", "database": "ok", "checks": .object(checks)])
    }

    private func answersInTime() async -> Bool {
        await withCheckedContinuation { continuation in
            let first = FirstAnswer(continuation)
            Task { [database] in
                do {
                    _ = try await database.read(.system) { try $0.row("SELECT 1") }
                    first.give(true)
                } catch { first.give(false) }
            }
            Task {
                do { try await Task.sleep(for: Self.patience) } catch {}
                first.give(false)
            }
        }
    }
}

/// Of several answers to one question the first counts.
private final class FirstAnswer: Sendable {
    private let continuation: Mutex<CheckedContinuation<Bool, Never>?>

    init(_ continuation: CheckedContinuation<Bool, Never>) { self.continuation = Mutex(continuation) }

    func give(_ answer: Bool) {
        let waiting = continuation.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        waiting?.resume(returning: answer)
    }
}

/// Whether new requests are welcome: not before the start is done, nor once the stop has begun, nor while a part fails that they need.
final class Readiness: Sendable {
    enum Part: String, CaseIterable { case database, writes, disk }

    private struct State {
        var isServing = false
        /// What is wrong, by part; nothing for what works.
        var faults: [Part: String] = [:]
    }

    private let current = Mutex(State())

    var isServing: Bool { current.withLock { $0.isServing } }

    /// What is known to be wrong, by part.
    var faults: [Part: String] { current.withLock { $0.faults } }

    func set(_ isServing: Bool) { current.withLock { $0.isServing = isServing } }

    /// - Parameter fault: one word or two; nil when the part works.
    /// - Returns: whether that is news.
    @discardableResult
    func report(_ part: Part, _ fault: String?) -> Bool {
        current.withLock { state in
            defer { state.faults[part] = fault }
            return state.faults[part] != fault
        }
    }
}
