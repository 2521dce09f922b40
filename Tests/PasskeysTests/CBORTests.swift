import Crypto
import Kernel
import Passkeys
import Testing

/// CBOR as authenticators write it, and nothing else; COSE keys of three kinds.
@Suite struct CBORTests {
    private func read(_ hex: String) throws(CBORFault) -> CBOR { try CBORReader.read(bytes(hex)) }

    private func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex)
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0..<$0 + 2]), radix: 16) }
    }

    /// RFC 8949, appendix A, as far as this reader goes.
    @Test func whatTheStandardShows() throws {
        let values: [(String, CBOR)] = [
            ("00", .unsigned(0)), ("17", .unsigned(23)), ("1818", .unsigned(24)), ("1903e8", .unsigned(1000)),
            ("1b000000e8d4a51000", .unsigned(1_000_000_000_000)), ("1bffffffffffffffff", .unsigned(.max)), ("20", .negative(0)),
            ("3903e7", .negative(999)), ("3bffffffffffffffff", .negative(.max)), ("f4", .bool(false)), ("f5", .bool(true)), ("f6", .null),
            ("40", .bytes([])), ("4401020304", .bytes([1, 2, 3, 4])), ("60", .text("")), ("62c3bc", .text("ü")), ("80", .array([])),
            ("8301820203820405", .array([.unsigned(1), .array([.unsigned(2), .unsigned(3)]), .array([.unsigned(4), .unsigned(5)])])),
            ("a201020304", .map([.init(.unsigned(1), .unsigned(2)), .init(.unsigned(3), .unsigned(4))])),
            ("826161a161626163", .array([.text("a"), .map([.init(.text("b"), .text("c"))])])),
        ]
        for (hex, value) in values {
            #expect(try read(hex) == value, "\(hex)")
            #expect(value.encoded == bytes(hex), "\(hex)")
        }
        #expect(CBOR.negative(6).integer == -7 && CBOR.negative(.max).integer == nil && CBOR.unsigned(.max).integer == nil)
    }

    @Test func whatIsRefused() throws {
        let inputs: [(String, CBORFault)] = [
            ("", .truncated), ("18", .truncated), ("4401", .truncated), ("82", .truncated), ("8201", .truncated), ("a1", .truncated),
            ("a101", .truncated), ("9bffffffffffffffff", .truncated), ("5bffffffffffffffff", .truncated),
            ("bbffffffffffffffff", .truncated),
            ("0000", .rest), ("1817", .form), ("190017", .form), ("1a0000ffff", .form), ("1b00000000ffffffff", .form), ("580100", .form),
            ("1c", .form), ("5f4101ff", .form), ("7f6161ff", .form), ("9f01ff", .form), ("bf0102ff", .form), ("c000", .kind),
            ("f7", .kind), ("f90000", .kind), ("fa00000000", .kind), ("fb0000000000000000", .kind), ("f818", .kind), ("ff", .kind),
            ("a2010201", .truncated), ("a201020103", .doubleKey), ("a2616101616102", .doubleKey), ("a1400101", .kind), ("a18001", .kind),
            ("a1f501", .kind), ("62c328", .text), ("61ff", .text), ("818181818100", .tooDeep), ("a101a101a101a101a10101", .tooDeep),
        ]
        for (hex, fault) in inputs {
            #expect(throws: fault, "\(hex)") { try read(hex) }
        }
        #expect(try read("8181818100") == .array([.array([.array([.array([.unsigned(0)])])])]))
        let many = CBOR.map((0..<65).map { .init(.unsigned($0), .null) })
        #expect(throws: CBORFault.kind) { try CBORReader.read(many.encoded) }
        // A megabyte of openings costs no more than its first bytes.
        #expect(throws: CBORFault.tooDeep) { try CBORReader.read([UInt8](repeating: 0x81, count: 1 << 20)) }
    }

    private func cose(_ members: [(Int64, CBOR)]) -> CBOR {
        .map(members.map { .init($0.0 < 0 ? .negative(UInt64(-1 - $0.0)) : .unsigned(UInt64($0.0)), $0.1) })
    }

    private static let modulus = [
        "xMqlqz7YFrOFQwCUagDTNFEDcc3qlMb3uiMonb-NAMQ3BKl-f7IgDzhbxEzEkpJe0SDjaeOBc5IGmkDx3mVCA4VUJwewg9ztcevm5wSmnTsZTz",
        "74Zv9DzrBCCzUYW3HBV8H0TkEy0d_s-oKXjeZhkzyPVEEdIF5RmBYgm0FNcuMWPnSABODNTtpsOx7y_rcYIwJ_3pgpM_ZgEu7_ueuqozzCy52a",
        "zlo06hrW9Y5sDSv4LWIu_M3oZ9BDIDoG2X3ujHhjZqM6T0woO9-tIynAGDpSsUdVeX1j4wNJYyG-ALC3Ff3hYogTJ6JB4cv9UsLvh-E2XUmskJ",
        "gaQrZ9ERC3PQ",
    ].joined()

    private static let signature = [
        "Htp9quE1w6gLoZ-iZB4N7i_4_4I29FJYHOCicbJoapN045ebj202nSF2IeudyytffqEUubyosHFlXKlUSDH2vbx-A-ocprj19nO6Hvpw-Q9-Zp",
        "RpdZhMKV744I9R3Eqa7TRpK4eLpy21LhmUF9Tv1_H1rqpU0KnFdqKPongwViFgWwpIA14tzcIFNHcTfcfiZCT77THb0HLj46DYBfyFwT5-J5WJ",
        "oQHwjuoWK3XOzGqXzThzo9BfsWiIKSm0jagxydtB9RKJuBHP4JBU9jRABRrXxFDb3fooJksJF-GSTRXYka2GUAWMQ03TZE63TwkHoUB__GbJLj",
        "JxgQLgs3Qsrg",
    ].joined()

    /// A key and a signature that OpenSSL did not make for this test.
    @Test func rsaKeys() throws {
        let modulus = try #require(Base64URL.decode(Self.modulus))
        let signature = try #require(Base64URL.decode(Self.signature))
        let message = Array("a message that was signed elsewhere".utf8)
        let exponent = CBOR.bytes([1, 0, 1])
        let key = try CredentialKey.of(cose: cose([(1, .unsigned(3)), (3, .negative(256)), (-1, .bytes(modulus)), (-2, exponent)]))
        #expect(key.isValid(signature, for: message) && !key.isValid(signature, for: message + [0]))
        #expect(!key.isValid([], for: message) && !key.isValid(Array(signature.dropLast()), for: message))
        let again = try CredentialKey(.rs256, der: key.der)
        #expect(again.isValid(signature, for: message))
        let short = Array(modulus.prefix(127)) + [1]
        for (n, e) in [(short, [1, 0, 1]), ([0] + modulus, [1, 0, 1]), (modulus, [1]), (modulus, [2]), (modulus, []), (modulus, [0, 3])]
            as [([UInt8], [UInt8])]
        {
            #expect(throws: WebAuthnFault.key) {
                try CredentialKey.of(cose: cose([(1, .unsigned(3)), (3, .negative(256)), (-1, .bytes(n)), (-2, .bytes(e))]))
            }
        }
    }

    @Test func keysThatAreNone() throws {
        let device = try SoftAuthenticator()
        #expect(throws: Never.self) { try CredentialKey.of(cose: device.cose) }
        let (x, y) = (device.cose[-2] ?? .null, device.cose[-3] ?? .null)
        let good: [(Int64, CBOR)] = [(1, .unsigned(2)), (3, .negative(6)), (-1, .unsigned(1)), (-2, x), (-3, y)]
        let wrong: [(String, [(Int64, CBOR)])] = [
            ("no algorithm", good.filter { $0.0 != 3 }), ("another algorithm", good.map { $0.0 == 3 ? (3, .negative(34)) : $0 }),
            ("another curve", good.map { $0.0 == -1 ? (-1, .unsigned(2)) : $0 }),
            ("another type", good.map { $0.0 == 1 ? (1, .unsigned(1)) : $0 }),
            ("no y", good.filter { $0.0 != -3 }), ("not on the curve", good.map { $0.0 == -3 ? (-3, x) : $0 }),
            ("a private key", good + [(-4, x)]), ("operations", good + [(4, .array([.unsigned(2)]))]),
            ("a short x", good.map { $0.0 == -2 ? (-2, .bytes([1])) : $0 }),
        ]
        for (name, members) in wrong { #expect(throws: WebAuthnFault.key, "\(name)") { try CredentialKey.of(cose: cose(members)) } }
        #expect(throws: WebAuthnFault.key) { try CredentialKey.of(cose: .array([])) }
    }
}
