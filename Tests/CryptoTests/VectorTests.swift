import Kernel
import Testing

@testable import Crypto

private func hex(_ text: String) throws -> [UInt8] { try #require(Hex.decode(text)) }

@Suite("Primitives against published vectors")
struct VectorTests {
    @Test("SHA-256 of abc (FIPS 180-4)")
    func sha256() {
        #expect(Hex.encode(SHA256.digest("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test("HMAC-SHA-256, RFC 4231 cases 2 and 6")
    func hmac() {
        let short = HMACKey(Array("Jefe".utf8)).authenticate(Array("what do ya want for nothing?".utf8))
        #expect(Hex.encode(short) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        let long = HMACKey([UInt8](repeating: 0xAA, count: 131))
            .authenticate(Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8))
        #expect(Hex.encode(long) == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }

    @Test(
        "TOTP with SHA-1, RFC 6238 appendix B",
        arguments: [
            (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
        ] as [(Int64, String)])
    func totp(_ seconds: Int64, _ code: String) throws {
        let (secret, step) = (Array("12345678901234567890".utf8), TOTP.step(atMilliseconds: seconds * 1000))
        #expect(try TOTP.code(secret: secret, step: step, digits: 8) == code)
        #expect(try TOTP.code(secret: secret, step: step) == code.suffix(6))
    }

    @Test("HOTP, RFC 4226 appendix D")
    func hotp() throws {
        let codes = try (0..<10).map { try TOTP.code(secret: Array("12345678901234567890".utf8), step: $0) }
        #expect(codes == ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"])
    }

    @Test("Base32, RFC 4648 §10")
    func base32() {
        let texts = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map { Base32.encode(Array($0.utf8)) }
        #expect(texts == ["", "MY", "MZXQ", "MZXW6", "MZXW6YQ", "MZXW6YTB", "MZXW6YTBOI"])
    }

    @Test("Keyed BLAKE2b-512 of nothing, from the reference implementation")
    func blake2b() throws {
        let index = try BlindIndex(key: Array(0..<64))
        #expect(
            Hex.encode(index.hash([], count: 64))
                == "10ebb67700b1868efb4417987acf4690ae9d972fb7a590c2f02871799aaa4786"
                + "b5e996e8f0f4eb981fc214b005f42d2ff4233499391653df7aefcbc13fc51568")
    }

    @Test("Ed25519, RFC 8032 §7.1 tests 1 and 2")
    func ed25519() throws {
        let first = try Ed25519Key(seed: hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
        #expect(Hex.encode(first.publicKey.bytes) == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        #expect(
            Hex.encode(first.sign([]))
                == "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        )
        let second = try Ed25519Key(seed: hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
        let signature = second.sign([0x72])
        #expect(
            Hex.encode(signature)
                == "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        )
        #expect(second.publicKey.isValid(signature, for: [0x72]))
        #expect(!second.publicKey.isValid(signature, for: [0x73]))
        #expect(!first.publicKey.isValid(signature, for: [0x72]))
        #expect(!second.publicKey.isValid([], for: [0x72]))
    }

    @Test("XChaCha20-Poly1305, draft-irtf-cfrg-xchacha-03 A.3.1")
    func xchacha() throws {
        let key = try AEADKey(Array(0x80...0x9F))
        let sealed =
            try hex("404142434445464748494a4b4c4d4e4f5051525354555657")
            + hex(
                "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
                    + "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52e"
                    + "c0875924c1c7987947deafd8780acf49")
        let plain = try key.open(sealed, associated: hex("50515253c0c1c2c3c4c5c6c7"))
        #expect(
            String(decoding: plain, as: UTF8.self)
                == "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.")
    }

    @Test("ES256, the example of RFC 7515 appendix A.3")
    func es256() throws {
        let x = try #require(Base64URL.decode("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"))
        let y = try #require(Base64URL.decode("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"))
        let key = try ES256PublicKey(point: [4] + x + y)
        let input =
            "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        var signature = try #require(
            Base64URL.decode("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"))
        #expect(key.isValid(signature, for: Array(input.utf8)))
        #expect(key.coordinates.x == "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")
        signature[40] ^= 1
        #expect(!key.isValid(signature, for: Array(input.utf8)))
    }

    @Test("A point that is not on the curve is no key")
    func offCurve() {
        #expect(throws: CryptoError.invalidKey) { try ES256PublicKey(point: [4] + [UInt8](repeating: 1, count: 64)) }
    }

    @Test("Base64url as RFC 4648 §10, one text a value")
    func base64url() {
        for (plain, text) in [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
        ] {
            #expect(Base64URL.encode(Array(plain.utf8)) == text)
            #expect(Base64URL.decode(text) == Array(plain.utf8))
        }
        for refused in ["Zg==", "Zh", "Z", "Zm9v+", "Zm9v Yg"] { #expect(Base64URL.decode(refused) == nil) }
        let all = Array(UInt8.min...UInt8.max)
        #expect(Base64URL.decode(Base64URL.encode(all)) == all)
    }
}
