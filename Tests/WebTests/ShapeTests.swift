import HTTP
import Kernel
import Runtime
import Synchronization
import Testing
import Transport
import Web

@Suite struct ShapeTests {
    private static let thing = Shape.object([
        "id": .id, "name": .string(1...5), "at": .timestamp.orNull, "kind": .choice("a", "b").optional,
        "size": .integer(1...9).optionalOrNull,
        "tags": .list(of: .text),
    ])
    private static let id = UserID(rawValue: 5).uuid

    @Test func whatFitsHasNoFaults() {
        let least: JSON = ["id": .string(Self.id), "name": "x", "at": nil, "tags": []]
        let most: JSON = [
            "id": .string(Self.id), "name": "xyzüa", "at": "2026-01-31T09:15:00.000Z", "kind": "b", "size": 9, "tags": ["one", "two"],
        ]
        #expect(Self.thing.faults(in: least) == [])
        #expect(Self.thing.faults(in: most) == [])
    }

    private static let wrong: [(JSONObject, String)] = [
        (["id": "7"], "/id is no id: 7"), (["name": ""], "/name has not the length"), (["name": "abcdef"], "/name has not the length"),
        (["name": 5], "/name is no text"), (["at": "yesterday"], "/at is no time"), (["kind": "c"], "/kind is none of a, b"),
        (["kind": nil], "/kind is no text"), (["size": 0], "/size is no integer of the range"),
        (["size": 10], "/size is no integer of the range"),
        (["tags": ["one", 2]], "/tags/1 is no text"), (["tags": nil], "/tags is no list"), (["colour": "red"], "/colour is not declared"),
    ]

    @Test(arguments: wrong) func whatDoesNotFitIsNamed(_ change: JSONObject, _ fault: String) {
        var value: JSONObject = ["id": .string(Self.id), "name": "x", "at": nil, "tags": []]
        for (name, member) in change { value[name] = member }
        let faults = Self.thing.faults(in: .object(value))
        #expect(faults.count == 1 && faults[0].hasPrefix(fault), "\(faults)")
    }

    @Test func whatIsAbsentIsNamed() {
        #expect(Self.thing.faults(in: ["id": .string(Self.id), "name": "x", "tags": []]) == ["/at is absent"])
    }

    @Test func oneOfSeveralIsEnough() {
        let either = Shape.oneOf([.object(["a": .bool]), .object(["b": .text])])
        #expect(either.faults(in: ["a": true]) == [])
        #expect(either.faults(in: ["b": "x"]) == [])
        #expect(either.faults(in: ["a": true, "b": "x"]).count == 1)
    }

    // MARK: Requests and answers

    private static let shape = RouteShape(
        "Do it.", query: ["loud": .bool.optional], body: .json(.object(["name": .string(1...5), "old": .text.optional])),
        answers: [.ok(.object(["done": .bool])).tagged], refusals: [.conflict("taken")])

    /// What is wrong with one answer to one request of the route above.
    private static func faults(_ reply: Reply, query: String = "", body: JSON = ["name": "x"]) async -> [String] {
        let found = Mutex<[String]>([])
        var options = Application.Options()
        options.inspector = { exchange in found.withLock { $0 += exchange.faults } }
        let route = Route(.post, "/things", .anyone, shape) { _ in reply }
        let application = Application(routes: [route], authenticator: Nobody(), log: .silent, metrics: Metrics(), options: options)
        let request = HTTPRequest(
            method: .post, target: "/api/v1/things\(query)", headers: ["Content-Type": "application/json"], body: body.bytes,
            remoteAddress: "192.0.2.1")
        _ = await application.respond(to: request)
        return found.withLock { $0.map { String($0.drop { $0 != ":" }.dropFirst(2)) } }
    }

    private static let done = Reply.json(200, ["done": true]).tagged(version: 1)

    private static func refusal(_ problem: Problem) -> Reply { Reply(problem, language: .english, requestID: "request") }

