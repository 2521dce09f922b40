package import Kernel

/// Something that a person did, or that was done to them, as their history keeps it.
package struct UserAction: Sendable {
    /// What it is about.
    package struct Target: Sendable, Hashable {
        /// `media`, `user`, `role`, `session`.
        package let kind: String
        package let id: Int64?

        package init(kind: String, id: Int64?) { (self.kind, self.id) = (kind, id) }

        package init<Entity>(_ kind: String, _ id: ID<Entity>) { self.init(kind: kind, id: id.rawValue) }
    }

    package let user: UserID
    /// `favorite.added`: a family, a dot and what happened.
    package let type: String
    package let target: Target
    package let detail: JSONObject
    /// Whether it is for the person alone.
    package let isPrivate: Bool

    package init(user: UserID, type: String, target: Target, detail: JSONObject = [:], isPrivate: Bool = false) {
        (self.user, self.type, self.target, self.detail, self.isPrivate) = (user, type, target, detail, isPrivate)
    }

    var family: String { Self.family(of: type) }

    static func family(of type: String) -> String { String(type.prefix { $0 != "." }) }
}
