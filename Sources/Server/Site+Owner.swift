internal import Accounts
internal import Database
internal import Directory
internal import Kernel
internal import Roles
package import Runtime

extension Site {
    package enum OwnerChange: String {
        case add, remove
        /// Nobody stands above an owner, so nobody on the site can take a lost second factor off their account.
        case resetFactor = "reset-factor"
    }

    /// Makes somebody an owner, or takes that back; the only way to it. Or takes the second factor off an account.
    ///
    /// - Returns: a sentence for the terminal.
    package static func owner(_ change: OwnerChange, _ name: String, _ settings: Settings) async throws -> String {
        let infrastructure = try await Infrastructure.open(settings, mustExist: true)
        do {
            let composition = try await Composition(infrastructure)
            let text = try await apply(change, to: name, composition)
            await infrastructure.close()
            return text
        } catch {
            await infrastructure.close()
            guard let problem = error as? Problem else { throw error }
            throw StartFailure(problem.status == 404 ? missing(change, name) : problem.detail(.english))
        }
    }

    private static func apply(_ change: OwnerChange, to name: String, _ composition: Composition) async throws -> String {
        let (roles, accounts, directory) = (composition.roles, composition.accounts, composition.directory)
        let scope = Scope(requestID: "command-line")
        return try await composition.infrastructure.database.write { transaction in
            let reference = UserID(uuid: name) == nil && !name.hasPrefix("u_") ? "u_\(name)" : name
            let user = try directory.resolve(reference, scope: scope, in: transaction)
            switch change {
            case .add:
                return try roles.ownership.add(user, scope: scope, in: transaction)
                    ? "\(name) is an owner now." : "\(name) is an owner already."
            case .remove:
                try roles.ownership.remove(user, scope: scope, in: transaction)
                return "\(name) is no longer an owner."
            case .resetFactor:
                try accounts.resetFactor(of: user, reason: "command line", scope: scope, in: transaction)
                return "\(name) signs in without a second factor now."
            }
        }
    }

    private static func missing(_ change: OwnerChange, _ name: String) -> String {
        switch change {
        case .add: "There is nobody called “\(name)” on this site."
        case .remove: "“\(name)” is not an owner of this site."
        case .resetFactor: "There is nobody called “\(name)” with a second factor on this site."
        }
    }
}
