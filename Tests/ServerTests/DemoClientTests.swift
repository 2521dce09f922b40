import HTTP
import Kernel
import Runtime
import Synchronization
import Testing
import Web

@testable import Server

/// Signs in with tokens of which the newest alone holds, until it is ended.
private final class Tokens: Authenticator {
    private let state = Mutex((number: 0, holds: false))

    func next() -> String {
        state.withLock { state in
            state = (state.number + 1, true)
            return String(state.number)
        }
    }

    func end() { state.withLock { $0.holds = false } }

    func authenticate(_ request: HTTPRequest, _ origin: Origin) async throws -> Scope {
        guard let token = request.headers["Authorization"] else { return try await guest(origin) }
        guard state.withLock({ $0.holds && "Bearer \($0.number)" == token }) else { throw Problem.unauthenticated }
        var scope = origin.guest(PermissionSet())
        scope.userID = UserID(rawValue: 1)
        return scope
    }

    func guest(_ origin: Origin) async throws -> Scope { origin.guest(PermissionSet()) }
}

@Suite struct DemoClientTests {
    @Test func signsInAgainWhereTheTokenEnded() async throws {
        let tokens = Tokens()
        let shape = RouteShape("A route of this test.", answers: [])
        let routes = [
            Route(.post, "/auth/login", .anyone, shape) { _ in .json(200, ["access_token": .string(tokens.next())]) },
            Route(.get, "/me", .signedIn, shape) { _ in .json(200, ["is": "here"]) },
            Route(.get, "/locked", .may(.rolesManage), shape) { _ in .noContent },
        ]
        let application = Application(routes: routes, authenticator: tokens, log: .silent, metrics: Metrics())
        let client = try await DemoClient(application, username: "owner", password: "secret")
        #expect(try await client.send(.get, "/me") == ["is": "here"])
        tokens.end()
        #expect(try await client.send(.get, "/me") == ["is": "here"])
        await #expect(throws: StartFailure.self) { try await client.send(.get, "/locked") }
    }
}
