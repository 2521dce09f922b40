internal import HTTP
internal import Kernel
internal import Transport
internal import Web

/// Asks the site's own API in the same process, signed in as the demo's owner: what the demo does, it does as an administrator would.
struct DemoClient: Sendable {
    private let application: Application
    private let token: String

    /// Signs in.
    init(_ application: Application, username: String, password: String) async throws {
        let body: JSON = ["username": .string(username), "password": .string(password)]
        let answer = try await Self.send(application, .post, "/auth/login", body, token: nil)
        guard let token = answer["access_token"]?.string else { throw StartFailure("The demo's owner cannot sign in: \(answer.text)") }
        (self.application, self.token) = (application, token)
    }

    /// - Returns: the answer's body.
    /// - Throws: on any answer that is not 2xx.
    @discardableResult
    func send(_ method: HTTPMethod, _ path: String, _ body: JSON? = nil) async throws -> JSON {
        try await Self.send(application, method, path, body, token: token)
    }

    private static func send(
        _ application: Application, _ method: HTTPMethod, _ path: String, _ body: JSON?, token: String?
    ) async throws -> JSON {
        var headers: HTTPHeaders = ["Content-Type": "application/json", "User-Agent": "foyer-demo"]
        headers["Authorization"] = token.map { "Bearer \($0)" }
        let request = HTTPRequest(
            method: method, target: "/api/v1\(path)", headers: headers, body: body?.bytes ?? [], remoteAddress: "127.0.0.1")
        guard case .response(let response) = await application.respond(to: request) else { return .null }
        let answer: JSON = response.body.isEmpty ? .null : try JSONParser.parse(response.body)
        guard (200..<300).contains(response.status) else { throw StartFailure("\(method) \(path) gave \(response.status): \(answer.text)") }
        return answer
    }
}
