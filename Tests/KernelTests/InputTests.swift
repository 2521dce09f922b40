import Kernel
import Testing

@Suite struct InputTests {
    private enum Colour: String, CaseIterable { case red, green }

    @Test func readsWhatFits() throws {
        var input = try Input([
            "name": "  Léa ", "age": 7, "ok": true, "at": "2026-01-31T09:15:00Z", "colour": "red", "tags": ["a", " b "], "x": nil,
        ])
        #expect(input.string("name", length: 1...10) == "Léa")
        #expect(input.integer("age", 0...10) == 7)
        #expect(input.bool("ok") == true)
        #expect(input.time("at")?.milliseconds == 1_769_850_900_000)
        #expect(input.choice("colour", Colour.self) == .red)
        #expect(input.strings("tags") == ["a", "b"])
        #expect(input.has("x") && input.string("x") == nil)
        #expect(input.raw("missing") == nil)
        try input.finish()
    }

    @Test func gathersEveryFaultWithItsPointer() throws {
        var input = try Input([
            "name": "", "age": 11, "ok": "yes", "at": "soon", "colour": "blue", "tags": ["a", 3], "a/b~c": 1, "/\u{301}": 1,
            "bell": "\u{7}",
            "bells": ["\u{0}"],
        ])
        _ = input.string("name", length: 1...10)
        _ = input.integer("age", 0...10)
        _ = input.bool("ok")
        _ = input.time("at")
        _ = input.choice("colour", Colour.self)
        _ = input.strings("tags")
        _ = input.string("absent", required: true)
        _ = input.string("bell")
        _ = input.strings("bells")
        let problem = #expect(throws: Problem.self) { try input.finish() }
        #expect(problem?.status == 422)
        #expect(
            problem?.faults.map { "\($0.pointer) \($0.code)" } == [
                "/name too_short", "/age out_of_range", "/ok type", "/at time", "/colour choice", "/tags/1 type", "/absent required",
                "/bell control_character", "/bells/0 type",
                "/a~1b~0c unknown", "/~1\u{301} unknown",
            ])
    }

    @Test func refusesWrongTypes() throws {
        var input = try Input(["name": 1, "age": 1.5, "tags": "a", "many": ["a", "b"], "long": "abc"], at: "/user")
        _ = input.string("name")
        _ = input.integer("age", 0...10)
        _ = input.strings("tags")
        _ = input.strings("many", count: 0...1)
        _ = input.string("long", length: 0...2)
        let problem = #expect(throws: Problem.self) { try input.finish() }
        #expect(problem?.faults.map(\.pointer) == ["/user/name", "/user/age", "/user/tags", "/user/many", "/user/long"])
        #expect(throws: Problem.self) { _ = try Input([1]) }
        #expect(throws: Problem.self) { _ = try Input(nil) }
    }
}

@Suite struct PermissionTests {
    @Test func theRegistryIsWhole() {
        #expect(Set(Permission.all.map(\.key)).count == Permission.all.count)
        for definition in Permission.all {
            #expect(definition.key.wholeMatch(of: /[a-z_]+\.[a-z_]+/) != nil, "\(definition.key)")
            #expect(!definition.description.english.isEmpty && !definition.description.french.isEmpty)
            #expect(Permission(key: definition.key)?.definition.module == definition.module)
        }
        #expect(Permission.all.count <= 128)
        #expect(Permission(key: "users.*") == nil && Permission(key: "nothing") == nil)
    }

    @Test func setsAreAlgebra() {
        let left = PermissionSet([.usersRead, .auditRead])
        var right = PermissionSet([.auditRead])
        right.insert(.metricsRead)
        #expect(left.union(right).keys == ["users.read", "audit.read", "metrics.read"])
        #expect(left.subtracting(right).keys == ["users.read"])
        #expect(PermissionSet.all.isSuperset(of: left) && !left.isSuperset(of: right))
        #expect(PermissionSet().isEmpty && !PermissionSet.all.isEmpty)
        #expect(PermissionSet.all.keys == Permission.all.map(\.key))
    }

    @Test func aScopeSaysWhatIsMissing() throws {
        var scope = Scope()
        #expect(throws: Problem.self) { try scope.requireUser() }
        #expect(#expect(throws: Problem.self) { try scope.require(.auditRead) }?.status == 401)
        scope.userID = UserID(rawValue: 1)
        let problem = #expect(throws: Problem.self) { try scope.require(.auditRead) }
        #expect(problem?.status == 403)
        #expect(problem?.extensions.first?.1 == "audit.read")
        scope.permissions.insert(.auditRead)
        try scope.require(.auditRead)
    }

    @Test func languagesAreNegotiated() {
        #expect(Language(acceptLanguage: "fr-FR,fr;q=0.9,en;q=0.8") == .french)
        #expect(Language(acceptLanguage: "de, en;q=0.5, fr;q=0.4") == .english)
        #expect(Language(acceptLanguage: nil) == .english)
        #expect(Language(acceptLanguage: "en;q=0.1, fr;q=0.2") == .french)
    }

    @Test func positionsRoundTrip() {
        #expect(Position("ab1:42") == Position(epoch: "ab1", offset: 42))
        for text in ["", ":1", "a:", "a:-1", "A:1", "a b:1", "a:1x", "a:+1", "a:01", "a:-0"] { #expect(Position(text) == nil, "\(text)") }
    }
}
