internal import Kernel

/// The fields of a member that a file can fill.
enum MemberField: String, CaseIterable, Sendable {
    case username
    case displayName = "display_name"
    case firstName = "first_name"
    case lastName = "last_name"
    case email, roles, tags, locale, bio
    case passwordHash = "password_hash"

    /// Folded names of columns that are mapped to the field by themselves.
    private var aliases: [String] {
        switch self {
        case .username:
            [
                "username", "user name", "login", "pseudo", "pseudonyme", "identifiant", "nom d utilisateur", "utilisateur", "user",
                "nickname",
            ]
        case .displayName:
            ["display name", "name", "full name", "nom affiche", "nom complet", "nom et prenom", "prenom et nom", "prenom nom"]
        case .firstName: ["first name", "given name", "prenom"]
        case .lastName: ["last name", "family name", "surname", "nom de famille"]
        case .email:
            [
                "email", "e mail", "mail", "courriel", "adresse e mail", "adresse email", "adresse mail", "email address", "e mail address",
                "adresse de courriel", "adresse electronique",
            ]
        case .roles: ["roles", "role", "groupes", "groupe", "groups", "group"]
        case .tags: ["tags", "tag", "etiquettes", "etiquette", "labels"]
        case .locale: ["locale", "language", "langue", "lang"]
        case .bio: ["bio", "about", "a propos", "description", "presentation"]
        case .passwordHash: ["password hash", "hash"]
        }
    }

    /// The mapping that follows from the columns' names. “Nom” is the family name beside a column of first names, else the whole name.
    static func mapping(of columns: [String]) -> [MemberField: String] {
        let folded = columns.map(fold)
        func column(_ names: [String]) -> String? { names.lazy.compactMap { folded.firstIndex(of: $0) }.first.map { columns[$0] } }
        var mapping: [MemberField: String] = [:]
        for field in allCases { mapping[field] = column(field.aliases) }
        if let name = column(["nom"]) {
            if mapping[.firstName] == nil {
                mapping[.displayName] = mapping[.displayName] ?? name
            } else {
                mapping[.lastName] = mapping[.lastName] ?? name
            }
        }
        return mapping
    }

    private static func fold(_ name: String) -> String {
        let words = name.searchFold.utf8.split {
            !(UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0)
        }
        return words.map { String(Substring($0)) }.joined(separator: " ")
    }
}
