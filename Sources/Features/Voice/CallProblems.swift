internal import Kernel

/// Why something in a call is refused.
enum CallProblems {
    static let yourself = Problem.invalid("/to", "self", LocalizedText(en: "This is yourself.", fr: "Il s’agit de vous."))

    static let oneOfBoth = Problem.invalid(
        "/to", "required",
        LocalizedText(en: "Name either a person or a conversation.", fr: "Indiquez soit une personne, soit une conversation."))

    static let isOver = Problem.conflict("call_over", LocalizedText(en: "This call is over.", fr: "Cet appel est terminé."))

    static let answeredElsewhere = Problem.conflict(
        "answered_elsewhere",
        LocalizedText(en: "Another of your devices has answered.", fr: "Un autre de vos appareils a répondu."))

    static let notYours = Problem.forbidden(
        "not_yours",
        LocalizedText(
            en: "Only the person who is called answers a call, and only the caller cancels it.",
            fr: "Seule la personne appelée répond à un appel, et seul l’appelant l’annule."))

    static let notInCall = Problem.conflict(
        "not_in_call", LocalizedText(en: "This device is not in the call.", fr: "Cet appareil ne participe pas à l’appel."))

    static let keyReused = Problem(
        422, "key_reused", LocalizedText(en: "This key stands for another call.", fr: "Cette clé désigne un autre appel."))

    static let noPeer = Problem.conflict(
        "no_peer", LocalizedText(en: "The other person is not in the call yet.", fr: "L’autre personne n’a pas encore rejoint l’appel."))

    static let inAnotherCall = Problem.conflict(
        "in_call",
        LocalizedText(en: "You are in another call. Leave it first.", fr: "Vous participez à un autre appel. Quittez-le d’abord."))

    static let signalTooLarge = Problem.invalid(
        "/data", "too_long",
        LocalizedText(
            en: "A signal has at most \(VoiceFeature.signalBytes) bytes.",
            fr: "Un signal compte \(VoiceFeature.signalBytes) octets au plus."))

    static let noDevice = Problem.forbidden(
        "no_device", LocalizedText(en: "A call needs a session.", fr: "Un appel demande une session."))
}
