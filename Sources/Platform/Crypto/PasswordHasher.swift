internal import CSodium
public import Kernel
public import Runtime

/// Argon2id (RFC 9106) on threads of its own, which serve people and addresses by turns: 19 MiB, two passes, about 37 ms.
public final class PasswordHasher: Sendable {
    /// What one hash takes.
    public struct Cost: Sendable {
        let passes: UInt64
        let memory: Int

        /// OWASP's first choice for Argon2id.
        public static let standard = Cost(passes: 2, memory: 19 * 1024 * 1024)
        /// Worth nothing against guessing: for tests of what is around it.
        public static let trifling = Cost(passes: 1, memory: 8 * 1024)
    }

    private static let costMilliseconds = 40

    private let cost: Cost
    private let workers: FairWorkers
    private let depth: Int
    /// The hash of a password that nobody has, so that an unknown account costs as much as a known one.
    private let decoy: String

    /// - Parameters:
    ///   - threads: how many hash at once.
    ///   - depth: how many may wait in each lane; beyond it whoever has least of a share is refused with 503.
    public init(threads: Int = 1, depth: Int = 128, cost: Cost = .standard) {
        (self.cost, self.depth) = (cost, depth)
        workers = FairWorkers(named: "argon2", threads: threads, limit: depth)
        decoy = Self.hash(Random.token(), cost)
    }

    /// The hash in its own notation (`$argon2id$v=19$…`).
    ///
    /// - Parameter origin: who is served by turns with others.
    public func hash(_ password: String, for origin: WorkOrigin = .server) async throws(Problem) -> String {
        try await run(origin) { [cost] in Self.hash(Self.normalForm(password), cost) }
    }

    /// Whether the password is the one hashed; nil (no such account, or no password set) costs the same and is false.
    public func verify(_ password: String, against hash: String?, for origin: WorkOrigin = .server) async throws(Problem) -> Bool {
        let (stored, isReal) = (hash ?? decoy, hash != nil)
        let matches = try await run(origin) { Self.spellings(password).contains { Self.isRight($0, stored) } }
        return matches && isReal
    }

    private static func isRight(_ password: String, _ stored: String) -> Bool {
        let bytes = Array(password.utf8).map { CChar(bitPattern: $0) }
        return crypto_pwhash_str_verify(stored, bytes, UInt64(bytes.count)) == 0
    }

    /// The form that is hashed, so that a password is the same from every keyboard: every space is U+0020, then NFC (RFC 8265, 4.2: OpaqueString).
    private static func normalForm(_ password: String) -> String {
        let spaces = password.unicodeScalars.map { $0.properties.generalCategory == .spaceSeparator ? " " : $0 }
        return String(String.UnicodeScalarView(spaces)).nfc
    }

    /// The normal form, and what was hashed as it was typed before there was one: composed or not. One of ASCII has one spelling alone.
    private static func spellings(_ password: String) -> [String] {
        [normalForm(password), password, password.nfd, password.nfc].reduce(into: []) { spellings, next in
            if !spellings.contains(where: { $0.hasSameBytes(as: next) }) { spellings.append(next) }
        }
    }

    /// Whether a hash was made with other costs than today's.
    public func needsRehash(_ hash: String) -> Bool {
        crypto_pwhash_str_needs_rehash(hash, cost.passes, cost.memory) != 0
    }

    /// Of the password as it stands.
    static func hash(_ password: String, _ cost: Cost) -> String {
        _ = Sodium.ready
        let bytes = Array(password.utf8).map { CChar(bitPattern: $0) }
        var text = [CChar](repeating: 0, count: crypto_pwhash_strbytes())
        let status = crypto_pwhash_str(&text, bytes, UInt64(bytes.count), cost.passes, cost.memory)
        precondition(status == 0, "no memory to hash a password")
        return String(own: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) })
    }

    private func run<Result: Sendable>(_ origin: WorkOrigin, _ body: @escaping @Sendable () -> Result) async throws(Problem) -> Result {
        do {
            return try await workers.run(for: origin, body)
        } catch {
            let wait = (depth * Self.costMilliseconds + 999) / 1000
            throw .unavailable(retryAfter: max(1, wait), cause: "the queue of the password hasher is full")
        }
    }
}
