internal import Directory
internal import Kernel

/// What one person was before an act upon many changed them: what undoing gives back.
enum FormerState: Sendable, Hashable {
    /// The role was held, with the end and the reason that it had; nil: it was not.
    case role(Held?)
    /// The tag stood at this place; nil: there was none.
    case tag(place: Int?)
    case disabled(Bool)
    case ban(before: Banned?, after: Banned?)
    case deletion(deletedAt: Timestamp?, leftAt: Timestamp?)

    struct Held: Sendable, Hashable {
        var expiresAt: Timestamp?
        var reason: String?
    }

    struct Banned: Sendable, Hashable {
        var until: Timestamp?
        var reason: String?

        func hasEnded(at now: Timestamp) -> Bool { until.map { $0 <= now } ?? false }
    }

    var json: JSON {
        switch self {
        case .role(let held):
            ["role": held.map { ["expires_at": JSON($0.expiresAt?.milliseconds), "reason": JSON($0.reason)] } ?? .null]
        case .tag(let place): ["tag": JSON(place)]
        case .disabled(let isDisabled): ["disabled": .bool(isDisabled)]
        case .ban(let before, let after): ["ban": Self.json(before), "became": Self.json(after)]
        case .deletion(let deletedAt, let leftAt):
            ["deletion": ["deleted_at": JSON(deletedAt?.milliseconds), "left_at": JSON(leftAt?.milliseconds)]]
        }
    }

    /// Nil for what is not one: then it was written by another version.
    init?(_ json: JSON) {
        if let held = json["role"] {
            self = .role(held.isNull ? nil : Held(expiresAt: Self.time(held["expires_at"]), reason: held["reason"]?.string))
        } else if let place = json["tag"] {
            self = .tag(place: place.integer.map { Int($0) })
        } else if let isDisabled = json["disabled"]?.bool {
            self = .disabled(isDisabled)
        } else if let before = json["ban"] {
            self = .ban(before: Self.banned(before), after: json["became"].flatMap(Self.banned))
        } else if let deletion = json["deletion"] {
            self = .deletion(deletedAt: Self.time(deletion["deleted_at"]), leftAt: Self.time(deletion["left_at"]))
        } else {
            return nil
        }
    }

    private static func time(_ json: JSON?) -> Timestamp? { json?.integer.map { Timestamp(milliseconds: $0) } }

    private static func json(_ ban: Banned?) -> JSON {
        ban.map { ["until": JSON($0.until?.milliseconds), "reason": JSON($0.reason)] } ?? .null
    }

    private static func banned(_ json: JSON) -> Banned? {
        json.isNull ? nil : Banned(until: time(json["until"]), reason: json["reason"]?.string)
    }
}

extension Member {
    /// The ban that its row holds, ended or not.
    var ban: FormerState.Banned? { isBanned ? FormerState.Banned(until: bannedUntil, reason: banReason) : nil }
}
