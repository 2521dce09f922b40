internal import Audit
internal import Database
internal import FeatureKit
internal import HTTP
internal import Jobs
internal import Kernel
internal import Runtime
internal import Web

/// The team's routes of the source: the key, and imports.
struct SourceRoutes: Sendable {
    let source: MediaSource
    let audit: AuditLog
    private var database: any Database { source.database }

    /// Of one import: what TMDB's lists have.
    static let mostTitles = 10_000

    static let attribution = LocalizedText(
        en: "This product uses the TMDB API but is not endorsed or certified by TMDB.",
        fr: "Ce produit utilise l’API de TMDB, mais n’est ni approuvé ni certifié par TMDB.")

    var routes: [Route] {
        [
            Route(.get, "/media/source", .may(.mediaManage), SourceShapes.read, handler: readSource),
            Route(.put, "/media/source", .may(.mediaManage), SourceShapes.set, action: "media.source", handler: setKey),
            Route(.delete, "/media/source", .may(.mediaManage), SourceShapes.remove, action: "media.source", handler: removeKey),
            Route(.get, "/media/source/runs", .may(.mediaManage), SourceShapes.list, handler: listRuns),
            Route(.post, "/media/source/runs", .may(.mediaManage), SourceShapes.start, action: "media.source_import", handler: startRun),
            Route(.get, "/media/source/runs/{id}", .may(.mediaManage), SourceShapes.readRun, handler: readRun),
            Route(
                .post, "/media/source/runs/{id}/cancel", .may(.mediaManage), SourceShapes.cancel, action: "media.source_import",
                handler: cancelRun),
            Route(.get, "/media/images/{name}", .may(.mediaRead), SourceShapes.image, handler: readImage),
        ]
    }

    static let auditActions = [
        AuditAction("media.source", target: nil, en: "{actor} changed the key of TMDB", fr: "{actor} a modifié la clé de TMDB"),
        AuditAction(
            "media.source_import", target: "media_run", en: "{actor} started or stopped an import from TMDB",
            fr: "{actor} a lancé ou arrêté une importation depuis TMDB"),
    ]

    // MARK: The key

    private func readSource(_ call: Call) async throws -> Reply {
        var query = try call.query
        try query.finish()
        let language = call.scope.language
        return try await database.read { .json(200, try Self.view(language, in: $0)) }
    }

