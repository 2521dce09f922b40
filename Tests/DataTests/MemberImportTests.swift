import Authorization
import Bus
import Crypto
import Database
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Accounts
@testable import Server

/// Imports of members from files.
@Suite struct MemberImportTests {
    /// As Excel in France saves it: semicolons, Windows-1252, a line break in a cell, a quote inside a bare cell.
    private static func excel(_ count: Int) -> [UInt8] {
        var text = "Pseudo;Nom;Prénom;Courriel;Groupe;Étiquettes;À propos\r\n"
        for number in 1...count {
            text += "membre\(number);Côté;Zoé \"Zo\" \(number);Membre\(number)@Exemple.FR;;ciné, été;\"Une ligne\r\net une autre\"\r\n"
        }
        return text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }

    @Test(arguments: TestDatabase.all) func aThousandRowsFromExcel(_ kind: TestDatabase) async throws {
        try await with(kind) { bench in
            let brought = try await bench.bring(Self.excel(1000))
            let id = try #require(brought["id"]?.string)
            #expect(brought["state"] == "preview")
            #expect(brought["encoding"] == "windows-1252")
            #expect(brought["separator"] == ";")
            #expect(brought["total"] == 1000)
            #expect(brought["invalid"] == 0, "\(brought["reports"]?.text.prefix(400) ?? "")")
            #expect(brought["mapping"]?["username"] == "Pseudo")
            #expect(brought["mapping"]?["first_name"] == "Prénom")
            #expect(brought["mapping"]?["last_name"] == "Nom")
            #expect(brought["mapping"]?["email"] == "Courriel")
            #expect(brought["preview"]?[0]?["display_name"] == "Zoé \"Zo\" 1 Côté")
            #expect(brought["preview"]?[1]?["line"] == 4)
            let begun = try await bench.post("/users/import/\(id)/commit", [:], key: "once")
            #expect(begun.status == 202)
            #expect(begun.json["state"] == "running")
            #expect(try await bench.member("membre1").status == 404)
            let again = try await bench.post("/users/import/\(id)/commit", [:], key: "once")
            #expect(again.status == 202 && again.json == begun.json)
            #expect(try await bench.post("/users/import/\(id)/commit", [:], key: "another").code == "import_started")
            try await bench.run(id)
            let done = try await bench.read(id)
            #expect(done["state"] == "done", "\(done.text.prefix(300))")
            #expect(done["settled"] == 1000)
            let member = try await bench.member("membre1000").json
            #expect(member["display_name"] == "Zoé \"Zo\" 1000 Côté")
            #expect(member["email"] == "membre1000@exemple.fr")
            #expect(member["tags"] == ["ciné", "été"])
            #expect(member["bio"]?.string == "Une ligne\r\net une autre")
            #expect(member["role_details"]?[0]?["name"] == "member")
            #expect(try await bench.send("GET", "/users?search=zoe&count=true").json["total"] == 1000)
            #expect(try await bench.count("user_import_people") == 0)
            let audit = try await bench.send("GET", "/audit?action=user.import&result=success").json["items"]?.array ?? []
            #expect(audit.count == 1)
            #expect(audit.first?["payload"]?["after"]?["members"] == 1000)
            // Other features and webhooks hear of each person, once.
            let events = try await bench.site.events(after: 0, on: "users")
            #expect(events.filter { $0.type == "users.imported" }.map { $0.members["count"] } == [1000])
            let created = events.filter { $0.type == "user.created" && $0.members["username"]?.string?.hasPrefix("membre") == true }
            #expect(created.count == 1000 && Set(created.compactMap { $0.members["user_id"]?.string }).count == 1000)
            #expect(created.first?.members["actor_user_id"]?.string == bench.person.id.uuid)
        }
    }

