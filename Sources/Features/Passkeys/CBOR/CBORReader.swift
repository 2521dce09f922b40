internal import Kernel

/// Reads CBOR strictly: definite and shortest lengths, no key twice, four levels at most.
///
/// It uses no more memory than a small multiple of the bytes: lengths are compared with what is left before anything is reserved.
package struct CBORReader {
    /// An array or a map is a level.
    package static let maximumDepth = 4
    /// Members of one map: authenticators write fewer than ten.
    package static let maximumMembers = 64

    private let bytes: ArraySlice<UInt8>
    private var index: Int

    private init(_ bytes: ArraySlice<UInt8>) { (self.bytes, index) = (bytes, bytes.startIndex) }

    /// The one value that these bytes are.
    package static func read(_ bytes: [UInt8]) throws(CBORFault) -> CBOR {
        let (value, count) = try readFirst(bytes[...])
        guard count == bytes.count else { throw .rest }
        return value
    }

    /// The value that stands first, and how many bytes it is.
    package static func readFirst(_ bytes: ArraySlice<UInt8>) throws(CBORFault) -> (value: CBOR, count: Int) {
        var reader = CBORReader(bytes)
        let value = try reader.value(depth: 0)
        return (value, reader.index - bytes.startIndex)
    }

    private mutating func value(depth: Int) throws(CBORFault) -> CBOR {
        let first = try byte()
        let (major, detail) = (first >> 5, first & 31)
        switch major {
        case 0: return .unsigned(try argument(detail))
        case 1: return .negative(try argument(detail))
        case 2: return .bytes(Array(try slice(argument(detail))))
        case 3:
            guard let text = String(client: Array(try slice(argument(detail)))) else { throw .text }
            return .text(text)
        case 4: return try array(argument(detail), depth: depth + 1)
        case 5: return try map(argument(detail), depth: depth + 1)
        case 7:
            switch detail {
            case 20: return .bool(false)
            case 21: return .bool(true)
            case 22: return .null
            default: throw .kind
            }
        default: throw .kind
        }
    }

    private mutating func array(_ count: UInt64, depth: Int) throws(CBORFault) -> CBOR {
        guard depth <= Self.maximumDepth else { throw .tooDeep }
        // Each element is a byte at least.
        guard count <= UInt64(bytes.endIndex - index) else { throw .truncated }
        var elements: [CBOR] = []
        for _ in 0..<count { elements.append(try value(depth: depth)) }
        return .array(elements)
    }

    private mutating func map(_ count: UInt64, depth: Int) throws(CBORFault) -> CBOR {
        guard depth <= Self.maximumDepth else { throw .tooDeep }
        guard count <= UInt64(bytes.endIndex - index) / 2 else { throw .truncated }
        guard count <= UInt64(Self.maximumMembers) else { throw .kind }
        var entries: [CBOR.Entry] = []
        for _ in 0..<count {
            let key = try value(depth: depth)
            switch key {
            case .unsigned, .negative, .text: break
            default: throw .kind
            }
            guard !entries.contains(where: { $0.key == key }) else { throw .doubleKey }
            entries.append(CBOR.Entry(key, try value(depth: depth)))
        }
        return .map(entries)
    }

    /// A number, or the length of what follows, in as few bytes as it fits.
    private mutating func argument(_ detail: UInt8) throws(CBORFault) -> UInt64 {
        switch detail {
        case 0..<24: return UInt64(detail)
        case 24: return try number(1, atLeast: 24)
        case 25: return try number(2, atLeast: 0x100)
        case 26: return try number(4, atLeast: 0x1_0000)
        case 27: return try number(8, atLeast: 0x1_0000_0000)
        default: throw .form
        }
    }

    private mutating func number(_ count: Int, atLeast least: UInt64) throws(CBORFault) -> UInt64 {
        let number = try slice(UInt64(count)).reduce(0) { $0 << 8 | UInt64($1) }
        guard number >= least else { throw .form }
        return number
    }

    private mutating func byte() throws(CBORFault) -> UInt8 {
        guard index < bytes.endIndex else { throw .truncated }
        defer { index += 1 }
        return bytes[index]
    }

    private mutating func slice(_ count: UInt64) throws(CBORFault) -> ArraySlice<UInt8> {
        guard count <= UInt64(bytes.endIndex - index) else { throw .truncated }
        let start = index
        index += Int(count)
        return bytes[start..<index]
    }
}

extension CBOR {
    /// These bytes, and no others, are read as this value: lengths are the shortest.
    package var encoded: [UInt8] {
        switch self {
        case .unsigned(let value): Self.head(0, value)
        case .negative(let value): Self.head(1, value)
        case .bytes(let value): Self.head(2, UInt64(value.count)) + value
        case .text(let value): Self.head(3, UInt64(value.utf8.count)) + Array(value.utf8)
        case .array(let elements): elements.reduce(Self.head(4, UInt64(elements.count))) { $0 + $1.encoded }
        case .map(let entries): entries.reduce(Self.head(5, UInt64(entries.count))) { $0 + $1.key.encoded + $1.value.encoded }
        case .bool(let value): [value ? 0xF5 : 0xF4]
        case .null: [0xF6]
        }
    }

    private static func head(_ major: UInt8, _ number: UInt64) -> [UInt8] {
        let size = number < 24 ? 0 : number < 0x100 ? 1 : number < 0x1_0000 ? 2 : number < 0x1_0000_0000 ? 4 : 8
        let detail: UInt8 = [0: UInt8(truncatingIfNeeded: number), 1: 24, 2: 25, 4: 26, 8: 27][size] ?? 0
        return [major << 5 | detail] + (0..<size).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
    }
}
