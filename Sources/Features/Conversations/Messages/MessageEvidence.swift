internal import Crypto
package import Database
package import Kernel
internal import Roles

/// An encrypted copy of a message, its versions and its neighbours. A report keeps it when the messages are edited or deleted later.
package struct MessageEvidence: Sendable {
    package let message: MessageID
    package let conversation: ConversationID
    package let author: UserID
    /// The version of the message that was copied.
    package let version: Int64
    /// JSON `{"message", "versions", "before", "after"}` under the site's field keys.
    package let sealed: [UInt8]
}

extension ConversationsFeature {
    /// Messages on each side.
    private static let neighbours: Int64 = 5
    private static let evidenceColumn = "message.evidence"

    /// Copies a message that the reporter can read.
    ///
    /// - Throws: 404 for a message that the reporter cannot read.
    package func evidence(of reference: String, for scope: Scope, in transaction: Transaction) throws -> MessageEvidence {
        let rights = try roles.authorizer.rights(of: scope.userID, in: transaction)
        let (message, _) = try ConversationReader(scope, rights).message(reference, in: transaction)
        try message.requireWritten()
        let now = clock.now()
        let around = try transaction.rows(
            """
            SELECT \(sql: MessageRecord.columns) FROM messages WHERE conversation_id = \(message.conversation)
                AND seq BETWEEN \(message.seq - Self.neighbours) AND \(message.seq + Self.neighbours) ORDER BY seq
            """
        ).map { MessageRecord($0) }
        let views = zip(around, try messages.views(around, for: Scope(), at: now, in: transaction))
        func part(_ isMeant: (Int64) -> Bool) -> [JSON] { views.filter { isMeant($0.0.seq) }.map { .object($0.1) } }
        let content: JSON = [
            "message": part { $0 == message.seq }.first ?? .null, "versions": .array(try versions(of: message, in: transaction)),
            "before": .array(part { $0 < message.seq }), "after": .array(part { $0 > message.seq }), "at": JSON(now),
        ]
        let sealed = cipher.keyring.fields.seal(content.bytes, column: Self.evidenceColumn, id: message.id.rawValue)
        return MessageEvidence(
            message: message.id, conversation: message.conversation, author: message.author, version: message.version,
            sealed: sealed)
    }

    /// Decrypts the copy, for people who may read reports.
    package func open(evidence sealed: [UInt8], of message: MessageID) throws -> JSON {
        try JSONParser.parse(own: try cipher.keyring.fields.open(sealed, column: Self.evidenceColumn, id: message.rawValue))
    }
}
