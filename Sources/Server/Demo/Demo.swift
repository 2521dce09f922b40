internal import Database
internal import Directory
internal import HTTP
internal import Kernel
internal import Presence
internal import Realtime
package import Runtime

extension Site {
    /// Runs a site of its own, filled with made-up members at the first start, whose statuses move.
    package static func demo(_ settings: Settings) async throws {
        let address = try ListenAddress(settings["listen"], of: "listen")
        guard ["127.0.0.1", "::1", "localhost"].contains(address.host) else {
            throw Settings.Fault("The demo has a known password: it listens on 127.0.0.1, ::1 or localhost only, not on \(address.host).")
        }
        let demo = settings.defaulting("owner-email", to: "demo@foyer.example").defaulting("owner-username", to: Demo.owner)
            .defaulting("owner-password", to: Demo.password)
        try await RunningSite.run(demo) { composition, url in
            Terminal.say(
                "\nThe demo is ready: \(url)\n\n    user name  \(demo["owner-username"])\n    password   \(demo["owner-password"])\n")
            try await Demo(composition).run()
        }
    }
}

/// Two hundred people who come, go and change their minds.
struct Demo: Sendable {
    static let owner = "demo"
    static let password = "foyer-demo-owner"
    /// Above what the gateway gives to real sockets.
    private static let firstConnection: UInt64 = 1 << 48

    private struct Actor {
        let id: UserID
        var isConnected = false
        var isIdle = false
    }

    private let composition: Composition

    init(_ composition: Composition) { self.composition = composition }

    func run() async throws {
        let settings = composition.infrastructure.settings
        let client = try await DemoClient(
            composition.application, username: settings["owner-username"], password: settings["owner-password"])
        try await fill(client)
        var actors = try await actors()
        for index in actors.indices where index % 5 != 0 { connect(&actors[index], index) }
        var turn = 0
        while !Task.isCancelled {
            try await move(&actors, client, turn)
            turn += 1
            if turn.isMultiple(of: 15) { beat(actors) }
            try await Task.sleep(for: .milliseconds(Int.random(in: 400...1000)))
        }
    }

    /// Makes what is not there yet, so that a fill that was cut short goes on.
    private func fill(_ client: DemoClient) async throws {
        let names = Set(try await client.send(.get, "/roles?limit=200")["items"]?.array?.compactMap { $0["name"]?.string } ?? [])
        for role in DemoData.roles where !names.contains(role.name) {
            try await client.send(
                .post, "/roles",
                [
                    "name": .string(role.name), "description": .string(role.description), "color": .string(role.color),
                    "priority": JSON(role.priority), "permissions": .array(role.permissions.map(JSON.string)),
                ])
        }
        let known = try await composition.infrastructure.database.read { transaction in
            Set(try transaction.rows("SELECT username FROM users").map { $0.text(0) })
        }
        for person in (0..<DemoData.count).map(DemoData.person) where !known.contains(person.username) {
            try await client.send(
                .post, "/users",
                [
                    "username": .string(person.username), "email": .string("\(person.username)@foyer.example"),
                    "display_name": .string(person.displayName), "roles": .array(person.roles.map(JSON.string)),
                    "tags": .array(person.tags.map(JSON.string)), "locale": .string(person.locale),
                ])
        }
    }

    private func actors() async throws -> [Actor] {
        let owner = composition.infrastructure.settings["owner-username"]
        return try await composition.infrastructure.database.read { transaction in
            try transaction.rows("SELECT id FROM users WHERE username <> \(owner) ORDER BY id").map { Actor(id: $0.id(0)) }
        }
    }

    private func connection(_ index: Int) -> ConnectionID { ConnectionID(rawValue: Self.firstConnection + UInt64(index)) }

    private func connect(_ actor: inout Actor, _ index: Int) {
        actor.isConnected = true
        actor.isIdle = false
        composition.presence.observer.connected(connection(index), user: actor.id, session: nil)
    }

    private func beat(_ actors: [Actor]) {
        composition.presence.observer.seen(actors.indices.filter { actors[$0].isConnected }.map(connection))
    }

    private func move(_ actors: inout [Actor], _ client: DemoClient, _ turn: Int) async throws {
        guard let index = actors.indices.randomElement() else { return }
        if turn % 24 == 23 { return try await changeRole(of: actors[index].id, client) }
        guard actors[index].isConnected else { return connect(&actors[index], index) }
        switch Int.random(in: 0..<10) {
        case 0:
            actors[index].isConnected = false
            composition.presence.observer.disconnected(connection(index), reason: .left)
        case 1...2: try await setIdle(&actors[index], index)
        case 3...5:
            try await choose(["status": .string(["online", "online", "dnd", "idle"].randomElement() ?? "online")], actors[index].id)
        case 6...7: try await choose(["status_message": .string(DemoData.messages.randomElement() ?? "")], actors[index].id)
        default:
            guard let (name, kind) = DemoData.activities.randomElement() else { return }
            let started = composition.infrastructure.clock.now().adding(seconds: -Int64.random(in: 60...7200))
            try await choose(
                ["activity": ["name": .string(name), "kind": .string(kind), "started_at": JSON(started)]], actors[index].id)
        }
    }

    /// As the person themselves would.
    private func scope(_ user: UserID) -> Scope {
        Scope(userID: user, requestID: "demo-\(UInt32.random(in: .min ... .max))", address: "127.0.0.1", userAgent: "foyer-demo")
    }

    private func choose(_ body: JSON, _ user: UserID) async throws {
        let (now, scope, choices) = (composition.infrastructure.clock.now(), scope(user), composition.presence.choices)
        try await composition.infrastructure.database.write { transaction in
            guard let member = try composition.directory.members([user], in: transaction).first else { return }
            try choices.choose(body, for: member, scope: scope, at: now, in: transaction)
        }
    }

    private func setIdle(_ actor: inout Actor, _ index: Int) async throws {
        actor.isIdle.toggle()
        let call = CommandCall(scope: scope(actor.id), connection: connection(index), body: ["idle": .bool(actor.isIdle)])
        for command in composition.presence.commands where command.name == "presence.set" { try await command.handler(call) }
    }

    private func changeRole(of user: UserID, _ client: DemoClient) async throws {
        guard let role = DemoData.roles.randomElement() else { return }
        let held =
            try await client.send(.get, "/users/\(user)/roles")["roles"]?.array?.contains { $0["name"]?.string == role.name } ?? false
        let list: JSON = .array([.string("role_\(role.name)")])
        try await client.send(.post, "/users/\(user)/roles", [held ? "remove" : "add": list, "reason": "Démo"])
    }
}
