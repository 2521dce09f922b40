internal import Audit
internal import Authorization
internal import Database
internal import Directory
internal import Kernel
internal import Roles
internal import Web

/// The allowed and denied rights in a request.
enum OverwriteInput {
    static func read(_ input: inout Input) -> (allow: PermissionSet, deny: PermissionSet) {
        let (allow, deny) = (keys("allow", &input), keys("deny", &input))
        if !allow.intersection(deny).isEmpty {
            input.fail(
                "deny", "both",
                LocalizedText(en: "A right is allowed or denied, not both.", fr: "Un droit est accordé ou refusé, pas les deux."))
        }
        return (allow, deny)
    }

    private static func keys(_ name: String, _ input: inout Input) -> PermissionSet {
        var set = PermissionSet()
        for (index, key) in (input.strings(name, count: 0...20) ?? []).enumerated() {
            if let permission = Permission(key: key), ChannelRights.keys.contains(permission) {
                set.insert(permission)
            } else {
                input.fail(
                    name, at: index, "unknown_permission",
                    LocalizedText(en: "This is no right in a channel.", fr: "Ce n’est pas un droit dans un salon."))
            }
        }
        return set
    }
}

/// A channel, or a category, whose overwrites are changed.
struct OverwritePlace: Sendable {
    let id: RowID
    /// The rights of the person who changes them: nobody allows or denies a right that they do not have.
    let held: PermissionSet
    /// `channel` or `channel_category`.
    let kind: String
}

extension ConversationsFeature {
    /// `GET /channels/{id}/overwrites` and `GET /channel-categories/{id}/overwrites`
    func listOverwrites(_ call: Call, ofCategory: Bool) async throws -> Reply {
        var query = try call.query
        let wantsTotal = query.bool("count") ?? false
        try query.finish()
        let (reader, reference) = (try await reader(call.scope), call.parameter("id"))
        return try await database.read { transaction in
            let place = try overwritePlace(reference, ofCategory: ofCategory, locked: false, reader, in: transaction)
            let found = try OverwriteTable.overwrites(of: [place.id], in: transaction).byPlace[place.id.rawValue] ?? []
            return .page(found.map { .object($0.json) }, next: nil, total: wantsTotal ? found.count : nil)
        }
    }

    /// `PUT` and `DELETE …/overwrites/{target}`; an overwrite without any right is deleted.
    func changeOverwrite(_ call: Call, ofCategory: Bool, removes: Bool) async throws -> Reply {
        var (allow, deny) = (PermissionSet(), PermissionSet())
        if !removes {
            var input = try Input(try call.body())
            (allow, deny) = OverwriteInput.read(&input)
            try input.finish()
        }
        let (reader, now) = (try await reader(call.scope), call.clock.now())
        let (reference, named) = (call.parameter("id"), call.parameter("target"))
        return try await call.mutate(database) { [allow, deny] transaction in
            let place = try overwritePlace(reference, ofCategory: ofCategory, locked: true, reader, in: transaction)
            let target = try overwriteTarget(named, reader, pointer: nil, in: transaction)
            let all = try OverwriteTable.overwrites(of: [place.id], in: transaction).byPlace[place.id.rawValue] ?? []
            let before = all.first { $0.target == target }
            let overwrite = ChannelOverwrite(target: target, allow: allow, deny: deny)
            try requireMaySet(overwrite, over: before, holding: place.held, reader, in: transaction)
            if allow.isEmpty && deny.isEmpty {
                _ = try OverwriteTable.remove(target, of: place.id, in: transaction)
            } else {
                guard before != nil || all.count < ConversationLimits.overwrites else { throw ConversationLimits.tooManyOverwrites }
                try OverwriteTable.put(overwrite, of: place.id, in: transaction)
            }
            try audit.record(
                "channel.overwrite", target: (place.kind, place.id.uuid),
                payload: ["before": before.map { .object($0.json) } ?? [:], "after": .object(overwrite.json)], result: .success,
                scope: reader.scope, in: transaction)
            events.channelsChanged(scope: reader.scope, at: now, transaction)
            return removes ? .noContent : .json(200, .object(overwrite.json))
        }
    }

    private func overwritePlace(
        _ reference: String, ofCategory: Bool, locked: Bool, _ reader: ConversationReader, in transaction: Transaction
    ) throws
        -> OverwritePlace
    {
        guard ofCategory else {
            let access = try reader.access(reference, locked: locked, in: transaction)
            guard access.record.isChannel else { throw Problem.notFound }
            try access.require(.channelsManage)
            return OverwritePlace(id: RowID(rawValue: access.id.rawValue), held: access.permissions, kind: "channel")
        }
        try requireChannelsManage(reader, in: transaction)
        guard let id = RowID(uuid: reference), try CategoryTable.category(id, in: transaction) != nil else { throw Problem.notFound }
        return OverwritePlace(id: id, held: reader.scope.permissions.intersection(ChannelRights.keys), kind: "channel_category")
    }

    /// The role or the person that a reference names.
    ///
    /// - Parameter pointer: where the reference stands in a body; nil in a path.
    func overwriteTarget(_ reference: String, _ reader: ConversationReader, pointer: String?, in transaction: Transaction) throws
        -> ChannelOverwrite.Target
    {
        do {
            if let role = try roles.assignments.id(of: reference, in: transaction) { return .role(role) }
            return .user(try directory.resolve(reference, scope: reader.scope, in: transaction))
        } catch let problem as Problem where problem.status == 404 && pointer != nil {
            throw ConversationLimits.unknownUser(pointer ?? "")
        }
    }

    /// - Throws: 403 for a right that the person does not have, and for a deny to a role or a person that is not below them.
    func requireMaySet(
        _ overwrite: ChannelOverwrite, over before: ChannelOverwrite?, holding held: PermissionSet, _ reader: ConversationReader,
        in transaction: Transaction
    ) throws {
        let (oldAllow, oldDeny) = (before?.allow ?? PermissionSet(), before?.deny ?? PermissionSet())
        let changed = overwrite.allow.changes(from: oldAllow).union(overwrite.deny.changes(from: oldDeny))
        guard held.isSuperset(of: changed) else {
            throw Problem(
                403, "cannot_grant",
                LocalizedText(
                    en: "You cannot give or take rights that you do not have here.",
                    fr: "Vous ne pouvez ni donner ni retirer des droits que vous n’avez pas ici."),
                extensions: [("permissions", .array(changed.subtracting(held).keys.map { .string($0) }))])
        }
        guard overwrite.deny != oldDeny, !reader.scope.isOwner else { return }
        switch overwrite.target {
        case .user(let user): try roles.authorizer.requireMayManage(reader.scope, target: user, in: transaction)
        case .role(let role):
            let priority = try RoleReference.priority(of: role, in: transaction) ?? 0
            guard priority < reader.scope.rank else {
                throw Problem.forbidden(
                    "rank_too_low",
                    LocalizedText(
                        en: "You can deny rights only to roles below your own highest one.",
                        fr: "Vous ne pouvez refuser des droits qu’aux rôles inférieurs à votre rôle le plus élevé."))
            }
        }
    }
}

extension PermissionSet {
    /// What one of the two has and the other has not.
    fileprivate func changes(from other: PermissionSet) -> PermissionSet { subtracting(other).union(other.subtracting(self)) }
}

extension ChannelOverwrite {
    var json: JSONObject {
        let id = RowID(rawValue: target.id)
        return [
            "target_kind": .string(target.kind), "target_id": JSON(id), "allow": .array(allow.keys.map { .string($0) }),
            "deny": .array(deny.keys.map { .string($0) }),
        ]
    }
}
