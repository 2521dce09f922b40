import HTTP
import Kernel
import TestSupport
import Testing

@Suite struct SavedFilterTests {
    @Test(arguments: TestDatabase.all) func filtersFollowThePersonAndAreGuarded(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mo", roles: ["role_mod"])
            let (mo, root) = (try await site.token("mo"), try await site.token("root"))
            let empty = try await site.send(.get, "/saved-filters", token: mo)
            #expect(empty.items.isEmpty && empty.headers["ETag"] == "\"0\"")
            let filters: JSON = ["items": [["name": "Bannis", "query": "banned=true&sort=-created_at"], ["name": "Tous", "query": ""]]]
            let saved = try await site.send(.put, "/saved-filters", token: mo, filters, headers: ["If-Match": "\"0\""])
            #expect(saved.status == 200 && saved.headers["ETag"] == "\"1\"")
            // Another device that knows nothing of it is told, and another person has their own.
            #expect(try await site.send(.put, "/saved-filters", token: mo, ["items": []], headers: ["If-Match": "\"0\""]).status == 412)
            let again = try await site.send(.get, "/saved-filters", token: try await site.token("mo"))
            #expect(again.items.compactMap { $0["name"]?.string } == ["Bannis", "Tous"])
            #expect(try await site.send(.get, "/saved-filters", token: root).items.isEmpty)
        }
    }

    @Test(arguments: TestDatabase.all) func whatIsNoFilterIsRefused(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let root = try await site.token("root")
            let many = JSON.array((0..<51).map { ["name": .string("f\($0)"), "query": ""] })
            let long = String(repeating: "x", count: 2001)
            let cases: [(JSON, String)] = [
                (many, "/items count"), ("x", "/items type"), ([["name": "a", "query": "colour=red"]], "?colour unknown"),
                ([["name": "a", "query": ""], ["name": "a", "query": ""]], "/items/1/name taken"), ([["query": ""]], "/name required"),
                ([["name": "a", "query": .string("search=\(long)")]], "/query too_long"),
            ]
            for (items, fault) in cases {
                let answer = try await site.send(.put, "/saved-filters", token: root, ["items": items])
                #expect(answer.status == 422 && answer.faults.first == fault, "\(answer.json.text)")
            }
            try await site.add("sam")
            #expect(try await site.send(.get, "/saved-filters", token: try await site.token("sam")).status == 403)
            #expect(try await site.send(.get, "/saved-filters").status == 401)
        }
    }
}
