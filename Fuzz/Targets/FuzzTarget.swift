// FuzzTargets says what must hold for any bytes that a peer may send, one target a parser: that each property is more than "does not
// crash" is the point. `make fuzz` searches with libFuzzer, Tests/FuzzTests replays what is kept under Fuzz/Corpus.

/// A property that did not hold for an input.
public struct BrokenProperty: Error, CustomStringConvertible {
    public let description: String
}

/// What reads bytes from outside, and what must hold of it.
public struct FuzzTarget: Sendable, CustomStringConvertible {
    public let name: String
    /// The files whose coverage is told, under Sources/.
    public let files: [String]
    /// Words that the search puts in, beside those that comparisons betray.
    public let words: [String]
    /// Throws `BrokenProperty`; a trap is a fault too.
    public let check: @Sendable ([UInt8]) throws -> Void

    public var description: String { name }

    init(_ name: String, files: [String], words: [String] = [], check: @escaping @Sendable ([UInt8]) throws -> Void) {
        (self.name, self.files, self.words, self.check) = (name, files, words, check)
    }

    public static let all: [FuzzTarget] = [
        .http, .webSocket, .handshake, .json, .input, .url, .conditions, .cookies, .positions, .text, .multipart, .cbor, .signatures, .cost,
    ]
}

/// - Throws: `BrokenProperty` with those words when the condition does not hold.
func hold(_ condition: Bool, _ property: @autoclosure () -> String) throws(BrokenProperty) {
    if !condition { throw BrokenProperty(description: property()) }
}

/// The same bytes in pieces: whole, each alone, and twice cut at places that hang on the bytes, so that an input always fails alike.
func splits(of bytes: [UInt8]) -> [[ArraySlice<UInt8>]] {
    var state = bytes.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    func pieces(upTo longest: UInt64) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        while start < bytes.count {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let end = min(bytes.count, start + Int(state >> 33 % longest) + 1)
            pieces.append(bytes[start..<end])
            start = end
        }
        return pieces
    }
    return [[bytes[...]], bytes.indices.map { bytes[$0...$0] }, pieces(upTo: 9), pieces(upTo: 200)]
}

extension String {
    /// Swift compares texts by meaning; a protocol compares bytes.
    func isSame(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
