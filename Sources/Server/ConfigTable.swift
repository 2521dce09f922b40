internal import Kernel
package import Runtime

/// What `foyer config` prints; secrets are never shown, only whether they are set.
package enum ConfigTable {
    package static func text(_ settings: Settings, asJSON: Bool) -> String {
        asJSON ? json(settings) : table(settings)
    }

    private static func shown(_ setting: Setting, _ settings: Settings) -> String {
        let value = settings[setting.name]
        if setting.isSecret { return value.isEmpty ? "" : "(set)" }
        return value
    }

    private static func source(_ setting: Setting, _ settings: Settings) -> String {
        switch settings.source(setting.name) {
        case .fallback: "default"
        case .file(let path): "file \(path)"
        case .environment: "environment \(setting.variable)"
        case .flag: "option \(setting.flag)"
        }
    }

    private static func table(_ settings: Settings) -> String {
        settings.known.map { setting in
            let value = shown(setting, settings)
            let fallback = setting.fallback.isEmpty ? "none" : setting.fallback
            return """
                \(setting.name) = \(value.isEmpty ? "(none)" : value)
                    \(setting.meaning)
                    from: \(source(setting, settings)); default: \(fallback); variable: \(setting.variable)
                """
        }.joined(separator: "\n")
    }

    private static func json(_ settings: Settings) -> String {
        JSON.array(
            settings.known.map { setting in
                [
                    "name": .string(setting.name), "value": .string(shown(setting, settings)), "default": .string(setting.fallback),
                    "source": .string(source(setting, settings)), "variable": .string(setting.variable),
                    "meaning": .string(setting.meaning),
                ]
            }
        ).text
    }
}
