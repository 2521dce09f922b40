package import Kernel

/// Something to tell one person.
package struct NotificationDraft: Sendable {
    package var to: UserID
    /// The key of a kind: `message.direct`.
    package var kind: String
    /// What is unread under the same key is one notification, counted up: `message.direct:<conversation>`.
    package var groupKey: String
    /// Who did it; nil for the site. Nobody is told of what they did themselves, nor of what somebody did whom they block.
    package var actor: UserID?
    /// Where it leads, as a path on the site.
    package var url: String
    /// What its title speaks of (`role`, `emoji`, `place`), and `text`: a few words below it. Lies sealed.
    package var arguments: JSONObject
    /// How many came at once.
    package var count: Int
    /// The request that caused it.
    package var requestID: String

    package init(
        to: UserID, kind: String, groupKey: String, actor: UserID? = nil, url: String, arguments: JSONObject = [:],
        count: Int = 1, requestID: String = ""
    ) {
        (self.to, self.kind, self.groupKey, self.actor) = (to, kind, groupKey, actor)
        (self.url, self.arguments, self.count, self.requestID) = (url, arguments, count, requestID)
    }
}
