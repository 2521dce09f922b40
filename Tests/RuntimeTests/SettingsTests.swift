import Glibc
import Kernel
import Runtime
import Synchronization
import Testing

@Suite struct SettingsTests {
    private let known = [
        Setting("listen", "127.0.0.1:8080", "Where."), Setting("loops", "0", "How many.", kind: .integer(0...64)),
        Setting("rate-limit", "true", "Whether.", kind: .boolean), Setting("log-level", "info", "What.", kind: .choice(["debug", "info"])),
        Setting("owner-email", "", "Who."),
    ]

    private func file(_ text: String) -> String {
        var template = Array("/tmp/foyer-settings-XXXXXX\0".utf8CString.dropLast())
        let descriptor = mkstemp(&template)
        _ = Array(text.utf8).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    @Test func aFlagWinsOverAVariableOverTheFileOverTheDefault() throws {
        let path = file("# a comment\nlisten = \"[::1]:1\"\nloops = 2\nlog-level=debug\n\n")
        defer { unlink(path) }
        let settings = try Settings(
            known, flags: ["listen": "[::1]:3"], environment: ["FOYER_LISTEN": "[::1]:2", "FOYER_LOOPS": "4", "HOME": "/"], file: path)
        #expect(settings["listen"] == "[::1]:3" && settings.source("listen") == .flag)
        #expect(settings.integer("loops") == 4 && settings.source("loops") == .environment)
        #expect(settings["log-level"] == "debug" && settings.source("log-level") == .file(path))
        #expect(settings.bool("rate-limit") && settings.source("rate-limit") == .fallback)
        #expect(settings.text("owner-email") == nil)
    }

    @Test func aFileIsReadByItsBytes() throws {
        let lines = [
            "\u{FEFF}listen = [::1]:1 # a remark", "loops = 2\t# another", "log-level = \"debug\" # a third", "rate-limit = false#not one",
            "owner-email = \"a # b\"", "# \u{301}",
        ]
        for end in ["\n", "\r\n"] {
            let path = file(lines.filter { !$0.contains("#not") }.joined(separator: end) + end)
            defer { unlink(path) }
            let settings = try Settings(known, flags: [:], environment: [:], file: path)
            #expect(settings["listen"] == "[::1]:1" && settings.integer("loops") == 2 && settings["log-level"] == "debug")
            #expect(settings["owner-email"] == "a # b")
        }
        let path = file(lines.joined(separator: "\r\n"))
        defer { unlink(path) }
        let fault = #expect(throws: Settings.Fault.self) { try Settings(known, flags: [:], environment: [:], file: path) }
        #expect(fault?.description.contains("“false#not one”") == true)
    }

    @Test(arguments: ["listen = \"a\n", "listen = \"a\" b\n", "listen \u{301}\n"])
    func aLineThatCannotBeReadIsNamed(_ text: String) {
        let path = file("\r\n" + text)
        defer { unlink(path) }
        let fault = #expect(throws: Settings.Fault.self) { try Settings(known, flags: [:], environment: [:], file: path) }
        #expect(fault?.description.hasPrefix("\(path), line 2: ") == true)
    }

    @Test(
        arguments: [
            (["loops": "many"], [:], "--loops (FOYER_LOOPS) must be a whole number from 0 to 64, not “many”."),
            (["loops": "65"], [:], "--loops (FOYER_LOOPS) must be a whole number from 0 to 64, not “65”."),
            ([:], ["FOYER_RATE_LIMIT": "yes"], "--rate-limit (FOYER_RATE_LIMIT) must be true or false, not “yes”."),
            ([:], ["FOYER_LOG_LEVEL": "loud"], "--log-level (FOYER_LOG_LEVEL) must be one of debug, info, not “loud”."),
            (["lisen": "x"], [:], "There is no option --lisen. `foyer serve --help` lists them all."),
        ] as [([String: String], [String: String], String)])
    func whatIsWrongIsSaidInOneSentence(_ flags: [String: String], _ environment: [String: String], _ sentence: String) {
        let fault = #expect(throws: Settings.Fault.self) { _ = try Settings(known, flags: flags, environment: environment) }
        #expect(fault?.description == sentence)
    }

    /// Kubernetes gives each container such variables for a service named foyer.
    @Test func variablesThatMeanNothingAreWarnedOf() throws {
        let environment = ["FOYER_PORT": "tcp://10.0.0.7:8080", "FOYER_SERVICE_HOST": "10.0.0.7", "FOYER_LISTEN": "[::1]:2", "HOME": "/"]
        let settings = try Settings(known, flags: [:], environment: environment)
        #expect(settings["listen"] == "[::1]:2")
        #expect(
            settings.warnings == [
                "There is no setting FOYER_PORT: it is ignored. `foyer config` lists them all.",
                "There is no setting FOYER_SERVICE_HOST: it is ignored. `foyer config` lists them all.",
            ])
    }