    private func setKey(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let given = input.string("key", length: 16...400, required: true)
        if let given, !given.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            input.fail("key", "key", LocalizedText(en: "A key has no spaces.", fr: "Une clé ne comporte pas d’espace."))
        }
        try input.finish()
        let key = try input.required(given)
        return try await change(call, to: key)
    }

    private func removeKey(_ call: Call) async throws -> Reply { try await change(call, to: nil) }

    private func change(_ call: Call, to key: String?) async throws -> Reply {
        let scope = call.scope
        return try await call.mutate(database) { transaction in
            try source.key.set(key, in: transaction)
            try audit.record(
                "media.source", target: nil, payload: ["after": ["is_set": .bool(key != nil)]], result: .success, scope: scope,
                in: transaction)
            if key != nil {
                for run in try RunTable.open(in: transaction) {
                    try transaction.execute(
                        "UPDATE media_runs SET state = 'running', misses = 0, fault = NULL, fault_at = NULL WHERE id = \(run.id)")
                    try source.enqueue(run.id, in: transaction)
                }
                transaction.afterCommit { source.client.pace.wake() }
            }
            return .json(200, try Self.view(scope.language, in: transaction))
        }
    }

    private static func view(_ language: Language, in transaction: Transaction) throws -> JSON {
        let standing = try SourceKey.standing(in: transaction)
        let titles = try transaction.row("SELECT COUNT(*) FROM media_external WHERE source = \(SourceWriter.tmdb)")?.int(0) ?? 0
        let images = try transaction.row("SELECT COUNT(small), COALESCE(SUM(bytes), 0) FROM media_images")
        return [
            "is_set": .bool(standing.isSet), "key_end": JSON(standing.isSet ? standing.end : nil),
            "fault": fault(standing.fault, at: standing.faultAt, language), "succeeded_at": JSON(standing.succeededAt),
            "titles": JSON(titles), "images": JSON(images?.int(0) ?? 0), "image_bytes": JSON(images?.int64(1) ?? 0),
            "attribution": .string(attribution(language)),
        ]
    }

    private static func fault(_ code: String?, at time: Timestamp?, _ language: Language) -> JSON {
        guard let code else { return .null }
        return ["code": .string(code), "detail": .string(TMDBFault.words(code)(language)), "at": JSON(time)]
    }

    // MARK: Imports

    private static func view(_ run: SourceRun, _ language: Language, in transaction: Transaction) throws -> JSON {
        let counts = try RunTable.counts(of: run.id, in: transaction)
        func count(_ states: String...) -> JSON { JSON(states.reduce(0) { $0 + (counts[$1] ?? 0) }) }
        return [
            "id": JSON(run.id), "list": .string(run.list.rawValue), "kind": .string(run.kind.rawValue),
            "state": .string(run.state.rawValue),
            "wanted": JSON(run.wanted), "listed": JSON(counts.values.reduce(0, +)), "is_listed": .bool(run.isListed),
            "settled": count("added", "updated", "unchanged", "gone", "failed"), "added": count("added"), "updated": count("updated"),
            "unchanged": count("unchanged"), "gone": count("gone"), "failed": count("failed"),
            "fault": fault(run.isOpen ? run.fault : nil, at: run.faultAt, language), "created_at": JSON(run.createdAt),
            "ended_at": JSON(run.endedAt),
        ]
    }

    private func listRuns(_ call: Call) async throws -> Reply {
        var query = try call.query
        let page = query.page()
        try query.finish()
        let (before, language) = (try page.key { $0.string.flatMap { RowID(uuid: $0) } }, call.scope.language)
        return try await database.read { transaction in
            let runs = try RunTable.runs(before: before, limit: page.limit + 1, in: transaction)
            let items = try runs.prefix(page.limit).map { try Self.view($0, language, in: transaction) }
            let next = runs.count > page.limit ? Page.cursor([JSON(runs[page.limit - 1].id)]) : nil
            let total = page.wantsTotal ? try transaction.row("SELECT COUNT(*) FROM media_runs")?.int(0) : nil
            return .page(items, next: next, total: total)
        }
    }

    private func startRun(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let list = input.choice("list", SourceList.Wanted.self, required: true)
        let kind = input.choice("kind", TitleKind.self, required: true)
        let count = input.integer("count", 1...Int64(Self.mostTitles), required: true)
        try input.finish()
        let (wanted, chosen, number, scope) = (
            try input.required(list), try input.required(kind), Int(try input.required(count)), call.scope
        )
        return try await call.mutate(database) { transaction in
            guard try SourceKey.standing(in: transaction).isSet else { throw SourceProblems.noKey }
            let started = try source.start(wanted.list, chosen, wanted: number, by: scope.userID, in: transaction)
            guard let id = started, let run = try RunTable.read(id, in: transaction) else { throw SourceProblems.runOpen }
            let change: JSON = ["list": .string(wanted.rawValue), "kind": .string(chosen.rawValue), "count": JSON(number)]
            try audit.record(
                "media.source_import", target: ("media_run", id.uuid), payload: ["after": change], result: .success, scope: scope,
                in: transaction)
            return .json(202, try Self.view(run, scope.language, in: transaction))
        }
    }

    private func readRun(_ call: Call) async throws -> Reply {
        var query = try call.query
        try query.finish()
        let (reference, language) = (call.parameter("id"), call.scope.language)
        return try await database.read { .json(200, try Self.view(try Self.run(reference, in: $0), language, in: $0)) }
    }

    private static func run(_ reference: String, isLocked: Bool = false, in transaction: Transaction) throws -> SourceRun {
        guard let id = RowID(uuid: reference), let run = try RunTable.read(id, isLocked: isLocked, in: transaction) else {
            throw Problem.notFound
        }
        return run
    }

    private func cancelRun(_ call: Call) async throws -> Reply {
        let (reference, scope, now) = (call.parameter("id"), call.scope, call.clock.now())
        return try await call.mutate(database) { transaction in
            let run = try Self.run(reference, isLocked: true, in: transaction)
            if run.isOpen {
                try RunTable.end(run, as: .cancelled, at: now, in: transaction)
                try audit.record(
                    "media.source_import", target: ("media_run", run.id.uuid), payload: ["after": ["state": "cancelled"]], result: .success,
                    scope: scope, in: transaction)
            }
            let after = try RunTable.read(run.id, in: transaction) ?? run
            return .json(200, try Self.view(after, scope.language, in: transaction))
        }
    }

    // MARK: Pictures

    private func readImage(_ call: Call) async throws -> Reply {
        var query = try call.query
        try query.finish()
        let name = call.parameter("name")
        guard name.hasSuffix(".webp") else { throw Problem.notFound }
        let digest = String(own: Array(name.utf8.dropLast(5)))
        guard let bytes = try await source.images.folder.read(digest, for: .reader(call.scope)) else { throw Problem.notFound }
        let headers: HTTPHeaders = [
            "Content-Type": "image/webp", "ETag": "\"\(digest)\"", "Cache-Control": "private, max-age=31536000, immutable",
        ]
        return Reply(status: 200, headers: headers, body: bytes).unlessFresh(for: call.request)
    }
}
