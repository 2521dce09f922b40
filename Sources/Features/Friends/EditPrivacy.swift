internal import Database
internal import Directory
internal import Kernel
internal import Web

/// `GET` and `PATCH /users/me/privacy`
extension FriendsFeature {
    func readPrivacy(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireUser()
        var query = try call.query
        try query.finish()
        let settings = try await database.read { try PrivacyTable.settings(of: user, in: $0) }
        return Reply.json(200, .object(settings.json)).tagged(version: settings.version)
    }

    func editPrivacy(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireUser()
        var input = try Input(try call.body())
        let profile = input.choice("profile", PrivacySettings.Profile.self)
        let befriend = input.choice("befriend", PrivacySettings.Befriend.self)
        let write = input.choice("write", PrivacySettings.Contact.self)
        let called = input.choice("call", PrivacySettings.Contact.self)
        let history = input.choice("history", PrivacySettings.History.self)
        let receipts = input.bool("receipts")
        try input.finish()
        let (scope, now) = (call.scope, clock.now())
        return try await call.mutate(database) { [self] transaction in
            try directory.lock(user, in: transaction)
            var settings = try PrivacyTable.settings(of: user, in: transaction)
            try call.checkIfMatch(version: settings.version)
            let before = settings
            if let profile { settings.profile = profile }
            if let befriend { settings.befriend = befriend }
            if let write { settings.write = write }
            if let called { settings.call = called }
            if let history { settings.history = history }
            if let receipts { settings.receipts = receipts }
            if settings != before {
                settings.version += 1
                try PrivacyTable.put(settings, of: user, in: transaction)
                tell(user, "privacy.updated", ["privacy": .object(settings.json)], scope: scope, at: now, in: transaction)
            }
            return Reply.json(200, .object(settings.json)).tagged(version: settings.version)
        }
    }
}
