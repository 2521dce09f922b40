/// The permissions that this program knows, in the order in which they were declared.
struct PermissionRegistry {
    private(set) var definitions: [Permission.Definition] = []
    private(set) var indexByKey: [String: Int] = [:]
    private(set) var modules: [String: PermissionSet] = [:]

    init(_ first: [Permission.Definition]) {
        for definition in first { _ = add(definition) }
    }

    /// - Returns: the place of the definition, which is the old one where it was declared before.
    mutating func add(_ definition: Permission.Definition) -> Int {
        if let index = indexByKey[definition.key] {
            precondition(definitions[index] == definition, "\(definition.key) is declared twice, with different texts")
            return index
        }
        precondition(Self.isKey(definition.key), "\(definition.key) is not of the form module.right")
        precondition(definitions.count < PermissionSet.capacity, "there are more than \(PermissionSet.capacity) permissions")
        let index = definitions.count
        definitions.append(definition)
        indexByKey[definition.key] = index
        modules[definition.module, default: PermissionSet()].insert(Permission(index: index))
        return index
    }

    /// Two words in small letters with a dot between them.
    static func isKey(_ key: String) -> Bool {
        let words = key.split(separator: ".", omittingEmptySubsequences: false)
        let isWord = { (word: Substring) in
            !word.isEmpty && word.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "_") }
        }
        return words.count == 2 && words.allSatisfy(isWord)
    }
}
