package import Kernel

/// An action of a person, or one that concerns them, in their history.
package struct UserAction: Sendable {
    /// The object of the action.
    package struct Target: Sendable, Hashable {
        /// `media`, `user`, `role`, `session`.
        package let kind: String
        package let id: Int64?

        package init(kind: String, id: Int64?) { (self.kind, self.id) = (kind, id) }

        package init<Entity>(_ kind: String, _ id: ID<Entity>) { self.init(kind: kind, id: id.rawValue) }
    }

    package let user: UserID
    /// The family and the event: `favorite.added`.
    package let type: String
    package let target: Target
    package let detail: JSONObject
    /// Whether only the person sees it.
    package let isPrivate: Bool

    package init(user: UserID, type: String, target: Target, detail: JSONObject = [:], isPrivate: Bool = false) {
        (self.user, self.type, self.target, self.detail, self.isPrivate) = (user, type, target, detail, isPrivate)
    }

    var family: String { Self.family(of: type) }

    static func family(of type: String) -> String { String(type.prefix { $0 != "." }) }
}
