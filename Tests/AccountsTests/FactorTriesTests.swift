import Accounts
import Database
import HTTP
import Kernel
import TestSupport
import Testing
import Web

/// Six digits cannot be guessed, and guessing does not keep the person out.
@Suite struct FactorTriesTests {
    private let home = "192.0.2.1"
    private let stranger = "198.51.100.7"

    @Test(arguments: TestDatabase.all) func guessingGetsSlowerAndSlower(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let (app, _) = try await site.enrol("root")
            var waits: [String?] = []
            for _ in 0..<14 {
                let guess = try app.wrongCode(site)
                #expect(try await site.login("root", otp: guess, from: stranger).code == "otp_invalid")
                let next = try await site.login("root", otp: guess, from: "198.51.100.\(waits.count)")
                waits.append(next.headers["Retry-After"])
                guard next.status == 429 else { continue }
                // While one waits even the right code is not looked at, or the wait would be worth nothing.
                #expect(try await site.login("root", otp: try app.code(site), from: stranger).status == 429)
                site.clock.advance(seconds: Int64(next.headers["Retry-After"] ?? "") ?? 0)
            }
            #expect(waits == [nil, nil, "30", "60", "120", "240", "480", "960", "1920"] + Array(repeating: "3600", count: 5))
            #expect(try await site.login("root", otp: try app.code(site), from: stranger).status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func theGuesserDoesNotKeepThePersonOut(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let (app, codes) = try await site.enrol("root")
            for _ in 0..<5 { #expect(try await site.login("root", otp: try app.wrongCode(site), from: stranger).status == 401) }
            #expect(try await site.login("root", otp: try app.wrongCode(site), from: stranger).status == 429)
            // Abroad a recovery code is heard, and at home everything is as ever.
            #expect(try await site.login("root", otp: try app.code(site), from: "203.0.113.9").status == 429)
            #expect(try await site.login("root", otp: codes[0], from: "203.0.113.9").status == 200)
            #expect(try await site.login("root", otp: try app.code(site), from: home).status == 200)
            // That the person came in gives the guesser nothing.
            #expect(try await site.login("root", otp: try app.wrongCode(site), from: stranger).status == 429)
        }
    }

    @Test(arguments: TestDatabase.all) func anAddressThatWasEnteredFromHasItsOwnCount(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            // Somebody with the password alone was here before; the factor forgets where from.
            #expect(try await site.login("root", from: stranger).status == 200)
            let (app, _) = try await site.enrol("root")
            #expect(try await site.login("root", otp: try app.code(site), from: home).status == 200)
            site.clock.advance(seconds: 60)
            for _ in 0..<5 { #expect(try await site.login("root", otp: try app.wrongCode(site), from: home).status == 401) }
            #expect(try await site.login("root", otp: try app.code(site), from: home).status == 429)
            #expect(try await site.login("root", otp: try app.wrongCode(site), from: "203.0.113.9").status == 401)
            let counts = try await site.database.read { transaction in
                try transaction.rows("SELECT otp_failures FROM known_addresses ORDER BY otp_failures").map { $0.int(0) }
            }
            #expect(counts == [5])
            site.clock.advance(seconds: 30)
            #expect(try await site.login("root", otp: try app.code(site), from: home).status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func wrongCodesAreOnTheLogOnceAMinuteAndOutliveARestart(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let (app, _) = try await site.enrol("root")
            for _ in 0..<5 { #expect(try await site.login("root", otp: try app.wrongCode(site), from: stranger).status == 401) }
            let restarted = try AccountsSite(site.database, policy: AccountsSite.openPolicy, sharing: site)
            #expect(try await restarted.login("root", otp: try app.wrongCode(site), from: stranger).status == 429)
            let entries = try await site.database.read { transaction in
                try transaction.rows("SELECT reason FROM audit_log WHERE action = 'auth.login' AND result = 'fail'").map {
                    $0.text(0)
                }
            }
            #expect(entries == ["otp_invalid"])
        }
    }
}
