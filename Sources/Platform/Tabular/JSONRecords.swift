public import Kernel

/// The elements of a list in JSON, read one by one, so that a long list is never whole in memory: `[…]`, or `{"items": […], …}`.
public struct JSONRecords: Sendable {
    public enum Fault: Error, Sendable, Hashable {
        case notAList
        /// The element of this number, from 1 on, is no JSON, or longer than `longestRecord`.
        case malformed(number: Int)
    }

    /// In bytes.
    public static let longestRecord = 200_000

    private let bytes: [UInt8]
    private var index = 0
    private var number = 0
    private var isOver = false

    public init(_ bytes: [UInt8]) throws(Fault) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
        skipSpace()
        guard let first = current else { throw .notAList }
        if first == UInt8(ascii: "{") { try enterItems() }
        guard current == UInt8(ascii: "[") else { throw .notAList }
        index += 1
    }

    /// The next element with its number, from 1 on; nil after the last.
    public mutating func next() throws(Fault) -> (number: Int, value: JSON)? {
        guard !isOver else { return nil }
        skipSpace()
        if number == 0, current == UInt8(ascii: "]") {
            isOver = true
            return nil
        }
        number += 1
        let start = index
        skipValue()
        guard index - start <= Self.longestRecord else { throw .malformed(number: number) }
        let value: JSON
        do { value = try JSONParser.parse(Array(bytes[start..<index])) } catch { throw .malformed(number: number) }
        skipSpace()
        switch current {
        case UInt8(ascii: ","): index += 1
        case UInt8(ascii: "]"): isOver = true
        default: throw .malformed(number: number)
        }
        return (number, value)
    }

    private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    /// Goes to the value of the member `items` of the object that begins here.
    private mutating func enterItems() throws(Fault) {
        index += 1
        while true {
            skipSpace()
            let start = index
            guard current == UInt8(ascii: "\"") else { throw .notAList }
            skipString()
            let isItems = bytes[start..<index].elementsEqual("\"items\"".utf8)
            skipSpace()
            guard current == UInt8(ascii: ":") else { throw .notAList }
            index += 1
            skipSpace()
            if isItems { return }
            skipValue()
            skipSpace()
            guard current == UInt8(ascii: ",") else { throw .notAList }
            index += 1
        }
    }

    /// Goes behind the value that begins here, as far as brackets and quotes tell.
    private mutating func skipValue() {
        var depth = 0
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                skipString()
                continue
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                if depth == 0 { return }
                depth -= 1
            case UInt8(ascii: ","): if depth == 0 { return }
            default: break
            }
            index += 1
        }
    }

    private mutating func skipString() {
        index += 1
        while let byte = current {
            index += byte == UInt8(ascii: "\\") ? 2 : 1
            if byte == UInt8(ascii: "\"") { break }
        }
        index = min(index, bytes.count)
    }
}
