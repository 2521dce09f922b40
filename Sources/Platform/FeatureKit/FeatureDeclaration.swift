public import Database
public import Kernel
public import Runtime

/// What a feature is, as far as that is known before it is made.
public struct FeatureDeclaration: Sendable {
    /// Whether a site can do without the feature.
    public enum Module: Sendable, Hashable {
        /// Always on.
        case core
        /// Can be switched on and off while the site runs; `isOn` until somebody does.
        case optional(isOn: Bool)
    }

    /// Unique in the program, in small letters: `friends`. The name of the module, too.
    public let name: String
    /// What people call it.
    public let title: LocalizedText
    public let module: Module
    /// The steps of its tables. Each stands in the site's one order of migrations, too.
    public let migrations: [Migration]
    /// The permissions it adds to the registry.
    public let permissions: [Permission]
    /// What it writes to the audit log.
    public let auditActions: [AuditAction]
    /// What the owner sets for it at the program's start.
    public let settings: [Setting]

    public init(
        _ name: String, title: LocalizedText, module: Module = .optional(isOn: true), migrations: [Migration] = [],
        permissions: [Permission] = [], auditActions: [AuditAction] = [], settings: [Setting] = []
    ) {
        (self.name, self.title, self.module, self.migrations) = (name, title, module, migrations)
        (self.permissions, self.auditActions, self.settings) = (permissions, auditActions, settings)
    }
}

/// An act that the audit log names.
public struct AuditAction: Sendable, Hashable {
    /// `user.ban`
    public let key: String
    /// What its target is: `user`, `role`; nil for an act without one.
    public let target: String?
    /// What happened, in the past tense and without its subject: “banned a member”.
    public let sentence: LocalizedText

    public init(_ key: String, target: String?, en english: String, fr french: String) {
        (self.key, self.target, sentence) = (key, target, LocalizedText(en: english, fr: french))
    }
}
