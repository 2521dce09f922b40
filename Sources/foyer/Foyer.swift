import Glibc
import Runtime
import Server

/// The program: reads its command line, and ends with 0 (done), 1 (failed) or 2 (asked for something that does not exist).
@main
struct Foyer {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            let code = try await run(arguments)
            exit(code)
        } catch let fault as Settings.Fault {
            Terminal.complain(fault.description)
            exit(2)
        } catch let failure as StartFailure {
            Terminal.complain(failure.description)
            exit(1)
        } catch {
            Terminal.complain("foyer stopped: \(error)")
            exit(1)
        }
    }

    private static func run(_ arguments: [String]) async throws -> Int32 {
        guard let name = arguments.first else {
            Terminal.say(Help.overview)
            return 2
        }
        if ["help", "--help", "-h"].contains(name) {
            Terminal.say(Help.overview)
            return 0
        }
        if name == "--version" || name == "version" {
            Terminal.say("foyer \(Site.version)")
            return 0
        }
        guard let command = Subcommand(rawValue: name) else {
            throw Settings.Fault("There is no command “\(name)”. `foyer --help` lists them.")
        }
        let options = try Options(Array(arguments.dropFirst()))
        if options.wantsHelp {
            Terminal.say(Help.of(command))
            return 0
        }
        return try await command.run(options)
    }
}
