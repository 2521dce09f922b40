internal import Kernel

/// The limits of conversations, and the problems beyond them.
enum ConversationLimits {
    static let members = 50
    static let content = 4000
    static let edits = 100
    static let pins = 50
    static let channels = 500
    static let categories = 50
    static let overwrites = 100
    /// Seconds.
    static let slowMode: ClosedRange<Int64> = 0...21_600

    static let tooManyMembers = Problem.conflict(
        "too_many_members",
        LocalizedText(en: "A group has at most \(members) people.", fr: "Un groupe compte au plus \(members) personnes."))
    static let notAGroup = Problem.conflict(
        "not_a_group", LocalizedText(en: "This works in a group only.", fr: "Cela n’est possible que dans un groupe."))
    static let tooManyEdits = Problem.conflict(
        "too_many_edits",
        LocalizedText(en: "A message is edited at most \(edits) times.", fr: "Un message se modifie au plus \(edits) fois."))
    static let tooManyPins = Problem.conflict(
        "too_many_pins",
        LocalizedText(en: "At most \(pins) messages are pinned here.", fr: "Au plus \(pins) messages sont épinglés ici."))
    static let tooManyEmojis = Problem.conflict(
        "too_many_emojis",
        LocalizedText(
            en: "At most \(ReactionEmoji.maximumOnMessage) different emojis on a message.",
            fr: "Au plus \(ReactionEmoji.maximumOnMessage) émojis différents par message."))

    static let tooManyChannels = Problem.conflict(
        "too_many_channels",
        LocalizedText(en: "A site has at most \(channels) channels.", fr: "Un site compte au plus \(channels) salons."))
    static let tooManyCategories = Problem.conflict(
        "too_many_categories",
        LocalizedText(en: "A site has at most \(categories) categories.", fr: "Un site compte au plus \(categories) catégories."))
    static let tooManyOverwrites = Problem.conflict(
        "too_many_overwrites",
        LocalizedText(
            en: "At most \(overwrites) roles and people are named here.", fr: "Au plus \(overwrites) rôles et personnes sont nommés ici."))
    static let categoryInUse = Problem.conflict(
        "category_in_use",
        LocalizedText(en: "Move or delete its channels first.", fr: "Déplacez ou supprimez d’abord ses salons."))

    static let isSystem = Problem.conflict(
        "system_message",
        LocalizedText(en: "System messages cannot be changed.", fr: "Les messages du système ne peuvent pas être modifiés."))

    static let isDeleted = Problem.conflict(
        "message_deleted", LocalizedText(en: "This message was deleted.", fr: "Ce message a été supprimé."))

    static func unknownUser(_ pointer: String) -> Problem {
        .invalid(pointer, "unknown_user", LocalizedText(en: "There is nobody of that name.", fr: "Personne ne porte ce nom."))
    }

    static func unknownMessage(_ pointer: String) -> Problem {
        .invalid(
            pointer, "unknown_message",
            LocalizedText(en: "There is no such message in this conversation.", fr: "Ce message n’est pas dans cette conversation."))
    }
}
