import HTTP
import Kernel
import Runtime
import Synchronization
import Testing
import Transport
import Web

/// `Authorization: <name>` signs in: `member`, an API `key` of theirs, or `auditor` with `audit.read`; anything else does not hold.
private struct ByName: Authenticator {
    func authenticate(_ request: HTTPRequest, _ origin: Origin) async throws -> Scope {
        switch request.headers["Authorization"] {
        case nil: return try await guest(origin)
        case "member"?: return person(1, [], origin)
        case "key"?:
            var scope = person(1, [.auditRead], origin)
            scope.key = KeyLimits(id: APIKeyID(rawValue: 7), patterns: ["audit.read", "self.read"])
            return scope
        case "auditor"?: return person(2, [.auditRead], origin)
        default: throw Problem.unauthenticated
        }
    }

    func guest(_ origin: Origin) async throws -> Scope { origin.guest(PermissionSet()) }

    private func person(_ id: Int64, _ permissions: [Permission], _ origin: Origin) -> Scope {
        var scope = origin.guest(PermissionSet(permissions))
        scope.userID = UserID(rawValue: id)
        return scope
    }
}

/// A site whose database is away: it cannot say who anybody is.
private struct OutOfOrder: Authenticator {
    func authenticate(_ request: HTTPRequest, _ origin: Origin) async throws -> Scope { throw Problem.unavailable(retryAfter: 1) }
    func guest(_ origin: Origin) async throws -> Scope { throw Problem.unavailable(retryAfter: 1) }
}

private final class Observed: RequestObserver {
    let denials = Mutex<[String]>([])

    func denied(action: String, target: String?, problem: Problem, scope: Scope) async {
        denials.withLock { $0.append("\(action) \(target ?? "-") \(problem.code)") }
    }

    func answered(_ request: HTTPRequest, route: String, status: Int, scope: Scope, at: Timestamp) {}
}

@Suite struct ApplicationTests {
    private let observed = Observed()
    private let application: Application

    init() {
        let routes = [
            Route(.get, "/things", .anyone, .list("List things.", of: .any, query: ["text": .text.optional])) { call in
                var query = try call.query
                let page = query.page()
                let text = query.string("text")
                try query.finish()
                return .json(200, ["limit": JSON(page.limit), "text": JSON(text), "keys": .array(try page.keys(2) ?? [])])
            },
            Route(.get, "/things/me", .signedIn, .tested) { _ in .json(200, ["who": "me"]) },
            Route(.get, "/things/{id}", .signedIn, .tested) { call in .json(200, ["id": .string(call.parameter("id"))]) },
            Route(.delete, "/things/{id}", .may(.auditRead), .tested, action: "thing.delete") { _ in .noContent },
            Route(.post, "/things", .anyone, .tested, action: "thing.create") { call in
                var input = try Input(call.body())
                let name = input.string("name", length: 1...5, required: true)
                try input.finish()
                return try .json(201, ["name": .string(input.required(name))]).tagged(version: 1)
            },
            Route(.patch, "/things/{id}", .signedIn, .tested) { call in
                try call.checkIfMatch(version: 3)
                return .noContent
            },
            Route(.post, "/things/{id}/secret", .withoutAPIKey, .tested, action: "thing.secret") { _ in .noContent },
            Route(.get, "/broken", .anyone, .tested) { _ in throw QueueRefusal.full(1) },
            Route(.get, "/bug", .anyone, .tested) { _ in throw CocoaLess() },
            Route(.get, "//outside", .anyone, .tested) { _ in .noContent },
        ]
        var options = Application.Options()
        options.limits.perKey = .steady("api_key", burst: 3, perSecond: 0.001)
        application = Application(
            routes: routes, authenticator: ByName(), observer: observed, log: .silent, metrics: Metrics(), options: options)
    }

    private struct CocoaLess: Error {}

