internal import Authorization
internal import Kernel

/// The fields of a role as a body gives them: all of a new role, or a merge patch of one.
struct RoleInput: Sendable {
    private var given: Set<String> = []
    private var name = ""
    private var priority = 0
    private var description = ""
    private var color: String?
    private var icon: String?
    private var allowed: [PermissionPattern] = []
    private var denied: [PermissionPattern] = []
    /// UUIDs or `role_<name>`, resolved inside the transaction.
    private var inherits: [String] = []
    private var limits = RoleLimits.Patch()

    /// - Parameter isNew: then name, priority and permissions are required.
    init(_ input: inout Input, isNew: Bool) {
        readName(&input, isRequired: isNew)
        let range = Int64(RoleDefinition.priorities.lowerBound)...Int64(RoleDefinition.priorities.upperBound)
        if isGiven("priority", &input) || isNew { priority = Int(input.integer("priority", range, required: true) ?? 0) }
        if isGiven("description", &input) { description = input.string("description", length: 0...1000) ?? "" }
        if isGiven("icon", &input) { icon = input.icon("icon", length: 1...100) }
        if isGiven("color", &input) { readColor(&input) }
        if isGiven("permissions", &input) || isNew { allowed = input.patterns("permissions", required: isNew) ?? [] }
        if isGiven("denied", &input) { denied = input.patterns("denied") ?? [] }
        if isGiven("limits", &input) { limits = RoleLimits.Patch(&input) }
        if isGiven("inherits", &input) { inherits = input.strings("inherits", count: 0...50) ?? [] }
    }

    /// - Parameter resolve: the live role behind a reference.
    /// - Throws: 422 for roles to inherit that do not exist.
    func apply(to role: inout RoleRecord, resolve: (String) -> RoleID?) throws(Problem) {
        if given.contains("name") { role.definition.name = name }
        if given.contains("priority") { role.definition.priority = priority }
        if given.contains("description") { role.description = description }
        if given.contains("color") { role.color = color }
        if given.contains("icon") { role.icon = icon }
        if given.contains("limits") { limits.apply(to: &role.limits) }
        if given.contains("permissions") { role.definition.allowed = allowed }
        if given.contains("denied") { role.definition.denied = denied }
        guard given.contains("inherits") else { return }
        var faults: [Problem.Fault] = []
        var parents: [RoleID] = []
        for (index, reference) in inherits.enumerated() {
            guard let id = resolve(reference) else {
                faults.append(Problem.Fault("/inherits/\(index)", "unknown_role", Self.unknownRole(reference)))
                continue
            }
            if !parents.contains(id) { parents.append(id) }
        }
        guard faults.isEmpty else { throw .invalid(faults) }
        role.definition.inherits = parents
    }

    static func unknownRole(_ reference: String) -> LocalizedText {
        LocalizedText(en: "There is no role “\(reference)”.", fr: "Le rôle « \(reference) » n’existe pas.")
    }

    private mutating func isGiven(_ field: String, _ input: inout Input) -> Bool {
        guard input.has(field) else { return false }
        given.insert(field)
        return true
    }

    private mutating func readName(_ input: inout Input, isRequired: Bool) {
        guard isGiven("name", &input) || isRequired, let text = input.name("name", length: RoleName.length, required: true) else {
            return
        }
        name = text
    }

    private mutating func readColor(_ input: inout Input) {
        color = input.string("color")?.lowercased()
        guard let color, color.utf8.count != 7 || !color.hasPrefix("#") || Hex.decode(color.dropFirst()) == nil else { return }
        input.fail(
            "color", "color", LocalizedText(en: "A colour such as #3366ff is expected.", fr: "Une couleur telle que #3366ff est attendue."))
    }
}
