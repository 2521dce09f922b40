/// The one order in which every site applies its migrations, by name: a migration's number is its place in the list, from 1.
public struct MigrationOrder: Sendable {
    public let names: [String]
    /// So many at the front may be missing from a database that holds later ones: they are older than the order itself.
    public let unordered: Int

    /// - Parameter names: new ones stand at the end; none is ever moved or taken away.
    public init(_ names: [String], unordered: Int = 0) { (self.names, self.unordered) = (names, unordered) }

    /// The migrations in their order.
    ///
    /// - Throws: `MigrationError.order` when a name stands twice, or a migration has no number, or a number no migration.
    public func sorted(_ migrations: [Migration]) throws(MigrationError) -> [Migration] {
        if let twice = Self.firstRepeated(names) { throw .order("\(twice) stands twice in the order of migrations") }
        if let twice = Self.firstRepeated(migrations.map(\.name)) { throw .order("\(twice) is declared twice") }
        let byName = Dictionary(uniqueKeysWithValues: migrations.map { ($0.name, $0) })
        if let missing = migrations.first(where: { !names.contains($0.name) }) {
            throw .order("\(missing.name) has no number: add it at the end of the order of migrations")
        }
        var sorted: [Migration] = []
        for (index, name) in names.enumerated() {
            guard let migration = byName[name] else { throw .order("number \(index + 1), \(name), is declared by no feature") }
            sorted.append(migration)
        }
        return sorted
    }

    private static func firstRepeated(_ names: [String]) -> String? {
        var seen: Set<String> = []
        return names.first { !seen.insert($0).inserted }
    }
}
