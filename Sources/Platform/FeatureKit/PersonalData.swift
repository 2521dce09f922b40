public import Kernel

/// A table with personal data: the legal basis, the retention, and the effect of erasing a person.
public struct PersonalData: Sendable, Hashable {
    /// The legal basis (GDPR, article 6).
    public enum Basis: String, Sendable, CaseIterable {
        /// The account needs it.
        case contract
        /// A legitimate interest of the site, such as its safety.
        case interest
        case consent
    }

    /// The effect of erasing a person.
    public enum Erasure: String, Sendable, CaseIterable {
        /// The rows are deleted.
        case deleted
        /// The rows stay; their reference to the person is cleared, or refers to no account.
        case detached
        /// The rows are deleted when their retention ends.
        case expires
        /// The rows stay unchanged: the audit log.
        case kept
    }

    public let table: String
    /// The columns that name a person or hold their data.
    public let columns: [String]
    public let what: LocalizedText
    public let basis: Basis
    public let retention: LocalizedText
    public let erasure: Erasure

    public init(
        _ table: String, _ columns: [String], en english: String, fr french: String, basis: Basis = .contract,
        retention: LocalizedText = .asTheAccount, erasure: Erasure = .deleted
    ) {
        (self.table, self.columns, what) = (table, columns, LocalizedText(en: english, fr: french))
        (self.basis, self.retention, self.erasure) = (basis, retention, erasure)
    }
}

extension LocalizedText {
    public static let asTheAccount = LocalizedText(en: "As long as the account", fr: "Aussi longtemps que le compte")

    public static func days(_ count: Int) -> LocalizedText {
        let ending = count == 1 ? "" : "s"
        return LocalizedText(en: "\(count) day\(ending)", fr: "\(count) jour\(ending)")
    }
}
