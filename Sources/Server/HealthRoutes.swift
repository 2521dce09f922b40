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

    var routes: [Route] {
        [
            Route(.get, "//healthz", .anyone, looksAtCredentials: false) { _ in .json(200, ["status": "ok"]) },
            Route(.get, "//readyz", .anyone, looksAtCredentials: false, handler: ready),
            Route(.get, "//metrics", .may(.metricsRead)) { _ in
                Reply(
                    status: 200, headers: ["Content-Type": "text/plain; version=0.0.4; charset=utf-8"], body: Array(metrics.render().utf8))
            },
        ]
    }

    private func ready(_ call: Call) async throws -> Reply {
        guard readiness.isReady else { throw Problem.unavailable(retryAfter: 1, cause: "starting or stopping") }
        _ = try await database.read { try $0.row("SELECT 1") }
        return .json(200, ["status": "ready", "database": "ok"])
    }
}

/// Whether new requests are welcome: not before the start is done, nor once the stop has begun.
final class Readiness: Sendable {
    private let flag = Atomic<Bool>(false)

    var isReady: Bool { flag.load(ordering: .acquiring) }

    func set(_ isReady: Bool) { flag.store(isReady, ordering: .releasing) }
}
