internal import Database
internal import Kernel

/// Counts all marks again, nightly, and reports the counters that differ. It changes none: a difference is a bug to find.
struct MarkRecount: Sendable {
    struct Difference: Sendable, Hashable {
        let title: MediaID
        let kept: TitleCounters
        let counted: TitleCounters
    }

    let database: any Database
    private static let titlesPerStep = 500

    func differences() async throws -> [Difference] {
        var (differences, last): ([Difference], MediaID?) = ([], MediaID(rawValue: .min))
        while let after = last {
            let (part, next) = try await database.read(.heavy) { try Self.step(after: after, in: $0) }
            differences += part
            last = next
        }
        return differences
    }

    private static func step(after last: MediaID, in transaction: Transaction) throws -> ([Difference], MediaID?) {
        let titles: [MediaID] = try transaction.rows("SELECT id FROM media WHERE id > \(last) ORDER BY id LIMIT \(titlesPerStep)").map {
            $0.id(0)
        }
        let kept = try CounterTable.counters(of: titles, in: transaction)
        let counted = try CounterTable.recount(titles, in: transaction)
        let differences = titles.compactMap { title -> Difference? in
            let (one, other) = (kept[title] ?? TitleCounters(), counted[title] ?? TitleCounters())
            return one == other ? nil : Difference(title: title, kept: one, counted: other)
        }
        return (differences, titles.count < titlesPerStep ? nil : titles.last)
    }
}
