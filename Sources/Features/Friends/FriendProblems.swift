package import Kernel

/// Why something between two people is refused.
package enum FriendProblems {
    /// 403, the same whether a person's privacy or a block refuses.
    package static let notAllowed = Problem(
        403, "not_allowed",
        LocalizedText(
            en: "This person does not accept this from you.", fr: "Cette personne n’accepte pas cela de votre part."))

    static let yourself = Problem.invalid(
        "/to", "self", LocalizedText(en: "This is yourself.", fr: "Il s’agit de vous."))

    static let blockingYourself = Problem.invalid(
        "/user", "self", LocalizedText(en: "You cannot block yourself.", fr: "Vous ne pouvez pas vous bloquer."))

    static let alreadyFriends = Problem.conflict(
        "already_friends", LocalizedText(en: "You are friends already.", fr: "Vous êtes déjà amis."))

    /// Of the one who asks; whom somebody else blocks is not told.
    static let blockedByYou = Problem.conflict(
        "blocked_by_you",
        LocalizedText(en: "You block this person. Unblock them first.", fr: "Vous bloquez cette personne. Débloquez-la d’abord."))

    static let requestClosed = Problem.conflict(
        "request_closed", LocalizedText(en: "This request has been answered already.", fr: "Cette demande a déjà reçu une réponse."))

    static let notYours = Problem.forbidden(
        "not_yours",
        LocalizedText(
            en: "Only the person who was asked answers a request, and only who sent it cancels it.",
            fr: "Seule la personne sollicitée répond à une demande, et seul son auteur l’annule."))

    static func tooManyFriends(_ limit: Int, isOwn: Bool) -> Problem {
        isOwn
            ? .conflict(
                "friend_limit",
                LocalizedText(en: "You have \(limit) friends, which is the limit.", fr: "Vous avez \(limit) amis, ce qui est la limite."))
            : .conflict(
                "friend_limit_of_other",
                LocalizedText(en: "This person cannot have more friends.", fr: "Cette personne ne peut pas avoir davantage d’amis."))
    }

    static func tooManyBlocks(_ limit: Int) -> Problem {
        .conflict(
            "block_limit",
            LocalizedText(
                en: "You block \(limit) people, which is the limit.", fr: "Vous bloquez \(limit) personnes, ce qui est la limite."))
    }

    /// - Parameter seconds: after which it is worth another try.
    static func tooManyPending(_ limit: Int, retryAfter seconds: Int) -> Problem {
        Problem(
            429, "too_many_requests_pending",
            LocalizedText(
                en: "\(limit) of your requests wait for an answer, which is the limit. Cancel some of them.",
                fr: "\(limit) de vos demandes attendent une réponse, ce qui est la limite. Annulez-en quelques-unes."),
            retryAfter: seconds)
    }

    static func tooManyToday(_ limit: Int, retryAfter seconds: Int) -> Problem {
        Problem(
            429, "too_many_requests_today",
            LocalizedText(
                en: "You have sent \(limit) requests within a day, which is the limit.",
                fr: "Vous avez envoyé \(limit) demandes en un jour, ce qui est la limite."), retryAfter: seconds)
    }
}
