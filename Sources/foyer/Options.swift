import Runtime
import Server

/// A command line after the command's name: `--name value`, `--name=value`, and words.
struct Options {
    private(set) var flags: [String: String] = [:]
    private(set) var words: [String] = []
    private(set) var wantsHelp = false
    private(set) var switches: Set<String> = []

    /// Options that stand alone.
    private static let alone: Set<String> = ["json", "yes"]

    init(_ arguments: [String]) throws(Settings.Fault) {
        var index = 0
        while index < arguments.count {
            let argument = arguments[index]
            index += 1
            if argument == "--help" || argument == "-h" {
                wantsHelp = true
            } else if !argument.hasPrefix("--") {
                words.append(argument)
            } else if Self.alone.contains(String(argument.dropFirst(2))) {
                switches.insert(String(argument.dropFirst(2)))
            } else if let equals = argument.firstIndex(of: "=") {
                flags[String(argument[argument.index(argument.startIndex, offsetBy: 2)..<equals])] = String(
                    argument[argument.index(after: equals)...])
            } else {
                guard index < arguments.count else { throw Settings.Fault("\(argument) needs a value.") }
                flags[String(argument.dropFirst(2))] = arguments[index]
                index += 1
            }
        }
    }

    /// The settings that these flags, the environment and the settings file give.
    func settings() throws(Settings.Fault) -> Settings {
        var flags = flags
        var environment = processEnvironment().filter { !$0.value.isEmpty }
        let file = flags.removeValue(forKey: "config") ?? environment["FOYER_CONFIG"]
        environment["FOYER_CONFIG"] = nil
        return try Settings(knownSettings, flags: flags, environment: environment, file: file)
    }

    /// The settings, without options that are the command's own.
    func taking(_ names: String..., body: ([String: String]) -> Void) throws(Settings.Fault) -> Settings {
        var rest = self
        var taken: [String: String] = [:]
        for name in names { taken[name] = rest.flags.removeValue(forKey: name) }
        body(taken)
        return try rest.settings()
    }

    /// - Throws: when words are left that the command does not take.
    func refuseWords() throws(Settings.Fault) {
        if let word = words.first { throw Settings.Fault("“\(word)” is not an option. Options begin with two dashes.") }
    }
}
