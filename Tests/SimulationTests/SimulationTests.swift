import Glibc
import Simulation
import Testing

/// The simulator beside the tests' own program, in a process of its own: there sets are walked the same way each time, and a trap is a finding too.
@Suite struct SimulationTests {
    private func simulate(_ arguments: String) throws -> (output: String, isGood: Bool) {
        var path = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/exe", &path, path.count - 1)
        let program = String(decoding: path.prefix(max(0, length)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        let folder = program.prefix(upTo: try #require(program.lastIndex(of: "/")))
        let pipe = try #require(
            popen("SWIFT_DETERMINISTIC_HASHING=1 SWIFT_BACKTRACE=enable=no '\(folder)/foyer-simulate' \(arguments) 2>&1", "r"))
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 { output += buffer.prefix(count) }
        return (String(decoding: output, as: UTF8.self), pclose(pipe) == 0)
    }

    @Test func aMillionEventsBreakNothing() throws {
        let run = try simulate("--events 1000000")
        #expect(run.isGood && run.output.contains("nothing found"), "\(run.output)")
    }

    @Test func theSameSeedsGoTheSameWay() throws {
        let first = try simulate("--first 1000 --events 20000")
        let second = try simulate("--first 1000 --events 20000")
        #expect(first.output.contains("digest"))
        #expect(first.output == second.output)
    }

    @Test(arguments: Fault.allCases) func aPlantedFaultIsFound(_ fault: Fault) throws {
        let run = try simulate("--fault \(fault.rawValue) --events 400000")
        #expect(!run.isGood && run.output.contains("again: make simulate seed="), "\(fault.rawValue): \(run.output)")
    }
}
