import Glibc

/// The command: many short runs of many seeds, or one seed, or one planted fault.
///
///     foyer-simulate [--seed N] [--events M] [--each E] [--fault NAME] [--trace]
package struct Simulate {
    private var seed: UInt64 = 1
    private var events = 1_000_000
    private var each = 4_000
    private var fault: Fault?
    private var isTracing = false
    private var isSingle = false

    package struct Misuse: Error, CustomStringConvertible {
        package let description: String
    }

    package init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            switch name {
            case "--trace": isTracing = true
            case "--seed", "--events", "--each", "--first":
                guard let text = rest.popFirst(), let number = Int(text), number > 0 else { throw Misuse(description: "\(name) N") }
                if name == "--events" { events = number } else if name == "--each" { each = number } else { seed = UInt64(number) }
                if name == "--seed" { isSingle = true }
            case "--fault":
                guard let text = rest.popFirst(), let known = Fault(rawValue: text) else {
                    throw Misuse(description: "--fault \(Fault.allCases.map(\.rawValue).joined(separator: "|"))")
                }
                fault = known
            default: throw Misuse(description: "what is \(name)?")
            }
        }
    }

    /// Runs seeds until so many events were had, or one fails; exits with 1 then.
    package func run() throws {
        guard getenv("SWIFT_DETERMINISTIC_HASHING") != nil else {
            throw Misuse(description: "set SWIFT_DETERMINISTIC_HASHING=1: sets must be walked the same way each time")
        }
        var (done, next, digest) = (0, seed, Digest())
        while done < events {
            let world = World(seed: next, fault: fault)
            if isTracing { world.trace = { print($0) } }
            done += world.run(events: isSingle ? events : each)
            digest.add(Int64(bitPattern: world.digest))
            if let failure = world.failure {
                print("seed \(next): \(failure)")
                print("again: \(command(next))")
                exit(1)
            }
            next += 1
            if isSingle { break }
        }
        print("\(done) events, seeds \(seed) to \(next - 1), digest \(String(digest.value, radix: 16)): nothing found")
    }

    private func command(_ seed: UInt64) -> String {
        let planted = fault.map { " fault=\($0.rawValue)" } ?? ""
        return "make simulate seed=\(seed) events=\(isSingle ? events : each)\(planted)"
    }
}
