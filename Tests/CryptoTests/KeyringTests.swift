import Glibc
import Kernel
import Testing

@testable import Crypto

/// A folder of the test's own, gone with it.
final class Folder {
    let path: String

    init() {
        var template = Array("/tmp/foyer-keys-XXXXXX".utf8CString)
        let made = mkdtemp(&template)
        precondition(made != nil)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in ["/a/keys/keyring.json", "/keyring.json"] { unlink(path + name) }
        for name in ["/a/keys", "/a", ""] { rmdir(path + name) }
    }

    func mode(_ name: String) -> mode_t {
        var status = stat()
        return stat(path + name, &status) == 0 ? status.st_mode & 0o777 : 0
    }
}

@Suite("The keys' file")
struct KeyringTests {
    let folder = Folder()

    @Test("Keys are made once, private, and are the same ever after")
    func firstStart() throws {
        let directory = folder.path + "/a/keys"
        let made = try Keyring.load(directory: directory)
        #expect((folder.mode("/a/keys"), folder.mode("/a/keys/keyring.json")) == (0o700, 0o600))
        let again = try Keyring.load(directory: directory)
        let sealed = made.fields.seal("x", column: "c", id: 1)
        #expect(try again.fields.openText(sealed, column: "c", id: 1) == "x")
        #expect(again.instance == made.instance && again.audit.publicKey == made.audit.publicKey)
        #expect(again.blindIndex.index("a", column: "c") == made.blindIndex.index("a", column: "c"))
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        let token = try made.tokenIssuer(issuer: "i", audience: "a").sign(["sub": "s"], issuedAt: now, expiresAt: now.adding(seconds: 1))
        #expect(try again.tokenIssuer(issuer: "i", audience: "a").verify(token, now: now)["sub"] == "s")
        #expect(again.isValidAudit(made.audit.sign([1]), for: [1], keyID: made.auditKeyID))
        #expect(!again.isValidAudit(made.audit.sign([1]), for: [1], keyID: "other"))
    }

    @Test("Sixteen starts at once end with one set of keys")
    func race() async throws {
        let path = folder.path
        let instances = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<16 { group.addTask { try Keyring.load(directory: path).instance } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(instances.count == 1)
    }

    @Test("A file that others may read is refused with what to do")
    func permissions() throws {
        _ = try Keyring.load(directory: folder.path)
        chmod(folder.path + "/keyring.json", 0o644)
        let fault = try #require(throws: KeyringFault.self) { try Keyring.load(directory: folder.path) }
        #expect(fault.description.contains("chmod 600"))
    }

    @Test("A damaged file is never replaced by new keys", arguments: ["", "{", "{}", #"{"version":2}"#])
    func damage(content: String) throws {
        let descriptor = open(folder.path + "/keyring.json", O_WRONLY | O_CREAT, 0o600)
        #expect(write(descriptor, content, content.utf8.count) == content.utf8.count)
        close(descriptor)
        #expect(throws: KeyringFault.self) { try Keyring.load(directory: folder.path) }
        var status = stat()
        #expect(stat(folder.path + "/keyring.json", &status) == 0 && Int(status.st_size) == content.utf8.count)
    }

    @Test("Rotation keeps what was written before readable")
    func rotation() throws {
        let before = try Keyring.load(directory: folder.path)
        let sealed = before.fields.seal("x", column: "c", id: 1)
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        let token = try before.tokenIssuer(issuer: "i", audience: "a").sign(["sub": "s"], issuedAt: now, expiresAt: now.adding(seconds: 1))
        let after = try Keyring.rotate(directory: folder.path)
        #expect((before.fields.currentKey, after.fields.currentKey) == (1, 2))
        #expect(try after.fields.openText(sealed, column: "c", id: 1) == "x")
        #expect(try after.tokenIssuer(issuer: "i", audience: "a").verify(token, now: now)["sub"] == "s")
        #expect(try Keyring.load(directory: folder.path).fields.currentKey == 2)
    }
}

@Suite("Password hashing")
struct PasswordHasherTests {
    @Test("A password matches its own hash only; no account never matches")
    func verification() async throws {
        let hasher = PasswordHasher()
        let hash = try await hasher.hash("correct horse battery")
        #expect(hash.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(try await hasher.verify("correct horse battery", against: hash))
        #expect(try await !hasher.verify("correct horse batterz", against: hash))
        #expect(try await !hasher.verify("", against: hash))
        #expect(try await !hasher.verify("anything", against: nil))
        #expect(try await !hasher.verify("anything", against: "damaged"))
        #expect(!hasher.needsRehash(hash))
        #expect(hasher.needsRehash("$argon2id$v=19$m=8,t=1,p=1$MTIzNDU2Nzg$4UExwCTE6h8"))
    }

    @Test("A password is the same however its letters are composed, and hashes of before that are still taken")
    func normalForms() async throws {
        let hasher = PasswordHasher(cost: .trifling)
        let spellings = ["\u{C9}t\u{E9}\u{A0}!", "E\u{301}te\u{301}\u{A0}!"]
        for typed in spellings {
            let (new, old) = (try await hasher.hash(typed), PasswordHasher.hash(typed, .trifling))
            for spelling in spellings {
                #expect(try await hasher.verify(spelling, against: new))
                #expect(try await hasher.verify(spelling, against: old))
            }
            #expect(try await hasher.verify("\u{C9}t\u{E9} !", against: new))
            for other in ["Ete\u{A0}!", "\u{C9}t\u{E9}!", "\u{E9}t\u{E9}\u{A0}!"] { #expect(try await !hasher.verify(other, against: new)) }
        }
    }

    @Test("What does not fit the queue is refused with 503 and a time to come back")
    func bound() async throws {
        let hasher = PasswordHasher(threads: 1, depth: 2)
        let outcomes = await withTaskGroup(of: Problem?.self) { group in
            for _ in 0..<24 {
                group.addTask {
                    do throws(Problem) {
                        _ = try await hasher.hash("p")
                        return nil
                    } catch { return error }
                }
            }
            return await group.reduce(into: [Problem?]()) { $0.append($1) }
        }
        let refused = outcomes.compactMap { $0 }
        #expect(!refused.isEmpty && refused.count < 24)
        #expect(refused.allSatisfy { $0.status == 503 && ($0.retryAfter ?? 0) >= 1 })
    }
}
