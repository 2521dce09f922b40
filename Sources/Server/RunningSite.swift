internal import Database
internal import Kernel
internal import Realtime
internal import Runtime
internal import Transport

/// The process while it serves: sockets, background work, and the way down.
///
/// Start order is dependency order; the stop is its reverse: no new connections, requests in progress finish, sockets are told to come back,
/// background work ends, the database closes.
enum RunningSite {
    /// - Parameter companion: work beside the site's own, such as the demo's; runs until cancelled.
    static func run(_ settings: Settings, companion: @escaping @Sendable (Composition, String) async throws -> Void) async throws {
        // A closed terminal, or a reload where there is nothing to load, ends nothing.
        Signals.ignoreHangUp()
        let address = try ListenAddress(settings["listen"], of: "listen")
        let tls = try Certificate.load(settings)
        let plain = try settings.text("redirect-listen").map { text in
            (address: try ListenAddress(text, of: "redirect-listen"), answers: try Redirect(settings, tls))
        }
        if let folder = settings.text("web"), settings.webFolder == nil {
            throw Settings.Fault("--web must name the folder of the built web app: there is no \(folder)/index.html.")
        }
        let infrastructure = try await Infrastructure.open(settings)
        let loops = settings.integer("loops")
        let group = EventLoopGroup(count: loops == 0 ? nil : loops, usesRing: settings.bool("io-uring"))
        let composition = try await Composition(infrastructure)
        try await FirstOwner.make(composition)
        var options = HTTPServerOptions()
        (options.host, options.port) = (address.host, address.port)
        let files = try FileLimit.connections(wanted: settings.integer("max-connections"), besides: infrastructure.databaseConnections)
        options.maxConnections = files.connections
        options.maxSockets = files.sockets
        let perAddress = settings.integer("max-connections-per-address")
        options.maxConnectionsPerAddress = perAddress == 0 ? nil : perAddress
        options.maxMessageSize = Gateway.maximumMessage
        options.compressesMessages = settings.bool("websocket-compression")
        options.tls = tls
        let server = HTTPServer(options: options, group: group, responder: composition.application)
        composition.count(server)
        var servers = [server]
        let port: Int
        do throws(ListenFailure) {
            port = try server.start()
            if let plain {
                var options = HTTPServerOptions()
                (options.host, options.port) = (plain.address.host, plain.address.port)
                options.maxConnections = min(1000, files.sockets / 4)
                options.maxSockets = options.maxConnections
                servers.append(HTTPServer(options: options, group: group, responder: plain.answers))
                _ = try servers[1].start()
            }
        } catch {
            await infrastructure.close()
            throw StartFailure("Foyer \(error.description).")
        }
        let url = settings.text("public-url") ?? "\(tls == nil ? "http" : "https")://\(address.shownHost):\(port)"
        try await FirstOwner.inviteBrowser(composition, url: url)
        composition.readiness.set(true)
        infrastructure.log.info(
            "listening",
            [
                ("url", .string(url)), ("version", .string(Site.version)), ("node", JSON(infrastructure.lease.node)),
                ("max_connections", JSON(files.connections)), ("open_files_limit", JSON(files.limit)),
            ])
        warn(settings, files, infrastructure.log)
        infrastructure.log.flush()
        try await serve(composition, servers, group) { try await companion(composition, url) }
    }

