internal import Kernel

/// The people and roles of `foyer demo`: made up from lists, the same on every machine.
enum DemoData {
    struct Person: Sendable {
        let username: String
        let displayName: String
        let locale: String
        let tags: [String]
        let roles: [String]
    }

    struct DemoRole: Sendable {
        let name: String
        let description: String
        let color: String
        let priority: Int
        let permissions: [String]
    }

    static let roles = [
        DemoRole(
            name: "Ciné-club", description: "Organise les séances du jeudi", color: "#4cc38a", priority: 150,
            permissions: ["chat.read", "chat.write", "media.write"]),
        DemoRole(
            name: "Critiques", description: "Écrit les critiques de la une", color: "#e58fd0", priority: 140,
            permissions: ["media.write", "media.read"]),
        DemoRole(
            name: "Translators", description: "Subtitles and summaries", color: "#8b9cff", priority: 130, permissions: ["media.manage"]),
        DemoRole(
            name: "Accueil", description: "Welcomes newcomers", color: "#f0b429", priority: 120,
            permissions: ["users.read", "presence.read"]),
        DemoRole(
            name: "Soutien", description: "Soutient le site chaque mois", color: "#e5734d", priority: 110, permissions: ["media.read"]),
    ]

    static let activities = [
        ("Playtime", "watching"), ("Les Demoiselles de Rochefort", "watching"), ("Le Samouraï", "watching"), ("Stalker", "watching"),
        ("Figma", "playing"), ("Outer Wilds", "playing"), ("Celeste", "playing"), ("Radio Nova", "listening"), ("Blender", "playing"),
    ]

    static let messages = [
        "En réunion", "Au café", "Back in ten", "Séance à 20 h", "Traduction en cours", "Writing a review", "Do not spoil!", "En vacances",
        "Popcorn prêt", "Rewatching the classics", "À la bibliothèque", "On a train",
    ]

    private static let firstNames = [
        "Alex", "Léa", "Noah", "Sofia", "Inès", "Hugo", "Chloé", "Malik", "Jade", "Louis", "Emma", "Yanis", "Zoé", "Tom", "Nina", "Oscar",
        "Lina", "Paul",
        "Maya", "Victor", "Alice", "Samir", "Rose", "Adam", "Eva", "Jules", "Anouk", "Leo", "Camille", "Ben", "Elsa", "Ravi", "Clara",
        "Max", "Ada", "Theo",
        "Ines", "Ivan", "Lou", "Sam",
    ]

    private static let lastNames = [
        "Martin", "Dubois", "Keller", "Rossi", "Moreau", "Haddad", "Lefèvre", "Nguyen", "Garnier", "Silva", "Roux", "Benali", "Fontaine",
        "Schmidt", "Marchand",
        "Costa", "Perrin", "Walker", "Morel", "Okafor", "Blanc", "Novak", "Girard", "Larsen", "Colin",
    ]

    static let count = 200

    /// The `index`th person; usernames do not repeat.
    static func person(_ index: Int) -> Person {
        let first = firstNames[index % firstNames.count]
        let last = lastNames[(index * 7 + index / firstNames.count) % lastNames.count]
        var roles: [String] = []
        if index % 60 == 0 { roles.append("role_mod") }
        if index % 45 == 1 { roles.append("role_staff") }
        for (place, role) in DemoData.roles.enumerated() where (index + place * 3) % (7 + place * 2) == 0 {
            roles.append("role_\(role.name)")
        }
        return Person(
            username: plain("\(first).\(last)") + (index >= 100 ? "\(index)" : ""), displayName: "\(first) \(last)",
            locale: index % 3 == 0 ? "en" : "fr", tags: index % 5 == 0 ? ["beta"] : [], roles: roles)
    }

    /// Lower case without accents.
    private static func plain(_ text: String) -> String {
        let accents: [Character: Character] = ["é": "e", "è": "e", "ï": "i", "ë": "e", "ç": "c", "ô": "o"]
        return String(text.lowercased().map { accents[$0] ?? $0 })
    }
}
