package import Kernel

extension Input {
    /// A list of permissions as roles and keys name them, each once; unknown ones are refused by name, each at its place.
    ///
    /// - Parameter areKeys: whether the scopes of API keys are meant, which can name their person's own account.
    package mutating func patterns(_ field: String, required: Bool = false, areKeys: Bool = false) -> [PermissionPattern]? {
        guard let texts = strings(field, count: 0...500, required: required) else { return nil }
        var patterns: [PermissionPattern] = []
        for (index, text) in texts.enumerated() {
            guard let pattern = PermissionPattern(text), areKeys || !pattern.isForKeys else {
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
