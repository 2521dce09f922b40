import FeatureKit
import HTTP
import Kernel
import Realtime
import SiteSupport
import TestSupport
import Testing
import Web

@testable import Server

/// Asks the server every cell of `docs/permissions.md`.
@Suite struct PermissionMatrixTests {
    @Test func everyRouteAndTopicHasItsLines() async throws {
        let table = try PermissionTable()
        try await TestSite.with(.sqlite) { site in
            let routes = site.composition.routes
            for route in routes where !table.lines.contains(where: { $0.method == route.method.rawValue && $0.path == route.path }) {
                Issue.record(
                    "docs/permissions.md has no line for \(route.method) \(route.path). Add to its section, with every ? answered:\n\(Self.draft(route))"
                )
            }
            for route in routes {
                let said = table.lines.filter { $0.method == route.method.rawValue && $0.path == route.path }.flatMap(\.whose)
                let missing = Self.needed(route).filter { !said.contains($0) }.map(\.rawValue)
                #expect(said.isEmpty || missing.isEmpty, "docs/permissions.md does not say of \(route.method) \(route.path): \(missing)")
            }
            for line in table.lines where !routes.contains(where: { $0.method.rawValue == line.method && $0.path == line.path }) {
                Issue.record("docs/permissions.md, line \(line.number): there is no route \(line.method) \(line.path)")
            }
            for topic in site.composition.features.topics.map(\.name) + ["user:"]
            where !table.lines.contains(where: { $0.query.hasPrefix("?topic=\(topic)") }) {
                Issue.record("docs/permissions.md has no line for the topic \(topic): add `GET /gateway?topic=\(topic)`")
            }
            #expect(table.orphans == [], "what is sent belongs to no line")
        }
    }

    /// Of whom a route's lines must speak at least.
    private static func needed(_ route: Route) -> [Whose] {
        if route.path.hasPrefix("/users/{id}") { return [.own, .below, .equal, .above, .absent] }
        return route.path.contains("{id}") ? [.absent] : []
    }

    /// The lines that a new route needs, to be completed.
    private static func draft(_ route: Route) -> String {
        let (needs, guest): (String, String) =
            switch route.access {
            case .anyone: ("anyone", "?")
            case .signedIn: ("signed in", "401")
            case .withoutAPIKey: ("in person", "401")
            case .may(let permission), .ownOr(let permission): (permission.key, "401")
            }
        let whose =
            !route.path.contains("{")
            ? [""] : route.path.hasPrefix("/users/") ? ["own", "below", "equal", "above", "absent"] : ["one", "absent"]
        return whose.map { whose in
            "| `\(route.method) \(route.path)` | | \(whose) | \(whose == "own" && needs.contains(".") ? "signed in" : needs) | \(guest) | ? | ? | ? | ? | ? |"
        }.joined(separator: "\n")
    }

