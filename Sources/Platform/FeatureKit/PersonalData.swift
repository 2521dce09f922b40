public import Kernel

/// A table that holds something of a person: why it is kept, for how long, and what becomes of it when they go.
public struct PersonalData: Sendable, Hashable {
    /// Why it may be kept (GDPR, article 6).
    public enum Basis: String, Sendable, CaseIterable {
        /// The account cannot be without it.
        case contract
        /// The site's own interest, as its safety.
        case interest
        case consent
    }

    /// What erasing a person does with it.
    public enum Erasure: String, Sendable, CaseIterable {
        /// The rows go.
        case deleted
        /// The rows stay without the person, or with a number that is nobody's any more.
        case detached
        /// It goes by itself when its time is over.
        case expires
        /// It stays: the audit log.
        case kept
    }

    public let table: String
    /// Those that name a person or hold what is theirs.
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

    public static func days(_ count: Int) -> LocalizedText { LocalizedText(en: "\(count) days", fr: "\(count) jours") }
}