    private static func serve(
        _ composition: Composition, _ servers: [HTTPServer], _ group: EventLoopGroup,
        companion: @escaping @Sendable () async throws -> Void
    ) async throws {
        let infrastructure = composition.infrastructure
        let (first, abort) = await withTaskGroup(of: Result<Void, any Error>.self) { tasks in
            tasks.addTask { .success(await waitForSignal(on: group)) }
            tasks.addTask { await outcome { try await keepLease(composition) } }
            if let tls = servers[0].options.tls {
                tasks.addTask { await outcome { try await Certificate.watch(tls, log: infrastructure.log) } }
            }
            tasks.addTask { .success(await onHangUp(servers[0].options.tls, group, infrastructure.log)) }
            for service in composition.services { tasks.addTask { await outcome { try await runForever(service) } } }
            tasks.addTask { await outcome { try await runForever(companion) } }
            let first = await tasks.next() ?? .success(())
            composition.readiness.set(false)
            infrastructure.log.info("stopping")
            let deadline = Duration.seconds(infrastructure.settings.integer("shutdown-timeout"))
            // Also where the database does not answer, the stop has an end.
            let abort = Task { await outcome { try await infrastructure.abort(after: deadline) } }
            await withTaskGroup(of: Void.self) { ends in
                for server in servers { ends.addTask { await server.shutdown(deadline: deadline) } }
            }
            tasks.cancelAll()
            for await result in tasks { logFailure(result, infrastructure.log) }
            return (first, abort)
        }
        await infrastructure.close()
        abort.cancel()
        group.stop()
        if case .failure(let error) = first { infrastructure.log.error("stopped by a failure", [("cause", .string("\(error)"))]) }
        infrastructure.log.info("stopped")
        infrastructure.log.flush()
        try first.get()
    }

    private static func outcome(_ body: () async throws -> Void) async -> Result<Void, any Error> {
        do {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }

    /// What works less well than it was meant to.
    private static func warn(_ settings: Settings, _ files: FileLimit.Room, _ log: Log) {
        if files.connections < settings.integer("max-connections") {
            log.warning(
                "the limit of open files allows fewer connections than max-connections: raise it (systemd: LimitNOFILE)",
                [("max_connections", JSON(files.connections)), ("open_files_limit", JSON(files.limit))])
        }
        if settings.text("outbound-allow") != nil {
            log.warning("webhooks may reach private addresses: outbound-allow", [("networks", .string(settings["outbound-allow"]))])
        }
        if settings.webFolder == nil {
            log.warning(
                "the web app was not found: only the API is served, and the set-up link shows nothing. Install it beside the program (make install), or name its folder with --web"
            )
        }
    }

    /// Reads the certificate again; without TLS there is nothing to read.
    private static func onHangUp(_ tls: TLSContext?, _ group: EventLoopGroup, _ log: Log) async {
        guard let tls else {
            for await _ in Signals.stream(of: [.hangUp], on: group.next()) { log.info("there is nothing to load again") }
            return
        }
        await Certificate.reload(tls, onHangUpOf: group, log: log)
    }

    private static func waitForSignal(on group: EventLoopGroup) async {
        for await _ in Signals.stream(of: [.interrupt, .terminate], on: group.next()) { return }
    }

    /// A service that returns has nothing more to do; the site goes on. One that throws ends the site, which its supervisor starts again.
    private static func runForever(_ service: @Sendable () async throws -> Void) async throws {
        try await service()
        while !Task.isCancelled { try await Task.sleep(for: .seconds(3600)) }
    }

    private static func keepLease(_ composition: Composition) async throws {
        let (infrastructure, probe) = (composition.infrastructure, composition.probe)
        try await infrastructure.lease.keep(
            in: infrastructure.database, ids: infrastructure.ids, clock: infrastructure.clock, log: infrastructure.log
        ) { probe.wrote($0) }
        if !Task.isCancelled { throw StartFailure("This process’s node number was taken by another one.") }
    }

    private static func logFailure(_ result: Result<Void, any Error>, _ log: Log) {
        guard case .failure(let error) = result, !(error is CancellationError) else { return }
        log.warning("a service ended badly", [("cause", .string("\(error)"))])
    }
}

/// HOST:PORT, the host in brackets for IPv6.
struct ListenAddress: Sendable {
    let host: String
    let port: Int

    /// - Parameter setting: its name, for what is said of a wrong one.
    init(_ text: String, of setting: String) throws(Settings.Fault) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]), (0...65_535).contains(port) else {
            throw Settings.Fault("--\(setting) must be HOST:PORT, such as 127.0.0.1:8080, not “\(text)”.")
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty else { throw Settings.Fault("--\(setting) must be HOST:PORT, such as 127.0.0.1:8080, not “\(text)”.") }
        (self.host, self.port) = (host, port)
    }

    /// As it stands in a URL.
    var shownHost: String { host.contains(":") ? "[\(host)]" : host }
}
