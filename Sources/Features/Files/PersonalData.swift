package import FeatureKit
internal import Kernel

extension FilesFeature {
    /// What it holds of people.
    package static let personalData: [PersonalData] = [
        PersonalData(
            "uploads", ["owner_id"], en: "Uploads that are under way", fr: "Envois de fichiers en cours",
            retention: LocalizedText(en: "7 days", fr: "7 jours")),
        PersonalData(
            "files", ["owner_id"], en: "Files", fr: "Fichiers"),
        PersonalData(
            "file_usage", ["user_id"], en: "How much room files take", fr: "Place occupée par les fichiers"),
    ]
}
