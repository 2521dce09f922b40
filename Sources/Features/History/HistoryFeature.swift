// Owns the history of people's actions (marks, friends, roles, statuses, sign-ins) and who may read it. Does not know the features that report the actions.
package import Bus
package import Database
package import Directory
package import FeatureKit
package import Friends
internal import HTTP
internal import Jobs
package import Kernel
internal import Realtime
internal import Roles
package import Web

/// The history of people's actions.
package struct HistoryFeature: Feature {
    package let history: History
    let database: any Database
    let directory: MemberDirectory
    let friendships: Friendships
    let readers = HistoryReaders()

    package init(
        database: any Database, broker: any Broker, ids: IDGenerator, friendships: Friendships,
        directory: MemberDirectory = MemberDirectory()
    ) {
        (self.database, self.friendships, self.directory) = (database, friendships, directory)
        history = History(ids: ids, broker: broker)
        history.onNames(of: "role") { ids, _, transaction in
            let names = try RoleReference.names(of: ids.map { RoleID(rawValue: $0) }, in: transaction)
            return Dictionary(uniqueKeysWithValues: names.map { ($0.key.rawValue, $0.value) })
        }
    }

    package static let declaration = FeatureDeclaration(
        "history", title: LocalizedText(en: "History", fr: "Historique"), migrations: historyMigrations)

    package var routes: [Route] {
        [Route(.get, "/users/{id}/history", .signedIn, HistoryShapes.read) { try await readHistory($0) }]
    }

    package func erase(_ person: UserID, in transaction: Transaction) throws { try ActionTable.erase(person, in: transaction) }

    package func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject {
        let reader = Reader(scope: Scope(userID: person), isOwn: true)
        let found = try ActionTable.page(ActionFilter(user: person), before: .newest, limit: 1_000_000, in: transaction)
        return found.isEmpty ? [:] : ["actions": .array(try views(found, for: reader, in: transaction).map(JSON.object))]
    }
}