    @Test(
        arguments: [
            ("https://foyer.example", "https://foyer.example"), ("https://foyer.example/", "https://foyer.example"),
            ("HTTPS://Foyer.Example:443", "https://foyer.example"), ("http://foyer.example:80/", "http://foyer.example"),
            ("https://foyer.example:80", "https://foyer.example:80"), ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080/", "http://[::1]:8080"), ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ])
    func anAddressIsKeptAsBrowsersSendIt(_ text: String, _ kept: String) throws {
        let settings = try Settings([Setting("public-url", "", "Where.", kind: .address)], flags: ["public-url": text], environment: [:])
        #expect(settings.address("public-url") == kept)
    }

    @Test(
        arguments: [
            ("foyer.example", "must begin with https:// or http://"), ("ftp://foyer.example", "must begin with"),
            ("https://", "must name a host"),
            ("https://foyer.example/forum", "without a path"), ("https://foyer.example?x", "without a path"),
            ("https://foyer.example//", "without a path"), ("https://ada@foyer.example", "a user or a password"),
            ("https://bücher.example", "in ASCII"), ("https://foyer.example:0", "a port"), ("https://foyer.example:x", "a port"),
            ("https://foyer.example:65536", "a port"), ("https://.", "a host"), ("https://foyer example", "a host"),
            ("https://[::1", "a host"),
        ])
    func anAddressThatCannotBeUsedIsRefused(_ text: String, _ part: String) {
        let fault = #expect(throws: Settings.Fault.self) {
            _ = try Settings([Setting("public-url", "", "Where.", kind: .address)], flags: ["public-url": text], environment: [:])
        }
        #expect(fault?.description.contains(part) ?? false, "\(fault?.description ?? "-")")
    }

    @Test func aFileThatIsWrongIsNamedWithItsLine() {
        for (text, end) in [("listen\n", ", line 1: “name = value” is expected."), ("speed = 3\n", ": there is no setting “speed”.")] {
            let path = file(text)
            defer { unlink(path) }
            let fault = #expect(throws: Settings.Fault.self) { _ = try Settings(known, flags: [:], environment: [:], file: path) }
            #expect(fault?.description == path + end)
        }
        #expect(throws: Settings.Fault.self) { _ = try Settings(known, flags: [:], environment: [:], file: "/nowhere/at/all") }
    }
}

@Suite struct MetricsTests {
    @Test func rendersPrometheusText() {
        let metrics = Metrics()
        let counter = metrics.counter("foyer_things_total", "Things.")
        counter.add(3)
        metrics.gauge("foyer_level", "Level.") { 1.5 }
        metrics.histogram("foyer_seconds", "Durations.").observe(seconds: 0.003, labels: "route=\"/a\"")
        let text = metrics.render()
        for line in [
            "# HELP foyer_things_total Things.", "# TYPE foyer_things_total counter", "foyer_things_total 3", "foyer_level 1.5",
            "foyer_seconds_bucket{route=\"/a\",le=\"0.0025\"} 0", "foyer_seconds_bucket{route=\"/a\",le=\"0.005\"} 1",
            "foyer_seconds_bucket{route=\"/a\",le=\"+Inf\"} 1", "foyer_seconds_count{route=\"/a\"} 1",
        ] {
            #expect(text.split(separator: "\n").contains { $0 == line }, "\(line)")
        }
    }
}

@Suite struct LogTests {
    @Test func aLineIsOneJSONObject() {
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        let log = Log(level: .info, descriptor: ends[1])
        log.debug("not this")
        log.info("re\"quest", [("user_id", "u"), ("duration_ms", 1.5)])
        log.flush()
        close(ends[1])
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(ends[0], &bytes, bytes.count)
        close(ends[0])
        let text = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
        #expect(text.hasSuffix("\"level\":\"info\",\"message\":\"re\\\"quest\",\"user_id\":\"u\",\"duration_ms\":1.5}\n"))
        #expect(text.split(separator: "\n").count == 1)
    }

    @Test func aThreadRunsItsJobsInOrderAndRefusesBeyondItsLimit() async throws {
        let thread = BlockingThread(named: "test", limit: 2)
        let gate = DispatchGate()
        let order = Mutex<[Int]>([])
        try thread.enqueue { gate.wait() }
        while !gate.isWaiting { await Task.yield() }
        try thread.enqueue { order.withLock { $0.append(1) } }
        try thread.enqueue { order.withLock { $0.append(2) } }
        #expect(throws: QueueRefusal.full(2)) { try thread.enqueue {} }
        await #expect(throws: QueueRefusal.full(2)) { try await thread.run { 1 } }
        gate.open()
        while order.withLock({ $0.count }) < 2 { await Task.yield() }
        #expect(order.withLock { $0 } == [1, 2])
    }
}

/// Holds a thread until it is opened.
private final class DispatchGate: @unchecked Sendable {
    // SAFETY: POSIX semaphores may be used from any thread.
    private let waiting = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    private let opened = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() {
        sem_init(waiting, 0, 0)
        sem_init(opened, 0, 0)
    }

    var isWaiting: Bool {
        var value: Int32 = 0
        sem_getvalue(waiting, &value)
        return value > 0
    }

    func wait() {
        sem_post(waiting)
        sem_wait(opened)
    }

    func open() { sem_post(opened) }
}
