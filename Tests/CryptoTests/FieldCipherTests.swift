import Kernel
import Testing

@testable import Crypto

@Suite("Encrypted columns")
struct FieldCipherTests {
    let first: AEADKey
    let cipher: FieldCipher

    init() throws {
        first = try AEADKey(Random.bytes(32))
        cipher = try FieldCipher(keys: [1: first], current: 1)
    }

    @Test("A value opens in its own row and column only", arguments: ["", "a", "zoé@exemple.fr", String(repeating: "é", count: 3000)])
    func place(plain: String) throws {
        let sealed = cipher.seal(plain, column: "users.email", id: 7)
        #expect(sealed.count == plain.utf8.count + 41)
        #expect(try cipher.openText(sealed, column: "users.email", id: 7) == plain)
        #expect(throws: CryptoError.tampered) { try cipher.open(sealed, column: "users.email", id: 8) }
        #expect(throws: CryptoError.tampered) { try cipher.open(sealed, column: "users.bio", id: 7) }
    }

    @Test("Every changed byte is noticed")
    func tampering() throws {
        let sealed = cipher.seal("secret", column: "c", id: 1)
        for index in sealed.indices.dropFirst() {
            var changed = sealed
            changed[index] ^= 0x10
            #expect(throws: CryptoError.tampered) { try cipher.open(changed, column: "c", id: 1) }
        }
        for count in 1..<sealed.count {
            #expect(throws: CryptoError.tampered) { try cipher.open(Array(sealed.prefix(count)), column: "c", id: 1) }
        }
        #expect(throws: CryptoError.tampered) { try cipher.open([], column: "c", id: 1) }
    }

    @Test("After a rotation the old values open, and new ones bear the new key")
    func rotation() throws {
        let old = cipher.seal("before", column: "c", id: 1)
        let rotated = try FieldCipher(keys: [1: first, 2: AEADKey(Random.bytes(32))], current: 2)
        #expect(try rotated.openText(old, column: "c", id: 1) == "before")
        let new = rotated.seal("after", column: "c", id: 1)
        #expect((old.first, new.first) == (1, 2))
        #expect(throws: CryptoError.unknownKey("2")) { try cipher.open(new, column: "c", id: 1) }
    }

    @Test("The same value never has the same ciphertext, and always the same blind index")
    func blindIndex() throws {
        #expect(cipher.seal("x", column: "c", id: 1) != cipher.seal("x", column: "c", id: 1))
        let index = try BlindIndex(key: Random.bytes(32))
        #expect(index.index("a@b.c", column: "users.email") == index.index("a@b.c", column: "users.email"))
        #expect(index.index("a@b.c", column: "users.email") != index.index("a@b.c", column: "users.phone"))
        #expect(
            index.index("a@b.c", column: "users.email") != (try BlindIndex(key: Random.bytes(32))).index("a@b.c", column: "users.email"))
    }
}
