internal import Database
internal import Directory
internal import HTTP
internal import Kernel
internal import Web

extension AnalyticsFeature {
    /// Events of one file.
    private static let most = 10_000

    /// `GET /analytics/events`: the newest first; as a file, up to 10,000 of them.
    func readEvents(_ call: Call) async throws -> Reply {
        var query = try call.query
        let (types, user) = (query.list("type", maximum: 20), query.string("user"))
        let (from, to) = (query.time("from"), query.time("to"))
        let format = query.choice("format", ExportFormat.self)
        let page = query.page()
        try query.finish()
        if format != nil { try call.scope.require(.analyticsExport) }
        let before = try page.key { $0.string.flatMap { RowID(uuid: $0) } } ?? RowID(rawValue: .max)
        let (limit, isCSV) = (format == nil ? page.limit : Self.most, format == .csv)
        return try await database.read(format != nil || page.wantsTotal ? .heavy : .requests) { [self] transaction in
            var parts: [SQL] = ["id > 0"]
            if let types {
                parts.append("event_type IN (\(sql: SQL.joined(types.map { "\($0)" }, separator: ", ")))")
            }
            if let user {
                guard let member = try person(user, call.scope, in: transaction) else {
                    return isCSV ? CSVFile.reply(Self.head, [], named: "events") : .page([], next: nil, total: page.wantsTotal ? 0 : nil)
                }
                parts.append("user_id = \(member)")
            }
            if let from { parts.append("id >= \(Snowflake.first(at: from))") }
            if let to { parts.append("id < \(Snowflake.first(at: to))") }
            let condition = SQL.joined(parts, separator: " AND ")
            let found = try EventTable.page(condition, before: before, limit: limit + 1, in: transaction)
            let shown = Array(found.prefix(limit))
            if isCSV { return CSVFile.reply(Self.head, shown.map(Self.cells), named: "events") }
            let total = page.wantsTotal ? try EventTable.count(condition, in: transaction) : nil
            let reply = Reply.page(
                try views(shown, in: transaction),
                next: found.count > limit ? shown.last.map { Page.cursor([JSON($0.id)]) } : nil, total: total)
            return format == nil ? reply : reply.attached(as: "events.json")
        }
    }

    /// An id is taken as it is: events outlive the account.
    private func person(_ name: String, _ scope: Scope, in transaction: Transaction) throws -> UserID? {
        if let id = UserID(uuid: name) { return id }
        do {
            return try directory.resolve(name, scope: scope, includingDeleted: true, in: transaction)
        } catch is Problem { return nil }
    }

    private static let head = ["id", "event_type", "user_id", "session_id", "metadata", "timestamp"]

    private static func cells(_ event: AnalyticsEvent) -> [JSON?] {
        [
            JSON(event.id), .string(event.type), JSON(event.user), JSON(event.session), .string(JSON.object(event.metadata).text),
            JSON(event.at),
        ]
    }

    /// With the display names of the people in them.
    func views(_ events: [AnalyticsEvent], in transaction: Transaction) throws -> [JSON] {
        let people = Set(events.flatMap { [$0.user, $0.about].compactMap(\.self) })
        let names = Dictionary(
            uniqueKeysWithValues: try directory.members(Array(people), in: transaction).map { ($0.id, $0.displayName) })
        return events.map { event in
            [
                "id": JSON(event.id), "event_type": .string(event.type), "user_id": JSON(event.user),
                "user_name": JSON(event.user.flatMap { names[$0] }), "about_name": JSON(event.about.flatMap { names[$0] }),
                "session_id": JSON(event.session), "metadata": .object(event.metadata), "timestamp": JSON(event.at),
            ]
        }
    }
}

extension AnalyticsEvent {
    /// The person to whom it happened, if that is not the one who did it.
    var about: UserID? { metadata["user_id"]?.string.flatMap { UserID(uuid: $0) } }
}
