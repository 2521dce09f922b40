internal import Authorization
internal import Database
internal import Kernel
internal import Roles

/// The person who reads or writes conversations, with their current rights: made once for each request, outside the transaction.
struct ConversationReader: Sendable {
    let user: UserID
    let scope: Scope
    let channelRights: ChannelRights

    init(_ scope: Scope, _ rights: EffectivePermissions) throws(Problem) {
        (user, self.scope) = (try scope.requireUser(), scope)
        var ceiling: PermissionSet?
        if let key = scope.key {
            ceiling = key.patterns.compactMap(PermissionPattern.init).reduce(into: PermissionSet()) { $0.formUnion($1.permissions) }
        }
        channelRights = ChannelRights(site: scope.permissions, ceiling: ceiling, rights: rights, user: scope.userID)
    }

    var roles: [RoleID] { channelRights.rights.roles }

    /// The mention targets that include the reader: themselves, their roles, everybody.
    var targets: [Int64] { [0, user.rawValue] + roles.map(\.rawValue) }
}

/// A conversation with the rights of one reader: the only way from a request to a conversation.
struct ConversationAccess: Sendable {
    let record: ConversationRecord
    let permissions: PermissionSet

    var id: ConversationID { record.id }

    func can(_ permission: Permission) -> Bool { permissions.contains(permission) }

    /// - Throws: 403 that names the permission.
    func require(_ permission: Permission) throws(Problem) {
        guard can(permission) else { throw .forbidden(permission) }
    }

    /// - Throws: 403 that names the permission, or `read_only` where only people who moderate or manage the channel write.
    func requireWrite() throws(Problem) {
        try require(.chatWrite)
        guard record.isReadOnly || record.isAnnouncement, !can(.chatModerate), !can(.channelsManage) else { return }
        throw .forbidden(
            "read_only",
            LocalizedText(en: "Only the team writes in this channel.", fr: "Seule l’équipe écrit dans ce salon."))
    }
}

extension ConversationReader {
    /// - Throws: 404 for a conversation that does not exist or that this reader cannot read.
    func access(_ reference: String, locked: Bool = false, in transaction: Transaction) throws -> ConversationAccess {
        guard let id = ConversationID(uuid: reference) else { throw Problem.notFound }
        return try access(id, locked: locked, in: transaction)
    }

    /// - Parameter locked: keeps others from sending to it, and from changing it, until the transaction ends.
    func access(_ id: ConversationID, locked: Bool = false, in transaction: Transaction) throws -> ConversationAccess {
        let lock: SQL = locked && transaction.dialect == .postgres ? "FOR NO KEY UPDATE" : ""
        let row = try transaction.row(
            "SELECT \(sql: ConversationRecord.columns) FROM conversations WHERE id = \(id) AND deleted_at IS NULL \(sql: lock)")
        guard let record = row.map({ ConversationRecord($0) }) else { throw Problem.notFound }
        let permissions = try permissions(in: record, transaction)
        guard permissions.contains(.chatRead) else { throw Problem.notFound }
        return ConversationAccess(record: record, permissions: permissions)
    }

    private func permissions(in record: ConversationRecord, _ transaction: Transaction) throws -> PermissionSet {
        guard record.isChannel else {
            let isMember = try MemberTable.contains(user, record.id, in: transaction)
            return isMember ? memberRights(in: record) : PermissionSet()
        }
        let overwrites = try OverwriteTable.overwrites(of: [record], in: transaction)
        return overwrites.permissions(in: record, channelRights)
    }

    /// The channels that the reader may read, in their order.
    func channels(in transaction: Transaction) throws -> [ConversationAccess] {
        let records = try transaction.rows(
            """
            SELECT \(sql: ConversationRecord.columns) FROM conversations
            WHERE kind = 'channel' AND deleted_at IS NULL ORDER BY place, id
            """
        ).map { ConversationRecord($0) }
        let overwrites = try OverwriteTable.overwrites(of: records, in: transaction)
        return records.compactMap { record in
            let permissions = overwrites.permissions(in: record, channelRights)
            return permissions.contains(.chatRead) ? ConversationAccess(record: record, permissions: permissions) : nil
        }
    }

    /// Whether the reader may read a message that is not deleted.
    func mayRead(_ id: MessageID, in transaction: Transaction) throws -> Bool {
        guard let found = try MessageTable.message(id, in: transaction), !found.isDeleted else { return false }
        do {
            _ = try access(found.conversation, in: transaction)
            return true
        } catch let problem as Problem where problem.status == 404 {
            return false
        }
    }

    /// A message that the reader may read, with its conversation.
    ///
    /// - Parameter locked: keeps others from changing the message until the transaction ends.
    /// - Throws: 404.
    func message(_ reference: String, locked: Bool = false, in transaction: Transaction) throws -> (MessageRecord, ConversationAccess) {
        guard let id = MessageID(uuid: reference), let found = try MessageTable.message(id, in: transaction) else { throw Problem.notFound }
        let access = try access(found.conversation, in: transaction)
        guard locked, transaction.dialect == .postgres else { return (found, access) }
        guard let fresh = try MessageTable.message(id, locked: true, in: transaction) else { throw Problem.notFound }
        return (fresh, access)
    }
}
