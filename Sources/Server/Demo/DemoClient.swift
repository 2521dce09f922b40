internal import HTTP
internal import Kernel
internal import Synchronization
internal import Transport
internal import Web

/// Asks the site's own API in the same process, signed in as the demo's owner: what the demo does, it does as an administrator would.
final class DemoClient: Sendable {
    private let application: Application
    private let credentials: JSON
    private let token = Mutex("")

    /// Signs in.
    init(_ application: Application, username: String, password: String) async throws {
        self.application = application
        credentials = ["username": .string(username), "password": .string(password)]
        try await signIn()
    }

    private func signIn() async throws {
        let (status, answer) = try await ask(.post, "/auth/login", credentials, token: nil)
        guard status == 200, let fresh = answer["access_token"]?.string else {
            throw StartFailure("The demo's owner cannot sign in: \(answer.text)")
        }
        token.withLock { $0 = fresh }
    }

    /// Signs in again where the token has ended.
    ///
    /// - Returns: the answer's body.
    /// - Throws: on any other answer that is not 2xx.
    @discardableResult
    func send(_ method: HTTPMethod, _ path: String, _ body: JSON? = nil) async throws -> JSON {
        var (status, answer) = try await ask(method, path, body, token: token.withLock { $0 })
        if status == 401 {
            try await signIn()
            (status, answer) = try await ask(method, path, body, token: token.withLock { $0 })
        }
        guard (200..<300).contains(status) else { throw StartFailure("\(method) \(path) gave \(status): \(answer.text)") }
        return answer
    }

    private func ask(_ method: HTTPMethod, _ path: String, _ body: JSON?, token: String?) async throws -> (status: Int, JSON) {
        var headers: HTTPHeaders = ["Content-Type": "application/json", "User-Agent": "foyer-demo"]
        headers["Authorization"] = token.map { "Bearer \($0)" }
        let request = HTTPRequest(
            method: method, target: "/api/v1\(path)", headers: headers, body: body?.bytes ?? [], remoteAddress: "127.0.0.1")
        guard case .response(let response) = await application.respond(to: request) else {
            throw StartFailure("\(method) \(path) is answered by a connection")
        }
        return (response.status, response.body.isEmpty ? .null : try JSONParser.parse(own: response.body))
    }
}
