package import Database
internal import FeatureKit
internal import Jobs
package import Kernel
internal import Runtime
internal import Synchronization

/// Jobs and loops of marks.
extension MediaFeature {
    /// The number of titles in each of a person's lists, for the profile.
    package func figures(of user: UserID, in transaction: Transaction) throws -> [(name: String, count: Int)] {
        try KeptList.allCases.map { ($0.rawValue, try MarkTable.count($0.kind, by: user, in: transaction)) }
    }

    var markJobs: [JobKind] {
        [
            JobKind("media.recount", schedule: .every(86_400_000)) { [database, log, recounted] _ in
                let differences = try await MarkRecount(database: database).differences()
                recounted.set(differences.count)
                for difference in differences.prefix(20) {
                    log.error(
                        "the counters of a title are not what its marks say",
                        [
                            ("media_id", JSON(difference.title)), ("kept", .string("\(difference.kept)")),
                            ("counted", .string("\(difference.counted)")),
                        ])
                }
                return .done
            },
            JobKind(transactional: "media.trend", schedule: .every(7 * 86_400_000)) { [clock] _, transaction in
                try Trend.rebase(at: clock.now(), in: transaction)
                return .done
            },
        ]
    }

    package func publishCounters() async throws { try await marking.publishCounters(to: broker) }

    func runMarks() async throws {
        while true {
            try await Task.sleep(for: .milliseconds(250))
            do { try await publishCounters() } catch let error where !(error is CancellationError) {
                log.warning("counters of titles could not be published", [("cause", .string("\(error)"))])
                try await Task.sleep(for: .seconds(1))
            }
        }
    }
}

/// The number of titles whose counters differed from their marks in the last recount.
final class RecountResult: Sendable {
    private let differences = Mutex(0)

    func set(_ count: Int) { differences.withLock { $0 = count } }

    func count(in metrics: Metrics) {
        metrics.gauge("foyer_media_counter_differences", "Titles whose counters differ from a recount of their marks.") { [self] in
            Double(differences.withLock { $0 })
        }
    }
}
