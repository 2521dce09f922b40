/// Who asks, with which effective rights, and from where; made once a request by authentication, nothing in it comes from the client's word.
public struct Scope: Sendable {
    /// The person; nil when nobody signed in (a guest).
    public var userID: UserID?
    /// The session, or the API key: what a revocation ends, with the sockets that it opened.
    public var sessionID: SessionID?
    /// The API key that the request bears; nil when the person is here themselves.
    public var key: KeyLimits?
    public var permissions: PermissionSet
    /// Exempt from denies; may manage everybody but other owners' ownership.
    public var isOwner: Bool
    /// The highest priority among the active roles; only strictly lower ones can be managed. `Int.min` without a role.
    public var rank: Int
    public var language: Language
    public var requestID: String
    /// The peer's address, believed only through configured proxies.
    public var address: String
    public var userAgent: String

    public init(
        userID: UserID? = nil, sessionID: SessionID? = nil, permissions: PermissionSet = PermissionSet(), isOwner: Bool = false,
        rank: Int = .min, language: Language = .english, requestID: String = "", address: String = "", userAgent: String = ""
    ) {
        (self.userID, self.sessionID, self.permissions, self.isOwner, self.rank) = (userID, sessionID, permissions, isOwner, rank)
        (self.language, self.requestID, self.address, self.userAgent) = (language, requestID, address, userAgent)
    }

    public func can(_ permission: Permission) -> Bool { permissions.contains(permission) }

    /// - Throws: 401 without a person, 403 without the permission.
    public func require(_ permission: Permission) throws(Problem) {
        guard can(permission) else { throw userID == nil ? .unauthenticated : .forbidden(permission) }
    }

    /// - Throws: 401 without a person.
    public func requireUser() throws(Problem) -> UserID {
        guard let userID else { throw .unauthenticated }
        return userID
    }

    /// - Throws: 401 without a person, 403 for an API key: it may not touch what would make it more than a key.
    public func requireWithoutAPIKey() throws(Problem) -> UserID {
        let user = try requireUser()
        guard key == nil else { throw .apiKeyRefused }
        return user
    }

    /// What the person may do with their own account, a key only as far as its scopes say so.
    ///
    /// - Throws: 401 without a person, 403 for a key without the scope.
    public func requireOwn(_ access: OwnAccess) throws(Problem) -> UserID {
        let user = try requireUser()
        if let key, !key.covers(access) { throw .keyScopeMissing(access) }
        return user
    }

    /// Who answers for the request: the key, or the person; their numbers come from one sequence.
    public var principal: Int64 { key?.id.rawValue ?? userID?.rawValue ?? 0 }
}

/// What a key needs for its person's own account: no permission says so, because everybody may do it who is signed in.
public enum OwnAccess: String, Hashable, Sendable, CaseIterable {
    case read = "self.read"
    case write = "self.write"
}

/// What makes a signed request one that does its work once.
public struct RequestNonce: Hashable, Sendable {
    public let text: String
    /// From then on the request is refused for its age.
    public let expiresAt: Timestamp
    /// Random: tells this request from another with the same nonce.
    public let claim: Int64

    public init(_ text: String, expiresAt: Timestamp) {
        (self.text, self.expiresAt, claim) = (text, expiresAt, Int64.random(in: .min ... .max))
    }
}

/// An API key as a request bears it.
public struct KeyLimits: Hashable, Sendable {
    public let id: APIKeyID
    /// What it may do at most, as roles name permissions (`users.*`); the person's rights of now bound it besides.
    public let patterns: [String]
    /// Tells the secret that was shown from those that came after it.
    public let rotatedAt: Timestamp?
    /// Of a signed request: what changes something spends it.
    public let nonce: RequestNonce?

    public init(id: APIKeyID, patterns: [String], rotatedAt: Timestamp? = nil, nonce: RequestNonce? = nil) {
        (self.id, self.patterns, self.rotatedAt, self.nonce) = (id, patterns, rotatedAt, nonce)
    }

    func covers(_ access: OwnAccess) -> Bool { patterns.contains { [access.rawValue, "self.*", "*"].contains($0) } }
}
