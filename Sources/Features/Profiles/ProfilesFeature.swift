// Owns the profile, which puts data of other features (Directory, Roles, Friends, Media) into one answer, and private notes about people.
package import Crypto
package import Database
package import Directory
package import FeatureKit
package import Friends
internal import HTTP
package import Kernel
internal import Realtime
package import Roles
internal import Runtime
internal import Synchronization
package import Web

/// Profiles and private notes.
package struct ProfilesFeature: Feature {
    let database: any Database
    let directory: MemberDirectory
    let assignments: RoleAssignments
    let cards: UserCards
    let friendships: Friendships
    let notes: NoteTable
    let clock: WallClock
    let limiter: RateLimiter
    private let figures = ProfileFigures()

    package init(
        database: any Database, keyring: Keyring, ids: IDGenerator, clock: WallClock = .system, roles: RolesFeature,
        friends: FriendsFeature,
        directory: MemberDirectory = MemberDirectory()
    ) {
        (self.database, self.directory, self.clock) = (database, directory, clock)
        (assignments, cards, friendships) = (roles.assignments, friends.cards, friends.friendships)
        notes = NoteTable(cipher: keyring.fields, ids: ids)
        limiter = RateLimiter(clock: clock)
    }

    package static let declaration = FeatureDeclaration(
        "profiles", title: LocalizedText(en: "Profiles", fr: "Profils"), module: .core, migrations: profilesMigrations)

    package var routes: [Route] {
        [
            Route(.get, "/users/{id}/profile", .signedIn, ProfileShapes.read) { try await readProfile($0) },
            Route(.put, "/users/{id}/note", .signedIn, ProfileShapes.writeNote) { try await writeNote($0) },
        ]
    }

    /// Sets the counts of another feature that readers of the history see; once, before the first request.
    package func onFigures(_ body: @escaping @Sendable (UserID, Transaction) throws -> [(name: String, count: Int)]) {
        figures.body.withLock { $0 = body }
    }

    func figures(of user: UserID, in transaction: Transaction) throws -> [(name: String, count: Int)] {
        try figures.body.withLock { $0 }(user, transaction)
    }

    package func erase(_ person: UserID, in transaction: Transaction) throws { try notes.erase(person, in: transaction) }

    package func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject {
        let written = try notes.all(by: person, in: transaction)
        guard !written.isEmpty else { return [:] }
        return [
            "notes": .array(
                written.map { user, note in
                    var item: JSONObject = ["user_id": JSON(user)]
                    for (name, value) in note.json { item.append(name, value) }
                    return .object(item)
                })
        ]
    }
}

/// The counts of another feature.
final class ProfileFigures: Sendable {
    let body = Mutex<@Sendable (UserID, Transaction) throws -> [(name: String, count: Int)]>({ _, _ in [] })
}
