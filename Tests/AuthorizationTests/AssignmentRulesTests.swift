import Authorization
import Kernel
import Testing

/// Who may give what to whom.
@Suite struct AssignmentRulesTests {
    static var site: Site {
        var site = Site()
        site["mod"].allowed = patterns(["users.read", "roles.assign", "chat.write"])
        site.add("reader", 50, ["users.read"])
        site.add("auditor", 40, ["audit.read"])
        site.add("auditHeir", 60, inherits: ["auditor"])
        site.add("peer", 500)
        site.add("muted", 20, denied: ["chat.write"])
        site.add("noAudit", 30, denied: ["audit.read"])
        return site
    }

    @Test(arguments: [
        (["mod"], "reader", ["member"], "ok"),
        (["mod"], "reader", [], "ok"),
        (["mod"], "reader", ["peer"], "rank_too_low"),
        (["mod"], "reader", ["admin"], "rank_too_low"),
        (["mod"], "reader", ["owner"], "rank_too_low"),
        (["mod"], "peer", ["member"], "rank_too_low"),
        (["mod"], "admin", ["member"], "rank_too_low"),
        (["mod"], "auditor", ["member"], "cannot_grant"),
        (["mod"], "auditHeir", ["member"], "cannot_grant"),
        (["mod"], "muted", ["member"], "ok"),
        // The rule of an override: a deny is for whoever holds what it denies.
        (["mod"], "noAudit", ["member"], "cannot_deny"),
        (["owner"], "noAudit", ["member"], "ok"),
        (["admin"], "mod", ["staff"], "ok"),
        (["admin"], "admin", ["staff"], "rank_too_low"),
        (["owner"], "admin", ["staff"], "ok"),
        (["owner"], "owner", ["staff"], "owner_role"),
        (["owner"], "guest", ["staff"], "not_assignable"),
        (["owner"], "reader", ["owner"], "rank_too_low"),
        ([], "reader", [], "rank_too_low"),
    ])
    func assign(_ actor: [String], _ role: String, _ person: [String], _ expected: String) {
        let site = Self.site
        #expect(outcome { try site.rules(actor).assign(site[role], to: site.rights(person), isSelf: false) } == expected)
    }

    @Test(arguments: [
        (["mod"], "reader", ["member", "reader"], "ok"),
        (["mod"], "auditor", ["member", "auditor"], "ok"),
        (["mod"], "muted", ["member", "muted"], "ok"),
        (["mod"], "noAudit", ["member", "noAudit"], "cannot_deny"),
        (["mod"], "reader", ["peer", "reader"], "rank_too_low"),
        (["mod"], "admin", ["admin"], "rank_too_low"),
        (["owner"], "owner", ["owner"], "owner_role"),
        (["owner"], "admin", ["admin"], "ok"),
    ])
    func revoke(_ actor: [String], _ role: String, _ person: [String], _ expected: String) {
        let site = Self.site
        #expect(outcome { try site.rules(actor).revoke(site[role], from: site.rights(person), isSelf: false) } == expected)
    }

    @Test func oneGivesOneselfLowerRolesAndTakesThemBack() {
        let site = Self.site
        let own = site.rights(["mod"])
        #expect(outcome { try site.rules(["mod"]).assign(site["reader"], to: own, isSelf: true) } == "ok")
        #expect(outcome { try site.rules(["mod"]).revoke(site["reader"], from: own, isSelf: true) } == "ok")
        #expect(outcome { try site.rules(["mod"]).assign(site["auditor"], to: own, isSelf: true) } == "cannot_grant")
        #expect(outcome { try site.rules(["mod"]).revoke(site["mod"], from: own, isSelf: true) } == "rank_too_low")
        #expect(outcome { try site.rules(["mod", "muted"]).revoke(site["muted"], from: own, isSelf: true) } == "cannot_deny")
    }

