package import Kernel

/// Priorities that put roles in a wanted order, changing as few of them as can be.
package enum RoleOrder {
    /// One role in the wanted order, or an end of it; what stays keeps its priority, the others are spread between.
    private struct Place {
        let role: RoleDefinition?
        let priority: Int
        /// It keeps its place among its like: a system role, one that the actor may not touch, or one that nobody spoke of.
        let isFixed: Bool

        /// Whether this may stand above `other`, both unchanged, with so many new priorities between.
        ///
        /// Equal priorities are told apart by id, as the list does; nothing fits between them.
        func fits(above other: Place, between count: Int) -> Bool {
            if count == 0, priority == other.priority, let role, let below = other.role { return role.id < below.id }
            return priority - other.priority > count
        }
    }

    /// The roles whose priority has to change, with the new one.
    ///
    /// - Parameters:
    ///   - wanted: each role once, the highest first.
    ///   - movable: those that may be given another priority, if they are below the ceiling and no system role.
    ///   - ceiling: what no new priority reaches: the actor's own rank.
    package static func changes(for wanted: [RoleDefinition], moving movable: Set<RoleID>, below ceiling: Int) throws(Refusal)
        -> [RoleDefinition]
    {
        let top = Place(role: nil, priority: min(ceiling, RoleDefinition.priorities.upperBound + 1), isFixed: true)
        let bottom = Place(role: nil, priority: RoleDefinition.priorities.lowerBound - 1, isFixed: true)
        let places = wanted.map { role in
            let isFixed = role.system != nil || role.priority >= ceiling || !movable.contains(role.id)
            return Place(role: role, priority: min(role.priority, top.priority), isFixed: isFixed)
        }
        return spread(try kept(among: [top] + places + [bottom]), [top] + places + [bottom])
    }

    /// The longest row of places that can stay as they are, every fixed one among them.
    private static func kept(among places: [Place]) throws(Refusal) -> [Int] {
        var length = [1] + [Int](repeating: 0, count: places.count - 1)
        var before = [Int](repeating: 0, count: places.count)
        for index in places.indices.dropFirst() {
            for candidate in stride(from: index - 1, through: 0, by: -1) {
                if length[candidate] + 1 > length[index], stands(places, candidate, index) {
                    (length[index], before[index]) = (length[candidate] + 1, candidate)
                }
                if places[candidate].isFixed { break }
            }
            // Nothing above leads here: another will, unless this one may not move.
            guard length[index] == 0 else { continue }
            if places[index].isFixed { throw fault(places, index) }
            length[index] = Int.min / 2
        }
        var row = [places.count - 1]
        while let last = row.last, last != 0 { row.append(before[last]) }
        return row.reversed()
    }

    private static func stands(_ places: [Place], _ upper: Int, _ lower: Int) -> Bool {
        guard places[upper].isFixed, places[lower].isFixed, lower == upper + 1 else {
            return places[upper].fits(above: places[lower], between: lower - upper - 1)
        }
        // Two that may not be touched stand as they stand, however high.
        guard let role = places[upper].role, let other = places[lower].role else { return true }
        return (role.priority, other.id) > (other.priority, role.id)
    }

    /// Why a role that keeps its priority cannot stand at its place.
    private static func fault(_ places: [Place], _ index: Int) -> Refusal {
        guard let role = places[index].role else { return .noRoomInOrder(above: nil) }
        if places[index].priority >= places[0].priority { return .roleNotBelow(name: role.name, priority: role.priority) }
        let upper = places[..<index].last(where: \.isFixed)
        if let upper, upper.priority <= places[index].priority { return .systemRole(name: role.name) }
        return .noRoomInOrder(above: role.name)
    }

    private static func spread(_ kept: [Int], _ places: [Place]) -> [RoleDefinition] {
        var changed: [RoleDefinition] = []
        for (upper, lower) in zip(kept, kept.dropFirst()) {
            let (high, low) = (places[upper].priority, places[lower].priority)
            for index in upper + 1..<lower {
                guard var role = places[index].role else { continue }
                role.priority = high - (high - low) * (index - upper) / (lower - upper)
                changed.append(role)
            }
        }
        return changed
    }
}

extension RoleRules {
    /// Moving roles past each other: each as an edit of its priority, and all of them judged by where they end.
    package func reorder(to moved: [RoleDefinition]) throws(Refusal) {
        var after = Dictionary(uniqueKeysWithValues: graph.definitions.map { ($0.id, $0) })
        for role in moved {
            guard let before = graph[role.id] else { throw .notAssignable(name: role.name) }
            try requireBelow(before)
            if before.system != nil { throw .systemRole(name: before.name) }
            try requireBelow(role)
            after[role.id] = role
        }
        for heir in after.values.sorted(by: { $0.id < $1.id }) {
            for parent in heir.inherits.compactMap({ after[$0] }) where parent.priority >= heir.priority {
                throw .orderBreaksInheritance(heir: heir.name, parent: parent.name)
            }
        }
    }
}

extension RoleGraph {
    /// Every role from the highest to the lowest, equal ones by id, with these in the order given at the places that they have together.
    package func ordered(with named: [RoleDefinition]) -> [RoleDefinition] {
        var next = named.makeIterator()
        let ids = Set(named.map(\.id))
        return definitions.sorted { ($0.priority, $1.id) > ($1.priority, $0.id) }.map { ids.contains($0.id) ? next.next() ?? $0 : $0 }
    }
}
