internal import Kernel

/// Header fields in order, kept as the block of lines that goes on the wire, so that a head costs two allocations and not two a field.
///
/// Names are compared without regard to ASCII case. Values are taken as UTF-8; bytes that are not are repaired when read as a string.
public struct HTTPHeaders: Sendable {
    struct Field: Sendable {
        var start: Int32
        var nameLength: Int32
        var valueLength: Int32

        var name: Range<Int> { Int(start)..<Int(start) + Int(nameLength) }
        var value: Range<Int> { name.upperBound + 2..<name.upperBound + 2 + Int(valueLength) }
        /// The whole line with its CRLF.
        var line: Range<Int> { Int(start)..<value.upperBound + 2 }
    }

    /// `Name: value` lines, each ended by CRLF.
    private(set) var block: [UInt8] = []
    private(set) var fields: [Field] = []

    public init() {}

    public var count: Int { fields.count }
    public var isEmpty: Bool { fields.isEmpty }

    /// The first value of that name; setting replaces all of them, nil removes them.
    public subscript(name: String) -> String? {
        get { firstIndex(of: name).map(value(at:)) }
        set {
            remove(name)
            if let newValue { append(name, newValue) }
        }
    }

    public func values(_ name: String) -> [String] {
        matching(name).map(value(at:))
    }

    public func contains(_ name: String) -> Bool { firstIndex(of: name) != nil }

    /// Whether one of the comma-separated values of that name is this token, without regard to case.
    public func contains(_ name: String, token: String) -> Bool {
        var token = token
        return token.withUTF8 { token in
            matching(name).contains { index in
                withValue(at: index) { value in
                    value.split(separator: UInt8(ascii: ",")).contains {
                        ASCII.equalIgnoringCase(ASCII.trimmed(UnsafeBufferPointer(rebasing: $0)), token)
                    }
                }
            }
        }
    }

    /// Adds a field after those of the same name.
    ///
    /// Line breaks and NUL in a value become spaces, so that no value can start a line of its own. The name must be a token:
    /// it comes from the program, never from a peer.
    public mutating func append(_ name: String, _ value: String) {
        var name = name
        var value = value
        name.withUTF8 { name in
            precondition(ASCII.isToken(name), "a header name must be a token")
            value.withUTF8 { value in append(name: name, value: ASCII.trimmed(value)) }
        }
    }

    /// Adds a field of a peer.
    ///
    /// - Returns: false, without a change, for a name that is no token.
    @discardableResult
    public mutating func append(ofPeer name: String, _ value: String) -> Bool {
        var token = name
        guard token.withUTF8({ ASCII.isToken($0) }) else { return false }
        append(name, value)
        return true
    }

    public mutating func remove(_ name: String) {
        guard contains(name) else { return }
        let doomed = Set(matching(name))
        var kept = HTTPHeaders()
        block.withUnsafeBufferPointer { block in
            for (index, field) in fields.enumerated() where !doomed.contains(index) {
                kept.append(
                    name: UnsafeBufferPointer(rebasing: block[field.name]), value: UnsafeBufferPointer(rebasing: block[field.value]))
            }
        }
        self = kept
    }

    mutating func append(name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) {
        fields.append(Field(start: Int32(block.count), nameLength: Int32(name.count), valueLength: Int32(value.count)))
        block.append(contentsOf: name)
        block.append(ASCII.colon)
        block.append(ASCII.space)
        let start = block.count
        block.append(contentsOf: value)
        for index in start..<block.count {
            let byte = block[index]
            if byte == ASCII.cr || byte == ASCII.lf || byte == 0 { block[index] = ASCII.space }
        }
        block.append(ASCII.cr)
        block.append(ASCII.lf)
    }

    mutating func reserve(bytes: Int, fields: Int) {
        block.reserveCapacity(bytes)
        self.fields.reserveCapacity(fields)
    }

    private func matching(_ name: String) -> [Int] {
        fields.indices.filter { isNamed(name, at: $0) }
    }

    private func firstIndex(of name: String) -> Int? {
        fields.indices.first { isNamed(name, at: $0) }
    }

    private func isNamed(_ name: String, at index: Int) -> Bool {
        guard name.utf8.count == Int(fields[index].nameLength) else { return false }
        var name = name
        return name.withUTF8 { name in
            block.withUnsafeBufferPointer { ASCII.equalIgnoringCase(UnsafeBufferPointer(rebasing: $0[fields[index].name]), name) }
        }
    }

    private func withValue<Result>(at index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        block.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[fields[index].value])) }
    }

    private func value(at index: Int) -> String { String(own: block[fields[index].value]) }
    private func name(at index: Int) -> String { String(own: block[fields[index].name]) }
}

extension HTTPHeaders: Sequence {
    public func makeIterator() -> AnyIterator<(name: String, value: String)> {
        var index = 0
        return AnyIterator {
            guard index < fields.count else { return nil }
            defer { index += 1 }
            return (name(at: index), value(at: index))
        }
    }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { append(name, value) }
    }
}

extension HTTPHeaders: Equatable {
    /// The same fields in the same order, to the byte.
    public static func == (left: HTTPHeaders, right: HTTPHeaders) -> Bool { left.block == right.block }
}
