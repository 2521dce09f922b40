internal import Bus
internal import Database
internal import Directory
internal import History
internal import Kernel
internal import Runtime
internal import Web

/// What a change of a mark adds to the counters, the trend and the history.
struct MarkChange: Sendable {
    var counts: [(column: SQL, by: Int)] = []
    var trend = 0.0
    /// The type of the history's row: `like.added`.
    let type: String
    var detail: JSONObject = [:]
    var isPrivate = false
}

/// `PUT` and `DELETE /media/{id}/favorite`, `…/like`, `…/watchlist`, `…/hidden`, `…/rating`, `…/seen` and `…/episodes/{season}/{number}/seen`
extension MarkRoutes {
    /// Favourites, likes, the watchlist and hidden titles.
    func change(_ call: Call, _ kind: MarkKind, isOn: Bool) async throws -> Reply {
        var input = try Input(try call.body())
        try input.finish()
        return try await change(call) { title, user, now, transaction in
            try set(kind, isOn ? Mark(value: nil, at: now) : nil, of: title.id, by: user, in: transaction)
        }
    }

    func rate(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let value = Self.halves(&input)
        try input.finish()
        let halves = try input.required(value)
        return try await change(call) { title, user, now, transaction in
            try set(.rating, Mark(value: halves, at: now), of: title.id, by: user, in: transaction)
        }
    }

    /// Half stars, 1 to 10; nil after noting the fault of any other value.
    private static func halves(_ input: inout Input) -> Int? {
        let stars: Double? =
            switch input.raw("value") {
            case .integer(let value): Double(value)
            case .number(let value): value
            default: nil
            }
        guard let stars, (0.5...5).contains(stars), (stars * 2).rounded() == stars * 2 else {
            input.fail(
                "value", input.has("value") ? "out_of_range" : "required",
                LocalizedText(en: "From 0.5 to 5, in halves.", fr: "De 0,5 à 5, par demis."))
            return nil
        }
        return Int(stars * 2)
    }

    /// A film or all of a series.
    func see(_ call: Call, isOn: Bool) async throws -> Reply {
        var input = try Input(try call.body())
        try input.finish()
        return try await change(call) { title, user, now, transaction in
            guard isOn else {
                let hadSome = try PlayTable.removeAll(of: title.id, by: user, in: transaction)
                return hadSome ? MarkChange(type: "seen.removed") : nil
            }
            guard title.kind == .series else {
                let isNew = try PlayTable.add(nil, of: title.id, by: user, marks.ids, at: now, in: transaction)
                return isNew ? MarkChange(type: "seen.added") : nil
            }
            let state = try marks.states(of: [title.id], by: user, in: transaction)[title.id]
            guard state?.isSeen != true else { return nil }
            let unseen = try PlayTable.unseen(of: title.id, by: user, on: marks.today, in: transaction)
            if unseen.isEmpty { _ = try PlayTable.add(nil, of: title.id, by: user, marks.ids, at: now, in: transaction) }
            try PlayTable.add(unseen, of: title.id, by: user, marks.ids, at: now, in: transaction)
            return MarkChange(type: "seen.added")
        }
    }

    func seeEpisode(_ call: Call, isOn: Bool) async throws -> Reply {
        var input = try Input(try call.body())
        try input.finish()
        guard let season = Int64(call.parameter("season")), let number = Int64(call.parameter("number")) else { throw Problem.notFound }
        return try await change(call) { title, user, now, transaction in
            let row = try transaction.row(
                "SELECT id FROM episodes WHERE media_id = \(title.id) AND season = \(season) AND number = \(number)")
            guard let episode = row.map({ $0.id(0, CatalogueEpisode.self) }) else { throw Problem.notFound }
            let isChange =
                try isOn
                ? PlayTable.add(episode, of: title.id, by: user, marks.ids, at: now, in: transaction)
                : PlayTable.remove(episode, of: title.id, by: user, in: transaction)
            guard isChange else { return nil }
            return MarkChange(
                type: isOn ? "seen.added" : "seen.removed", detail: ["season": .integer(season), "number": .integer(number)])
        }
    }

