package import Kernel

extension Input {
    /// A list of permissions as roles and keys name them, each once; unknown ones are refused by name, each at its place.
    package mutating func patterns(_ field: String, required: Bool = false) -> [PermissionPattern]? {
        guard let texts = strings(field, count: 0...500, required: required) else { return nil }
        var patterns: [PermissionPattern] = []
        for (index, text) in texts.enumerated() {
            guard let pattern = PermissionPattern(text) else {
                fail(
                    field, at: index, "unknown_permission",
                    LocalizedText(en: "There is no permission “\(text)”.", fr: "La permission « \(text) » n’existe pas."))
                continue
            }
            if !patterns.contains(pattern) { patterns.append(pattern) }
        }
        return patterns
    }
}
