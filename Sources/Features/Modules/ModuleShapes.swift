internal import Web

/// What the routes of the modules take and answer.
enum ModuleShapes {
    private static let module = Shape.named(
        "Module",
        .object([
            "name": .text, "title": .object(["en": .text, "fr": .text]), "is_core": .bool, "enabled": .bool,
        ]))

    static let list = RouteShape("List the parts of the site, and which are on.", answers: [.ok(.whole(of: module))])

    static let switchModule = RouteShape(
        "Switch a part of the site on or off.", parameters: ["name": .string(1...100)], body: .json(.object(["enabled": .bool])),
        answers: [.ok(module)], refusals: [.conflict("core_module")], guards: [.idempotencyKey])
}
