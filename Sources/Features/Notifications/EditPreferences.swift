internal import Database
internal import Kernel
internal import Web

/// `GET` and `PATCH /notifications/preferences`
extension NotificationsFeature {
    func readPreferences(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireUser()
        var query = try call.query
        try query.finish()
        return try await database.read { [centre] in .json(200, try Self.preferences(of: user, centre, in: $0)) }
    }

    func editPreferences(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireUser()
        let changes = try Self.changes(try call.body(), centre)
        let (scope, now) = (call.scope, clock.now())
        return try await call.mutate(database) { [centre] transaction in
            let chosen = try PreferenceTable.preferences(of: user, in: transaction)
            for (key, change) in changes {
                guard let defaults = centre.kinds[key]?.defaults else { continue }
                var preference = change.isReset ? defaults : chosen[key] ?? defaults
                if let inApp = change.inApp { preference.inApp = inApp }
                if let browser = change.browser { preference.browser = browser }
                try PreferenceTable.put(preference, of: user, key, in: transaction)
            }
            let all = try Self.preferences(of: user, centre, in: transaction)
            if !changes.isEmpty {
                centre.signal(user, "notification.preferences", ["kinds": all["kinds"] ?? .null], scope.requestID, at: now, in: transaction)
            }
            return .json(200, all)
        }
    }

    private struct Change: Sendable {
        var inApp: Bool?
        var browser: Bool?
        var isReset = false
    }

    /// - Throws: 422 with every fault, unknown kinds among them.
    private static func changes(_ body: JSON, _ centre: NotificationCentre) throws(Problem) -> [(String, Change)] {
        var input = try Input(body)
        guard let kinds = input.raw("kinds")?.object else {
            input.fail("kinds", "required", LocalizedText(en: "An object is expected.", fr: "Un objet est attendu."))
            try input.finish()
            return []
        }
        var changes: [(String, Change)] = []
        for (key, value) in kinds {
            guard key.utf8.count <= 100, centre.kinds[key] != nil else {
                let place = "kinds"
                input.fail(
                    place, "unknown_kind",
                    LocalizedText(
                        en: "There is no kind “\(key.cut(to: 100))”.", fr: "Le genre « \(key.cut(to: 100)) » n’existe pas."))
                continue
            }
            if value.isNull {
                changes.append((key, Change(isReset: true)))
                continue
            }
            var part = try Input(value, at: "/kinds/\(key.asPointerPart)")
            changes.append((key, Change(inApp: part.bool("in_app"), browser: part.bool("browser"))))
            try part.finish()
        }
        try input.finish()
        return changes
    }

    /// Of every kind, as chosen or by default.
    private static func preferences(of user: UserID, _ centre: NotificationCentre, in transaction: Transaction) throws -> JSON {
        let chosen = try PreferenceTable.preferences(of: user, in: transaction)
        var kinds = JSONObject()
        for key in centre.kindKeys {
            guard let preference = chosen[key] ?? centre.kinds[key]?.defaults else { continue }
            kinds.append(key, ["in_app": .bool(preference.inApp), "browser": .bool(preference.browser)])
        }
        return ["kinds": .object(kinds)]
    }
}