    @Test(arguments: TestDatabase.all) func everyBadRowIsNamed(_ kind: TestDatabase) async throws {
        try await with(kind) { bench in
            let taken = try await bench.site.add(.member)
            let text = """
                username;email;roles;tags;locale;password_hash
                right.one;right@site.test;staff;;fr;
                \(taken.name);new@site.test;;;;
                one.new;\(taken.name)@site.test;;;;
                no;at-all;;;;
                Not A Name;six@site.test;;;;
                right.one;seven@site.test;;;;
                eight;RIGHT@site.test;;;;
                nine;nine@site.test;VIP;;;
                ten;ten@site.test;owner;;;
                eleven;eleven@site.test;;;klingon;
                twelve;twelve@site.test;;;;secret
                thirteen;thirteen@site.test;;;;;;;more
                fourteen;;;;;
                fifteen;fif\u{0}teen@site.test;;;;

                """
            let brought = try await bench.bring(text)
            let reports = brought["reports"]?.array ?? []
            let found = reports.map { report in
                "\(report["line"]?.integer ?? 0) \(report["faults"]?[0]?["field"]?.string ?? "-") \(report["faults"]?[0]?["code"]?.string ?? "")"
            }
            #expect(
                found == [
                    "3 username username_taken", "4 email email_taken", "5 email invalid", "6 username invalid", "7 username duplicate",
                    "8 email duplicate", "9 roles unknown_role", "10 roles owner_role", "11 locale invalid",
                    "12 password_hash unknown_hash",
                    "13 - too_many_cells", "14 email required", "15 email unreadable",
                ], "\(found)")
            #expect(reports.first?["faults"]?[0]?["column"] == "username")
            #expect(brought["invalid"] == 13)
            let id = try #require(brought["id"]?.string)
            let refused = try await bench.post("/users/import/\(id)/commit", [:])
            #expect(refused.status == 422 && refused.code == "invalid_rows")
            let report = try await bench.send("GET", "/users/import/\(id)/report")
            #expect(report.headers["Content-Disposition"] == "attachment; filename=\"import-report.csv\"")
            let lines = String(own: report.body).split(separator: "\r\n")
            #expect(lines.count == 14)
            #expect(lines[0].hasSuffix("Line in the file,Reason"))
            #expect(try await bench.post("/users/import/\(id)/commit", ["skip_invalid": true]).status == 202)
            try await bench.run(id)
            #expect(try await bench.read(id)["settled"] == 1)
            let member = try await bench.member("right.one").json
            #expect(member["role_details"]?.array?.compactMap { $0["name"]?.string } == ["staff", "member"])
            let rows = try await bench.send("GET", "/users/import/\(id)/rows?invalid=true&limit=5&count=true").json
            #expect(rows["total"] == 13 && rows["items"]?.array?.count == 5 && rows["next"]?.string != nil)
        }
    }

    @Test(arguments: TestDatabase.all) func columnsAndWordsAreMapped(_ kind: TestDatabase) async throws {
        try await with(kind) { bench in
            let text = "Qui,Adresse,Groupe,Naissance\nLéa Dubois,lea@site.test,équipe|ciné,1989\nLéa Dubois,lea2@site.test,,1990\n"
            let brought = try await bench.bring(text)
            let id = try #require(brought["id"]?.string)
            #expect(brought["invalid"] == 2)
            #expect(brought["mapping"]?["roles"] == "Groupe")
            let wrong = try await bench.send("PATCH", "/users/import/\(id)", Array(#"{"mapping": {"email": "Nothing"}}"#.utf8))
            #expect(wrong.status == 422)
            let patch = #"{"mapping": {"email": "Adresse", "display_name": "Qui"}, "role_names": {"équipe": "role_staff", "ciné": null}}"#
            let mapped = try await bench.send("PATCH", "/users/import/\(id)", Array(patch.utf8))
            #expect(mapped.status == 200)
            #expect(mapped.json["invalid"] == 0, "\(mapped.json["reports"]?.text ?? "")")
            #expect(mapped.json["preview"]?.array?.compactMap { $0["username"]?.string } == ["lea.dubois", "lea.dubois2"])
            // The words are set as a whole, and their number is limited.
            let fewer = try await bench.send("PATCH", "/users/import/\(id)", Array(#"{"role_names": {"équipe": "role_staff"}}"#.utf8))
            #expect(fewer.json["invalid"] == 1 && fewer.json["role_names"]?.object?.names.count == 1)
            let many = (0...200).map { "\"word\($0)\": null" }.joined(separator: ",")
            #expect(try await bench.send("PATCH", "/users/import/\(id)", Array("{\"role_names\": {\(many)}}".utf8)).status == 422)
            let control = Array(#"{"role_names": {"a\u0000b": "role_staff"}}"#.utf8)
            #expect(try await bench.send("PATCH", "/users/import/\(id)", control).status == 422)
            #expect(try await bench.send("PATCH", "/users/import/\(id)", Array(patch.utf8)).json["invalid"] == 0)
            #expect(try await bench.post("/users/import/\(id)/commit", [:]).status == 202)
            try await bench.run(id)
            #expect(try await bench.member("lea.dubois").json["roles"]?.array?.count == 2)
            // The same columns mean the same again.
            let next = try await bench.bring("Qui,Adresse,Groupe,Naissance\nMax,max@site.test,équipe,1\n")
            #expect(next["invalid"] == 0)
            #expect(next["preview"]?[0]?["username"] == "max")
        }
    }

    @Test(arguments: TestDatabase.all) func rightsAreThoseOfAnEdit(_ kind: TestDatabase) async throws {
        try await with(kind) { bench in
            let made = try await bench.post("/roles", ["name": "Doors", "priority": 50, "permissions": ["users.read", "users.create"]])
            try #require(made.status == 201)
            let person = try await bench.site.add(.staff)
            let role = try made.text("id")
            let given = try await bench.post("/users/\(person.id)/roles", ["role_id": .string(role)])
            try #require(given.status == 200)
            let token = try await bench.site.signIn(person).bearer
            let body = Array("username,email,roles\na1,a1@site.test,staff\na2,a2@site.test,\n".utf8)
            let answer = try await bench.site.send(
                "POST", "/users/import", ["Authorization": "Bearer \(token)"], body: body, type: "text/csv")
            #expect(answer.status == 202)
            #expect(answer.json["invalid"] == 1)
            #expect(answer.json["reports"]?[0]?["faults"]?[0]?["code"] == "permission_denied")
            let id = try answer.text("id")
            // Nobody but its author sees it.
            #expect(try await bench.send("GET", "/users/import/\(id)").status == 404)
            let begun = try await bench.site.post("/users/import/\(id)/commit", ["skip_invalid": true], as: token)
            #expect(begun.status == 202)
            // Whoever may not add members any more adds none.
            _ = try await bench.send("DELETE", "/users/\(person.id)/roles/\(role)")
            try await bench.run(id)
            let after = try await bench.site.send("GET", "/users/import/\(id)", ["Authorization": "Bearer \(token)"]).json
            #expect(after["state"] == "failed")
            #expect(after["failure"]?["code"] == "permission_denied")
            #expect(try await bench.member("a2").status == 404)
            #expect(try await bench.count("user_import_people") == 0)
        }
    }

    @Test(arguments: TestDatabase.all) func rolesArePreparedAndCheckedAgain(_ kind: TestDatabase) async throws {
        try await with(kind, .admin) { bench in
            let first = try await bench.post("/roles", ["name": "Doors", "priority": 20, "permissions": ["users.read"]]).text("id")
            let second = try await bench.post("/roles", ["name": "Windows", "priority": 20, "permissions": ["users.read"]]).text("id")
            let id = try #require(try await bench.bring("username,email,roles\nr1,r1@site.test,Doors\n")["id"]?.string)
            let number = try #require(RowID(uuid: id))
            #expect(try await bench.post("/users/import/\(id)/commit", [:]).status == 202)
            // The word stands for another role when the people are prepared, and nobody may give that role when they are added.
            for (role, change) in [(first, #"{"name": "Gates"}"#), (second, #"{"name": "Doors"}"#)] {
                #expect(try await bench.send("PATCH", "/roles/\(role)", Array(change.utf8)).status == 200)
            }
            #expect(try await bench.site.accounts.stepImport(number))
            #expect(try await bench.send("DELETE", "/roles/\(second)").status == 204)
            try await bench.run(id)
            let failed = try await bench.read(id)
            #expect(failed["state"] == "failed" && failed["failure"]?["code"] == "role_refused", "\(failed.text.prefix(300))")
            #expect(try await bench.member("r1").status == 404)
        }
    }

    @Test(arguments: TestDatabase.all) func namesAreHeldAndStepsGoOn(_ kind: TestDatabase) async throws {
        try await with(kind) { bench in
            let rows = (1...1200).map { "held\($0),held\($0)@site.test" }.joined(separator: "\n")
            let id = try #require(try await bench.bring("username,email\n" + rows)["id"]?.string)
            let number = try #require(RowID(uuid: id))
            #expect(try await bench.post("/users/import/\(id)/commit", [:]).status == 202)
            #expect(try await bench.site.accounts.stepImport(number))
            #expect(try await bench.read(id)["settled"] == 500)
            #expect(try await bench.member("held1").status == 404)
            #expect(try await bench.post("/users", ["username": "held2", "email": "x@site.test"]).code == "username_taken")
            #expect(try await bench.post("/users", ["username": "x", "email": "x"]).status == 422)
            #expect(try await bench.post("/users", ["username": "free", "email": "held2@site.test"]).code == "email_taken")
            // As after kill -9: another process goes on where this one was.
            try await bench.site.restart()
            #expect(try await bench.member("held1").status == 404)
            try await bench.run(id)
            #expect(try await bench.read(id)["state"] == "done")
            #expect(try await bench.send("GET", "/users?search=held&count=true").json["total"] == 1200)
            try await bench.run(id)
            #expect(try await bench.send("GET", "/users?search=held&count=true").json["total"] == 1200)
        }
    }

    @Test(arguments: TestDatabase.all) func allOrNothing(_ kind: TestDatabase) async throws {
        try await with(kind) { bench in
            let rows = (1...600).map { "all\($0),all\($0)@site.test" }.joined(separator: "\n")
            let id = try #require(try await bench.bring("username,email\n" + rows)["id"]?.string)
            #expect(try await bench.post("/users/import/\(id)/commit", [:]).status == 202)
            _ = try await bench.site.accounts.stepImport(try #require(RowID(uuid: id)))
            // Not held yet: row 600 is in the second step.
            #expect(try await bench.post("/users", ["username": "all600", "email": "other@site.test"]).status == 201)
            try await bench.run(id)
            let failed = try await bench.read(id)
            #expect(failed["state"] == "failed")
            #expect(failed["failure"]?["code"] == "name_taken")
            #expect(try await bench.member("all1").status == 404)
            #expect(try await bench.count("user_import_people") == 0)
            #expect(try await bench.post("/users", ["username": "all1", "email": "all1@site.test"]).status == 201)
        }
    }

    @Test(arguments: TestDatabase.all) func cancelling(_ kind: TestDatabase) async throws {
        try await with(kind) { bench in
            let id = try #require(try await bench.bring("username,email\ngone,gone@site.test\n")["id"]?.string)
            #expect(try await bench.post("/users/import/\(id)/commit", [:]).status == 202)
            _ = try await bench.site.accounts.stepImport(try #require(RowID(uuid: id)))
            #expect(try await bench.post("/users/import/\(id)/cancel", [:]).json["state"] == "cancelled")
            try await bench.run(id)
            #expect(try await bench.member("gone").status == 404)
            #expect(try await bench.post("/users", ["username": "gone", "email": "gone@site.test"]).status == 201)
            let progress = try await bench.site.events(after: 0, on: "user:\(bench.person.id.uuid)").filter { $0.type == "import.updated" }
            #expect(progress.last?.members["import"]?["state"] == "cancelled")
            for number in 0..<3 { _ = try await bench.bring("username,email\nopen\(number),open\(number)@site.test\n") }
            #expect(try await bench.send("POST", "/users/import", Array("username\nx".utf8), type: "text/csv").code == "open_imports")
        }
    }

    @Test(arguments: TestDatabase.all) func hashesAndInvitations(_ kind: TestDatabase) async throws {
        try await with(kind) { bench in
            let hash = try await bench.site.composition.accounts.hasher.hash("a password of theirs")
            let list = #"[{"username": "hashed", "email": "hashed@site.test", "password_hash": "\#(hash)"}]"#
            let brought = try await bench.bring(Array(list.utf8), type: "application/json")
            let id = try #require(brought["id"]?.string)
            #expect(brought["invalid"] == 0, "\(brought["reports"]?.text ?? "")")
            #expect(!brought.text.contains("argon2id"))
            #expect(try await bench.post("/users/import/\(id)/commit", ["invite": true]).status == 202)
            try await bench.run(id)
            let login = try await bench.site.post("/auth/login", ["username": "hashed", "password": "a password of theirs"])
            #expect(login.status == 200, "\(login.json.text)")
            let secret = try await bench.site.mailed(to: "hashed@site.test")
            let reset = try await bench.site.post("/auth/password/reset", ["token": .string(secret), "password": "chosen by themselves"])
            #expect(reset.status == 204)
            #expect(try await bench.count("user_import_people") == 0)
        }
    }

    @Test(arguments: TestDatabase.all) func textsInJSONAreBoundedAsCellsAre(_ kind: TestDatabase) async throws {
        try await with(kind) { bench in
            let long = String(repeating: "x", count: 20_001)
            let list = """
                [{"email": "one@site.test", "bio": "a\\u0000b"}, {"email": "two@site.test", "bio": "\(long)"},
                 {"email": "three@site.test", "roles": ["a\\u0000b"]}, {"email": "four@site.test"}]
                """
            let brought = try await bench.bring(Array(list.utf8), type: "application/json")
            let found = brought["reports"]?.array?.map { $0["faults"]?[0]?["code"]?.string }
            #expect(found == ["unreadable", "too_long", "unreadable"], "\(brought["reports"]?.text.prefix(400) ?? "")")
            let name = String(repeating: "n", count: 101)
            let answer = try await bench.send("POST", "/users/import", Array("[{\"\(name)\": 1}]".utf8))
            #expect(answer.status == 422 && answer.code == "invalid_file")
        }
    }

    @Test(arguments: TestDatabase.all) func manyPeopleOfOneName(_ kind: TestDatabase) async throws {
        try await with(kind) { bench in
            #expect(try await bench.post("/users", ["username": "max3", "email": "max3@site.test"]).status == 201)
            let rows = (1...120).map { "Max,m\($0)@other.test" }
            let id = try #require(try await bench.bring("nom,email\n" + rows.joined(separator: "\n"))["id"]?.string)
            #expect(try await bench.read(id)["invalid"] == 0)
            #expect(try await bench.post("/users/import/\(id)/commit", [:]).status == 202)
            try await bench.run(id)
            #expect(try await bench.read(id)["state"] == "done")
            for name in ["max", "max2", "max4", "max121"] { #expect(try await bench.member(name).status == 200, "\(name)") }
        }
    }

    @Test(arguments: TestDatabase.all) func theLastImportsAreKept(_ kind: TestDatabase) async throws {
        try await with(kind) { bench in
            var first: String?
            for number in 0..<21 {
                let id = try #require(try await bench.bring("username,email\nkept\(number),kept\(number)@site.test\n")["id"]?.string)
                first = first ?? id
                #expect(try await bench.post("/users/import/\(id)/cancel", [:]).status == 200)
            }
            #expect(try await bench.count("user_imports") == 20)
            #expect(try await bench.count("user_import_rows") == 20)
            #expect(try await bench.send("GET", "/users/import/\(first ?? "")").status == 404)
        }
    }

    @Test func filesThatAreNone() async throws {
        try await with(.sqlite) { bench in
            for (text, code) in [
                ("", "empty_file"), ("a;b\n", "empty_file"), ("a;b\n\"1;2", "invalid_file"), ("[1]", "invalid_file"),
                ("[{]", "invalid_file"),
            ] {
                let answer = try await bench.send("POST", "/users/import", Array((text.isEmpty ? " " : text).utf8), type: "text/csv")
                #expect(answer.status == 422 && answer.code == code, "\(text): \(answer.json.text)")
            }
            #expect(try await bench.send("POST", "/users/import", [0x50], type: "image/png").status == 415)
            #expect(try await bench.count("user_imports") == 0)
            let form =
                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"m.csv\"\r\n\r\nusername,email\nz1,z1@site.test\r\n--b--\r\n"
            let answer = try await bench.send("POST", "/users/import?name=m.csv", Array(form.utf8), type: "multipart/form-data; boundary=b")
            #expect(answer.status == 202 && answer.json["name"] == "m.csv", "\(answer.json.text)")
        }
    }
}
