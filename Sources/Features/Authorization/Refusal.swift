package import Kernel

/// Why a change of roles is not allowed, or not as it stands.
package enum Refusal: Error, Hashable, Sendable {
    /// The role is not strictly below the actor's highest one.
    case roleNotBelow(name: String, priority: Int)
    /// The person's highest role is not strictly below the actor's.
    case personNotBelow
    /// What the actor does not hold, so cannot give.
    case cannotGrant([PermissionPattern])
    /// Denies can be added, and taken away, only for what the actor holds.
    case cannotDeny([Permission])
    /// Somebody who holds the role, directly or by inheritance, is not strictly below the actor.
    case holdersNotBelow
    /// `member` and `guest` would shut everybody out.
    case deniesForEverybody(role: String)
    case inheritsUnknown(index: Int)
    /// `inherits` only from strictly lower priority.
    case inheritsNotLower(index: Int, name: String)
    case inheritsCycle(index: Int)
    /// The new priority is not strictly below that of the roles that inherit this one.
    case heirsNotHigher([String])
    /// In the wanted order a role would not stand strictly above one that it inherits.
    case orderBreaksInheritance(heir: String, parent: String)
    /// Between two roles that keep their priority there are too few numbers; nil for the lowest place.
    case noRoomInOrder(above: String?)
    /// The roles that must let go of this one before it is deleted.
    case inherited(by: [String])
    /// What a system role's nature forbids: to delete it, rename it, move it.
    case systemRole(name: String)
    case ownerRole
    case notAssignable(name: String)
    case lastOwner
    case wouldLockOut
}

extension Refusal {
    package var problem: Problem {
        switch self {
        case .roleNotBelow(let name, let priority):
            .forbidden(
                "rank_too_low",
                LocalizedText(
                    en: "The role “\(name)” (priority \(priority)) is not below your own highest role.",
                    fr: "Le rôle « \(name) » (priorité \(priority)) n’est pas au-dessous de votre rôle le plus élevé."))
        case .personNotBelow:
            .forbidden(
                "rank_too_low",
                LocalizedText(
                    en: "This person’s highest role is not below yours.",
                    fr: "Le rôle le plus élevé de cette personne n’est pas au-dessous du vôtre."))
        case .cannotGrant(let patterns): Self.missing("cannot_grant", patterns.map(\.text), Self.grantText)
        case .cannotDeny(let permissions): Self.missing("cannot_deny", permissions.map(\.key), Self.denyText)
        case .holdersNotBelow:
            .forbidden(
                "holders_not_below",
                LocalizedText(
                    en: "Somebody who holds this role is not below you, so you cannot add a deny to it.",
                    fr: "Quelqu’un qui porte ce rôle n’est pas au-dessous de vous : vous ne pouvez pas y ajouter de refus."))
        case .lastOwner:
            .conflict(
                "last_owner",
                LocalizedText(en: "A site needs at least one owner.", fr: "Un site a besoin d’au moins un propriétaire."))
        case .wouldLockOut:
            .conflict(
                "would_lock_out",
                LocalizedText(
                    en: "After this nobody but the owner could manage roles. Repeat with “confirm”: true if that is what you want.",
                    fr: "Après cela, seul le propriétaire pourrait gérer les rôles. Répétez avec « confirm » : true si c’est voulu."))
        case .ownerRole:
            .forbidden(
                "owner_role",
                LocalizedText(
                    en: "Owners are made and unmade on the server only: foyer owner add | remove.",
                    fr: "Les propriétaires se nomment uniquement sur le serveur : foyer owner add | remove."))
        case .notAssignable(let name):
            .conflict(
                "not_assignable",
                LocalizedText(en: "The role “\(name)” is not given to persons.", fr: "Le rôle « \(name) » ne s’attribue pas."))
        case .systemRole, .inherited, .deniesForEverybody, .inheritsUnknown, .inheritsNotLower, .inheritsCycle, .heirsNotHigher,
            .orderBreaksInheritance, .noRoomInOrder:
            structure
        }
    }

