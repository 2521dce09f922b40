package import FeatureKit
internal import Kernel

extension RolesFeature {
    /// Its part of the register of personal data.
    package static let personalData: [PersonalData] = [
        PersonalData(
            "user_roles", ["user_id", "assigned_by", "revoked_by"], en: "Roles: which, since when, given by whom",
            fr: "Rôles : lesquels, depuis quand, donnés par qui"),
        PersonalData(
            "role_holders", ["user_id"], en: "Roles of each person, together", fr: "Rôles de chaque personne, réunis"),
        PersonalData(
            "user_overrides", ["user_id", "set_by"], en: "Rights given or taken one by one", fr: "Droits donnés ou retirés un à un"),
        PersonalData(
            "user_override_versions", ["user_id", "actor_user_id"], en: "What these were before", fr: "Leurs versions précédentes",
            basis: .interest),
        PersonalData(
            "role_versions", ["actor_user_id"], en: "Who changed a role", fr: "L’auteur d’un changement de rôle", basis: .interest,
            erasure: .detached),
    ]
}
