import Authorization
import Kernel
import Testing

@Suite struct RightsTests {
    struct Scenario: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var held: [String]
        var allow: [String] = []
        var deny: [String] = []
        let key: String
        let granted: Bool
        /// role+ / role- for a held role, via>role+ for an inherited one, override+.
        let because: [String]
    }

    static let scenarios = [
        Scenario(testDescription: "no role, no right", held: [], key: "users.read", granted: false, because: []),
        Scenario(testDescription: "a role allows", held: ["reader"], key: "users.read", granted: true, because: ["reader+"]),
        Scenario(testDescription: "a role that does not speak of it", held: ["reader"], key: "users.update", granted: false, because: []),
        Scenario(testDescription: "a module's wildcard", held: ["usersAll"], key: "users.delete", granted: true, because: ["usersAll+"]),
        Scenario(testDescription: "a wildcard ends at its module", held: ["usersAll"], key: "roles.read", granted: false, because: []),
        Scenario(testDescription: "everything", held: ["admin"], key: "audit.read", granted: true, because: ["admin+"]),
        Scenario(testDescription: "inherited", held: ["heir"], key: "users.read", granted: true, because: ["heir>reader+"]),
        Scenario(
            testDescription: "inherited over two steps", held: ["grandHeir"], key: "users.read", granted: true,
            because: ["grandHeir>heir>reader+"]),
        Scenario(
            testDescription: "deny of a lower role beats the allow of a higher one", held: ["admin", "muted"], key: "chat.write",
            granted: false,
            because: ["admin+", "muted-"]),
        Scenario(
            testDescription: "deny by wildcard", held: ["usersAll", "noUsers"], key: "users.read", granted: false,
            because: ["noUsers-", "usersAll+"]),
        Scenario(
            testDescription: "an inherited deny counts", held: ["mutedHeir", "admin"], key: "chat.write", granted: false,
            because: ["admin+", "mutedHeir>muted-"]),
        Scenario(
            testDescription: "an override allows", held: [], allow: ["audit.read"], key: "audit.read", granted: true, because: ["override+"]
        ),
        Scenario(
            testDescription: "an override denies what a role allows", held: ["reader"], deny: ["users.read"], key: "users.read",
            granted: false,
            because: ["reader+", "override-"]),
        Scenario(
            testDescription: "a role's deny beats an override's allow", held: ["muted"], allow: ["chat.write"], key: "chat.write",
            granted: false,
            because: ["muted-", "override+"]),
        Scenario(
            testDescription: "the owner cannot be denied", held: ["owner", "muted"], deny: ["chat.write"], key: "chat.write", granted: true,
            because: ["owner+", "muted-", "override-"]),
    ]

    static var site: Site {
        var site = Site()
        site.add("reader", 20, ["users.read"])
        site.add("usersAll", 30, ["users.*"])
        site.add("muted", 15, denied: ["chat.write"])
        site.add("noUsers", 40, denied: ["users.*"])
        site.add("heir", 50, inherits: ["reader"])
        site.add("grandHeir", 60, inherits: ["heir"])
        site.add("mutedHeir", 55, inherits: ["muted"])
        return site
    }

    @Test(arguments: scenarios) func decidesAndExplains(_ scenario: Scenario) {
        let site = Self.site
        let holdings = site.holdings(scenario.held, allow: scenario.allow, deny: scenario.deny)
        let rights = site.graph.rights(of: holdings, at: Site.now)
        let explanation = site.graph.explain(permission(scenario.key), of: holdings, at: Site.now)
        #expect(rights.can(permission(scenario.key)) == scenario.granted)
        #expect(explanation.isGranted == scenario.granted)
        #expect(explanation.ignoresDenies == scenario.held.contains("owner"))
        #expect(explanation.causes.map { Self.text(of: $0, in: site.graph) } == scenario.because)
    }

    private static func text(of cause: Explanation.Cause, in graph: RoleGraph) -> String {
        let sign = cause.effect == .allow ? "+" : "-"
        func name(_ id: RoleID) -> String { graph[id]?.name ?? "?" }
        return switch cause.source {
        case .override: "override\(sign)"
        case .role(let id): "\(name(id))\(sign)"
        case .inherited(let id, let path): "\((path + [id]).map(name).joined(separator: ">"))\(sign)"
        }
    }

    @Test func ranksByTheHighestActiveRole() {
        let site = Self.site
        #expect(site.rights([]).rank == .min)
        #expect(site.rights(["reader", "heir"]).rank == 50)
        #expect(site.rights(["reader", "heir"]).roles == [site["heir"].id, site["reader"].id])
        #expect(site.rights(["owner"]).isOwner)
        #expect(!site.rights(["admin"]).isOwner)
    }

    @Test func anAssignmentEndsAtItsMillisecond() {
        let site = Self.site
        let end = Site.now.adding(milliseconds: 1)
        let holdings = RoleGrants(assignments: [Assignment(site["reader"].id, expiresAt: end), Assignment(site["muted"].id)])
        let before = site.graph.rights(of: holdings, at: Site.now)
        #expect(before.can(.usersRead))
        #expect(before.validUntil == end)
        let after = site.graph.rights(of: holdings, at: end)
        #expect(!after.can(.usersRead))
        #expect(after.validUntil == nil)
        #expect(after.rank == 15)
        #expect(site.graph.explain(.usersRead, of: holdings, at: end).causes.isEmpty)
    }

    @Test func aDeletedRoleGivesNothingAndTakesNothing() {
        var site = Self.site
        site["muted"].isDeleted = true
        #expect(site.rights(["admin", "muted"]).can(permission("chat.write")))
        #expect(site.rights(["muted"]).rank == .min)
        site["reader"].isDeleted = true
        #expect(!site.rights(["heir"]).can(.usersRead))
    }

    @Test func guestsHaveTheGuestRole() {
        var site = Self.site
        site["guest"].allowed = patterns(["media.read"])
        #expect(site.graph.guestRights(at: Site.now).permissions.keys == ["media.read"])
    }

    @Test(arguments: [
        ("*", "*", true), ("*", "users.*", true), ("*", "users.read", true), ("users.*", "*", false), ("users.*", "users.*", true),
        ("users.*", "users.read", true), ("users.*", "roles.read", false), ("users.read", "users.*", false),
        ("users.read", "users.read", true),
        ("users.read", "users.update", false),
    ])
    func patternsCoverWhatTheyName(_ wide: String, _ narrow: String, _ covers: Bool) {
        let (wide, narrow) = (patterns([wide])[0], patterns([narrow])[0])
        #expect(wide.covers(narrow) == covers)
        if covers { #expect(wide.permissions.isSuperset(of: narrow.permissions)) }
    }

    @Test func aKeyIsNeverMoreThanItsPersonNorThanItsScopes() {
        var site = Site()
        site.add("clerk", 100, ["users.*", "roles.read"], denied: ["users.delete"])
        let clerk = site.rights(["clerk"])
        let narrow = clerk.narrowed(to: patterns(["users.read", "users.delete", "audit.read"]))
        #expect(narrow.permissions.keys == ["users.read"] && narrow.rank == clerk.rank)
        #expect(!narrow.canGrant(patterns(["roles.read"])[0]) && !narrow.canGrant(patterns(["users.*"])[0]))
        let everything = clerk.narrowed(to: [.everything])
        #expect(everything == clerk)
        let owner = site.rights(["owner"])
        #expect(owner.narrowed(to: [.everything]) == owner)
        let half = owner.narrowed(to: patterns(["users.*", "roles.read"]))
        #expect(!half.isOwner && half.canGrant(patterns(["users.*"])[0]) && !half.canGrant(.everything))
        #expect(half.permissions.isSuperset(of: clerk.permissions) && !half.can(permission("audit.read")))
        #expect(owner.narrowed(to: []).permissions.isEmpty)
    }

    @Test(arguments: ["", "users", "users.", ".*", "nothing.*", "users.fly", "*.*", "**", "users.read.*", "Users.read", "users.*.*"])
    func unknownKeysAreNotPatterns(_ text: String) {
        #expect(PermissionPattern(text) == nil)
    }
}
