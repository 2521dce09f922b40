package import Runtime

/// One running site.
package struct Site {
    package static let version = "0.1.0"
    package enum OwnerChange: String { case add, remove }
    package struct AuditReport {
        package let text: String
        package let isSound: Bool
    }
    package static func serve(_ settings: Settings) async throws {}
    package static func demo(_ settings: Settings) async throws {}
    package static func migrate(_ settings: Settings) async throws -> String { "" }
    package static func owner(_ change: OwnerChange, _ name: String, _ settings: Settings) async throws -> String { "" }
    package static func verifyAudit(_ settings: Settings) async throws -> AuditReport { AuditReport(text: "", isSound: false) }
}
