// Owns the copy of a person's data, and the register of personal data. Refuses to know any table but its own: features declare and export theirs.
package import Crypto
package import Database
package import FeatureKit
internal import HTTP
package import Jobs
package import Kernel
internal import Synchronization
package import Web

/// A person's copy of their data, and the register of what the site holds of people.
package final class PrivacyFeature: Feature, Sendable {
    package static let declaration = FeatureDeclaration(
        "privacy", title: LocalizedText(en: "Privacy", fr: "Vie privée"), module: .core, migrations: privacyMigrations)

    package static let personalData: [PersonalData] = [
        PersonalData(
            "privacy_exports", ["user_id"], en: "Copies of one’s data that were asked for", fr: "Copies de ses données demandées",
            retention: .days(7))
    ]

    let database: any Database
    let keyring: Keyring
    let ids: IDGenerator
    let clock: WallClock
    let queue: JobQueue
    /// All features, and the personal data of the platform.
    private let site = Mutex<(features: FeatureSet, platform: [PersonalData])?>(nil)

    package init(database: any Database, keyring: Keyring, ids: IDGenerator, clock: WallClock, jobs: JobQueue) {
        (self.database, self.keyring, self.ids, self.clock, queue) = (database, keyring, ids, clock, jobs)
    }

    /// Sets the features of the site; once, before the first request.
    ///
    /// - Parameter platform: the personal data that no feature declares.
    package func open(_ features: FeatureSet, platform: [PersonalData]) { site.withLock { $0 = (features, platform) } }

    /// The data of a person, by feature.
    func gather(_ person: UserID, in transaction: Transaction) throws -> JSONObject {
        try site.withLock { $0?.features }?.export(person, in: transaction) ?? [:]
    }

    /// The titles of the features by their names.
    var titles: [String: LocalizedText] {
        Dictionary((site.withLock { $0?.features.features } ?? []).map { ($0.declaration.name, $0.declaration.title) }) { first, _ in first
        }
    }

    /// Everything that is declared, with the feature that it belongs to; nil for the platform.
    package var register: [(feature: LocalizedText?, data: PersonalData)] {
        guard let (features, platform) = site.withLock({ $0 }) else { return [] }
        let declared = features.features.flatMap { feature in
            type(of: feature).personalData.map { (feature: LocalizedText?.some(feature.declaration.title), data: $0) }
        }
        return declared + platform.map { (feature: nil, data: $0) }
    }

    package var routes: [Route] {
        [
            Route(.post, "/privacy/export", .withoutAPIKey, PrivacyShapes.ask) { [self] in try await askExport($0) },
            Route(.get, "/privacy/export", .withoutAPIKey, PrivacyShapes.read) { [self] in try await readExport($0) },
            Route(.get, "/privacy/export/{id}/{format}", .withoutAPIKey, PrivacyShapes.file) { [self] in try await serveExport($0) },
            Route(.get, "/privacy/register", .signedIn, PrivacyShapes.register, takesAnyKey: true) { [self] in try readRegister($0) },
        ]
    }

    package var jobs: [JobKind] {
        [
            JobKind(Self.exportJob) { [self] context in
                if let id = context.job.payload["id"]?.string.flatMap({ RowID(uuid: $0) }) { try await make(id) }
                return .done
            },
            JobKind("privacy.sweep", schedule: .every(3_600_000)) { [self] _ in
                try await sweep()
                return .done
            },
        ]
    }

    package func erase(_ person: UserID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM privacy_exports WHERE user_id = \(person)")
    }

    private func readRegister(_ call: Call) throws -> Reply {
        var query = try call.query
        try query.finish()
        let language = call.scope.language
        return .page(
            register.map { entry in
                [
                    "table": .string(entry.data.table), "feature": JSON(entry.feature?(language)),
                    "what": .string(entry.data.what(language)),
                    "basis": .string(entry.data.basis.rawValue), "retention": .string(entry.data.retention(language)),
                    "erasure": .string(entry.data.erasure.rawValue),
                ]
            }, next: nil)
    }
}
