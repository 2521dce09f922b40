package import FeatureKit
internal import Kernel

extension MediaFeature {
    /// Its part of the register of personal data.
    package static let personalData: [PersonalData] = [
        PersonalData(
            "media_marks", ["user_id"], en: "Favourites, likes, ratings", fr: "Favoris, j’aime, notes"),
        PersonalData(
            "media_states", ["user_id"], en: "The state of each title", fr: "L’état de chaque titre"),
        PersonalData(
            "plays", ["user_id"], en: "What was seen", fr: "Titres vus"),
        PersonalData(
            "media_imports", ["author_id"], en: "Who imported titles", fr: "L’auteur d’une importation de titres", basis: .interest),
        PersonalData(
            "media_overrides", ["author_id"], en: "Who edited a title", fr: "L’auteur d’une modification de titre", basis: .interest,
            erasure: .detached),
        PersonalData(
            "media_runs", ["author_id"], en: "Who began an update of the catalogue", fr: "L’auteur d’une mise à jour du catalogue",
            basis: .interest, erasure: .detached),
    ]
}
