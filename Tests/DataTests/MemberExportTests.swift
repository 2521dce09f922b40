import Authorization
import Database
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

/// Exports of members, and that they can be imported.
@Suite struct MemberExportTests {
    @Test(arguments: TestDatabase.all, ["csv", "json"]) func whatIsExportedCanBeImported(_ kind: TestDatabase, _ format: String)
        async throws
    {
        try await with(kind) { bench in
            let rows = (1...450).map { "out\($0);=1+1 \($0);out\($0)@site.test;\($0 == 7 ? "staff" : "");-tag, deux;\"+a\nb\"" }
            _ = try await bench.add("username;display_name;email;roles;tags;bio\n" + rows.joined(separator: "\n"))
            let before = try await bench.member("out7").json
            #expect(before["display_name"] == "=1+1 7")
            let file = try await export(bench, "format=\(format)&search=out&sort=-username")
            let text = String(own: file)
            if format == "csv" { #expect(text.contains("\"'=1+1 7\"") && !text.contains(",=1+1")) }
            try await with(kind) { other in
                let type = format == "csv" ? "text/csv" : "application/json"
                let brought = try await other.bring(file, type: type)
                #expect(brought["total"] == 450)
                #expect(brought["invalid"] == 0, "\(brought["reports"]?.text.prefix(300) ?? "")")
                let id = try #require(brought["id"]?.string)
                #expect(try await other.post("/users/import/\(id)/commit", [:]).status == 202)
                try await other.run(id)
                let after = try await other.member("out7").json
                for field in ["username", "display_name", "email", "tags", "bio", "locale", "roles"] {
                    #expect(after[field] == before[field], "\(field)")
                }
            }
        }
    }

    private func export(_ bench: ImportBench, _ query: String) async throws -> [UInt8] {
        let answer = try await bench.send("GET", "/users/export?\(query)")
        try #require(answer.status == 200, "\(answer.json.text)")
        return answer.body
    }

    @Test(arguments: TestDatabase.all) func filtersAndAddresses(_ kind: TestDatabase) async throws {
        try await with(kind) { bench in
            let staff = try await bench.site.add(.staff)
            _ = try await bench.site.add(.member)
            let shown = String(own: try await export(bench, "role=role_staff"))
            #expect(shown.split(separator: "\r\n").count == 2)
            #expect(shown.contains("\(staff.name)@site.test"))
            let token = try await bench.site.signIn(staff).bearer
            let hidden = try await bench.site.send("GET", "/users/export", ["Authorization": "Bearer \(token)"])
            #expect(hidden.status == 200)
            #expect(!String(own: hidden.body).contains("@site.test"))
            #expect(try await bench.send("GET", "/users/export?format=xml").status == 422)
            // The log names the filters, but no address.
            _ = try await export(bench, "search=\(staff.name)@site.test")
            let entries = try await bench.send("GET", "/audit?action=user.export").json["items"]?.array ?? []
            #expect(entries.count == 3)
            #expect(entries.contains { $0["payload"]?["after"]?["query"] == "role=role_staff" })
            #expect(entries.allSatisfy { !$0.text.contains("@site.test") && !$0.text.contains("%40") })
        }
    }
}
