import Database
import HTTP
import Kernel
import Runtime
import Synchronization
import TestSupport
import Testing
import Transport
import Web

/// Signs everybody in as the user whose number is the credential.
private struct ByNumber: Authenticator {
    func authenticate(_ request: HTTPRequest, _ origin: Origin) async throws -> Scope {
        var scope = origin.guest(PermissionSet())
        scope.userID = request.headers["Authorization"].flatMap(Int64.init).map(UserID.init(rawValue:))
        return scope
    }

    func guest(_ origin: Origin) async throws -> Scope { origin.guest(PermissionSet()) }
}

@Suite struct IdempotencyTests {
    private static let migrations =
        webMigrations + [Migration("9000_notes", ["CREATE TABLE notes (id BIGINT PRIMARY KEY, text TEXT NOT NULL UNIQUE)"])]

    private struct Site {
        let application: Application

        func post(_ body: String, key: String?, as user: Int = 1, to path: String = "/api/v1/notes") async -> (
            status: Int, body: String, isReplay: Bool
        ) {
            var headers: HTTPHeaders = ["Content-Type": "application/json", "Authorization": "\(user)"]
            headers["Idempotency-Key"] = key
            let request = HTTPRequest(method: .post, target: path, headers: headers, body: Array(body.utf8))
            guard case .response(let response) = await application.respond(to: request) else { return (0, "", false) }
            return (response.status, String(decoding: response.body, as: UTF8.self), response.headers["Idempotent-Replayed"] == "true")
        }
    }

    private func with(_ kind: TestDatabase, _ body: (Site, any Database, Clock) async throws -> Void) async throws {
        try await kind.with(Self.migrations) { database in
            let clock = Clock()
            try await body(Site(application: Self.application(database, clock)), database, clock)
        }
    }

    /// One node.
    private static func application(_ database: any Database, _ clock: Clock) -> Application {
        let ids = IDGenerator(clock: .system)
        let routes = ["/notes", "/secrets"].map { path in
            Route(.post, path, .anyone, .tested) { call in
                var input = try Input(call.body())
                let text = input.string("text", required: true)
                try input.finish()
                let (wanted, id) = (try input.required(text), ids.next(AnyEntity.self))
                return try await call.mutate(database) { transaction in
                    if wanted == "forbidden" { throw Problem.forbidden(.auditRead) }
                    do {
                        try transaction.execute("INSERT INTO notes (id, text) VALUES (\(id), \(wanted))")
                    } catch let error as DatabaseError where error.isUnique {
                        throw Problem.conflict("taken", LocalizedText(en: "Taken.", fr: "Pris."))
                    }
                    let reply = Reply.json(201, ["id": JSON(id)])
                    return path == "/secrets" ? reply.secret(id: id.uuid) : reply
                }
            }
        }
        return Application(
            routes: routes, authenticator: ByNumber(), log: .silent, metrics: Metrics(), clock: WallClock { clock.now })
    }

