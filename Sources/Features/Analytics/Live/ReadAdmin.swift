internal import Database
internal import Kernel
internal import Web

extension AnalyticsFeature {
    /// `GET /analytics/admin`: the last five minutes, today so far, and role changes by the hour.
    func readAdmin(_ call: Call) async throws -> Reply {
        await settle()
        let open = store.open
        let recent = store.windows(.five, from: Resolution.five.start(of: open) - 60 * 5000, count: 61)
        var now = MeasureWindow()
        for placed in recent { if let window = placed.window { now.merge(window) } }
        let last = store.windows(.second, from: open - 1000, count: 1).first?.window
        let day = source.calendar.day(of: open)
        let hours = try await source.latest(.hour, count: 24, at: clock.now())
        let today = try await database.read(.heavy) { try RollupTable.sum(from: day, to: open + 1, in: $0) }
        var current = LiveView.totals(now.total)
        current.append("sessions", JSON(last?.sessions))
        current.append("sockets", JSON(last?.sockets))
        current.append("requests_per_second", now.seconds > 0 ? LiveView.number(Double(now.total.requests) / Double(now.seconds)) : .null)
        let roleChanges = hours.map { placed -> JSON in
            ["start": JSON(Timestamp(milliseconds: placed.start)), "count": JSON(placed.window.map(Self.roleChanges))]
        }
        return .json(
            200,
            [
                "now": .object(current),
                "today": .object(
                    LiveView.totals(today?.total).merging([
                        "start": JSON(Timestamp(milliseconds: day)), "events": today.map { LiveView.events($0.events) } ?? .null,
                        "signups": JSON(today.map { $0.events["user.created"] ?? 0 }),
                        "role_changes": JSON(today.map(Self.roleChanges)),
                    ])),
                "role_changes": .array(roleChanges),
            ])
    }

    private static func roleChanges(_ window: MeasureWindow) -> Int {
        KeyEvents.roleChanges.reduce(0) { $0 + (window.events[$1] ?? 0) }
    }
}
