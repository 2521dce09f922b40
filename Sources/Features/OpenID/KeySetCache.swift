internal import Crypto
internal import Kernel

/// The signing keys of providers. They are kept for as long as the provider says, five minutes at least and a day at most; what no key fits asks for
/// them again, once a minute; and a failed request leaves the old ones.
actor KeySetCache {
    static let shortest: Int64 = 300
    static let longest: Int64 = 86_400
    /// Seconds between two requests because of tokens that no key fits.
    static let pause: Int64 = 60
    /// Keys of one set that are read.
    static let keyLimit = 100
    private static let setLimit = 2 * ProviderTable.limit

    private struct KeySet {
        var keys: [SignatureKey]
        /// In seconds of uptime.
        var freshUntil: Int64
        var askedAt: Int64
    }

    private let client: ProviderClient
    private let uptime: @Sendable () -> Uptime
    private var sets: [String: KeySet] = [:]
    private var requests: [String: Task<[SignatureKey], any Error>] = [:]

    init(client: ProviderClient, clock: WallClock) { (self.client, uptime) = (client, clock.uptime) }

    /// The keys of a provider.
    ///
    /// - Parameter unfit: whether a token was signed with none of those that are kept.
    func keys(of metadata: ProviderMetadata, unfit: Bool = false) async throws -> [SignatureKey] {
        let (place, now) = (metadata.keySet, uptime().milliseconds / 1000)
        if let known = sets[place] {
            if !unfit, now < known.freshUntil { return known.keys }
            if unfit, now < known.askedAt + Self.pause { return known.keys }
        }
        // Everybody who needs them at once waits for the same request.
        if let request = requests[place] { return try await request.value }
        let request = Task { try await self.fetch(metadata, at: now) }
        requests[place] = request
        defer { requests[place] = nil }
        return try await request.value
    }

    private func fetch(_ metadata: ProviderMetadata, at now: Int64) async throws -> [SignatureKey] {
        do {
            let (body, age) = try await client.keySet(of: metadata)
            let keys = try Self.read(body)
            if sets.count >= Self.setLimit { sets = [:] }
            sets[metadata.keySet] = KeySet(
                keys: keys, freshUntil: now + min(max(age ?? 3600, Self.shortest), Self.longest), askedAt: now)
            return keys
        } catch {
            guard var known = sets[metadata.keySet] else { throw error }
            (known.freshUntil, known.askedAt) = (now + Self.pause, now)
            sets[metadata.keySet] = known
            return known.keys
        }
    }

    /// What of a set (RFC 7517 §5) can check signatures; the rest is passed over.
    static func read(_ body: [UInt8]) throws -> [SignatureKey] {
        let found: [JSON]?
        do { found = try JSONParser.parse(body, maximumDepth: 8)["keys"]?.array } catch { found = nil }
        guard let found else { throw OpenIDProblems.unreachable("the set of keys cannot be read") }
        return found.prefix(keyLimit).compactMap { key in
            guard let jwk = key.object else { return nil }
            do { return try SignatureKey(jwk: jwk) } catch { return nil }
        }
    }
}