    private func send(
        _ method: HTTPMethod, _ target: String, as person: String? = nil, headers: HTTPHeaders = [:], body: String? = nil
    ) async throws -> (status: Int, json: JSON, headers: HTTPHeaders) {
        var headers = headers
        headers["Authorization"] = person
        if body != nil && !headers.contains("Content-Type") { headers["Content-Type"] = "application/json" }
        let request = HTTPRequest(
            method: method, target: target, headers: headers, body: Array((body ?? "").utf8), remoteAddress: "127.0.0.1")
        guard case .response(let response) = await application.respond(to: request) else { throw CocoaLess() }
        return (response.status, response.body.isEmpty ? .null : try JSONParser.parse(response.body), response.headers)
    }

    @Test func aLiteralWinsOverAParameter() async throws {
        #expect(try await send(.get, "/api/v1/things/me", as: "member").json["who"] == "me")
        #expect(try await send(.get, "/api/v1/things/a%2Fb", as: "member").json["id"] == "a/b")
        #expect(try await send(.get, "/outside").status == 204)
    }

    @Test(
        arguments: [
            ("GET", "/api/v1/nothing", nil, 401, "unauthenticated"), ("GET", "/api/v1/nothing", "member", 404, "not_found"),
            ("GET", "/api/v1/things", "forged", 200, nil), ("GET", "/api/v1/things/me", nil, 401, "unauthenticated"),
            ("GET", "/api/v1/things/me", "forged", 401, "unauthenticated"), ("GET", "/api/v1/nothing", "forged", 401, "unauthenticated"),
            ("PUT", "/api/v1/things", "member", 405, "method_not_allowed"),
            ("DELETE", "/api/v1/things/7", "member", 403, "permission_denied"),
            ("DELETE", "/api/v1/things/7?x=1", "auditor", 422, "invalid"), ("POST", "/api/v1/things?x=1", nil, 422, "invalid"),
            ("DELETE", "/api/v1/things/7?x=1", "member", 403, "permission_denied"), ("PATCH", "/api/v1/things/7?", "member", 204, nil),
            ("DELETE", "/api/v1/things/7", nil, 401, "unauthenticated"), ("DELETE", "/api/v1/things/7", "auditor", 204, nil),
            ("GET", "/api/v1/things?limit=0", nil, 422, "invalid"), ("GET", "/api/v1/things?x=1", nil, 422, "invalid"),
            ("GET", "/api/v1/things?cursor=zz", nil, 422, "invalid"), ("GET", "/api/v1/things?text=a&text=b", nil, 422, "invalid"),
            ("GET", "/api/v1/things?text=%00", nil, 422, "invalid"), ("GET", "/api/v1/things?text=%FF", nil, 400, "malformed"),
            ("POST", "/api/v1/things/7/secret", "member", 204, nil), ("POST", "/api/v1/things/7/secret", "key", 403, "api_key_refused"),
            ("POST", "/api/v1/things/7/secret", nil, 401, "unauthenticated"), ("DELETE", "/api/v1/things/7", "key", 204, nil),
            ("GET", "/api/v1/broken", nil, 503, "unavailable"),
            ("GET", "/api/v1/bug", nil, 500, "internal_error"), ("OPTIONS", "/api/v1/things", nil, 204, nil),
            ("GET", "/api/v1/things/", "member", 404, "not_found"), ("GET", "/elsewhere", nil, 404, "not_found"),
        ] as [(String, String, String?, Int, String?)])
    func everyAnswerHasItsStatusAndCode(_ method: String, _ target: String, _ person: String?, _ status: Int, _ code: String?) async throws
    {
        let answer = try await send(HTTPMethod(rawValue: method), target, as: person)
        #expect(answer.status == status)
        #expect(answer.json["code"]?.string == code)
        if code != nil {
            #expect(answer.headers["Content-Type"] == "application/problem+json")
            #expect(answer.json["request_id"]?.string == answer.headers["X-Request-Id"])
        }
        #expect(answer.headers["Content-Security-Policy"] != nil && answer.headers["X-Content-Type-Options"] == "nosniff")
    }

