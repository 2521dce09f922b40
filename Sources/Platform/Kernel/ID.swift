/// A 64-bit snowflake that names one row of one kind; `Entity` only keeps two kinds from being mixed up.
///
/// Bits 63–22: milliseconds since 2015-01-01T00:00Z. Bits 21–12: node. Bits 11–0: sequence.
/// Outside it is shown as a UUID of version 8 that sorts as the ids do.
public struct ID<Entity>: Hashable, Comparable, Sendable {
    public let rawValue: Int64

    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// When the id was taken.
    public var timestamp: Timestamp {
        Timestamp(milliseconds: (rawValue >> 22) + Snowflake.epochMilliseconds)
    }
}

/// The tags of `ID`.
public enum User {}
public enum Role {}
public enum Session {}
public enum AuditEntry {}
public enum APIKey {}
public enum Invitation {}
public enum Registration {}
public enum Conversation {}
public enum Message {}
/// The tag of rows that are never named by another kind.
public enum AnyEntity {}

public typealias UserID = ID<User>
public typealias RoleID = ID<Role>
public typealias SessionID = ID<Session>
public typealias AuditEntryID = ID<AuditEntry>
public typealias APIKeyID = ID<APIKey>
public typealias InvitationID = ID<Invitation>
public typealias RegistrationID = ID<Registration>
public typealias ConversationID = ID<Conversation>
public typealias MessageID = ID<Message>
public typealias RowID = ID<AnyEntity>

public enum Snowflake {
    /// 2015-01-01T00:00:00Z in Unix milliseconds, the epoch that outside libraries derive dates from.
    public static let epochMilliseconds: Int64 = 1_420_070_400_000
    public static let maximumNode = 1023

    /// The smallest id of a time: ids made before it are smaller.
    public static func first(at time: Timestamp) -> Int64 {
        let milliseconds = time.milliseconds - epochMilliseconds
        return milliseconds <= 0 ? 0 : milliseconds > Int64.max >> 22 ? .max : milliseconds << 22
    }
}

extension ID: CustomStringConvertible {
    /// The UUID, lower case.
    public var description: String { uuid }

    /// Bits 63–16 in bytes 0–5, bits 15–4 after the version, bits 3–0 after the variant, the other 58 bits zero.
    public var uuid: String {
        let bits = UInt64(bitPattern: rawValue)
        var bytes = [UInt8](repeating: 0, count: 16)
        for index in 0..<6 { bytes[index] = UInt8(truncatingIfNeeded: bits >> (56 - 8 * UInt64(index))) }
        bytes[6] = 0x80 | UInt8(truncatingIfNeeded: (bits >> 12) & 0xF)
        bytes[7] = UInt8(truncatingIfNeeded: (bits >> 4) & 0xFF)
        bytes[8] = 0x80 | UInt8(truncatingIfNeeded: (bits & 0xF) << 2)
        return Self.text(of: bytes)
    }

    private static func text(of bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (index, byte) in bytes.enumerated() {
            if index == 4 || index == 6 || index == 8 || index == 10 { text.append(UInt8(ascii: "-")) }
            text.append(Hex.digits[Int(byte >> 4)])
            text.append(Hex.digits[Int(byte & 15)])
        }
        return String(own: text)
    }

    /// Reads the UUID form; any other encoding, or a UUID whose 58 spare bits are not zero, is nil.
    public init?(uuid text: some StringProtocol) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        let characters = Array(text.utf8)
        guard characters.count == 36 else { return nil }
        var index = 0
        while index < 36 {
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard characters[index] == UInt8(ascii: "-") else { return nil }
                index += 1
                continue
            }
            guard let high = Hex.value(characters[index]), let low = Hex.value(characters[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
            index += 2
        }
        guard bytes[6] >> 4 == 8, bytes[8] & 0xC3 == 0x80, bytes[9...].allSatisfy({ $0 == 0 }) else { return nil }
        var bits: UInt64 = 0
        for byte in bytes[0..<6] { bits = bits << 8 | UInt64(byte) }
        bits = bits << 4 | UInt64(bytes[6] & 0xF)
        bits = bits << 8 | UInt64(bytes[7])
        bits = bits << 4 | UInt64(bytes[8] >> 2 & 0xF)
        guard bits <= UInt64(Int64.max) else { return nil }
        self.init(rawValue: Int64(bits))
    }
}

/// Lower-case hexadecimal.
public enum Hex {
    static let digits = Array("0123456789abcdef".utf8)

    static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    public static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(own: text)
    }

    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let characters = Array(text.utf8)
        guard characters.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: characters.count, by: 2) {
            guard let high = value(characters[index]), let low = value(characters[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}
