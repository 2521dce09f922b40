internal import Database

/// Bound values in libpq's form: texts, NUL-terminated, in one buffer; bytes in binary.
struct Parameters {
    private var buffer: [UInt8] = []
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    init(_ values: [SQLValue]) throws(DatabaseError) {
        for value in values {
            switch value {
            case .null: add(nil as [UInt8]?)
            case .integer(let number): add(String(number).utf8)
            case .real(let number): add(String(number).utf8)
            case .boolean(let flag): add((flag ? "t" : "f").utf8)
            case .text(let text):
                guard !text.utf8.contains(0) else { throw .other(code: 0, message: "a text holds the character NUL") }
                add(text.utf8)
            case .blob(let bytes): add(bytes, isBinary: true)
            }
        }
    }

    private mutating func add(_ bytes: (some Collection<UInt8>)?, isBinary: Bool = false) {
        offsets.append(bytes == nil ? nil : buffer.count)
        lengths.append(Int32(bytes?.count ?? 0))
        formats.append(isBinary ? 1 : 0)
        if let bytes {
            buffer.append(contentsOf: bytes)
            buffer.append(0)
        }
    }

    /// The pointers live as long as the call.
    func withPointers<Result>(
        _ body: (Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Result
    ) -> Result {
        buffer.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                let values = offsets.map { offset in offset.flatMap { characters.baseAddress?.advanced(by: $0) } }
                return values.withUnsafeBufferPointer { values in
                    body(Int32(values.count), values.baseAddress, lengths, formats)
                }
            }
        }
    }
}