    @Test(
        arguments: [
            ("users.read", nil, .allow, ["member"], "ok"), ("audit.read", nil, .allow, ["member"], "cannot_grant"),
            ("users.read", nil, .deny, ["member"], "ok"), ("audit.read", nil, .deny, ["member"], "cannot_deny"),
            ("audit.read", .allow, nil, ["member"], "ok"), ("audit.read", .deny, nil, ["member"], "cannot_deny"),
            ("audit.read", .deny, .allow, ["member"], "cannot_grant"), ("audit.read", .allow, .deny, ["member"], "cannot_deny"),
            ("audit.read", .deny, .deny, ["member"], "ok"), ("users.read", nil, .allow, ["peer"], "rank_too_low"),
            ("users.read", .deny, nil, ["mod"], "rank_too_low"),
        ] as [(String, Effect?, Effect?, [String], String)])
    func override(_ key: String, _ before: Effect?, _ after: Effect?, _ person: [String], _ expected: String) {
        let site = Self.site
        #expect(outcome { try site.rules(["mod"]).override(permission(key), from: before, to: after, of: site.rights(person)) } == expected)
    }

    @Test(arguments: [
        (["admin"], ["mod"], true), (["mod"], ["mod"], false), (["mod"], ["admin"], false), (["owner"], ["admin"], true),
        (["owner"], ["owner"], false),
        (["reader"], [], true), ([], [], false),
    ])
    func manage(_ actor: [String], _ person: [String], _ may: Bool) {
        let site = Self.site
        #expect(outcome { try site.rules(actor).manage(site.rights(person)) } == (may ? "ok" : "rank_too_low"))
    }

    @Test func tellsWhenOnlyTheOwnerIsLeft() {
        let site = Self.site
        let people = [["owner"], ["admin", "member"], ["member"]].map { site.holdings($0) }
        #expect(site.graph.isHeld(.rolesManage, besidesOwnersBy: people, at: Site.now))
        var admin = site["admin"]
        admin.denied = patterns(["roles.manage"])
        #expect(!site.graph.replacing(admin).isHeld(.rolesManage, besidesOwnersBy: people, at: Site.now))
        #expect(site.graph.replacing(admin).roles(allowing: .rolesManage) == [site["owner"].id, site["admin"].id].sorted())
        #expect(!site.graph.removing(site["admin"].id).isHeld(.rolesManage, besidesOwnersBy: people, at: Site.now))
    }

    @Test func foreseesWhoGainsAndLosesWhat() {
        let site = Self.site
        var reader = site["reader"]
        reader.allowed = patterns(["media.read"])
        let (gains, losses) = site.graph.impact(of: site.graph.replacing(reader), on: site.holdings(["reader"]), at: Site.now)
        #expect(gains.keys == ["media.read"])
        #expect(losses.keys == ["users.read"])
    }

    @Test func tellsTheDifferenceOfTwoVersions() {
        let before: JSONObject = ["name": "a", "priority": 50, "permissions": ["users.read", "users.update"], "color": nil]
        let after: JSONObject = ["name": "a", "priority": 60, "permissions": ["users.read", "audit.read"], "color": "#ff0000"]
        #expect(
            before.difference(to: after)
                == [
                    "priority": ["from": 50, "to": 60], "permissions": ["added": ["audit.read"], "removed": ["users.update"]],
                    "color": ["from": nil, "to": "#ff0000"],
                ])
        #expect(before.difference(to: before).isEmpty)
    }

    @Test func everyRefusalHasACodeAndBothLanguages() {
        let refusals: [Refusal] = [
            .roleNotBelow(name: "a", priority: 1), .personNotBelow, .cannotGrant(patterns(["users.*", "audit.read"])),
            .cannotDeny([.usersRead]),
            .holdersNotBelow, .deniesForEverybody(role: "a"), .inheritsUnknown(index: 0), .inheritsNotLower(index: 0, name: "a"),
            .inheritsCycle(index: 0),
            .heirsNotHigher(["a"]), .inherited(by: ["a"]), .systemRole(name: "a"), .ownerRole, .notAssignable(name: "a"), .lastOwner,
            .wouldLockOut, .orderBreaksInheritance(heir: "a", parent: "b"), .noRoomInOrder(above: "a"), .noRoomInOrder(above: nil),
        ]
        for problem in refusals.map(\.problem) {
            #expect([403, 409, 422].contains(problem.status))
            #expect(problem.detail.english != problem.detail.french)
        }
        let grant = Refusal.cannotGrant(patterns(["users.*", "audit.read"])).problem
        #expect(grant.extensions.first?.1 == "users.*")
        #expect(grant.extensions.last?.1 == ["users.*", "audit.read"])
    }
}
