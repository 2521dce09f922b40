// Owns the notification centre: notifications, preferences, and counts of what is unread. Refuses to know other features: they call it.
package import Bus
package import Database
package import FeatureKit
package import Friends
internal import HTTP
package import Jobs
package import Kernel
package import Presence
internal import Realtime
package import Runtime
package import Web

/// The notification centre.
package struct NotificationsFeature: Feature {
    package let centre: NotificationCentre
    let database: any Database
    let clock: WallClock
    let arrivals: FriendArrivals
    /// Whether the module is on, for what is not behind a route.
    let isOn: @Sendable () -> Bool

    package init(
        database: any Database, broker: any Broker, centre: NotificationCentre, friendships: Friendships, presence: PresenceReader,
        clock: WallClock = .system, log: Log, isOn: @escaping @Sendable () -> Bool = { true }
    ) {
        (self.database, self.centre, self.clock, self.isOn) = (database, centre, clock, isOn)
        arrivals = FriendArrivals(
            database: database, broker: broker, centre: centre, friendships: friendships, presence: presence, clock: clock, log: log,
            isOn: isOn)
    }

    package static let declaration = FeatureDeclaration(
        "notifications", title: LocalizedText(en: "Notifications", fr: "Notifications"), migrations: notificationsMigrations)

    package var routes: [Route] {
        [
            Route(.get, "/notifications", .signedIn, NotificationShapes.list, handler: listNotifications),
            Route(.post, "/notifications/read", .signedIn, NotificationShapes.read, handler: markRead),
            Route(.get, "/notifications/preferences", .signedIn, NotificationShapes.readPreferences, handler: readPreferences),
            Route(.patch, "/notifications/preferences", .signedIn, NotificationShapes.editPreferences, handler: editPreferences),
        ]
    }

    package var jobs: [JobKind] {
        [
            JobKind("notifications.sweep", schedule: .every(3_600_000)) { [database, clock] _ in
                let limit = clock.now().adding(seconds: -90 * 86_400)
                while try await database.write({ try NotificationTable.sweep(before: limit, in: $0) }) == 1000 {}
                return .done
            }
        ]
    }

    package func snapshot(for scope: Scope) async throws -> [(String, JSON)] {
        guard let user = scope.userID else { return [] }
        let unread = try await database.read { [centre] in try centre.unread(of: user, in: $0) }
        return [("notifications", ["unread": JSON(unread)])]
    }

    package func erase(_ person: UserID, in transaction: Transaction) throws {
        try NotificationTable.erase(person, in: transaction)
    }

    package func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject {
        let stored = try centre.table.page(
            of: person, unreadOnly: false, before: RowID(rawValue: .max), limit: 100_000, in: transaction)
        let chosen = try PreferenceTable.preferences(of: person, in: transaction)
        var part = JSONObject()
        if !stored.isEmpty {
            part.append("notifications", .array(try centre.views(stored, for: Scope(userID: person), in: transaction)))
        }
        if !chosen.isEmpty {
            var kinds = JSONObject()
            for (kind, preference) in chosen.sorted(by: { $0.key < $1.key }) {
                kinds.append(kind, ["in_app": .bool(preference.inApp), "browser": .bool(preference.browser)])
            }
            part.append("preferences", .object(kinds))
        }
        return part
    }

    package func run() async throws { try await arrivals.run() }
}
