import Runtime
import Server

/// What `--help` prints.
enum Help {
    static var overview: String {
        let commands = Subcommand.allCases.map { "  \(pad($0.rawValue, 10))\($0.summary)" }.joined(separator: "\n")
        return """
            foyer: a community and media server for a website.

            foyer COMMAND [options]

            \(commands)

            `foyer COMMAND --help` shows a command's options.
            """
    }

    static func of(_ command: Subcommand) -> String {
        let usage =
            switch command {
            case .owner: "foyer owner add|remove|reset-factor USERNAME [options]"
            case .audit: "foyer audit verify|accept-restore [options], foyer audit verify FILE [FINGERPRINT]"
            case .importFile: "foyer import media FILE [--kind film|series] [--language en|fr] [options]"
            case .config: "foyer config [--json] [options]"
            default: "foyer \(command.rawValue) [options]"
            }
        let options = knownSettings.map { setting in
            "  \(pad(setting.flag, 22))\(setting.meaning)\(setting.fallback.isEmpty ? "" : " [\(setting.fallback)]")"
        }
        return """
            \(command.summary)

            \(usage)

            \(options.joined(separator: "\n"))
              \(pad("--config", 22))A file of `name = value` lines (FOYER_CONFIG).

            Each option is also a variable: --data is FOYER_DATA. An option wins over a variable, a variable over the file.
            """
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
