internal import Database
internal import Directory
internal import Kernel
internal import Web

/// `GET /friends`, `GET /users/{id}/friends` and `GET /blocks`: lists of people, by their ids.
extension FriendsFeature {
    func listFriends(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireUser()
        return try await list(call, among: { _ in Self.friends(of: user) })
    }

    /// As the person's profile is shown; of their friends those alone who show themselves to the reader.
    func listFriendsOfUser(_ call: Call) async throws -> Reply {
        let (reference, scope) = (call.parameter("id"), call.scope)
        return try await list(
            call, hidesSome: true,
            among: { [self] transaction in
                Self.friends(of: try friendships.shownPerson(reference, to: scope, directory: directory, in: transaction))
            })
    }

    func listBlocks(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireUser()
        return try await list(
            call, among: { _ in ["SELECT blocked_id AS id, since FROM blocks WHERE blocker_id = \(user)"] })
    }

    /// The friendships of a person from both columns: `id` and `since`.
    private static func friends(of user: UserID) -> [SQL] {
        [
            "SELECT high AS id, since FROM friends WHERE low = \(user)", "SELECT low AS id, since FROM friends WHERE high = \(user)",
        ]
    }

    /// A page of people.
    ///
    /// - Parameters:
    ///   - hidesSome: whether those are left out who do not show themselves to the reader.
    ///   - among: queries of `id` and `since`.
    private func list(_ call: Call, hidesSome: Bool = false, among: @escaping @Sendable (Transaction) throws -> [SQL]) async throws -> Reply
    {
        var query = try call.query
        let page = query.page()
        try query.finish()
        let after = try page.key { $0.string.flatMap { UserID(uuid: $0) } } ?? UserID(rawValue: -1)
        let (scope, now) = (call.scope, clock.now())
        return try await database.read { [self] transaction in
            let source = SQL.joined(try among(transaction), separator: " UNION ALL ")
            let live: SQL = "(\(sql: source)) AS one JOIN users ON users.id = one.id WHERE users.deleted_at IS NULL"
            let rows = try transaction.rows(
                "SELECT one.id, one.since FROM \(sql: live) AND one.id > \(after) ORDER BY one.id LIMIT \(page.limit + 1)")
            let shown = rows.prefix(page.limit)
            let people: [UserID] = shown.map { $0.id(0) }
            let cards = try cards.cards(of: people, for: scope, at: now, in: transaction)
            let isHiding = hidesSome && !scope.can(.usersRead)
            let access = isHiding ? try friendships.profiles(of: people, for: scope.userID, in: transaction) : [:]
            let items: [JSON] = shown.compactMap { row in
                let person: UserID = row.id(0)
                guard !isHiding || access[person] != .hidden, let card = cards[person] else { return nil }
                return ["user": card, "since": JSON(row.time(1))]
            }
            let next = rows.count > page.limit ? people.last.map { Page.cursor([JSON($0)]) } : nil
            let total = page.wantsTotal && !isHiding ? try transaction.row("SELECT COUNT(*) FROM \(sql: live)")?.int(0) : nil
            return .page(items, next: next, total: total)
        }
    }
}
