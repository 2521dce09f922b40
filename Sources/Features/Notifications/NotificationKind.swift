package import Kernel

/// A kind of notification: its defaults and its words.
package struct NotificationKind: Sendable {
    /// `friend.requested`
    package let key: String
    let defaults: NotificationPreference
    let sentence: @Sendable (NotificationText) -> LocalizedText

    /// - Parameters:
    ///   - inApp: whether it is in the centre by default.
    ///   - browser: whether the browser shows it by default.
    package init(
        _ key: String, inApp: Bool = true, browser: Bool = true, sentence: @escaping @Sendable (NotificationText) -> LocalizedText
    ) {
        (self.key, defaults, self.sentence) = (key, NotificationPreference(inApp: inApp, browser: browser), sentence)
    }
}

/// Where a person wants notifications of one kind.
struct NotificationPreference: Sendable, Hashable {
    /// Whether it is in the centre and counts as unread.
    var inApp: Bool
    /// Whether the browser shows it while the site is open.
    var browser: Bool
}

/// The values that a title is made of.
package struct NotificationText: Sendable {
    /// The display name of the last person who caused it; empty for none.
    package let actor: String
    /// How many events of the group it stands for.
    package let count: Int
    let arguments: JSONObject

    /// Empty for a missing value.
    package subscript(name: String) -> String { arguments[name]?.string ?? "" }
}

extension NotificationKind {
    /// The kinds that every site has; features add their own.
    static let known = friends + messages + account

    private static let friends = [
        NotificationKind("friend.requested") { text in
            LocalizedText(en: "\(text.actor) sent you a friend request", fr: "\(text.actor) vous a envoyé une demande d’ami")
        },
        NotificationKind("friend.accepted") { text in
            LocalizedText(en: "\(text.actor) accepted your friend request", fr: "\(text.actor) a accepté votre demande d’ami")
        },
        NotificationKind("friend.online", browser: false) { text in
            text.count == 1
                ? LocalizedText(en: "\(text.actor) is online", fr: "\(text.actor) est en ligne")
                : LocalizedText(en: "\(text.actor) and other friends came online", fr: "\(text.actor) et d’autres amis se sont connectés")
        },
    ]

    /// `place` is the name of a group or channel.
    private static let messages = [
        NotificationKind("message.direct") { text in
            let place = text["place"]
            if !place.isEmpty {
                return text.count == 1
                    ? LocalizedText(en: "\(text.actor) wrote in “\(place)”", fr: "\(text.actor) a écrit dans « \(place) »")
                    : LocalizedText(
                        en: "\(text.count) new messages in “\(place)”", fr: "\(text.count) nouveaux messages dans « \(place) »")
            }
            return text.count == 1
                ? LocalizedText(en: "\(text.actor) wrote to you", fr: "\(text.actor) vous a écrit")
                : LocalizedText(
                    en: "\(text.actor) sent you \(text.count) messages", fr: "\(text.actor) vous a envoyé \(text.count) messages")
        },
        NotificationKind("message.mention") { text in
            let place = text["place"]
            if text.count > 1 {
                return place.isEmpty
                    ? LocalizedText(en: "You were mentioned \(text.count) times", fr: "Vous avez été mentionné \(text.count) fois")
                    : LocalizedText(
                        en: "You were mentioned \(text.count) times in “\(place)”",
                        fr: "Vous avez été mentionné \(text.count) fois dans « \(place) »")
            }
            return place.isEmpty
                ? LocalizedText(en: "\(text.actor) mentioned you", fr: "\(text.actor) vous a mentionné")
                : LocalizedText(en: "\(text.actor) mentioned you in “\(place)”", fr: "\(text.actor) vous a mentionné dans « \(place) »")
        },
        NotificationKind("message.reaction", browser: false) { text in
            text.count == 1
                ? LocalizedText(
                    en: "\(text.actor) reacted \(text["emoji"]) to your message",
                    fr: "\(text.actor) a réagi \(text["emoji"]) à votre message")
                : LocalizedText(en: "\(text.count) reactions to your message", fr: "\(text.count) réactions à votre message")
        },
    ]

    private static let account = [
        NotificationKind("role.assigned") { text in
            LocalizedText(en: "You were given the role “\(text["role"])”", fr: "Le rôle « \(text["role"]) » vous a été attribué")
        },
        NotificationKind("role.revoked") { text in
            text["reason"] == "expired"
                ? LocalizedText(en: "Your role “\(text["role"])” has come to its end", fr: "Votre rôle « \(text["role"]) » a pris fin")
                : LocalizedText(en: "The role “\(text["role"])” was taken from you", fr: "Le rôle « \(text["role"]) » vous a été retiré")
        },
        NotificationKind("user.banned") { _ in
            LocalizedText(en: "The team banned you from the site", fr: "L’équipe vous a banni du site")
        },
    ]
}
