internal import Audit
internal import Authorization
internal import Database
internal import Directory
internal import FeatureKit
internal import Kernel
internal import Roles
internal import Web

/// `GET /modules` and `PATCH /modules/{name}`
extension ModulesFeature {
    func listModules(_ call: Call) async throws -> Reply {
        .page(declarations.map { json($0, isOn: switches.isOn($0.name)) }, next: nil, total: nil)
    }

    func switchModule(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let given = input.bool("enabled", required: true)
        try input.finish()
        let isOn = try input.required(given)
        guard let declaration = declarations.first(where: { $0.name == call.parameter("name") }) else { throw Problem.notFound }
        guard declaration.module != .core else { throw Self.isCore }
        let scope = call.scope
        return try await call.mutate(database) { transaction in
            let version = try settings.lock(in: transaction) + 1
            guard try authorizer.rights(of: scope.userID, in: transaction).can(.settingsManage) else {
                throw Problem.forbidden(.settingsManage)
            }
            let name = Self.name(of: declaration)
            let wasOn = try settings.value(name, in: transaction).map { $0 == "on" } ?? (declaration.module == .optional(isOn: true))
            if wasOn != isOn {
                try settings.set(name, isOn ? "on" : "off", in: transaction)
                try audit.record(
                    "module.update", target: ("module", declaration.name),
                    payload: ["before": ["enabled": .bool(wasOn)], "after": ["enabled": .bool(isOn)]], result: .success, scope: scope,
                    in: transaction)
                transaction.afterCommit { [switches, onSwitched] in
                    switches.set(declaration.name, isOn: isOn, version: version)
                    onSwitched()
                }
            }
            return .json(200, json(declaration, isOn: isOn))
        }
    }

    private func json(_ declaration: FeatureDeclaration, isOn: Bool) -> JSON {
        [
            "name": .string(declaration.name),
            "title": ["en": .string(declaration.title.english), "fr": .string(declaration.title.french)],
            "is_core": .bool(declaration.module == .core), "enabled": .bool(isOn),
        ]
    }

    private static let isCore = Problem.conflict(
        "core_module",
        LocalizedText(en: "The site cannot do without this module.", fr: "Le site ne peut pas se passer de ce module."))
}
