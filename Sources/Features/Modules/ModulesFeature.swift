// Owns which optional modules of the site are on (`/modules`). Refuses to know what a module does: each feature asks its switch.
package import Audit
package import Database
internal import Directory
package import FeatureKit
internal import HTTP
package import Kernel
package import Roles
package import Web

/// The switches of the optional modules, kept in the site's settings.
package struct ModulesFeature: Feature {
    package static let declaration = FeatureDeclaration(
        "modules", title: LocalizedText(en: "Modules", fr: "Modules"), module: .core,
        auditActions: [
            AuditAction("module.update", target: "module", en: "{actor} switched a module", fr: "{actor} a activé ou désactivé un module")
        ])

    let database: any Database
    let audit: AuditLog
    let authorizer: Authorizer
    let switches: ModuleSwitches
    let declarations: [FeatureDeclaration]
    let settings = SiteSettings()
    let onSwitched: @Sendable () -> Void

    /// - Parameters:
    ///   - declarations: of every feature of the site.
    ///   - onSwitched: called when a module was switched; it must not block.
    package init(
        database: any Database, audit: AuditLog, authorizer: Authorizer, switches: ModuleSwitches, declarations: [FeatureDeclaration],
        onSwitched: @escaping @Sendable () -> Void
    ) {
        (self.database, self.audit, self.authorizer, self.switches) = (database, audit, authorizer, switches)
        (self.declarations, self.onSwitched) = (declarations, onSwitched)
    }

    package var routes: [Route] {
        [
            Route(.get, "/modules", .may(.settingsRead), ModuleShapes.list) { try await listModules($0) },
            Route(.patch, "/modules/{name}", .may(.settingsManage), ModuleShapes.switchModule, action: "module.update") {
                try await switchModule($0)
            },
        ]
    }

    /// Which optional modules are there, so that a client offers no others.
    package func snapshot(for scope: Scope) async throws -> [(String, JSON)] {
        let optional = declarations.filter { $0.module != .core }
        return [("modules", .object(optional.reduce(into: JSONObject()) { $0[$1.name] = .bool(switches.isOn($1.name)) }))]
    }

    /// Reads what the team chose; before the first request.
    package func load() async throws {
        let (version, chosen) = try await database.read { [settings, declarations] transaction in
            (
                try settings.version(in: transaction),
                try declarations.map { ($0, try settings.value(Self.name(of: $0), in: transaction)) }
            )
        }
        for (declaration, value) in chosen where declaration.module != .core {
            if let value { switches.set(declaration.name, isOn: value == "on", version: version) }
        }
    }

    static func name(of declaration: FeatureDeclaration) -> String { "module.\(declaration.name)" }
}
