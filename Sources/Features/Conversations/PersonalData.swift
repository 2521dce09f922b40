package import FeatureKit
internal import Kernel

extension ConversationsFeature {
    /// Its part of the register of personal data.
    package static let personalData: [PersonalData] = [
        PersonalData(
            "conversations", ["owner_id"], en: "Conversations", fr: "Conversations", erasure: .detached),
        PersonalData(
            "members", ["user_id"], en: "Who is in a conversation", fr: "Membres des conversations"),
        PersonalData(
            "messages", ["author_id", "deleted_by"], en: "Messages, sealed", fr: "Messages, chiffrés", erasure: .detached),
        PersonalData(
            "hidden_messages", ["author_id"], en: "Messages hidden by the team, sealed", fr: "Messages masqués par l’équipe, chiffrés",
            basis: .interest),
        PersonalData(
            "mentions", ["author_id"], en: "Mentions", fr: "Mentions"),
        PersonalData(
            "reactions", ["user_id"], en: "Reactions", fr: "Réactions"),
        PersonalData(
            "read_states", ["user_id"], en: "How far somebody has read", fr: "Position de lecture"),
        PersonalData(
            "drafts", ["user_id"], en: "Drafts, sealed", fr: "Brouillons, chiffrés"),
    ]
}
