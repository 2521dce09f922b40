internal import CSodium
public import Kernel
internal import Runtime
internal import Synchronization

/// Argon2id (RFC 9106) on threads of its own behind a bounded queue: 19 MiB, two passes, about 37 ms.
///
/// Count attempts before calling: whoever fills the queue keeps others out.
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
    private let threads: [BlockingThread]
    private let turn = Atomic<Int>(0)
    private let depth: Int
    /// The hash of a password that nobody has, so that an unknown account costs as much as a known one.
    private let decoy: String

    /// - Parameters:
    ///   - threads: how many hash at once.
    ///   - depth: how many may wait for each; the next one is refused with 503.
    public init(threads: Int = 1, depth: Int = 32, cost: Cost = .standard) {
        self.cost = cost
        self.threads = (0..<threads).map { _ in BlockingThread(named: "argon2", limit: depth) }
        self.depth = depth
        decoy = Self.hash(Random.token(), cost)
    }

    /// The hash in its own notation (`$argon2id$v=19$…`).
    public func hash(_ password: String) async throws(Problem) -> String {
        try await run { [cost] in Self.hash(password, cost) }
    }

    /// Whether the password is the one hashed; nil (no such account, or no password set) costs the same and is false.
    public func verify(_ password: String, against hash: String?) async throws(Problem) -> Bool {
        let (stored, isReal) = (hash ?? decoy, hash != nil)
        let matches = try await run {
            let bytes = Array(password.utf8).map { CChar(bitPattern: $0) }
            return crypto_pwhash_str_verify(stored, bytes, UInt64(bytes.count)) == 0
        }
        return matches && isReal
    }

    /// Whether a hash was made with other costs than today's.
    public func needsRehash(_ hash: String) -> Bool {
        crypto_pwhash_str_needs_rehash(hash, cost.passes, cost.memory) != 0
    }

    private static func hash(_ password: String, _ cost: Cost) -> String {
        _ = Sodium.ready
        let bytes = Array(password.utf8).map { CChar(bitPattern: $0) }
        var text = [CChar](repeating: 0, count: crypto_pwhash_strbytes())
        let status = crypto_pwhash_str(&text, bytes, UInt64(bytes.count), cost.passes, cost.memory)
        precondition(status == 0, "no memory to hash a password")
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async throws(Problem) -> Result {
        let thread = threads[turn.wrappingAdd(1, ordering: .relaxed).newValue % threads.count]
        do {
            return try await thread.run(body)
        } catch {
            let wait = (depth * Self.costMilliseconds + 999) / 1000
            throw .unavailable(retryAfter: max(1, wait), cause: "the queue of the password hasher is full")
        }
    }
}
