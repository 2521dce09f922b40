package import Database
internal import Directory
package import Kernel
internal import Roles
internal import Web

/// `DELETE /users/{id}/totp`
extension AccountsFeature {
    /// One's own, with password and code; with `users.reset_factor` that of somebody below who lost theirs.
    func removeFactor(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireWithoutAPIKey()
        let (reference, scope) = (call.parameter("id"), call.scope)
        let target = try await database.read { [directory] in
            try directory.resolve(reference, ownOr: .usersResetFactor, scope: scope, in: $0)
        }
        if target == user { return try await removeOwnFactor(user, call) }
        var input = try Input(try call.body())
        let reason = input.string("reason", length: 0...500)
        try input.finish()
        return try await call.mutate(database) { [self] transaction in
            try authorizer.requireMayManage(scope, target: target, requiring: [.usersResetFactor], in: transaction)
            try resetFactor(of: target, reason: reason, scope: scope, in: transaction)
            return .noContent
        }
    }

    /// Takes the factor off an account whose person cannot: for the team, and for the command line.
    ///
    /// - Throws: 404 when there is none.
    package func resetFactor(of user: UserID, reason: String?, scope: Scope, in transaction: Transaction) throws {
        try lockUser(user, in: transaction)
        guard try factors.remove(user, in: transaction) else { throw Problem.notFound }
        try record(
            "totp.reset", on: user, payload: ["before": ["enrolled": true], "after": ["enrolled": false], "reason": JSON(reason)],
            scope: scope, in: transaction)
    }

    private func removeOwnFactor(_ user: UserID, _ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let password = input.string("password", length: 1...Password.maximum, required: true, trimmed: false)
        let given = input.string("code", length: 1...40, required: true)
        try input.finish()
        let (scope, code) = (call.scope, OneTimeCode(try input.required(given)))
        let (member, hasFactor) = try await database.read { [directory, factors] in
            (try directory.member(user, in: $0), try factors.find(user, in: $0)?.confirmedAt != nil)
        }
        guard hasFactor else { throw Problem.notFound }
        try await checkPassword(try input.required(password), of: member, at: "/password", scope: scope)
        let address = addressKey(scope.address)
        let verdict = try await database.write { [self] transaction in
            try lockUser(user, in: transaction)
            let verdict = try checkFactor(code, of: user, from: address, in: transaction)
            guard case .accepted(let means) = verdict else { return verdict }
            _ = try factors.remove(user, in: transaction)
            try record(
                "totp.remove", on: user,
                payload: ["before": ["enrolled": true], "after": ["enrolled": false], "second_factor": .string(means)], scope: scope,
                in: transaction)
            return verdict
        }
        if case .wrong = verdict { try await recordWrongFactor("totp.remove", of: user, scope: scope) }
        if let problem = Self.problem(inForm: verdict) { throw problem }
        return .noContent
    }
}
