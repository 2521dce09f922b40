internal import Kernel

extension GatewaySession {
    static let tokenExpired = Problem(
        401, "token_expired", LocalizedText(en: "Your session needs a new token.", fr: "Votre session demande un nouveau jeton."))

    static let otherPerson = Problem(
        409, "other_person",
        LocalizedText(
            en: "This token is somebody else’s. Open a new connection.",
            fr: "Ce jeton est celui d’une autre personne. Ouvrez une autre connexion."))

    static let unknownSubscription = Problem(
        404, "unknown_subscription",
        LocalizedText(en: "There is no subscription of this id.", fr: "Aucun abonnement ne porte cet identifiant."))

    static let tooManySubscriptions = Problem(
        422, "too_many_subscriptions", LocalizedText(en: "Too many subscriptions.", fr: "Trop d’abonnements."))

    static func tooManyWatched(_ limit: Int) -> Problem {
        Problem(
            422, "too_many_watched",
            LocalizedText(
                en: "The subscriptions of a session name at most \(limit) people.",
                fr: "Les abonnements d’une session nomment \(limit) personnes au plus."))
    }

    static let tooManyWatched = Problem(
        422, "too_many_watched",
        LocalizedText(
            en: "All your sessions together name too many people.", fr: "L’ensemble de vos sessions nomme trop de personnes."))

    static func tooManySearches(_ limit: Int) -> Problem {
        Problem(
            422, "too_many_searches",
            LocalizedText(
                en: "At most \(limit) subscriptions of a session search for a text.",
                fr: "\(limit) abonnements d’une session au plus cherchent un texte."))
    }

    static func unknownType(_ type: String) -> Problem {
        Problem(
            422, "unknown_type",
            LocalizedText(en: "There is no frame of this type.", fr: "Aucune trame n’est de ce type."),
            faults: [.init("/type", "unknown", LocalizedText(en: "There is no such type.", fr: "Ce type n’existe pas."))])
    }

    static func revoked(_ topic: String) -> Problem {
        Problem(
            403, "subscription_revoked",
            LocalizedText(en: "You may no longer follow this.", fr: "Vous ne pouvez plus suivre ceci."),
            extensions: [("topic", .string(topic))])
    }
}
