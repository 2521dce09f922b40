internal import Database
internal import Kernel

/// Reads windows from memory and from the table of rollups.
struct WindowSource: Sendable {
    let database: any Database
    let store: WindowStore
    let ordinals: MemberOrdinals
    let calendar: SiteCalendar

    /// The latest windows. The last one is still open, except for seconds.
    func latest(_ resolution: Resolution, count: Int, at now: Timestamp) async throws -> [PlacedWindow] {
        let open = store.open
        switch resolution {
        case .second: return store.windows(.second, from: open - Int64(count) * 1000, count: count)
        case .five: return store.windows(.five, from: start(.five, open, count), count: count)
        case .minute: return try await minutes(from: start(.minute, open, count), count: count)
        case .hour: return try await hours(from: start(.hour, open, count), count: count, open: open)
        case .day: return try await days(count: count, open: open)
        }
    }

    private func start(_ resolution: Resolution, _ open: Int64, _ count: Int) -> Int64 {
        // A window that opens at this moment holds nothing yet.
        resolution.start(of: open - 1) - Int64(count - 1) * resolution.milliseconds
    }

    /// From memory as far back as that goes, older ones from the table.
    func minutes(from start: Int64, count: Int) async throws -> [PlacedWindow] {
        let step = Resolution.minute.milliseconds
        let latest = store.windows(.minute, from: start, count: count)
        let isInMemory = latest.allSatisfy { $0.window != nil && ($0.start > start || !$0.isPartial) }
        guard !isInMemory else { return latest }
        let end = start + Int64(count) * step
        let stored = try await database.read(count > 240 ? .heavy : .requests) {
            try RollupTable.windows(.minute, from: start, to: end, in: $0)
        }
        let open = store.open
        return latest.map { placed in
            // Of a minute that began before this process the table may have more than memory.
            guard let found = stored[placed.start], placed.window.map({ $0.seconds < found.seconds }) ?? true else {
                return PlacedWindow(start: placed.start, window: placed.window.map(numbered), isPartial: placed.isPartial)
            }
            return PlacedWindow(start: placed.start, window: found, isPartial: placed.start + step > open || found.seconds < 60)
        }
    }

    /// A window of memory with ordinals as its members, as the windows of the table have them.
    private func numbered(_ window: MeasureWindow) -> MeasureWindow {
        let number = { (members: Set<Int64>) in Set(members.map { ordinals.ordinal(of: $0) ?? -$0 }) }
        var window = window
        window.total.members = number(window.total.members)
        for (segment, totals) in window.segments { window.segments[segment]?.members = number(totals.members) }
        return window
    }

    private func hours(from start: Int64, count: Int, open: Int64) async throws -> [PlacedWindow] {
        let step = Resolution.hour.milliseconds
        let (made, now) = try await database.read(.heavy) { transaction in
            var made = try RollupTable.windows(.hour, from: start, to: start + Int64(count) * step, in: transaction)
            // The job may not have made the last two hours yet.
            for hour in [Resolution.hour.start(of: open - 1) - step, Resolution.hour.start(of: open - 1)] where made[hour] == nil {
                made[hour] = try RollupTable.sum(.minute, from: hour, to: hour + step, in: transaction)
            }
            return (made, open)
        }
        return (0..<Int64(count)).map { index in
            let start = start + index * step
            let window = made[start]
            return PlacedWindow(
                start: start, window: window, isPartial: start + step > now || Int64(window?.seconds ?? 0) * 1000 < step)
        }
    }

    private func days(count: Int, open: Int64) async throws -> [PlacedWindow] {
        var starts = [calendar.day(of: open - 1)]
        while starts.count < count { starts.append(calendar.previous(before: starts[starts.count - 1])) }
        starts.reverse()
        let days = starts
        let made = try await database.read(.heavy) { [calendar] transaction in
            let today = days[days.count - 1]
            var made = try RollupTable.windows(.day, from: days[0], to: today, in: transaction)
            for day in days.suffix(2) where made[day] == nil {
                made[day] = try RollupTable.sum(from: day, to: min(calendar.next(after: day), open + 60_000), in: transaction)
            }
            return made
        }
        return days.map { day in
            let (window, end) = (made[day], calendar.next(after: day))
            return PlacedWindow(start: day, window: window, isPartial: end > open || Int64(window?.seconds ?? 0) * 1000 < end - day)
        }
    }

    /// Windows of an earlier time, in minutes where seconds are no longer kept.
    func past(_ resolution: Resolution, from start: Int64, to end: Int64) async throws -> (Resolution, [PlacedWindow]) {
        let kept: Resolution = resolution.milliseconds < Resolution.minute.milliseconds ? .minute : resolution
        let step = kept.milliseconds
        let first = kept == .day ? calendar.day(of: start) : kept.start(of: start)
        let found = try await database.read(.heavy) { try RollupTable.windows(kept, from: first, to: end, in: $0) }
        var (placed, at): ([PlacedWindow], Int64) = ([], first)
        while at < end {
            placed.append(PlacedWindow(start: at, window: found[at], isPartial: Int64(found[at]?.seconds ?? 0) * 1000 < step - step / 24))
            at = kept == .day ? calendar.next(after: at) : at + step
        }
        return (kept, placed)
    }
}
