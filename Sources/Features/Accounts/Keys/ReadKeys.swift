internal import Database
internal import Directory
internal import Kernel
internal import Roles
internal import Web

/// `GET /api-keys` and `GET /api-keys/{id}`
extension AccountsFeature {
    /// One's own; with `api_keys.manage` also those of `?user=`, or everybody's with `?all=true`.
    func listKeys(_ call: Call) async throws -> Reply {
        var query = try call.query
        let (reference, all) = (query.string("user"), query.bool("all") ?? false)
        let page = query.page()
        try query.finish()
        if all { try call.scope.require(.apiKeysManage) }
        let before = try page.key { $0.string.flatMap { APIKeyID(uuid: $0) } }
        let (now, scope) = (clock.now(), call.scope)
        let (records, total) = try await database.read { [self] transaction in
            var user: UserID?
            if reference != nil || !all {
                user = try directory.resolve(
                    reference ?? "me", ownOr: .apiKeysManage, scope: scope, includingDeleted: scope.can(.usersDelete), in: transaction)
            }
            let records = try keys.keys(of: user, before: before, limit: page.limit + 1, in: transaction)
            return (records, page.wantsTotal ? try keys.count(of: user, in: transaction) : nil)
        }
        let shown = records.prefix(page.limit)
        let next = records.count > page.limit ? shown.last.map { Page.cursor([JSON($0.id)]) } : nil
        return .page(shown.map { $0.json(at: now) }, next: next, total: total)
    }

    func readKey(_ call: Call) async throws -> Reply {
        let (reference, scope, now) = (call.parameter("id"), call.scope, clock.now())
        let key = try await database.read { [self] in try visibleKey(reference, scope: scope, in: $0) }
        return Reply.json(200, key.json(at: now)).tagged(version: key.version)
    }

    /// A key that this reader may see: their own, or any with `api_keys.manage`.
    ///
    /// - Throws: 404 otherwise, the same for none and for one of somebody else.
    func visibleKey(_ reference: String, scope: Scope, in transaction: Transaction) throws -> KeyRecord {
        guard let id = APIKeyID(uuid: reference), let (key, _) = try keys.find(id, in: transaction),
            key.userID == scope.userID || scope.can(.apiKeysManage)
        else { throw Problem.notFound }
        return key
    }
}
