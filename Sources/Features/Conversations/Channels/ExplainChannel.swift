internal import Authorization
internal import Database
internal import Directory
internal import Kernel
internal import Roles
internal import Web

extension ConversationsFeature {
    /// `GET /channels/{id}/permissions?user=`: the rights of a person there, and why. For other people the reader needs `channels.manage` there.
    func explainChannel(_ call: Call) async throws -> Reply {
        var query = try call.query
        let person = query.string("user") ?? "me"
        try query.finish()
        let (reader, reference) = (try await reader(call.scope), call.parameter("id"))
        return try await database.read { transaction in
            let access = try reader.access(reference, in: transaction)
            guard access.record.isChannel else { throw Problem.notFound }
            if person != "me" { try access.require(.channelsManage) }
            let user = try directory.resolve(person, scope: reader.scope, in: transaction)
            let rights = try roles.authorizer.rights(of: user, in: transaction)
            let found = try OverwriteTable.overwrites(of: [access.record], in: transaction)
            let calculation = ChannelRights(site: rights.permissions, ceiling: nil, rights: rights, user: user)
            let granted = found.permissions(in: access.record, calculation)
            let (own, inherited) = (found.own(access.record), found.inherited(access.record))
            let holding = ChannelRights.effective(own: own, inherited: inherited).filter(calculation.concerns)
            let items: [JSON] = ChannelRights.keys.permissions.map { permission in
                var reasons: [JSON] = []
                func add(_ source: String, _ effect: String, _ target: JSON = .null) {
                    reasons.append(["source": .string(source), "effect": .string(effect), "target": target])
                }
                if rights.isOwner { add("owner", "allow") }
                if rights.denied.contains(permission) { add("site", "deny") }
                if access.record.visibility == .private {
                    add("private", "deny")
                } else if rights.permissions.contains(permission) {
                    add("site", "allow")
                }
                for overwrite in holding {
                    let target: JSON = [
                        "kind": .string(overwrite.target.kind), "id": JSON(RowID(rawValue: overwrite.target.id)),
                        "inherited": .bool(!own.contains(overwrite)),
                    ]
                    if overwrite.allow.contains(permission) { add("overwrite", "allow", target) }
                    if overwrite.deny.contains(permission) { add("overwrite", "deny", target) }
                }
                return [
                    "key": .string(permission.key), "granted": .bool(granted.contains(permission)), "because": .array(reasons),
                ]
            }
            return .json(200, ["user_id": JSON(user), "items": .array(items)])
        }
    }
}

extension ConversationsFeature {
    /// Whether two people share a channel that both may read.
    func share(_ one: UserID, _ other: UserID, in transaction: Transaction) throws -> Bool {
        func channels(of user: UserID) throws -> Set<ConversationID> {
            let rights = try roles.authorizer.rights(of: user, in: transaction)
            let scope = Scope(userID: user, permissions: rights.permissions, isOwner: rights.isOwner)
            return Set(try ConversationReader(scope, rights).channels(in: transaction).map(\.id))
        }
        return try !channels(of: one).isDisjoint(with: channels(of: other))
    }
}
