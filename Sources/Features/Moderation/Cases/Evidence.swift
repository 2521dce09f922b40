internal import Conversations
internal import Crypto
internal import Database
internal import Directory
internal import Kernel

/// What is reported, as it is at this moment, sealed.
struct TakenEvidence: Sendable {
    let target: CaseTarget
    let targetID: Int64
    let subject: UserID?
    let version: Int64
    let sealed: Sealed

    enum Sealed: Sendable {
        /// By Conversations.
        case message([UInt8])
        /// To be sealed under the id of its row.
        case profile(JSON)
    }
}

extension ModerationFeature {
    private static let column = "case_evidence.sealed"
    /// Versions of one target that a case keeps.
    private static let kept = 10

    /// - Throws: 404 for what the one who reports cannot see.
    func evidence(of type: Reportable, _ reference: String, for scope: Scope, at now: Timestamp, in transaction: Transaction) throws
        -> TakenEvidence
    {
        switch type {
        case .message:
            guard scope.can(.chatRead) else { throw Problem.notFound }
            let taken = try conversations.evidence(of: reference, for: scope, in: transaction)
            return TakenEvidence(
                target: .message, targetID: taken.message.rawValue, subject: taken.author, version: taken.version,
                sealed: .message(taken.sealed))
        case .user:
            let user = try directory.resolve(reference, scope: scope, in: transaction)
            let member = try directory.member(user, in: transaction)
            let shown = member.presence.asOthersKnowIt
            let profile: JSON = [
                "user": [
                    "id": JSON(user), "username": .string(member.username), "display_name": .string(member.displayName),
                    "avatar_url": JSON(member.avatarURL), "bio": JSON(member.bio), "status_message": JSON(shown.message),
                    "status_emoji": JSON(shown.emoji), "activity_name": JSON(shown.activityName),
                ], "at": JSON(now),
            ]
            return TakenEvidence(
                target: .user, targetID: user.rawValue, subject: user, version: member.version, sealed: .profile(profile))
        }
    }

    /// Keeps what a report saw, unless the case has this version.
    func keep(_ evidence: TakenEvidence, in found: Case, at now: Timestamp, _ transaction: Transaction) throws {
        let versions = try transaction.rows(
            "SELECT target_version FROM case_evidence WHERE case_id = \(found.id) ORDER BY id LIMIT \(Self.kept)"
        ).map { $0.int64(0) }
        guard !versions.contains(evidence.version), versions.count < Self.kept else { return }
        let id: RowID = ids.next()
        let sealed =
            switch evidence.sealed {
            case .message(let bytes): bytes
            case .profile(let content): keyring.fields.seal(content.bytes, column: Self.column, id: id.rawValue)
            }
        try transaction.execute(
            """
            INSERT INTO case_evidence (id, case_id, target_version, sealed, taken_at)
            VALUES (\(id), \(found.id), \(evidence.version), \(sealed), \(now))
            """)
    }

    /// All that is kept of a case and of those merged into it, the oldest first.
    func openEvidence(of cases: [Case], in transaction: Transaction) throws -> [JSON] {
        let targets = Dictionary(cases.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return try transaction.rows(
            """
            SELECT id, case_id, sealed, taken_at FROM case_evidence
            WHERE case_id IN (SELECT value FROM json_each(\(ids: cases.map(\.id)))) ORDER BY id LIMIT 50
            """
        ).compactMap { row in
            guard let found = targets[row.id(1)] else { return nil }
            let content =
                found.target == .message
                ? try conversations.open(evidence: row.blob(2), of: MessageID(rawValue: found.targetID))
                : try JSONParser.parse(own: try keyring.fields.open(row.blob(2), column: Self.column, id: row.int64(0)))
            return ["case_id": JSON(found.id), "at": JSON(row.time(3)), "content": content]
        }
    }
}
