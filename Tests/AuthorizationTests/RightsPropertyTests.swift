import Authorization
import Kernel
import Seeded
import Testing

/// The engine against a second, naive implementation, on random sites; the seed of a failure is in its message.
@Suite struct RightsPropertyTests {
    @Test func agreesWithTheNaiveImplementation() {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var random = SeededRandom(seed)
        for round in 0..<150 {
            let site = RandomSite(&random)
            for person in site.people {
                let rights = site.graph.rights(of: person, at: Site.now)
                for permission in PermissionSet.all.permissions {
                    let naive = Naive(roles: site.roles).grants(permission.key, person)
                    #expect(rights.can(permission) == naive, "seed \(seed) round \(round) \(permission.key) \(person)")
                    let explanation = site.graph.explain(permission, of: person, at: Site.now)
                    #expect(explanation.isGranted == naive, "seed \(seed) round \(round) \(permission.key) \(person)")
                }
                #expect(rights.rank == Naive(roles: site.roles).rank(person), "seed \(seed) round \(round)")
            }
        }
    }

    /// Whatever the rules let somebody save, nobody gains what the actor lacks, and nobody as high as the actor is newly denied anything.
    @Test func noPermittedEditGivesMoreThanTheActorHolds() {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var random = SeededRandom(seed)
        var permitted = 0
        for round in 0..<1500 {
            let site = RandomSite(&random)
            let live = site.roles.filter { !$0.isDeleted }
            guard let before = live.randomElement(using: &random), let actor = site.people.randomElement(using: &random) else { continue }
            let actorRights = site.graph.rights(of: actor, at: Site.now)
            var after = before
            site.scramble(&after, &random)
            let rules = RoleRules(actor: actorRights, graph: site.graph)
            guard (try? rules.edit(before, to: after, highestHolder: site.highestHolder(of: before.id))) != nil else { continue }
            permitted += 1
            let graph = site.graph.replacing(after)
            for person in site.people {
                let (old, new) = (site.graph.rights(of: person, at: Site.now), graph.rights(of: person, at: Site.now))
                let gains = new.permissions.subtracting(old.permissions)
                #expect(actorRights.permissions.isSuperset(of: gains), "seed \(seed) round \(round) \(gains.keys)")
                guard old.rank >= actorRights.rank else { continue }
                #expect(new.denied.subtracting(old.denied).isEmpty, "seed \(seed) round \(round)")
                #expect(new.rank == old.rank, "seed \(seed) round \(round)")
            }
            for role in graph.definitions {
                #expect(!graph.heirs(of: role.id).contains { $0.priority <= role.priority }, "seed \(seed) round \(round)")
            }
        }
        #expect(permitted > 10, "seed \(seed): the rounds must reach permitted edits")
    }
}

/// Roles that inherit downwards, some deleted, and people with expired and live assignments and overrides.
struct RandomSite {
    private(set) var roles: [RoleDefinition] = []
    private(set) var people: [RoleGrants] = []
    private(set) var graph = RoleGraph([])

    init(_ random: inout SeededRandom) {
        for index in 0..<Int.random(in: 1...8, using: &random) {
            let priority = Int.random(in: 1...20, using: &random) * 10
            let lower = roles.filter { $0.priority < priority }.shuffled(using: &random)
            roles.append(
                RoleDefinition(
                    id: RoleID(rawValue: Int64(index + 1)), name: "r\(index)", priority: priority, allowed: Self.patterns(6, &random),
                    denied: Self.patterns(1, &random), inherits: lower.prefix(Int.random(in: 0...2, using: &random)).map(\.id),
                    isDeleted: Int.random(in: 0..<8, using: &random) == 0))
        }
        if Bool.random(using: &random) {
            roles.append(RoleDefinition(id: RoleID(rawValue: 100), name: "owner", priority: 1000, allowed: [.everything], system: .owner))
        }
        for _ in 0..<5 { people.append(person(&random)) }
        graph = RoleGraph(roles)
    }

    private func person(_ random: inout SeededRandom) -> RoleGrants {
        let held = roles.shuffled(using: &random).prefix(Int.random(in: 0...4, using: &random))
        var overridden: Set<Int> = []
        for _ in 0..<Int.random(in: 0...3, using: &random) { overridden.insert(Int.random(in: 0..<Permission.all.count, using: &random)) }
        return RoleGrants(
            assignments: held.map { role in
                let ends: Int64? = [nil, nil, 0, -1, 1].randomElement(using: &random) ?? nil
                return Assignment(role.id, expiresAt: ends.map { Site.now.adding(milliseconds: $0) })
            },
            overrides: overridden.map { Override(PermissionSet.all.permissions[$0], Bool.random(using: &random) ? .allow : .deny) })
    }

    /// A random edit of every kind at once or apart.
    func scramble(_ role: inout RoleDefinition, _ random: inout SeededRandom) {
        if Bool.random(using: &random) { role.allowed = Self.patterns(4, &random) }
        if Bool.random(using: &random) { role.denied = Self.patterns(1, &random) }
        if Bool.random(using: &random) { role.priority = Int.random(in: 1...20, using: &random) * 10 }
        if Bool.random(using: &random) {
            role.inherits = roles.shuffled(using: &random).prefix(Int.random(in: 0...2, using: &random)).map(\.id)
        }
    }

    func highestHolder(of id: RoleID) -> Int? {
        let concerned = Set([id] + graph.heirs(of: id).map(\.id))
        return people.map { graph.rights(of: $0, at: Site.now) }.filter { !concerned.isDisjoint(with: $0.roles) }.map(\.rank).max()
    }

    private static func patterns(_ most: Int, _ random: inout SeededRandom) -> [PermissionPattern] {
        (0..<Int.random(in: 0...most, using: &random)).compactMap { _ in
            let definition = Permission.all[Int.random(in: 0..<Permission.all.count, using: &random)]
            let text = [definition.key, definition.key, "\(definition.module).*", "\(definition.module).*", "*"].randomElement(
                using: &random)
            return text.flatMap(PermissionPattern.init)
        }
    }
}

/// The rule of the product read aloud, with texts and recursion, without any compiled form.
struct Naive {
    let roles: [RoleDefinition]

    func grants(_ key: String, _ person: RoleGrants) -> Bool {
        var allow = person.overrides.contains { $0.permission.key == key && $0.effect == .allow }
        var deny = person.overrides.contains { $0.permission.key == key && $0.effect == .deny }
        for role in active(person) {
            allow = allow || says(role, key) { $0.allowed }
            deny = deny || says(role, key) { $0.denied }
        }
        if active(person).contains(where: { $0.system == .owner }) { return allow }
        return allow && !deny
    }

    func rank(_ person: RoleGrants) -> Int { active(person).map(\.priority).max() ?? .min }

    private func active(_ person: RoleGrants) -> [RoleDefinition] {
        person.assignments.filter { $0.expiresAt == nil || $0.expiresAt! > Site.now }.compactMap { live($0.role) }
    }

    private func live(_ id: RoleID) -> RoleDefinition? { roles.first { $0.id == id && !$0.isDeleted } }

    private func says(_ role: RoleDefinition, _ key: String, _ list: (RoleDefinition) -> [PermissionPattern]) -> Bool {
        for pattern in list(role).map(\.text) where matches(pattern, key) { return true }
        return role.inherits.compactMap(live).contains { says($0, key, list) }
    }

    private func matches(_ pattern: String, _ key: String) -> Bool {
        if pattern.hasSuffix("*") { return key.hasPrefix(pattern.dropLast()) }
        return pattern == key
    }
}
