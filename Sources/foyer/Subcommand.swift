import Runtime
import Server

/// What the program can be asked to do.
enum Subcommand: String, CaseIterable {
    case serve, migrate, demo, config, owner, audit
    case importFile = "import"

    var summary: String {
        switch self {
        case .serve: "Run the site."
        case .migrate: "Bring the database's schema up to this version, then end."
        case .demo: "Run a site filled with 200 members whose statuses move."
        case .config: "Show every setting with its meaning, value and source."
        case .owner: "Make somebody an owner, or take that back; take off a lost second factor: owner add|remove|reset-factor USERNAME."
        case .audit:
            "Check the audit log from its first entry to its last: audit verify; an exported bundle without the site: audit verify FILE [FINGERPRINT]; acknowledge a restored database: audit accept-restore."
        case .importFile: "Import a file of films or series (CSV, JSON, JSON lines, also gzip): import media FILE [--kind film|series]."
        }
    }

    func run(_ options: Options) async throws -> Int32 {
        switch self {
        case .serve:
            try options.refuseWords()
            try await Site.serve(options.settings())
        case .demo:
            try options.refuseWords()
            try await Site.demo(options.settings())
        case .migrate:
            try options.refuseWords()
            try await Terminal.say(Site.migrate(options.settings()))
        case .config:
            try options.refuseWords()
            let settings = try options.settings()
            for warning in settings.warnings { Terminal.complain(warning) }
            Terminal.say(ConfigTable.text(settings, asJSON: options.switches.contains("json")))
        case .owner:
            guard options.words.count == 2, let change = Site.OwnerChange(rawValue: options.words[0]) else {
                throw Settings.Fault(
                    "Say who: `foyer owner add USERNAME`, `foyer owner remove USERNAME` or `foyer owner reset-factor USERNAME`.")
            }
            try await Terminal.say(Site.owner(change, options.words[1], options.settings()))
        case .importFile:
            guard options.words.count == 2, options.words[0] == "media" else {
                throw Settings.Fault("Say what: `foyer import media FILE`.")
            }
            var (kind, language) = ("film", "en")
            let settings = try options.taking("kind", "language") { given in
                kind = given["kind"] ?? kind
                language = given["language"] ?? language
            }
            try await Terminal.say(
                Site.importMedia(options.words[1], kind: kind, language: language, settings) { Terminal.say($0) })
        case .audit:
            if options.words == ["accept-restore"] {
                let (text, isDone) = try await Site.acceptRestore(options.settings())
                Terminal.say(text)
                return isDone ? 0 : 1
            }
            guard options.words.first == "verify", options.words.count <= 3 else {
                throw Settings.Fault("Say what: `foyer audit verify`, `foyer audit verify FILE` or `foyer audit accept-restore`.")
            }
            if options.words.count > 1 {
                let (text, isSound) = try Site.verifyBundle(options.words[1], signedBy: options.words.count > 2 ? options.words[2] : nil)
                Terminal.say(text)
                return isSound ? 0 : 1
            }
            let report = try await Site.verifyAudit(options.settings())
            Terminal.say(report.text)
            return report.isSound ? 0 : 1
        }
        return 0
    }
}
