internal import Kernel
internal import Sanctions

/// What may be done to many people at once; each of it is also an act upon one.
enum BulkAction: Sendable, Hashable {
    case giveRole(RoleID)
    case takeRole(RoleID)
    case addTag(String)
    case removeTag(String)
    case disable
    case enable
    /// Nil is for good.
    case ban(seconds: Int64?)
    case unban
    case delete
    case restore

    enum Name: String, Sendable, CaseIterable {
        case giveRole = "give_role"
        case takeRole = "take_role"
        case addTag = "add_tag"
        case removeTag = "remove_tag"
        case disable, enable, ban, unban, delete, restore
    }

    var name: Name {
        switch self {
        case .giveRole: .giveRole
        case .takeRole: .takeRole
        case .addTag: .addTag
        case .removeTag: .removeTag
        case .disable: .disable
        case .enable: .enable
        case .ban: .ban
        case .unban: .unban
        case .delete: .delete
        case .restore: .restore
        }
    }

    /// What it needs of who asks, beside the rank over each person.
    var permission: Permission {
        switch self {
        case .giveRole, .takeRole: .rolesAssign
        case .addTag, .removeTag: .usersUpdate
        case .disable, .enable: .usersDisable
        case .ban, .unban: .moderationBan
        case .delete, .restore: .usersDelete
        }
    }

    /// What undoing it is called; each person gets back what they were before.
    var inverse: BulkAction {
        switch self {
        case .giveRole(let role): .takeRole(role)
        case .takeRole(let role): .giveRole(role)
        case .addTag(let tag): .removeTag(tag)
        case .removeTag(let tag): .addTag(tag)
        case .disable: .enable
        case .enable: .disable
        case .ban: .unban
        case .unban: .ban(seconds: nil)
        case .delete: .restore
        case .restore: .delete
        }
    }
}

/// The action with its words, as it is asked for and as it is kept.
struct BulkOrder: Sendable, Hashable {
    let action: BulkAction
    let reason: String?

    /// - Parameter role: finds the role that a reference names.
    init(_ input: inout Input, role: (String) throws -> RoleID?) throws {
        let name = input.choice("action", BulkAction.Name.self, required: true)
        reason = input.string("reason", length: name == .ban ? 1...500 : 0...500, required: name == .ban)
        switch name {
        case .giveRole, .takeRole:
            let reference = input.string("role", length: 1...200, required: true)
            let found = try reference.flatMap(role)
            if let reference, found == nil {
                input.fail(
                    "role", "unknown_role",
                    LocalizedText(en: "There is no role “\(reference)”.", fr: "Le rôle « \(reference) » n’existe pas."))
            }
            let id = found ?? RoleID(rawValue: 0)
            action = name == .giveRole ? .giveRole(id) : .takeRole(id)
        case .addTag, .removeTag:
            let tag = input.name("tag", length: 1...40, required: true) ?? ""
            action = name == .addTag ? .addTag(tag) : .removeTag(tag)
        case .ban: action = .ban(seconds: input.integer("duration_s", SanctionLimits.seconds))
        case .disable: action = .disable
        case .enable: action = .enable
        case .unban: action = .unban
        case .delete: action = .delete
        case .restore, nil: action = .restore
        }
    }

    init(_ action: BulkAction, reason: String?) { (self.action, self.reason) = (action, reason) }

    /// In the words of the request, so that it reads back by `init(_:role:)`.
    var json: JSONObject {
        var object: JSONObject = ["action": .string(action.name.rawValue)]
        switch action {
        case .giveRole(let role), .takeRole(let role): object.append("role", JSON(role))
        case .addTag(let tag), .removeTag(let tag): object.append("tag", .string(tag))
        case .ban(let seconds): object.append("duration_s", JSON(seconds))
        default: break
        }
        object.append("reason", JSON(reason))
        return object
    }

    /// - Throws: a fault of ours: what we stored reads back.
    init(stored text: String) throws {
        var input = try Input(try JSONParser.parse(own: Array(text.utf8)))
        try self.init(&input) { RoleID(uuid: $0) }
        try input.finish()
    }
}
