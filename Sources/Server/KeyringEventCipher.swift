internal import Bus
internal import Crypto

/// Events of the outbox under the site's own key.
struct KeyringEventCipher: EventCipher {
    let keyring: Keyring
    private static let column = "outbox.members"

    func seal(_ members: [UInt8], offset: Int64) -> [UInt8] { keyring.fields.seal(members, column: Self.column, id: offset) }

    func open(_ sealed: [UInt8], offset: Int64) throws -> [UInt8] { try keyring.fields.open(sealed, column: Self.column, id: offset) }
}
