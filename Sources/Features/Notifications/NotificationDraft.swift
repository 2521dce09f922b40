package import Kernel

/// A notification to be created.
package struct NotificationDraft: Sendable {
    package var to: UserID
    /// The key of a kind: `message.direct`.
    package var kind: String
    /// Unread notifications of one key are one row with a count: `message.direct:<conversation>`.
    package var groupKey: String
    /// The person who caused it; nil for the site. People are not notified of their own actions, nor of those of people whom they block.
    package var actor: UserID?
    /// The path on the site that it opens.
    package var url: String
    /// The values in its title (`role`, `emoji`, `place`), and `text`, a few words below the title. Stored encrypted.
    package var arguments: JSONObject
    /// How many events it stands for.
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
