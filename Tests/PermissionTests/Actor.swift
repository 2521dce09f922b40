import Authorization
import HTTP
import Kernel
import SiteSupport
import Testing

/// Somebody who asks, with all that they can prove it with.
struct Actor: Sendable {
    let column: Column
    let person: Person
    let permissions: PermissionSet
    fileprivate let bearer: String
    fileprivate let cookie: String
    fileprivate let csrf: String
    /// With all that the person may do.
    fileprivate let wideKey: String
    /// With what everybody may do.
    fileprivate let narrowKey: String

    /// - Returns: nil for a guest, who has nothing to show.
    static func make(_ column: Column, on site: TestSite) async throws -> Actor? {
        guard let role = SystemRole(rawValue: column.rawValue), column != .guest else { return nil }
        let person = try await site.add(role)
        let (bearer, cookie, csrf) = try await site.signIn(person)
        let session = try await site.send("GET", "/auth/session", ["Authorization": "Bearer \(bearer)"])
        let keys = session.json["permissions"]?.array?.compactMap(\.string) ?? []
        let all = keys.count == Permission.all.count ? ["*"] : keys + ["self.*"]
        return Actor(
            column: column, person: person, permissions: PermissionSet(keys.compactMap(Permission.init)), bearer: bearer, cookie: cookie,
            csrf: csrf, wideKey: try await site.makeKey(all, as: bearer),
            narrowKey: try await site.makeKey(
                [
                    "media.read", "media.write", "chat.read", "chat.write", "conversations.create", "files.upload", "voice.join",
                    "self.read", "self.write",
                ], as: bearer))
    }
}

/// What a request brings to say who asks.
enum Credential: CaseIterable, Sendable {
    case bearer, cookie, cookieAlone, wideKey, narrowKey, unknownToken, unknownKey

    func headers(of actor: Actor?) -> HTTPHeaders {
        guard let actor else { return [:] }
        switch self {
        case .bearer: return ["Authorization": "Bearer \(actor.bearer)"]
        case .cookie: return ["Cookie": actor.cookie, "X-Foyer-CSRF": actor.csrf]
        case .cookieAlone: return ["Cookie": actor.cookie]
        case .wideKey: return ["Authorization": "Bearer \(actor.wideKey)"]
        case .narrowKey: return ["Authorization": "Bearer \(actor.narrowKey)"]
        case .unknownToken: return ["Authorization": "Bearer \(actor.bearer.dropLast(8))AAAAAAAA"]
        case .unknownKey: return ["Authorization": "Bearer \(actor.wideKey.dropLast(8))AAAAAAAA"]
        }
    }
}
