import Accounts
import Crypto
import HTTP
import Kernel
import TestSupport
import Testing

@Suite struct ThrottleTests {
    @Test(arguments: TestDatabase.all) func guessingIsSlowedAndTheDelayGrows(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            for _ in 0..<10 { #expect(try await site.login("root", "wrong guess", from: "198.51.100.7").status == 401) }
            var waits: [Int] = []
            for _ in 0..<5 {
                let refused = try await site.login("root", "wrong guess", from: "198.51.100.7")
                #expect((refused.status, refused.code) == (429, "rate_limited"))
                let wait = try #require(Int(refused.headers["Retry-After"] ?? ""))
                waits.append(wait)
                // Even the right password waits here: otherwise the limit would be none.
                #expect(try await site.login("root", from: "198.51.100.7").status == 429)
                site.clock.advance(seconds: Int64(wait))
                #expect(try await site.login("root", "wrong guess", from: "198.51.100.7").status == 401)
            }
            #expect(waits == [1, 2, 4, 8, 16])
            // The victim, elsewhere, notices nothing.
            #expect(try await site.login("root", from: "192.0.2.1").status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func theAddressesOfOneSubscriberCountAsOne(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            for index in 0..<10 {
                let guess = try await site.login("root", "wrong guess", from: "2001:db8:1:2:\(index)::7")
                #expect(guess.status == 401)
            }
            #expect(try await site.login("root", from: "2001:db8:1:2::99").status == 429)
            #expect(try await site.login("root", from: "2001:db8:1:3::99").status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func anUnknownAccountIsSlowedAlike(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            var statuses: [Int] = []
            for _ in 0..<11 { statuses.append(try await site.login("nobody", "wrong guess").status) }
            #expect(statuses == Array(repeating: 401, count: 10) + [429])
        }
    }

    @Test(arguments: TestDatabase.all) func aCrowdOfAddressesDoesNotLockTheOwnerOut(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            #expect(try await site.login("root", from: "192.0.2.1").status == 200)
            for address in 0..<12 {
                for _ in 0..<9 { _ = try await site.login("root", "wrong guess", from: "198.51.100.\(address)") }
            }
            // The account is slowed for strangers, and not where it was entered before.
            #expect(try await site.login("root", "wrong guess", from: "203.0.113.9").status == 429)
            #expect(try await site.login("root", from: "192.0.2.1").status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func oneAddressThatTriesManyAccountsIsSlowed(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia")
            #expect(try await site.login("mia", from: "198.51.100.7").status == 200)
            for index in 0..<40 { _ = try await site.login("user\(index)", "wrong guess", from: "198.51.100.7") }
            #expect(try await site.login("root", from: "198.51.100.7").status == 429)
            // A neighbour behind the same router goes on where they came in before.
            #expect(try await site.login("mia", from: "198.51.100.7").status == 200)
            site.clock.advance(seconds: 1800 + 1)
            #expect(try await site.login("root", from: "198.51.100.7").status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func triesAtOnceAreCountedBeforeTheyAreChecked(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<25 { group.addTask { try await site.login("root", "wrong guess", from: "198.51.100.7").status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            // On a slow machine some find the queue of their address full, and are neither checked nor counted.
            #expect(statuses.filter { $0 == 401 }.count <= 10 && statuses.contains(429))
            #expect(statuses.allSatisfy { [401, 429, 503].contains($0) }, "\(statuses)")
        }
    }

    @Test(arguments: TestDatabase.all) func rightPasswordsAreNeverSlowed(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            for _ in 0..<30 {
                let login = try await site.login("root")
                #expect(login.status == 200)
            }
        }
    }

    /// A username, an address and a code are three ways to guess at one account.
    @Test(arguments: TestDatabase.all) func allWaysToOneAccountHaveOneBudget(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site async throws in
            let place = "198.51.100.7"
            for round in 0..<10 {
                let name = round.isMultiple(of: 2) ? "root" : "root@site.test"
                let login = try await site.login(name, "wrong guess", from: place)
                #expect(login.status == 401)
            }
            #expect(try await site.login("root", "wrong guess", from: place).status == 429)
            #expect(try await site.login("ROOT@site.test", "wrong guess", from: place).status == 429)
        }
    }

    @Test(arguments: TestDatabase.all) func wrongCodesAtEnrolmentCount(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let token = try await site.token("root")
            let begun = try await site.send(
                .post, "/users/me/totp", token: token, ["password": .string(AccountsSite.ownerPassword)])
            #expect(begun.status == 201)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<25 {
                    group.addTask { try await site.send(.post, "/users/me/totp/confirm", token: token, ["code": "abcdef"]).status }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 422 }.count == 10 && statuses.filter { $0 == 429 }.count == 15)
        }
    }

    @Test(arguments: TestDatabase.all) func triesAtOnceCountWhereTheAccountWasEnteredToo(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            #expect(try await site.login("root").status == 200)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<25 { group.addTask { try await site.login("root", "wrong guess").status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 401 }.count == 10)
        }
    }

    /// The machine's clock is set an hour ahead and back: nobody waits for it to be there again.
    @Test(arguments: TestDatabase.all) func settingTheClockMakesNobodyWait(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let (app, _) = try await site.enrol("root")
            site.clock.set(aheadBy: 3600)
            for _ in 0..<11 { _ = try await site.login("root", "wrong guess", from: "198.51.100.7") }
            for _ in 0..<5 { _ = try await site.login("root", otp: try app.wrongCode(site), from: "203.0.113.9") }
            site.clock.set(aheadBy: 0)
            site.clock.advance(seconds: 61)
            _ = try await site.login("root", otp: try app.code(site), from: "203.0.113.9")
            site.clock.advance(seconds: 31)
            #expect(try await site.login("root", otp: try app.code(site), from: "203.0.113.9").status == 200)
            #expect(try await site.login("root", otp: try app.code(site), from: "198.51.100.7").code != "rate_limited")
        }
    }

    /// Somebody who repeats their own right password costs nobody else a sign-in.
    @Test(arguments: TestDatabase.all) func aFloodOfRightPasswordsKeepsNobodyOut(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, hasher: PasswordHasher(depth: 8)) { site in
            for name in ["mia", "ann", "bob"] {
                try await site.add(name)
                #expect(try await site.login(name, from: "203.0.113.\(name.utf8.first ?? 0)").status == 200)
            }
            let token = try await site.login("mia", from: "203.0.113.109").text("access_token")
            let others = try await withThrowingTaskGroup(of: (Bool, Int).self) { group in
                for number in 0..<40 {
                    group.addTask {
                        let body: JSON = ["email": .string("m\(number)@site.test"), "password": "passphrase of mia"]
                        return (false, try await site.send(.post, "/auth/email", token: token, body, from: "203.0.113.109").status)
                    }
                }
                for name in ["ann", "bob", "ann", "bob"] {
                    group.addTask { (true, try await site.login(name, from: "203.0.113.\(name.utf8.first ?? 0)").status) }
                }
                group.addTask { (true, try await site.login("ann", from: "192.0.2.200").status) }
                return try await group.reduce(into: [Int]()) { if $1.0 { $0.append($1.1) } }
            }
            #expect(others == [200, 200, 200, 200, 200])
        }
    }
}
