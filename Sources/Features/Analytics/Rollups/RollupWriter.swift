internal import Database
internal import Kernel
internal import Runtime
internal import Synchronization

/// Stores minutes as they fill, and makes hours and days of them.
final class RollupWriter: Sendable {
    private let database: any Database
    private let store: WindowStore
    let ordinals: MemberOrdinals
    let node: Int
    let calendar: SiteCalendar

    /// Days that minutes, hours and days are kept, and key events.
    static let (minuteDays, hourDays, dayDays, eventDays): (Int64, Int64, Int64, Int64) = (14, 400, 760, 30)

    init(database: any Database, store: WindowStore, ordinals: MemberOrdinals, node: Int, calendar: SiteCalendar) {
        (self.database, self.store, self.ordinals, self.node, self.calendar) = (database, store, ordinals, node, calendar)
    }

    /// Continues the minute that an earlier process began.
    func restore(at now: Timestamp) async throws {
        let minute = Resolution.minute.start(of: now.milliseconds)
        let stored = try await database.read { [self] transaction in
            try RollupTable.window(.minute, minute, node: node, in: transaction).map { try ordinals.restore($0, in: transaction) }
        }
        if let stored { store.restore(stored, minute: minute) }
    }

    /// Stores each minute that changed, as a whole. After an error all of them are stored with the next flush.
    func flush() async throws {
        let waiting = store.takeUnsaved()
        guard !waiting.isEmpty else { return }
        do {
            try await database.write { [self] transaction in
                for (start, window) in waiting {
                    try RollupTable.put(.minute, start, node: node, try ordinals.translate(window, in: transaction), in: transaction)
                }
            }
        } catch {
            store.putBack(waiting.map(\.start))
            throw error
        }
    }

    /// Makes the hours and days that are over, and deletes what is too old. The last two hours are made again, since late measures may have changed them.
    func roll(at now: Timestamp) async throws {
        let time = now.milliseconds
        let hours = try await missing(.hour, madeOf: .minute, from: time - Self.minuteDays * 86_400_000, at: time)
        for hour in hours {
            try await database.write { transaction in
                let end = hour + Resolution.hour.milliseconds
                guard let sum = try RollupTable.sum(.minute, from: hour, to: end, in: transaction) else { return }
                try RollupTable.put(.hour, hour, node: 0, sum, in: transaction)
            }
        }
        for day in Set(hours.map { calendar.day(of: $0) }) where calendar.next(after: day) <= time {
            try await database.write { [calendar] transaction in
                guard let sum = try RollupTable.sum(from: day, to: calendar.next(after: day), in: transaction) else { return }
                try RollupTable.put(.day, day, node: 0, sum, in: transaction)
            }
        }
        try await forget(at: time)
    }

    private func missing(_ resolution: Resolution, madeOf parts: Resolution, from start: Int64, at now: Int64) async throws -> [Int64] {
        let end = resolution.start(of: now)
        return try await database.read(.heavy) { transaction in
            let there = Set(try RollupTable.starts(parts, from: start, to: end, in: transaction).map { resolution.start(of: $0) })
            let made = try RollupTable.starts(resolution, from: start - resolution.milliseconds, to: end, in: transaction)
            return there.filter { !made.contains($0) || $0 >= end - 2 * resolution.milliseconds }.sorted()
        }
    }

    private func forget(at now: Int64) async throws {
        try await database.write { transaction in
            for (resolution, days) in [(Resolution.minute, Self.minuteDays), (.hour, Self.hourDays), (.day, Self.dayDays)] {
                try RollupTable.forget(resolution, before: now - days * 86_400_000, in: transaction)
            }
        }
        let limit = now - Self.eventDays * 86_400_000
        while try await database.write({ try EventTable.forget(before: limit, in: $0) }) == 1000 {}
    }
}