    /// With a token; on SQLite one cell of each line also with every other credential, since these are looked at before the line's rules are.
    @Test(arguments: TestDatabase.all) func everyCellIsAsTheTableSays(_ kind: TestDatabase) async throws {
        let table = try PermissionTable()
        try await TestSite.with(kind) { site in
            let targets = try await Targets(site)
            let differences = try await withThrowingTaskGroup(of: [String].self) { group in
                for column in Column.allCases {
                    group.addTask {
                        try await Inquiry(
                            table: table, targets: targets, column: column, actor: try await Actor.make(column, on: site),
                            asksWithAll: kind == .sqlite
                        ).ask()
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(differences.isEmpty, "\(differences.count) cells differ:\n\(differences.prefix(60).joined(separator: "\n"))")
        }
    }

    /// A route that asks for no permission says what a key needs, so none is open to a key that was given nothing.
    @Test func aKeyWithoutAScopeDoesNothing() async throws {
        try await TestSite.with(.sqlite) { site in
            let owner = try #require(try await Actor.make(.owner, on: site))
            let bearer = try #require(Credential.bearer.headers(of: owner)["Authorization"]?.dropFirst(7))
            let headers: HTTPHeaders = ["Authorization": "Bearer \(try await site.makeKey([], as: String(bearer)))"]
            for route in site.composition.routes where route.access != .anyone && !route.path.hasPrefix("//") {
                let path = route.path.split(separator: "/").map { $0.hasPrefix("{") ? "me" : String($0) }.joined(separator: "/")
                let answer = try await site.send(route.method.rawValue, "/\(path)", headers)
                #expect(answer.status == 403, "\(route.method) \(route.path): \(answer.status)")
            }
        }
    }

    @Test func whatIsNoRouteIsFoundByNobody() async throws {
        try await TestSite.with(.sqlite) { site in
            let member = try #require(try await Actor.make(.member, on: site))
            for path in ["/nothing", "/users/me/nothing", "/roles/x/y/z"] {
                #expect(try await site.send("GET", path).status == 401)
                #expect(try await site.send("GET", path, Credential.bearer.headers(of: member)).status == 404)
            }
        }
    }
}

/// One column of the table, asked line by line.
private struct Inquiry {
    let table: PermissionTable
    let targets: Targets
    let column: Column
    let actor: Actor?
    let asksWithAll: Bool

    /// - Returns: a sentence for each answer that the table does not say.
    func ask() async throws -> [String] {
        var differences: [String] = []
        for line in table.lines {
            for whose in line.whose where line.cell(column) != .nobody && !(column == .owner && whose == .above) {
                for credential in credentials(for: line, whose) {
                    let wanted = Self.wanted(line, column, credential)
                    let answer = try await answer(line, whose, credential, isDone: wanted.contains(where: \.isDone))
                    guard !wanted.contains(where: { fits($0, answer, line, credential) }) else { continue }
                    differences.append(
                        "line \(line.number): \(line.name), \(whose), \(column) by \(credential): \(answer.status) \(answer.json.text.prefix(200)), not \(wanted)"
                    )
                }
            }
        }
        return differences
    }

    /// All of them for the cell of the highest column that the line speaks of: there a key that may do less than its person tells most.
    private func credentials(for line: PermissionLine, _ whose: Whose) -> [Credential] {
        let asked = Column.allCases.filter { line.cell($0) != .nobody && !($0 == .owner && whose == .above) }
        return asksWithAll && column == asked.last && column != .guest && whose == line.whose.first ? Credential.allCases : [.bearer]
    }

    /// What the cell says for this credential: the rules under “Credentials” of the page.
    private static func wanted(_ line: PermissionLine, _ column: Column, _ credential: Credential) -> [Cell] {
        let own = line.cell(credential == .narrowKey ? .member : column)
        switch credential {
        case _ where column == .guest: return [own]
        case .bearer, .cookie: return [own]
        case .cookieAlone where ["GET", "HEAD", "OPTIONS"].contains(line.method): return [own]
        case .cookieAlone: return line.isForAnyone ? [line.cell(.guest)] : [.refusal(403, code: "csrf")]
        case .unknownToken, .unknownKey: return line.isForAnyone ? [line.cell(.guest)] : [.status(401)]
        case .wideKey, .narrowKey:
            guard line.isInPerson else { return [own] }
            return [.refusal(403, code: "api_key_refused")] + (own.isDone ? [] : [own])
        }
    }

    private func fits(_ cell: Cell, _ answer: TestSite.Answer, _ line: PermissionLine, _ credential: Credential) -> Bool {
        switch cell {
        case .nobody: return false
        case .status(let status): return answer.status == status
        case .refusal(let status, let code): return answer.status == status && answer.code == code
        case .missing:
            guard answer.status == 403, answer.code == "permission_denied", let key = answer.json["permission"]?.string,
                let named = line.permissions.first(where: { $0.key == key })
            else { return false }
            return credential == .narrowKey || actor.map { !$0.permissions.contains(named) } ?? true
        }
    }

    /// - Parameter isDone: whether the request is to change something, so that it needs a thing, or a person, of its own.
    private func answer(_ line: PermissionLine, _ whose: Whose, _ credential: Credential, isDone: Bool) async throws
        -> TestSite.Answer
    {
        let isFresh = isDone && line.method != "GET"
        var asking = actor
        // What people do with their own account may end the session that they ask with.
        if isFresh, line.isInPerson, whose == .own || whose == .nobody { asking = try await Actor.make(column, on: targets.site) }
        let id = try await targets.id(of: line, whose, for: column, asking, isFresh: isFresh)
        let values = [
            // In a group the one who asks is named: they are in it.
            "id": id, "user": line.path.hasPrefix("/conversations") ? asking?.person.id.uuid ?? id : id, "emoji": "%F0%9F%91%8D",
            "target": RoleID(rawValue: 4).uuid,
            "token": id, "session": id, "role_id": RoleID(rawValue: 4).uuid, "permission": "media.read",
            "key": "media.read",
            "size": "64", "format": "json", "number": "1", "name": "file", "season": "1", "field": "title", "slug": "browse",
            "provider": "nobody",
            "page": "1.xml",
        ]
        let path = values.reduce(line.path + line.query) { $0.replacing("{\($1.key)}", with: $1.value) }
        var headers = credential.headers(of: asking)
        // Taken from pages of the site alone.
        if line.path == "/analytics/collect" { headers["Origin"] = "https://site.test" }
        guard let text = table.body(of: line) else { return try await targets.site.send(line.method, path, headers) }
        guard text.hasPrefix("{") else {
            return try await targets.site.send(line.method, path, headers, body: Targets.picture, type: "image/png")
        }
        let body = try await targets.fill(text, line, column, asking, id: id, isFresh: isFresh)
        return try await targets.site.send(line.method, path, headers, body: body)
    }
}
