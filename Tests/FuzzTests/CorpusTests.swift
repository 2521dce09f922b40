import FuzzTargets
import Glibc
import Seeded
import Testing

/// What `make fuzz` searches on from and what it once found, held to the same properties.
@Suite struct CorpusTests {
    @Test(arguments: FuzzTarget.all) func everyKeptInputKeepsTheProperties(_ target: FuzzTarget) throws {
        let inputs = try Self.corpus(of: target.name)
        #expect(inputs.count >= 5, "Fuzz/Corpus/\(target.name) holds too little")
        for (name, bytes) in inputs {
            do {
                try target.check(bytes)
            } catch {
                Issue.record("Fuzz/Corpus/\(target.name)/\(name): \(error)")
            }
        }
    }

    /// Every input cut short, and with a byte changed: what is near to what is known.
    @Test(arguments: FuzzTarget.all) func whatIsNearKeepsTheProperties(_ target: FuzzTarget) throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed)
        for (name, bytes) in try Self.corpus(of: target.name) where !bytes.isEmpty && bytes.count <= 400 {
            for _ in 0..<4 {
                var near = bytes
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: near.removeSubrange(place...)
                case 1: near[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                default: near.insert(contentsOf: near[place..<min(near.count, place + 5)], at: place)
                }
                do {
                    try target.check(near)
                } catch {
                    Issue.record("seed \(seed), near Fuzz/Corpus/\(target.name)/\(name): \(error); the input: \(near)")
                }
            }
        }
    }

    private static func corpus(of target: String) throws -> [(name: String, bytes: [UInt8])] {
        let folder = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/Fuzz/Corpus/" + target
        let stream = try #require(opendir(folder), "there is no \(folder)")
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return try names.sorted().map { ($0, try read("\(folder)/\($0)")) }
    }

    private static func read(_ path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "rb"), "cannot open \(path)")
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return bytes
    }
}