    final class Clock: Sendable {
        private let milliseconds = Mutex<Int64>(1_800_000_000_000)
        var now: Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }
        func advance(hours: Int64) { milliseconds.withLock { $0 += hours * 3_600_000 } }
    }

    private func count(_ database: any Database) async throws -> Int {
        try await database.read { try $0.row("SELECT count(*) FROM notes")?.int(0) ?? -1 }
    }

    @Test(arguments: TestDatabase.all) func whatNobodyMayAskForAgainIsForgotten(_ kind: TestDatabase) async throws {
        try await with(kind) { (site, database, clock) async throws in
            func kept() async throws -> Int {
                try await database.read { try $0.row("SELECT count(*) FROM idempotency_keys")?.int(0) ?? -1 }
            }
            let memory = IdempotencySweeper(database: database, clock: WallClock { clock.now })
            _ = await site.post(#"{"text":"a"}"#, key: "k1")
            clock.advance(hours: 23)
            _ = await site.post(#"{"text":"b"}"#, key: "k2")
            try await memory.sweep()
            #expect(try await kept() == 2)
            clock.advance(hours: 1)
            try await memory.sweep()
            #expect(try await kept() == 1)
        }
    }

    /// Two nodes get one request: each tells of its own creation, or that it is under way, never that somebody else was faster.
    @Test(arguments: TestDatabase.all) func twoNodesTellOfOneCreation(_ kind: TestDatabase) async throws {
        try await with(kind) { (site, database, clock) async throws in
            let nodes = [site, Site(application: Self.application(database, clock))]
            for round in 0..<20 {
                let answers = await withTaskGroup(of: (status: Int, body: String, isReplay: Bool).self) { group in
                    for node in nodes { group.addTask { await node.post(#"{"text":"t\#(round)"}"#, key: "k\(round)") } }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                for answer in answers { #expect(answer.status == 201 || answer.body.contains("in_flight"), "\(answer)") }
                #expect(answers.filter { $0.status == 201 && !$0.isReplay }.count == 1)
                for node in nodes { #expect(await node.post(#"{"text":"t\#(round)"}"#, key: "k\(round)").isReplay) }
            }
            #expect(try await count(database) == 20)
        }
    }

    @Test(arguments: TestDatabase.all) func theSameKeyAndBodyIsTheSameAnswer(_ kind: TestDatabase) async throws {
        try await with(kind) { (site, database, clock) async throws in
            let first = await site.post(#"{"text":"a"}"#, key: "k1")
            let again = await site.post(#"{"text":"a"}"#, key: "k1")
            #expect(first.status == 201 && again.status == 201 && first.body == again.body && again.isReplay && !first.isReplay)
            #expect(try await count(database) == 1)
            // The body's request_id is the same thing.
            let inBody = await site.post(#"{"text":"b","request_id":"k2"}"#, key: nil)
            #expect(await site.post(#"{"text":"b","request_id":"k2"}"#, key: nil).body == inBody.body)
            #expect(await site.post(#"{"text":"b"}"#, key: "k2").body == inBody.body)
            #expect(await site.post(#"{"request_id":"k1","text":"a"}"#, key: nil).body == first.body)
            // Another principal's key is another key.
            #expect(await site.post(#"{"text":"c"}"#, key: "k1", as: 2).status == 201)
            clock.advance(hours: 25)
            #expect(await site.post(#"{"text":"a"}"#, key: "k1").status == 409)
        }
    }

    @Test(arguments: TestDatabase.all) func anotherBodyUnderTheSameKeyIsRefused(_ kind: TestDatabase) async throws {
        try await with(kind) { (site, database, _) async throws in
            _ = await site.post(#"{"text":"a"}"#, key: "k1")
            let other = await site.post(#"{"text":"b"}"#, key: "k1")
            #expect(other.status == 422 && other.body.contains("idempotency_key_reused"))
            #expect(try await count(database) == 1)
        }
    }

    @Test(arguments: TestDatabase.all) func settledFailuresAreKeptAndDenialsAreNot(_ kind: TestDatabase) async throws {
        try await with(kind) { (site, database, _) async throws in
            _ = await site.post(#"{"text":"a"}"#, key: nil)
            let refused = await site.post(#"{"text":"a"}"#, key: "k1")
            #expect(refused.status == 409 && refused.body.contains("taken"))
            try await database.write { _ = try $0.execute("DELETE FROM notes") }
            let again = await site.post(#"{"text":"a"}"#, key: "k1")
            #expect(again.status == 409 && again.isReplay && again.body.contains("taken"))
            #expect(await site.post(#"{"text":"forbidden"}"#, key: "k3").status == 403)
            #expect(try await database.read { try $0.row("SELECT count(*) FROM idempotency_keys WHERE key = \("k3")")?.int(0) } == 0)
        }
    }

    @Test(arguments: TestDatabase.all) func anAnswerWithASecretIsNotKept(_ kind: TestDatabase) async throws {
        try await with(kind) { (site, database, _) async throws in
            let first = await site.post(#"{"text":"a"}"#, key: "k1", to: "/api/v1/secrets")
            let again = await site.post(#"{"text":"a"}"#, key: "k1", to: "/api/v1/secrets")
            #expect(first.status == 201 && again.status == 409 && again.body.contains("already_done"))
            let id = try JSONParser.parse(Array(first.body.utf8))["id"]
            #expect(try JSONParser.parse(Array(again.body.utf8))["id"] == id)
            #expect(try await database.read { try $0.row("SELECT length(body) FROM idempotency_keys")?.int(0) } == 0)
        }
    }

    @Test(arguments: TestDatabase.all) func manyAtOnceWriteOnce(_ kind: TestDatabase) async throws {
        try await with(kind) { (site, database, _) async throws in
            let statuses = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<50 { group.addTask { await site.post(#"{"text":"a"}"#, key: "k1").status } }
                return await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.contains(201) && statuses.allSatisfy { $0 == 201 || $0 == 409 })
            #expect(try await count(database) == 1)
        }
    }

    @Test(arguments: TestDatabase.all, ["", "é", String(repeating: "k", count: 256)]) func aKeyThatIsNoneIsRefused(
        _ kind: TestDatabase, _ key: String
    ) async throws {
        try await with(kind) { (site, database, _) async throws in
            #expect(await site.post(#"{"text":"a"}"#, key: key).status == 400)
            #expect(try await count(database) == 0)
        }
    }
}
