internal import COpenSSL
internal import Kernel

/// One-time codes from the time (RFC 6238) with HMAC-SHA-1 and steps of 30 s: what every authenticator app reckons when nothing else is said.
public enum TOTP {
    /// Seconds.
    public static let period: Int64 = 30

    /// The number of the step that a time lies in.
    public static func step(atMilliseconds milliseconds: Int64) -> Int64 { milliseconds / (period * 1000) }

    /// The code of a step (RFC 4226 §5.3), with leading zeros.
    ///
    /// - Parameter digits: at most 9; what apps show has 6.
    public static func code(secret: [UInt8], step: Int64, digits: Int = 6) throws(CryptoError) -> String {
        let hash = try HMACSHA1.code(of: withUnsafeBytes(of: step.bigEndian, Array.init), key: secret)
        let offset = Int(hash[19] & 0xF)
        let number = hash[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        var (rest, text) = (number, [UInt8](repeating: UInt8(ascii: "0"), count: digits))
        for place in text.indices.reversed() {
            text[place] += UInt8(rest % 10)
            rest /= 10
        }
        return String(own: text)
    }

}

/// HMAC with SHA-1 (RFC 2104), where a protocol asks for it: one-time codes, credentials of TURN.
public enum HMACSHA1 {
    public static func code(of message: [UInt8], key: [UInt8]) throws(CryptoError) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 20)
        var count = 0
        let result = EVP_Q_mac(nil, "HMAC", nil, "SHA1", nil, key, key.count, message, message.count, &code, code.count, &count)
        guard result != nil, count == 20 else {
            ERR_clear_error()
            throw .library("HMAC-SHA-1 is not to be had")
        }
        return code
    }
}

/// Base32 without padding (RFC 4648 §6), as authenticator apps take their secrets.
public enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    public static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var (buffer, bits): (UInt32, UInt32) = (0, 0)
        for byte in bytes {
            buffer = (buffer << 8 | UInt32(byte)) & 0xFFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[Int(buffer >> bits & 31)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(buffer << (5 - bits) & 31)]) }
        return String(own: text)
    }
}
