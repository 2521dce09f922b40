package import Bus
internal import Database
package import Kernel
internal import Runtime

/// Live status follows the visibility of the profile.
extension FriendsFeature {
    /// Those of the people whose status a reader may follow.
    package func visible(_ people: [UserID], to reader: UserID?) -> [UserID] { hidden.visible(people, to: reader) }

    /// Reads who hides from whom; before the first socket.
    package func loadHidden() async throws { try await database.read(.system) { [hidden] in try hidden.load(in: $0) } }

    /// A committed event, on every node.
    package func observe(_ record: OutboxRecord) {
        guard Self.hidingTypes.contains(record.type) else { return }
        let effect = hidden.observe(record)
        if let user = effect.hider { hiding.load(user) }
        if !effect.readers.isEmpty { hiding.tell(effect.readers) }
    }

    private static let hidingTypes: Set<String> = ["block.changed", "privacy.updated", "friend.accepted", "friend.removed"]

    /// Called with people whose subscriptions must be checked again; nil for everybody. Set once, before the first socket.
    package func onHiding(_ body: @escaping @Sendable (Set<UserID>?) -> Void) { hiding.onTell(body) }

    package func run() async throws {
        for await user in hiding.loads {
            do {
                let friends = try await database.read(.system) { try FriendTable.list(of: user, in: $0) }
                hidden.set(Set(friends), of: user)
                hiding.tell(nil)
            } catch let error where !(error is CancellationError) {
                log.warning("the friends of a hiding person could not be read", [("cause", .string("\(error)"))])
                try await Task.sleep(for: .seconds(1))
                hiding.load(user)
            }
            // Checking all subscriptions costs a visit of each socket.
            try await Task.sleep(for: .seconds(2))
        }
        try Task.checkCancellation()
    }
}
