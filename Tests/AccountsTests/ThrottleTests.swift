import Accounts
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
            #expect(statuses.filter { $0 == 401 }.count == 10 && statuses.filter { $0 == 429 }.count == 15)
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
}