    @Test(arguments: [
        ("{\"name\":\"abc\"}", 201, ""), ("{\"name\":\"abcdef\"}", 422, "/name too_long"), ("{\"name\":\"a\",\"x\":1}", 422, "/x unknown"),
        ("{\"name\"", 400, ""), ("[]", 422, " type"), ("", 422, "/name required"), ("{\"name\":\"a\",\"request_id\":\"r\"}", 201, ""),
        ("{\"name\":\"a\",\"request_id\":7}", 422, "/request_id invalid"),
        ("{\"name\":\"a\",\"request_id\":\"\"}", 422, "/request_id invalid"),
        ("{\"name\":\"a\",\"request_id\":null}", 201, ""),
    ])
    func bodiesAreCheckedAgainstTheirSchema(_ body: String, _ status: Int, _ faults: String) async throws {
        let answer = try await send(.post, "/api/v1/things", body: body)
        #expect(answer.status == status)
        let seen = answer.json["errors"]?.array?.map { "\($0["pointer"]?.string ?? "") \($0["code"]?.string ?? "")" }.joined(
            separator: ", ")
        #expect((seen ?? "") == faults)
    }

    @Test func mediaTypesAndVersionsAreChecked() async throws {
        #expect(try await send(.post, "/api/v1/things", headers: ["Content-Type": "text/plain"], body: "x").status == 415)
        #expect(
            try await send(.post, "/api/v1/things", headers: ["Content-Type": "application/json; charset=utf-8"], body: "{\"name\":\"a\"}")
                .headers["ETag"] == "\"1\"")
        #expect(try await send(.patch, "/api/v1/things/1", as: "member", headers: ["If-Match": "\"2\""]).status == 412)
        #expect(try await send(.patch, "/api/v1/things/1", as: "member", headers: ["If-Match": "\"2\", \"3\""]).status == 204)
    }

    @Test func problemsSpeakTheReadersLanguage() async throws {
        let answer = try await send(
            .delete, "/api/v1/things/7", as: "member", headers: ["Accept-Language": "fr", "X-Request-Id": "abcd-1234"])
        #expect(answer.json["detail"] == "Cette action demande la permission « audit.read ».")
        #expect(answer.json["permission"] == "audit.read")
        #expect(answer.json["request_id"] == "abcd-1234")
        #expect(try await send(.get, "/api/v1/things", headers: ["X-Request-Id": "a b"]).headers["X-Request-Id"] != "a b")
    }

    @Test func aQueryOfManyUnknownNamesHasAShortAnswer() async throws {
        let names = (0..<2690).map { "n\($0)" }.joined(separator: "&")
        let answer = try await send(.get, "/api/v1/things?\(names)")
        #expect(answer.status == 422 && answer.json["errors"]?.array?.count == 20)
        #expect(answer.json.bytes.count < 4096)
        let long = String(repeating: "n", count: 257)
        #expect(try await send(.get, "/api/v1/things?\(long)=1").status == 400)
        #expect(try await send(.get, "/api/v1/things?\(long.dropFirst())=1").status == 422)
    }

    @Test(arguments: ["\"3\"", "W/\"3\"", "W/\"2\", W/\"3\"", "*"])
    func aTagThatAProxyWeakenedIsTheSameVersion(_ tag: String) async throws {
        #expect(try await send(.patch, "/api/v1/things/7", as: "member", headers: ["If-Match": tag]).status == 204)
    }

    @Test(arguments: ["\"2\"", "W/\"2\"", "3", "w/\"3\"", "W/W/\"3\""])
    func anotherTagIsAnotherVersion(_ tag: String) async throws {
        #expect(try await send(.patch, "/api/v1/things/7", as: "member", headers: ["If-Match": tag]).status == 412)
    }

    @Test(arguments: ["/OUTSIDE", "/API/v1/things", "/api/V1/things", "/api/v1/Things", "/Outside"])
    func pathsAreCaseSensitive(_ path: String) async throws {
        #expect(try await send(.get, path, as: "member").status == 404)
    }

    @Test func aDeniedActIsObservedOnceForAPerson() async throws {
        _ = try await send(.delete, "/api/v1/things/7", as: "member")
        _ = try await send(.delete, "/api/v1/things/7")
        #expect(observed.denials.withLock { $0 } == ["thing.delete 7 permission_denied"])
    }

    /// Only the last hop is a proxy's word, however the proxy writes it down.
    @Test(arguments: [
        ["203.0.113.9"], ["198.51.100.1, 203.0.113.9"], ["198.51.100.1", "203.0.113.9"], ["198.51.100.1", "203.0.113.9, 127.0.0.1"],
    ])
    func theAddressIsWhatTheNearestProxySaw(_ fields: [String]) async throws {
        var options = Application.Options()
        options.trustedProxies = [try #require(NetworkBlock("127.0.0.1"))]
        let route = Route(.get, "/address", .anyone, .tested) { call in .json(200, ["address": .string(call.scope.address)]) }
        let application = Application(routes: [route], authenticator: ByName(), log: .silent, metrics: Metrics(), options: options)
        var request = HTTPRequest(method: .get, target: "/api/v1/address", remoteAddress: "127.0.0.1")
        for field in fields { request.headers.append("X-Forwarded-For", field) }
        guard case .response(let response) = await application.respond(to: request) else { throw CocoaLess() }
        #expect(try JSONParser.parse(response.body)["address"] == "203.0.113.9")
    }

    @Test func credentialsThatDoNotHoldAreCounted() async throws {
        var options = Application.Options()
        options.limits.perAddress = .steady("address", burst: 3, perSecond: 0.001)
        let application = Application(routes: [], authenticator: ByName(), log: .silent, metrics: Metrics(), options: options)
        var statuses: [Int] = []
        for number in 0..<5 {
            // One subscriber has a whole /64 to choose from.
            let request = HTTPRequest(
                method: .get, target: "/api/v1/things", headers: ["Authorization": "wrong"], remoteAddress: "2001:db8::\(number)")
            guard case .response(let response) = await application.respond(to: request) else { throw CocoaLess() }
            statuses.append(response.status)
        }
        #expect(statuses == [401, 401, 401, 429, 429])
    }

    @Test func whatIsTheSameForAnyoneNeedsNoCredentials() async throws {
        let route = Route(.get, "//healthz", .anyone, .tested, looksAtCredentials: false) { _ in .noContent }
        let application = Application(routes: [route], authenticator: OutOfOrder(), log: .silent, metrics: Metrics())
        let request = HTTPRequest(method: .get, target: "/healthz", headers: ["Authorization": "member"], remoteAddress: "127.0.0.1")
        guard case .response(let response) = await application.respond(to: request) else { throw CocoaLess() }
        #expect(response.status == 204)
    }

    @Test func anAnswerIsNotManyTimesAsLongAsTheQuestion() async throws {
        let body = "{" + (0..<5000).map { "\"\($0)\":0" }.joined(separator: ",") + "}"
        let answer = try await send(.post, "/api/v1/things", body: body)
        #expect(answer.status == 422 && answer.json["errors"]?.array?.count == Input.maximumFaults)
    }

    @Test func headHasTheLengthOfGet() async throws {
        let answer = try await send(.head, "/api/v1/things")
        #expect(answer.status == 200 && answer.json == .null)
        #expect(answer.headers["Content-Length"] == String(#"{"limit":50,"text":null,"keys":[]}"#.utf8.count))
    }

    @Test func aKeyHasALimitWithinThatOfItsPerson() async throws {
        let before = try await send(.get, "/api/v1/things/me", as: "member")
        #expect(before.headers["RateLimit-Policy"] == "\"user\";q=3000;w=3")
        var states: [String?] = []
        for status in [200, 200, 200, 429] {
            let answer = try await send(.get, "/api/v1/things/me", as: "key")
            #expect(answer.status == status && (answer.headers["Retry-After"] != nil) == (status == 429))
            states.append(answer.headers["RateLimit"]?.split(separator: ";t").first.map(String.init))
            #expect(answer.headers["RateLimit-Policy"]?.hasPrefix("\"api_key\";q=3;w=3000") == true)
        }
        #expect(states == ["\"api_key\";r=2", "\"api_key\";r=1", "\"api_key\";r=0", "\"api_key\";r=0"])
        #expect(try await send(.get, "/api/v1/things/me", as: "member").status == 200)
    }

    @Test func cursorsCarryTheirKeys() async throws {
        let cursor = Page.cursor([7, "é"])
        #expect(try await send(.get, "/api/v1/things?cursor=\(cursor)").json["keys"] == [7, "é"])
    }
}