    /// - Parameter mark: nil to remove the mark.
    /// - Returns: nil when nothing changes.
    private func set(_ kind: MarkKind, _ mark: Mark?, of title: MediaID, by user: UserID, in transaction: Transaction) throws -> MarkChange?
    {
        let before = try MarkTable.mark(kind, of: title, by: user, in: transaction)
        guard before?.value != mark?.value || (before == nil) != (mark == nil) else { return nil }
        let since = try Trend.since(at: mark?.at ?? clock.now(), in: transaction)
        let verb = before == nil ? "added" : mark == nil ? "removed" : "changed"
        var change = MarkChange(type: "\(kind.rawValue).\(verb)", isPrivate: kind.isPrivate)
        if let before {
            if let counter = kind.counter(before.value) { change.counts.append((counter, -1)) }
            change.trend -= Trend.weight(kind.weight, at: before.at, since: since)
            if let value = before.value { change.detail["before"] = MarkKind.stars(value) }
        }
        if let mark {
            if let counter = kind.counter(mark.value) { change.counts.append((counter, 1)) }
            change.trend += Trend.weight(kind.weight, at: mark.at, since: since)
            if let value = mark.value { change.detail["value"] = MarkKind.stars(value) }
            try MarkTable.put(kind, mark, of: title, by: user, in: transaction)
        } else {
            try MarkTable.delete(kind, of: title, by: user, in: transaction)
        }
        return change
    }

    /// Runs `body`. When it reports a change, writes the counters, the history and the event in the same transaction.
    ///
    /// - Returns: the title’s state and counters, changed or not.
    private func change(
        _ call: Call, _ body: @escaping @Sendable (MarkedTitle, UserID, Timestamp, Transaction) throws -> MarkChange?
    ) async throws -> Reply {
        let user = try call.scope.requireUser()
        let (reference, scope, now) = (call.parameter("id"), call.scope, clock.now())
        try limiter?.spend(RateLimiter.Charge(.marks, user.uuid))
        return try await call.mutate(database) { [self] transaction in
            // Two changes of one person, and a change and the person's erasure, wait for each other. The person is locked before the title, as
            // an erasure does.
            try directory.lock(user, in: transaction)
            let title = try MarkedTitle.lock(reference, for: scope, in: transaction)
            if let change = try body(title, user, now, transaction) {
                try MarkTable.raise(title.id, of: user, at: now, in: transaction)
                try count(change, of: title.id, in: transaction)
                try marks.history.record(
                    UserAction(
                        user: user, type: change.type, target: UserAction.Target("media", title.id), detail: change.detail,
                        isPrivate: change.isPrivate), at: now, in: transaction)
                let answer = try answer(title.id, user, in: transaction)
                var members = answer
                members.append("change", .string(change.type))
                transaction.atCommit(
                    OutboxEvent("media.state", to: [.users([user])], members: members, requestID: scope.requestID, at: now))
                transaction.afterCommit { [board] in board.note(title.id) }
                return .json(200, .object(answer))
            }
            return .json(200, .object(try answer(title.id, user, in: transaction)))
        }
    }

    private func count(_ change: MarkChange, of title: MediaID, in transaction: Transaction) throws {
        // The title before its counters: a merge locks them in this order, too.
        try Trend.add(change.trend, to: title, in: transaction)
        let counters = try CounterTable.change(title, change.counts, in: transaction)
        let isRating = change.type.hasPrefix("rating.")
        if isRating, let counters {
            try transaction.execute("UPDATE media SET rating = \(counters.standing) WHERE id = \(title)")
        }
        if isRating || change.trend != 0 { MediaChange.note(title, in: transaction) }
    }

    private func answer(_ title: MediaID, _ user: UserID, in transaction: Transaction) throws -> JSONObject {
        let state = try marks.states(of: [title], by: user, in: transaction)[title] ?? MarkState()
        var answer: JSONObject = ["id": JSON(title), "state": .object(state.json)]
        for (name, value) in (try CounterTable.counters(of: [title], in: transaction)[title] ?? TitleCounters()).json {
            answer.append(name, value)
        }
        return answer
    }
}

/// The title that a mark is for.
struct MarkedTitle: Sendable {
    let id: MediaID
    let kind: TitleKind

    /// Locks the title until the transaction ends, so that it is not merged into another one meanwhile. For a merged title, locks the one it was
    /// merged into.
    ///
    /// - Throws: 404 for an absent title, and for one that is hidden from this reader.
    static func lock(_ reference: String, for scope: Scope, in transaction: Transaction) throws -> MarkedTitle {
        guard var id = MediaID(uuid: reference) else { throw Problem.notFound }
        let lock: SQL = transaction.dialect == .postgres ? "FOR NO KEY UPDATE" : ""
        for _ in 0..<10 {
            let found = try transaction.row("SELECT kind, hidden_at, merged_into FROM media WHERE id = \(id) \(sql: lock)")
            guard let row = found else { break }
            if let other: MediaID = row.optionalID(2) {
                id = other
                continue
            }
            guard row.isNull(1) || scope.can(.mediaManage) else { break }
            return MarkedTitle(id: id, kind: TitleKind(rawValue: row.text(0)) ?? .film)
        }
        throw Problem.notFound
    }
}

extension RateLimiter.Budget {
    /// Marks that one person changes.
    fileprivate static let marks = steady("media_marks", burst: 300, perSecond: 5)
}
