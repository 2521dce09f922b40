internal import Kernel

/// What the fields of a part's head have said so far.
struct PartHead: Sendable {
    /// Fields, known and unknown.
    private(set) var count = 0
    private var name: [UInt8]?
    private var isFile = false
    private var mediaType: String?

    /// Takes a line without its CRLF; fields that RFC 7578 does not know are passed over (4.8).
    mutating func note(_ line: ArraySlice<UInt8>) throws(HTTPFailure) {
        count += 1
        let (name, value) = try line.withUnsafeBufferPointer { line in
            Result { () throws(HTTPFailure) in
                let (name, value) = try HTTPParser.splitField(line)
                return (ASCII.lowercased(String(own: name)), Array(value))
            }
        }.get()
        switch name {
        case "content-disposition": try noteDisposition(value)
        case "content-type":
            guard mediaType == nil else { throw HTTPFailure(400, "a part's Content-Type is repeated") }
            let type = try FieldParameters(value).value
            guard !type.utf8.starts(with: "multipart/".utf8) else { throw HTTPFailure(400, "a form within a form is not read") }
            mediaType = type
        case "content-transfer-encoding":
            // Deprecated (4.7); what says that nothing is encoded does no harm.
            guard ["7bit", "8bit", "binary"].contains(ASCII.lowercased(String(own: value))) else {
                throw HTTPFailure(400, "a part is encoded")
            }
        default: break
        }
    }

    private mutating func noteDisposition(_ value: [UInt8]) throws(HTTPFailure) {
        guard name == nil else { throw HTTPFailure(400, "a part's Content-Disposition is repeated") }
        let disposition = try FieldParameters(value)
        guard disposition.value == "form-data" else { throw HTTPFailure(400, "a part is no form-data") }
        guard let name = disposition["name"] else { throw HTTPFailure(400, "a part has no name") }
        // Whether a backslash stands for itself is read both ways.
        guard !name.isEmpty, !name.contains(UInt8(ascii: "\\")), !disposition.contains("name*") else {
            throw HTTPFailure(400, "a part's name is malformed")
        }
        self.name = name
        isFile = disposition.contains("filename") || disposition.contains("filename*")
    }

    func finish(longestName: Int) throws(HTTPFailure) -> MultipartParser.Part {
        guard let name else { throw HTTPFailure(400, "a part has no Content-Disposition") }
        guard name.count <= longestName else { throw HTTPFailure(400, "a part's name is too long") }
        guard let text = String(client: name) else { throw HTTPFailure(400, "a part's name is not UTF-8") }
        return MultipartParser.Part(name: text, mediaType: mediaType, isFile: isFile)
    }
}

/// A field value that goes on in parameters: `form-data; name="a"` (RFC 9110, 5.6.6).
struct FieldParameters {
    /// What stands in front of them, in lower case.
    let value: String
    /// By name in lower case, none twice.
    private var parameters: [String: [UInt8]] = [:]

    subscript(name: String) -> [UInt8]? { parameters[name] }
    func contains(_ name: String) -> Bool { parameters[name] != nil }

    init(_ bytes: [UInt8]) throws(HTTPFailure) {
        let first = bytes.firstIndex(of: UInt8(ascii: ";")) ?? bytes.count
        value = bytes[..<first].withUnsafeBufferPointer { ASCII.lowercased(String(own: ASCII.trimmed($0))) }
        var rest = bytes[first...]
        while !rest.isEmpty {
            rest = Self.afterSpaces(rest.dropFirst())
            let name = rest.prefix { $0 != UInt8(ascii: "=") }
            rest = rest.dropFirst(name.count + 1)
            guard name.withUnsafeBufferPointer(ASCII.isToken) else { throw Self.malformed }
            let value: ArraySlice<UInt8>
            if rest.first == UInt8(ascii: "\"") {
                value = try Self.quoted(rest)
                rest = rest.dropFirst(value.count + 2)
            } else {
                value = rest.prefix { $0 != UInt8(ascii: ";") && $0 != ASCII.space && $0 != ASCII.tab }
                rest = rest.dropFirst(value.count)
                guard value.withUnsafeBufferPointer(ASCII.isToken) else { throw Self.malformed }
            }
            rest = Self.afterSpaces(rest)
            guard rest.isEmpty || rest.first == UInt8(ascii: ";") else { throw Self.malformed }
            let key = ASCII.lowercased(String(own: name))
            guard parameters.updateValue(Array(value), forKey: key) == nil else {
                throw HTTPFailure(400, "a parameter of a header field is repeated")
            }
        }
    }

    /// What stands between the quotes. Browsers escape a quote as `%22`, other programs with a backslash, which some readers take for
    /// itself: a backslash in front of a quote is refused, so that all agree on where the value ends.
    private static func quoted(_ bytes: ArraySlice<UInt8>) throws(HTTPFailure) -> ArraySlice<UInt8> {
        let inside = bytes.dropFirst().prefix { $0 != UInt8(ascii: "\"") }
        guard inside.count + 2 <= bytes.count, inside.last != UInt8(ascii: "\\") else { throw malformed }
        return inside
    }

    private static func afterSpaces(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        bytes.drop { $0 == ASCII.space || $0 == ASCII.tab }
    }

    private static var malformed: HTTPFailure { HTTPFailure(400, "a header field's parameters are malformed") }

    /// The boundary of a form: 1 to 70 characters (RFC 2046, 5.1.1), without the space, which is allowed there and used by nobody.
    static func boundary(ofContentType bytes: [UInt8]) throws(HTTPFailure) -> [UInt8] {
        let media = bytes.prefix { $0 != UInt8(ascii: ";") }
        let isForm = media.withUnsafeBufferPointer { ASCII.equalIgnoringCase(ASCII.trimmed($0), "multipart/form-data") }
        guard isForm else { throw HTTPFailure(415, "a form is expected") }
        guard let boundary = try FieldParameters(bytes)["boundary"] else { throw HTTPFailure(400, "the form's boundary is missing") }
        guard (1...70).contains(boundary.count), boundary.allSatisfy({ ASCII.isAlphanumeric($0) || "'()+_,-./:=?".utf8.contains($0) })
        else { throw HTTPFailure(400, "the form's boundary is malformed") }
        return boundary
    }
}
