internal import Kernel
internal import Runtime
internal import Web

/// For whom passwords are hashed and pictures made: `FairWorkers` serves them by turns.
extension WorkOrigin {
    /// Somebody signed in.
    static func person(_ user: UserID, _ scope: Scope) -> WorkOrigin {
        WorkOrigin(.known, [Share("person \(user.rawValue)", limit: 4), place(scope)])
    }

    /// Somebody who signs in to this account where it was entered before.
    static func knownPlace(of account: String, _ scope: Scope) -> WorkOrigin {
        WorkOrigin(.known, [Share("\(account) \(AddressBlock.of(scope.address))", limit: 4), place(scope)])
    }

    /// Anybody else.
    ///
    /// - Parameter account: whom they say they are, where they do.
    static func stranger(_ scope: Scope, account: String? = nil) -> WorkOrigin {
        let block = AddressBlock.of(scope.address)
        let account = account.map { [Share("account \($0)", limit: 16)] } ?? []
        return WorkOrigin(
            .unknown,
            [Share("address \(block)", limit: 8), Share("network \(AddressBlock.network(of: scope.address))", limit: 64, cost: 0.125)]
                + account)
    }

    /// Many people can be behind one address, so it pays less than a person.
    private static func place(_ scope: Scope) -> Share { Share("address \(AddressBlock.of(scope.address))", limit: 32, cost: 0.25) }
}