    /// What is wrong with the role itself, whoever asks.
    private var structure: Problem {
        switch self {
        case .systemRole(let name):
            .conflict(
                "system_role",
                LocalizedText(
                    en: "“\(name)” is a system role: it keeps its name and its place and cannot be deleted.",
                    fr: "« \(name) » est un rôle système : il garde son nom et sa place et ne peut pas être supprimé."))
        case .inherited(let names):
            Problem(
                409, "role_inherited",
                LocalizedText(
                    en: "These roles inherit it and must let go of it first: \(names.joined(separator: ", ")).",
                    fr: "Ces rôles en héritent et doivent d’abord s’en détacher : \(names.joined(separator: ", "))."),
                extensions: [("heirs", .array(names.map(JSON.string)))])
        case .deniesForEverybody(let name):
            .invalid(
                "/denied", "denies_for_everybody",
                LocalizedText(
                    en: "“\(name)” carries no denies, inherited ones included: everybody would be shut out.",
                    fr: "« \(name) » ne porte aucun refus, même hérité : tout le monde serait exclu."))
        case .inheritsUnknown(let index):
            .invalid("/inherits/\(index)", "unknown_role", LocalizedText(en: "There is no such role.", fr: "Ce rôle n’existe pas."))
        case .inheritsNotLower(let index, let name):
            .invalid(
                "/inherits/\(index)", "not_lower",
                LocalizedText(
                    en: "“\(name)” must have a strictly lower priority to be inherited.",
                    fr: "« \(name) » doit avoir une priorité strictement plus basse pour être hérité."))
        case .inheritsCycle(let index):
            .invalid(
                "/inherits/\(index)", "cycle",
                LocalizedText(en: "A role cannot inherit itself.", fr: "Un rôle ne peut pas hériter de lui-même."))
        case .heirsNotHigher(let names):
            .invalid(
                "/priority", "heirs_not_higher",
                LocalizedText(
                    en: "Roles that inherit this one must stay above it: \(names.joined(separator: ", ")).",
                    fr: "Les rôles qui en héritent doivent rester au-dessus : \(names.joined(separator: ", "))."))
        case .orderBreaksInheritance(let heir, let parent):
            .invalid(
                "/order", "order_breaks_inheritance",
                LocalizedText(
                    en: "“\(heir)” inherits “\(parent)” and must stay above it.",
                    fr: "« \(heir) » hérite de « \(parent) » et doit rester au-dessus."))
        case .noRoomInOrder(let name):
            .conflict(
                "no_room",
                LocalizedText(
                    en: "There is no priority left \(name.map { "above “\($0)”" } ?? "at the lowest place").",
                    fr: "Il ne reste plus de priorité libre \(name.map { "au-dessus de « \($0) »" } ?? "à la dernière place")."))
        default: preconditionFailure("\(self) is told by problem")
        }
    }

    private static func grantText(_ list: String) -> LocalizedText {
        LocalizedText(
            en: "You cannot grant what you do not hold yourself: \(list).",
            fr: "Vous ne pouvez pas accorder ce que vous n’avez pas vous-même : \(list).")
    }

    private static func denyText(_ list: String) -> LocalizedText {
        LocalizedText(
            en: "You can add or lift a deny only for what you hold yourself: \(list).",
            fr: "Vous ne pouvez poser ou lever un refus que pour ce que vous avez vous-même : \(list).")
    }

    /// A 403 that names the first missing permission as others do, and all of them.
    private static func missing(_ code: String, _ keys: [String], _ text: (String) -> LocalizedText) -> Problem {
        Problem(
            403, code, text(keys.joined(separator: ", ")),
            extensions: [("permission", JSON(keys.first)), ("permissions", .array(keys.map(JSON.string)))])
    }
}