    @Test func whatIsDeclaredPasses() async {
        #expect(await Self.faults(Self.done, query: "?loud=true") == [])
        let taken = Problem.conflict("taken", LocalizedText(en: "Taken.", fr: "Pris."))
        #expect(await Self.faults(Self.refusal(taken), body: ["nonsense": 1]) == [])
        #expect(await Self.faults(Self.refusal(.unavailable(retryAfter: 1))) == [])
    }

    @Test func whatIsNotDeclaredIsFound() async {
        #expect(await Self.faults(.noContent) == ["the status is not declared"])
        #expect(await Self.faults(.json(200, ["done": true])) == ["the declared ETag is absent"])
        #expect(await Self.faults(.json(200, ["done": 1]).tagged(version: 1)) == ["/done is no boolean: 1"])
        #expect(await Self.faults(Self.done, body: ["name": "x", "new": 1]) == ["/new is not declared"])
        #expect(await Self.faults(Self.done, query: "?loud=perhaps") == ["?loud is no boolean: perhaps"])
        let other = Problem.conflict("other", LocalizedText(en: "Other.", fr: "Autre."))
        #expect(await Self.faults(Self.refusal(other)) == ["the refusal other is not declared"])
        let unknown = Problem.invalid("/old", "unknown", LocalizedText(en: "Unknown.", fr: "Inconnu."))
        #expect(await Self.faults(Self.refusal(unknown)) == ["/old is declared, and unknown to the route"])
    }

    // MARK: The description

    @Test func theDescriptionSaysWhatIsDeclared() throws {
        let named = Shape.named("Thing", Self.thing)
        let read = RouteShape("Read a thing.", answers: [.ok(named).tagged])
        let document = APIDescription(
            version: "1.2.3",
            routes: [Route(.get, "/things/{id}", .may(.usersRead), read) { _ in .noContent }]
        ).document
        let operation = try #require(document["paths"]?["/api/v1/things/{id}"]?["get"])
        #expect(operation["summary"] == "Read a thing." && operation["x-permission"] == "users.read")
        #expect(operation["parameters"]?[0]?["in"] == "path" && operation["parameters"]?[0]?["name"] == "id")
        let answer = operation["responses"]?["200"]
        #expect(answer?["content"]?["application/json"]?["schema"] == ["$ref": "#/components/schemas/Thing"])
        #expect(answer?["headers"]?["ETag"] != nil && operation["responses"]?["403"] != nil && operation["responses"]?["404"] != nil)
        let schema = document["components"]?["schemas"]?["Thing"]
        #expect(schema?["required"] == ["id", "name", "at", "tags"])
        #expect(schema?["properties"]?["size"] == ["type": ["integer", "null"], "minimum": 1, "maximum": 9])
        #expect(document["paths"]?["/api/v1/openapi.json"]?["get"] != nil && document["info"]?["version"] == "1.2.3")
    }

    @Test func theDescriptionIsNotSentAgainToWhoHasIt() async throws {
        let routes = [APIDescription(version: "1", routes: []).route]
        let application = Application(routes: routes, authenticator: Nobody(), log: .silent, metrics: Metrics())
        func get(_ headers: HTTPHeaders) async throws -> HTTPResponse {
            let request = HTTPRequest(method: .get, target: "/api/v1/openapi.json", headers: headers, body: [], remoteAddress: "192.0.2.1")
            guard case .response(let response) = await application.respond(to: request) else { throw CancellationError() }
            return response
        }
        let first = try await get([:])
        let tag = try #require(first.headers["ETag"])
        #expect(first.status == 200 && !first.body.isEmpty)
        #expect(try await get(["If-None-Match": tag]).status == 304)
    }
}

private struct Nobody: Authenticator {
    func authenticate(_ request: HTTPRequest, _ origin: Origin) async throws -> Scope { try await guest(origin) }
    func guest(_ origin: Origin) async throws -> Scope { origin.guest(PermissionSet()) }
}
