internal import Crypto
internal import Kernel

/// A code on paper that stands for the lost device, once: 80 random bits as four groups of four.
///
/// The database holds a keyed hash of it, so that whoever has the database alone cannot try all of them.
struct RecoveryCode: Sendable {
    static let count = 10

    /// `ABCD-EFGH-IJKL-MNOP`
    let text: String

    init() {
        let letters = Array(Base32.encode(Random.bytes(10)))
        text = stride(from: 0, to: 16, by: 4).map { String(letters[$0..<$0 + 4]) }.joined(separator: "-")
    }

    static func hash(_ typed: String, of user: UserID, _ keyring: Keyring) -> [UInt8] {
        keyring.blindIndex.index("\(user) \(normalized(typed))", column: "recovery_codes.hash")
    }

    /// As people type it: in any case, with or without the dashes.
    private static func normalized(_ typed: String) -> String { OneTimeCode.bare(typed).uppercased() }
}

/// What was typed where a code is asked for.
enum OneTimeCode: Sendable, Hashable {
    /// Six digits of the app.
    case totp(String)
    /// Anything else can only be a recovery code.
    case recovery(String)

    init(_ typed: String) {
        let bare = Self.bare(typed)
        let isNumber = bare.utf8.count == 6 && bare.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        self = isNumber ? .totp(bare) : .recovery(bare)
    }

    static func bare(_ typed: String) -> String { typed.filter { $0 != " " && $0 != "-" } }
}
