internal import Bus
internal import Database
internal import Directory
internal import Friends
internal import HTTP
internal import Kernel
internal import Realtime
internal import Runtime
internal import Web

/// Routes that change marks, and lists of a member's marks.
struct MarkRoutes: Sendable {
    let database: any Database
    let marks: MediaMarks
    let titles: TitleCards
    let clock: WallClock
    /// Nil where nothing is limited.
    let limiter: RateLimiter?
    let directory = MemberDirectory()
    let board = CounterBoard()

    var routes: [Route] {
        var routes: [Route] = []
        for kind in MarkKind.allCases where kind != .rating {
            routes.append(
                Route(.put, "/media/{id}/\(kind.rawValue)", .may(.mediaWrite), MarkShapes.put(kind)) {
                    try await change($0, kind, isOn: true)
                })
            routes.append(
                Route(.delete, "/media/{id}/\(kind.rawValue)", .may(.mediaWrite), MarkShapes.delete(kind)) {
                    try await change($0, kind, isOn: false)
                })
        }
        for (kind, path) in KeptList.allCases.map({ ($0, "/users/{id}/\($0.rawValue)") }) {
            routes.append(Route(.get, path, .may(.mediaRead), MarkShapes.kept(kind)) { try await listKept($0, kind) })
        }
        return routes + [
            Route(.put, "/media/{id}/rating", .may(.mediaWrite), MarkShapes.rate) { try await rate($0) },
            Route(.delete, "/media/{id}/rating", .may(.mediaWrite), MarkShapes.delete(.rating)) {
                try await change($0, .rating, isOn: false)
            },
            Route(.put, "/media/{id}/seen", .may(.mediaWrite), MarkShapes.see) { try await see($0, isOn: true) },
            Route(.delete, "/media/{id}/seen", .may(.mediaWrite), MarkShapes.unsee) { try await see($0, isOn: false) },
            Route(.put, "/media/{id}/episodes/{season}/{number}/seen", .may(.mediaWrite), MarkShapes.seeEpisode) {
                try await seeEpisode($0, isOn: true)
            },
            Route(.delete, "/media/{id}/episodes/{season}/{number}/seen", .may(.mediaWrite), MarkShapes.unseeEpisode) {
                try await seeEpisode($0, isOn: false)
            },
        ]
    }

    /// `media:<id>`: the counters of one title.
    static let topic = TopicRule(CounterBoard.prefix, durability: .volatile()) { scope, argument, _ throws(Problem) in
        try scope.require(.mediaRead)
        guard MediaID(uuid: argument) != nil else { throw .notFound }
    }

    /// Publishes the counters that changed to `media:<id>`, each title once a second at most.
    func publishCounters(to broker: any Broker) async throws {
        let due = board.take(at: clock.uptime())
        guard !due.isEmpty else { return }
        do {
            for (title, counted) in try await counters(of: due) {
                var members: JSONObject = ["id": JSON(title)]
                for (name, value) in counted.json { members.append(name, value) }
                broker.publish([Event("media.counters", members: members)], to: CounterBoard.prefix + title.uuid)
            }
        } catch {
            // The next round publishes them.
            for title in due { board.note(title) }
            throw error
        }
    }

    /// The counters of those of the titles that everybody may see.
    private func counters(of titles: [MediaID]) async throws -> [(MediaID, TitleCounters)] {
        try await database.read(.system) { transaction in
            let listed: [MediaID] = try transaction.rows(
                "SELECT id FROM media WHERE hidden_at IS NULL AND id IN (SELECT value FROM json_each(\(ids: titles)))"
            ).map { $0.id(0) }
            let counters = try CounterTable.counters(of: listed, in: transaction)
            return listed.map { ($0, counters[$0] ?? TitleCounters()) }
        }
    }
}
