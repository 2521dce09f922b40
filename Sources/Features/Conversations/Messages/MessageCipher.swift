internal import Crypto
internal import Kernel

/// Encrypts texts, and hashes what must be found again without being readable.
struct MessageCipher: Sendable {
    let keyring: Keyring

    func seal(_ content: String, of message: MessageID) -> [UInt8] {
        keyring.fields.seal(content, column: "messages.body", id: message.rawValue)
    }

    /// - Throws: `CryptoError` for a body that is another message's, or damaged.
    func open(_ body: [UInt8], of message: MessageID) throws -> String {
        try keyring.fields.openText(body, column: "messages.body", id: message.rawValue)
    }

    func sealDraft(_ content: String, of user: UserID) -> [UInt8] {
        keyring.fields.seal(content, column: "drafts.body", id: user.rawValue)
    }

    func openDraft(_ body: [UInt8], of user: UserID) throws -> String {
        try keyring.fields.openText(body, column: "drafts.body", id: user.rawValue)
    }

    /// The hash of the key that a client gave a message: 16 bytes.
    func clientKey(_ key: String) -> [UInt8] { short(key, "messages.client_key") }

    /// The hash of the content that belongs to a key: the same key with other content is refused.
    func contentHash(_ content: String, replyTo: MessageID?, files: [String], in conversation: ConversationID) -> [UInt8] {
        let text = "\(conversation.rawValue) \(replyTo?.rawValue ?? 0) \(content)"
        guard !files.isEmpty else { return short(text, "messages.content") }
        return short("\(files.joined(separator: ",")) \(text)", "messages.content_with_files")
    }

    /// The name of a set of channels: a keyed hash that reveals nothing of them.
    func audience(_ channels: [ConversationID]) -> String {
        let list = channels.sorted().map { String($0.rawValue) }.joined(separator: ",")
        return Hex.encode(keyring.blindIndex.index(list, column: "conversations.audience").prefix(8))
    }

    private func short(_ text: String, _ column: String) -> [UInt8] { Array(keyring.blindIndex.index(text, column: column).prefix(16)) }
}
