import Authorization
import Kernel
import Testing

/// The limits of `roles.manage`: who may save which role.
@Suite struct RoleRulesTests {
    static var site: Site {
        var site = Site()
        site["mod"].allowed = patterns(["users.read", "moderation.*", "roles.manage", "chat.write"])
        site.add("helper", 50, ["users.read"])
        site.add("heir", 60, inherits: ["helper"])
        site.add("peer", 500, ["users.read"])
        site.add("muted", 20, denied: ["chat.write"])
        site.add("usersAll", 600, ["users.*"])
        site.add("high", 700, ["audit.read"])
        return site
    }

    struct Creation: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var actor = ["mod"]
        var deny: [String] = []
        var priority = 40
        var allowed: [String] = []
        var denied: [String] = []
        var inherits: [String] = []
        let outcome: String
    }

    static let creations = [
        Creation(testDescription: "below oneself, with what one holds", allowed: ["users.read"], outcome: "ok"),
        Creation(testDescription: "as high as oneself", priority: 500, outcome: "rank_too_low"),
        Creation(testDescription: "above oneself", priority: 501, outcome: "rank_too_low"),
        Creation(testDescription: "with what one does not hold", allowed: ["audit.read"], outcome: "cannot_grant"),
        Creation(testDescription: "with a wildcard one holds", allowed: ["moderation.*"], outcome: "ok"),
        Creation(testDescription: "with one permission of it", allowed: ["moderation.ban"], outcome: "ok"),
        Creation(
            testDescription: "with a wildcard of which one is denied a part", deny: ["moderation.ban"], allowed: ["moderation.*"],
            outcome: "cannot_grant"),
        Creation(testDescription: "with the undenied rest of it", deny: ["moderation.ban"], allowed: ["moderation.kick"], outcome: "ok"),
        Creation(testDescription: "with a wider wildcard", allowed: ["*"], outcome: "cannot_grant"),
        Creation(
            testDescription: "a wildcard needs a wildcard, not all its keys", actor: ["audits"], allowed: ["audit.*"],
            outcome: "cannot_grant"),
        Creation(testDescription: "everything, by somebody who has it", actor: ["admin"], allowed: ["*"], outcome: "ok"),
        Creation(
            testDescription: "everything, by somebody who is denied one thing", actor: ["admin", "muted"], allowed: ["*"],
            outcome: "cannot_grant"),
        Creation(testDescription: "the owner is not denied", actor: ["owner", "muted"], allowed: ["*"], outcome: "ok"),
        Creation(testDescription: "the owner's own height is taken", actor: ["owner"], priority: 1000, outcome: "rank_too_low"),
        Creation(testDescription: "inheriting from below", priority: 70, inherits: ["helper"], outcome: "ok"),
        Creation(testDescription: "inheriting from the same height", priority: 50, inherits: ["helper"], outcome: "/inherits/0 not_lower"),
        Creation(testDescription: "inheriting from above", priority: 45, inherits: ["guest", "helper"], outcome: "/inherits/1 not_lower"),
        Creation(
            testDescription: "inheriting what one does not hold", actor: ["peerManager"], priority: 70, inherits: ["helper"],
            outcome: "cannot_grant"),
        Creation(testDescription: "with a deny of what one holds", denied: ["chat.write"], outcome: "ok"),
        Creation(testDescription: "with a deny of what one does not hold", denied: ["audit.read"], outcome: "cannot_deny"),
        Creation(testDescription: "with a deny of more than one holds", denied: ["chat.*"], outcome: "cannot_deny"),
        Creation(
            testDescription: "inheriting a deny of what one does not hold", actor: ["peerManager"], inherits: ["muted"],
            outcome: "cannot_deny"),
    ]

    @Test(arguments: creations) func create(_ creation: Creation) {
        var site = Self.site
        site.add("audits", 500, ["audit.read", "audit.export"])
        site.add("peerManager", 500, ["roles.manage"])
        let role = site.make("new", creation.priority, creation.allowed, denied: creation.denied, inherits: creation.inherits)
        #expect(outcome { try site.rules(creation.actor, deny: creation.deny).create(role) } == creation.outcome)
    }

    struct Edit: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var actor = ["mod"]
        let role: String
        var holder: Int?
        let change: @Sendable (inout RoleDefinition) -> Void
        let outcome: String
    }

    static let edits = [
        Edit(testDescription: "add what one holds", role: "helper", change: { $0.allowed += patterns(["chat.write"]) }, outcome: "ok"),
        Edit(
            testDescription: "add what one does not hold", role: "helper", change: { $0.allowed += patterns(["audit.read"]) },
            outcome: "cannot_grant"),
        Edit(testDescription: "an equal's role", role: "peer", change: { $0.allowed = [] }, outcome: "rank_too_low"),
        Edit(testDescription: "a higher role", role: "high", change: { $0.allowed = [] }, outcome: "rank_too_low"),
        Edit(testDescription: "one's own highest role", role: "mod", change: { $0.allowed = [] }, outcome: "rank_too_low"),
        Edit(testDescription: "raise to one's own height", role: "heir", change: { $0.priority = 500 }, outcome: "rank_too_low"),
        Edit(testDescription: "raise below it", role: "heir", change: { $0.priority = 499 }, outcome: "ok"),
        Edit(
            testDescription: "raise to an heir's height", role: "helper", change: { $0.priority = 60 },
            outcome: "/priority heirs_not_higher"),
        Edit(
            testDescription: "lower to an inherited one's height", role: "heir", change: { $0.priority = 50 },
            outcome: "/inherits/0 not_lower"),
        Edit(testDescription: "inherit oneself", role: "helper", change: { $0.inherits = [$0.id] }, outcome: "/inherits/0 cycle"),
        Edit(
            testDescription: "inherit one's heir", role: "helper", change: { $0.inherits = [Self.site["heir"].id] },
            outcome: "/inherits/0 cycle"),
        Edit(
            testDescription: "inherit an unknown role", role: "helper", change: { $0.inherits = [RoleID(rawValue: 99)] },
            outcome: "/inherits/0 unknown_role"),
        Edit(
            testDescription: "keep what one does not hold", actor: ["admin", "muted"], role: "high", change: { $0.priority = 650 },
            outcome: "ok"),
        Edit(testDescription: "take away what one does not hold", role: "usersLow", change: { $0.allowed = [] }, outcome: "ok"),
        Edit(
            testDescription: "deny, all holders below", role: "helper", holder: 499, change: { $0.denied = patterns(["chat.write"]) },
            outcome: "ok"),
        Edit(testDescription: "deny, nobody holds it", role: "helper", change: { $0.denied = patterns(["chat.write"]) }, outcome: "ok"),
        Edit(
            testDescription: "deny, an equal holds it", role: "helper", holder: 500, change: { $0.denied = patterns(["chat.write"]) },
            outcome: "holders_not_below"),
        Edit(testDescription: "an equal holds it, no deny added", role: "helper", holder: 500, change: { $0.allowed = [] }, outcome: "ok"),
        Edit(
            testDescription: "the owner denies to a role of theirs", actor: ["owner"], role: "helper", holder: 1000,
            change: { $0.denied = patterns(["chat.write"]) }, outcome: "ok"),
        Edit(testDescription: "lift a deny of what one holds", role: "muted", change: { $0.denied = [] }, outcome: "ok"),
        Edit(
            testDescription: "lift a deny that hits oneself", actor: ["mod", "muted"], role: "muted", change: { $0.denied = [] },
            outcome: "cannot_deny"),
        Edit(
            testDescription: "inherit away a deny that hits oneself", actor: ["mod", "mutedHeir"], role: "mutedHeir",
            change: { $0.inherits = [] },
            outcome: "cannot_deny"),
        Edit(
            testDescription: "a deny on member", actor: ["owner"], role: "member", change: { $0.denied = patterns(["chat.write"]) },
            outcome: "/denied denies_for_everybody"),
        Edit(
            testDescription: "a deny on guest", actor: ["owner"], role: "guest", change: { $0.denied = patterns(["*"]) },
            outcome: "/denied denies_for_everybody"),
        Edit(
            testDescription: "an inherited deny on member", actor: ["owner"], role: "member", change: { $0.inherits = [Self.low] },
            outcome: "/denied denies_for_everybody"),
        Edit(
            testDescription: "an allow on member", actor: ["admin"], role: "member", change: { $0.allowed = patterns(["users.read"]) },
            outcome: "ok"),
        Edit(
            testDescription: "rename a system role", actor: ["owner"], role: "staff", change: { $0.name = "team" }, outcome: "system_role"),
        Edit(testDescription: "move a system role", actor: ["owner"], role: "staff", change: { $0.priority = 101 }, outcome: "system_role"),
        Edit(testDescription: "the owner's role", actor: ["owner"], role: "owner", change: { $0.allowed = [] }, outcome: "owner_role"),
    ]

    /// `lowMuted` of the site that `edit` builds.
    static let low = RoleID(rawValue: 15)

    @Test(arguments: edits) func edit(_ edit: Edit) {
        var site = Self.site
        site.add("usersLow", 30, ["users.*"])
        site.add("mutedHeir", 40, inherits: ["muted"])
        site.add("lowMuted", 5, denied: ["chat.write"])
        #expect(site["lowMuted"].id == Self.low)
        let before = site[edit.role]
        var after = before
        edit.change(&after)
        #expect(outcome { try site.rules(edit.actor).edit(before, to: after, highestHolder: edit.holder) } == edit.outcome)
    }

    @Test func aDenyOnARoleThatMemberInheritsIsRefused() {
        var site = Self.site
        let low = site.add("low", 5)
        site["member"].inherits = [low.id]
        var after = low
        after.denied = patterns(["chat.write"])
        #expect(outcome { try site.rules(["owner"]).edit(low, to: after, highestHolder: nil) } == "/denied denies_for_everybody")
    }

    @Test(arguments: [
        (["mod"], "heir", "ok"), (["mod"], "helper", "role_inherited"), (["mod"], "high", "rank_too_low"),
        (["mod"], "peer", "rank_too_low"),
        (["owner"], "admin", "system_role"), (["owner"], "owner", "system_role"), (["mod"], "muted", "ok"),
        (["mod", "muted"], "muted", "cannot_deny"),
    ])
    func delete(_ actor: [String], _ role: String, _ expected: String) {
        let site = Self.site
        #expect(outcome { try site.rules(actor).delete(site[role]) } == expected)
    }

    @Test func theRefusalToDeleteNamesTheHeirs() {
        var site = Self.site
        site.add("second", 300, inherits: ["helper"])
        site.add("indirect", 400, inherits: ["second"])
        #expect(throws: Refusal.inherited(by: ["second", "heir"])) { try site.rules(["owner"]).delete(site["helper"]) }
    }

    @Test(
        arguments: [
            (["mod"], "helper", nil, "ok"), (["mod"], "high", nil, "rank_too_low"), (["mod"], "muted", 499, "ok"),
            (["mod"], "muted", 500, "holders_not_below"),
            (["moderatorOfRoles"], "helper", nil, "cannot_grant"), (["mod", "muted"], "helper", nil, "ok"),
        ] as [([String], String, Int?, String)])
    func restore(_ actor: [String], _ role: String, _ holder: Int?, _ expected: String) {
        var site = Self.site
        site.add("moderatorOfRoles", 500, ["roles.manage"])
        let rights = site.rights(actor)
        site[role].isDeleted = true
        let rules = RoleRules(actor: rights, graph: site.graph)
        #expect(outcome { try rules.restore(site[role], highestHolder: holder) } == expected)
    }

    @Test func restoringARoleWhoseParentIsGoneIsRefused() {
        var site = Self.site
        site["heir"].isDeleted = true
        site["helper"].isDeleted = true
        #expect(outcome { try site.rules(["owner"]).restore(site["heir"], highestHolder: nil) } == "/inherits/0 unknown_role")
    }
}
