internal import Crypto
internal import Database
internal import HTTP
internal import Kernel
internal import Roles
internal import Web

/// `POST /invitations`
extension AccountsFeature {
    private struct InvitationInput: Sendable {
        let note: String?
        let roles: [String]
        let maximumUses: Int64?
        let expiresAt: Timestamp?

        init(_ body: JSON, at now: Timestamp) throws(Problem) {
            var input = try Input(body)
            note = input.string("note", length: 0...200).flatMap { $0.isEmpty ? nil : $0 }
            roles = input.strings("roles", count: 0...50) ?? []
            maximumUses = input.integer("max_uses", 1...1_000_000)
            expiresAt = input.time("expires_at")
            if let expiresAt, expiresAt <= now {
                input.fail("expires_at", "past", LocalizedText(en: "This is in the past.", fr: "Cette date est passée."))
            }
            try input.finish()
        }
    }

    /// Shows the link this once. What it gives is checked now, and again when somebody comes in.
    func createInvitation(_ call: Call) async throws -> Reply {
        let (author, scope, now) = (try call.scope.requireUser(), call.scope, clock.now())
        let input = try InvitationInput(try call.body(), at: now)
        let (id, secret) = (ids.next(Invitation.self), Random.token())
        return try await call.mutate(database) { [self] transaction in
            let given = try roles.assignments.givable(input.roles, scope: scope, in: transaction)
            let record = InvitationRecord(
                id, hash: SHA256.digest(secret), by: author, note: input.note, roles: given, maximumUses: input.maximumUses, at: now,
                expiresAt: input.expiresAt)
            try invitations.insert(record, in: transaction)
            try self.record(
                "invitation.create", target: ("invitation", id.uuid), payload: ["before": nil, "after": record.audited], scope: scope,
                in: transaction)
            var members = try view([record], at: now, in: transaction)[0].object ?? [:]
            members.append("token", .string(secret))
            members.append("url", .string("\(policy.publicURL ?? "")/join#token=\(secret)"))
            var reply = Reply.json(201, .object(members)).secret(id: id.uuid)
            reply.headers["Location"] = "/api/v1/invitations/\(id)"
            return reply
        }
    }
}
