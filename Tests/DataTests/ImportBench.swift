import Authorization
import Database
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Accounts
@testable import Server

/// Somebody of the team who brings files.
struct ImportBench {
    let site: TestSite
    let person: Person
    let token: String

    init(_ site: TestSite, _ role: SystemRole = .admin) async throws {
        self.site = site
        person = try await site.add(role)
        token = try await site.signIn(person).bearer
    }

    func send(_ method: String, _ path: String, _ body: [UInt8] = [], type: String = "application/json", key: String? = nil) async throws
        -> TestSite.Answer
    {
        var headers: HTTPHeaders = ["Authorization": "Bearer \(token)"]
        if let key { headers["Idempotency-Key"] = key }
        return try await site.send(method, path, headers, body: body, type: type)
    }

    func post(_ path: String, _ body: JSON, key: String? = nil) async throws -> TestSite.Answer {
        try await send("POST", path, body.bytes, key: key)
    }

    /// Brings a table.
    func bring(_ text: String) async throws -> JSON { try await bring(Array(text.utf8)) }

    func bring(_ bytes: [UInt8], type: String = "text/csv") async throws -> JSON {
        let answer = try await send("POST", "/users/import", bytes, type: type)
        try #require(answer.status == 202, "\(answer.json.text.prefix(400))")
        return answer.json
    }

    func read(_ id: String) async throws -> JSON { try await send("GET", "/users/import/\(id)").json }

    /// Runs an import's job to its end.
    func run(_ id: String) async throws { try await site.accounts.advanceImport(try #require(RowID(uuid: id))) }

    /// Everything: brings it, begins it and runs it.
    func add(_ text: String, skipping: Bool = false) async throws -> JSON {
        let id = try #require(try await bring(text)["id"]?.string)
        let begun = try await post("/users/import/\(id)/commit", ["skip_invalid": .bool(skipping)])
        try #require(begun.status == 202, "\(begun.json.text.prefix(400))")
        try await run(id)
        return try await read(id)
    }

    func member(_ name: String) async throws -> TestSite.Answer { try await send("GET", "/users/u_\(name)") }

    func count(_ table: SQL) async throws -> Int {
        try await site.database.read { try $0.row("SELECT COUNT(*) FROM \(sql: table)")?.int(0) ?? -1 }
    }
}

func with(_ kind: TestDatabase, _ role: SystemRole = .admin, settings: [String: String] = [:], _ body: (ImportBench) async throws -> Void)
    async throws
{
    try await TestSite.with(kind, settings: settings) { site in try await body(try await ImportBench(site, role)) }
}
