// Owns films and series: the catalogue in the database and in memory, its posters, and members' marks. Does not know conversations and notifications: they read
// its events.
package import Audit
package import Bus
package import Crypto
package import Database
package import FeatureKit
internal import HTTP
package import Jobs
package import Kernel
internal import Outbound
package import Realtime
package import Runtime
package import Web

/// Films and series.
package struct MediaFeature: Feature {
    let database: any Database
    let ids: IDGenerator
    let clock: WallClock
    let log: Log
    let catalogue: CatalogueRoutes
    let editing: EditingRoutes
    let imports: ImportRoutes
    let importJob: ImportJob
    let source: MediaSource
    package let fileImport: TitleFileImport
    let sourcing: SourceRoutes
    let pages: PageRoutes
    let starter: StarterCatalogue?
    /// Titles as other lists show them.
    package let cards: TitleCards
    let marks: MediaMarks
    let marking: MarkRoutes
    let broker: any Broker
    let recounted = RecountResult()

    /// - Parameters:
    ///   - limitsMarks: whether the rate of one person's marks is limited.
    ///   - starter: the catalogue of a new site; nil for an empty one.
    ///   - site: the public address; nil where the owner named none.
    ///   - page: `index.html` of the web app; nil where there is none.
    package init(
        database: any Database, keyring: Keyring, broker: any Broker, audit: AuditLog, jobs: JobQueue, ids: IDGenerator,
        clock: WallClock = .system,
        log: Log, metrics: Metrics, marks: MediaMarks, limitsMarks: Bool = true, starter: StarterCatalogue?, source options: SourceOptions,
        site: String?, page: String?
    ) {
        (self.marks, self.broker) = (marks, broker)
        (self.database, self.ids, self.clock, self.log, self.starter) = (database, ids, clock, log, starter)
        cards = TitleCards(marks: marks)
        marking = MarkRoutes(
            database: database, marks: marks, titles: cards, clock: clock, limiter: limitsMarks ? RateLimiter(clock: clock) : nil)
        recounted.count(in: metrics)
        let index = CatalogueIndex()
        source = MediaSource(
            database: database, ids: ids, clock: clock, log: log, index: index, jobs: jobs, key: SourceKey(keyring: keyring),
            client: TMDBClient(api: options.api, http: HTTPClient(threads: 4, admits: { _ in true }), pace: TMDBPace(clock: clock)),
            images: TitleImages(
                database: database, clock: clock, site: options.images, folder: ImageFolder(in: options.folder), most: options.imageBytes)
        )
        fileImport = TitleFileImport(database: database, ids: ids, clock: clock, index: index)
        sourcing = SourceRoutes(source: source, audit: audit)
        catalogue = CatalogueRoutes(
            database: database, clock: clock, index: index, cards: cards, marks: marks, wanted: source.wanted)
        editing = EditingRoutes(catalogue: catalogue, audit: audit)
        imports = ImportRoutes(database: database, ids: ids, audit: audit, jobs: jobs, index: catalogue.index)
        importJob = ImportJob(database: database, ids: ids, clock: clock, index: catalogue.index)
        pages = PageRoutes(catalogue: catalogue, template: PageTemplate(page), site: site ?? "")
    }

    package static let declaration = FeatureDeclaration(
        "media", title: LocalizedText(en: "Films and series", fr: "Films et séries"),
        migrations: catalogueMigrations + importMigrations + marksMigrations + sourceMigrations,
        auditActions: EditingRoutes.auditActions + ImportRoutes.auditActions + SourceRoutes.auditActions,
        settings: [
            Setting(
                "starter-catalogue", "true", "Whether a new site begins with the films and series that ship with the program.",
                kind: .boolean)
        ] + SourceOptions.settings)

    package var routes: [Route] { catalogue.routes + editing.routes + imports.routes + sourcing.routes + pages.routes + marking.routes }

    package var topics: [TopicRule] { [MarkRoutes.topic] }

    package var jobs: [JobKind] { [importJob.kind, source.runKind, source.titleKind, source.upkeepKind] + markJobs }

    package func erase(_ person: UserID, in transaction: Transaction) throws {
        try marks.erase(person, at: clock.now(), in: transaction)
        try ImportTable.deleteAll(of: person, in: transaction)
        try transaction.execute("UPDATE media_runs SET author_id = NULL WHERE author_id = \(person)")
        try transaction.execute("UPDATE media_overrides SET author_id = NULL WHERE author_id = \(person)")
    }

    package func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject { try marks.export(person, in: transaction) }

    package func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { await readCatalogue() }
            group.addTask { try await runMarks() }
            group.addTask { try await runSource() }
        }
    }

    /// Reads a large catalogue before the first request asks for it.
    private func readCatalogue() async {
        do {
            try await database.read(.heavy) { [catalogue] in _ = try catalogue.index.table(in: $0) }
        } catch {
            log.warning("the catalogue was not read at the start", [("cause", .string("\(error)"))])
        }
    }

    /// Loads the starter catalogue at the first start of a site. Without a usable file the site starts with a warning in the log.
    package func loadStarter() async throws {
        guard let starter else { return }
        do {
            guard let count = try await starter.load(into: database, ids: ids, at: clock.now()) else { return }
            log.info("the starter catalogue was loaded", [("titles", JSON(count))])
        } catch let fault as StarterCatalogue.Fault {
            log.warning("there is no starter catalogue", [("cause", .string(fault.description))])
        }
    }
}
