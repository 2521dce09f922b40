package import FeatureKit
internal import Kernel

extension FilesFeature {
    /// Its part of the register of personal data.
    package static let personalData: [PersonalData] = [
        PersonalData(
            "uploads", ["owner_id"], en: "Uploads that are under way", fr: "Envois de fichiers en cours",
            retention: .days(1)),
        PersonalData(
            "files", ["owner_id"], en: "Files", fr: "Fichiers"),
        PersonalData(
            "file_usage", ["user_id"], en: "How much room files take", fr: "Place occupée par les fichiers"),
    ]
}
