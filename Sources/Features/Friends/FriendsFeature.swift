// Owns friend requests, friendships, blocks and privacy: who may see, ask and reach whom. Refuses to carry words between people: Conversations does.
package import Bus
package import Crypto
package import Database
package import Directory
package import FeatureKit
internal import HTTP
package import Jobs
package import Kernel
package import Presence
internal import Realtime
package import Runtime
package import Sanctions
package import Web

/// Friends, blocks and privacy.
package struct FriendsFeature: Feature {
    let database: any Database
    let ids: IDGenerator
    let clock: WallClock
    let limits: FriendLimits
    /// Seals events that hold what somebody wrote.
    let cipher: any EventCipher
    let requests: FriendRequestTable
    let directory: MemberDirectory
    let hidden = HiddenPeople()
    let hiding = HidingWork()
    let log: Log
    let sanctions: SanctionBook
    package let friendships: Friendships
    package let cards: UserCards

    package init(
        database: any Database, keyring: Keyring, cipher: any EventCipher, ids: IDGenerator, clock: WallClock = .system,
        presence: PresenceReader, directory: MemberDirectory = MemberDirectory(), limits: FriendLimits = FriendLimits(),
        sanctions: SanctionBook = SanctionBook(), log: Log
    ) {
        (self.database, self.cipher, self.ids, self.clock, self.limits) = (database, cipher, ids, clock, limits)
        (self.directory, self.log, self.sanctions) = (directory, log, sanctions)
        requests = FriendRequestTable(cipher: keyring.fields)
        friendships = Friendships()
        cards = UserCards(directory: directory, presence: presence, friendships: friendships)
    }

    package static let declaration = FeatureDeclaration(
        "friends", title: LocalizedText(en: "Friends", fr: "Amis"), migrations: friendsMigrations, settings: FriendLimits.settings)

    package var routes: [Route] {
        [
            Route(.get, "/friend-requests", .signedIn, FriendShapes.requests, handler: listRequests),
            Route(.post, "/friend-requests", .signedIn, FriendShapes.ask, handler: askFriend),
            Route(.post, "/friend-requests/{id}/accept", .signedIn, FriendShapes.decide) { try await decide($0, .accepted) },
            Route(.post, "/friend-requests/{id}/refuse", .signedIn, FriendShapes.decide) { try await decide($0, .refused) },
            Route(.post, "/friend-requests/{id}/ignore", .signedIn, FriendShapes.decide) { try await decide($0, .ignored) },
            Route(.post, "/friend-requests/{id}/cancel", .signedIn, FriendShapes.decide) { try await decide($0, .cancelled) },
            Route(.get, "/friends", .signedIn, FriendShapes.friends, handler: listFriends),
            Route(.get, "/friends/suggestions", .signedIn, FriendShapes.suggestions, handler: listSuggestions),
            Route(.delete, "/friends/{user}", .signedIn, FriendShapes.remove, handler: removeFriend),
            Route(.get, "/users/{id}/friends", .signedIn, FriendShapes.friendsOf, handler: listFriendsOfUser),
            Route(.get, "/blocks", .signedIn, FriendShapes.blocks, handler: listBlocks),
            Route(.put, "/blocks/{user}", .signedIn, FriendShapes.block, handler: blockUser),
            Route(.delete, "/blocks/{user}", .signedIn, FriendShapes.unblock, handler: unblockUser),
            Route(.get, "/users/me/privacy", .signedIn, FriendShapes.readPrivacy, handler: readPrivacy),
            Route(.patch, "/users/me/privacy", .signedIn, FriendShapes.editPrivacy, handler: editPrivacy),
        ]
    }

    package var jobs: [JobKind] {
        [
            JobKind("friends.request_sweep", schedule: .every(3_600_000)) { [database, clock] _ in
                let limit = clock.now().adding(seconds: -30 * 86_400)
                while try await database.write({ try FriendRequestTable.sweep(before: limit, in: $0) }) == 1000 {}
                return .done
            }
        ]
    }

    /// How many requests wait for an answer, so that the first screen can tell.
    package func snapshot(for scope: Scope) async throws -> [(String, JSON)] {
        guard let user = scope.userID else { return [] }
        let count = try await database.read { try FriendRequestTable.count(FriendRequestTable.received(by: user), in: $0) }
        return [("friends", ["requests": JSON(count)])]
    }
}
