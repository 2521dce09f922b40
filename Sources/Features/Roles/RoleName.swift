internal import Kernel
@_spi(_Unicode) internal import Swift

/// A role's name as people write it and as it is compared.
///
/// The standard library normalises strings to compare them but keeps the result to itself; the import above asks for it, since two databases cannot.
enum RoleName {
    static let length = 1...50

    /// NFC.
    static func normalize(_ name: String) -> String { String(String.UnicodeScalarView(name._nfc)) }

    /// NFC and lower case: unique among live roles.
    static func fold(_ name: String) -> String { normalize(name.lowercased()) }
}
