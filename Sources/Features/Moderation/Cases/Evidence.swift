internal import Conversations
internal import Crypto
internal import Database
internal import Directory
internal import Kernel

/// The content of a report’s target at this moment.
struct TakenEvidence: Sendable {
    let target: CaseTarget
    let targetID: Int64
    let subject: UserID?
    let version: Int64
    let sealed: Sealed

    enum Sealed: Sendable {
        /// Encrypted by Conversations.
        case message([UInt8])
        /// Not encrypted yet: the key depends on the id of its row.
        case profile(JSON)
    }
}

extension ModerationFeature {
    private static let column = "case_evidence.sealed"
    /// How many versions of its target a case keeps.
    private static let kept = 10

    /// - Throws: 404 when the reporter cannot see the target.
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

    /// Stores the evidence of a report, unless the case has evidence of this version.
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

    /// The evidence of some cases, the oldest first.
    func openEvidence(of cases: [Case], in transaction: Transaction) throws -> [JSON] {
        try evidenceRows("ORDER BY id LIMIT 50", of: cases, in: transaction).map { found, at, content in
            ["case_id": JSON(found.id), "at": JSON(at), "content": content]
        }
    }

    /// The content of the oldest evidence of each case.
    func firstEvidence(of cases: [Case], in transaction: Transaction) throws -> [CaseID: JSON] {
        let first: SQL = "AND id = (SELECT MIN(id) FROM case_evidence AS others WHERE others.case_id = case_evidence.case_id)"
        return try evidenceRows(first, of: cases, in: transaction).reduce(into: [:]) { $0[$1.case.id] = $1.content }
    }

    private func evidenceRows(_ rest: SQL, of cases: [Case], in transaction: Transaction) throws -> [(
        case: Case, at: Timestamp, content: JSON
    )] {
        let cases = Dictionary(cases.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return try transaction.rows(
            """
            SELECT id, case_id, sealed, taken_at FROM case_evidence
            WHERE case_id IN (SELECT value FROM json_each(\(ids: cases.keys))) \(sql: rest)
            """
        ).compactMap { row in
            guard let found = cases[row.id(1)] else { return nil }
            let content =
                found.target == .message
                ? try conversations.open(evidence: row.blob(2), of: MessageID(rawValue: found.targetID))
                : try JSONParser.parse(own: try keyring.fields.open(row.blob(2), column: Self.column, id: row.int64(0)))
            return (found, row.time(3), content)
        }
    }
}
