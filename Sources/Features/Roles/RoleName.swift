internal import Authorization
internal import Kernel

/// A role's name as it is compared.
enum RoleName {
    static let length = 1...50

    /// NFC and lower case: unique among live roles.
    static func fold(_ name: String) -> String { name.lowercased().nfc }

    private static let systemSkeletons = Set(SystemRole.allCases.map { NameText.skeleton($0.rawValue) })

    /// Whether a name looks like a system role's, whoever reads it.
    static func looksLikeSystemRole(_ name: String) -> Bool { systemSkeletons.contains(NameText.skeleton(name)) }
}
