internal import FeatureKit
internal import Kernel

/// The part of the register of personal data that belongs to no feature.
let platformPersonalData = [
    PersonalData(
        "audience_members", ["user_id"], en: "Whom an event reached", fr: "Destinataires d’un événement",
        retention: LocalizedText(en: "A day after the conversation was left", fr: "Un jour après avoir quitté la conversation"),
        erasure: .expires),
    PersonalData(
        "idempotency_keys", ["principal"], en: "Answers to repeated requests, sealed", fr: "Réponses aux requêtes répétées, chiffrées",
        retention: LocalizedText(en: "A day", fr: "Un jour"), erasure: .expires),
    PersonalData(
        "outbox", ["members"], en: "Events of the last day", fr: "Événements de la dernière journée",
        retention: LocalizedText(en: "A day", fr: "Un jour"), erasure: .expires),
]
