internal import Kernel

/// One element of `Sec-WebSocket-Extensions` (RFC 6455, 9.1).
struct WebSocketExtension: Sendable, Equatable {
    struct Parameter: Sendable, Equatable {
        var name: String
        var value: String?
    }

    /// The field is not what the grammar says: the handshake is to be refused.
    struct Malformed: Error {}

    var name: String
    var parameters: [Parameter] = []

    /// All fields of that name as the one list that they are.
    static func list(_ fields: [String]) throws(Malformed) -> [WebSocketExtension] {
        var all: [WebSocketExtension] = []
        for field in fields {
            var reader = Reader(rest: Array(field.utf8)[...])
            all += try reader.list()
        }
        return all
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func list() throws(Malformed) -> [WebSocketExtension] {
            var all: [WebSocketExtension] = []
            while true {
                skipSpaces()
                // A list may have empty elements (RFC 9110, 5.6.1).
                if !rest.isEmpty, rest.first != UInt8(ascii: ",") { all.append(try element()) }
                guard !rest.isEmpty else { return all }
                guard take(",") else { throw Malformed() }
            }
        }

        private mutating func element() throws(Malformed) -> WebSocketExtension {
            var element = WebSocketExtension(name: try token())
            while take(";") {
                let name = try token()
                element.parameters.append(Parameter(name: name, value: take("=") ? try value() : nil))
            }
            return element
        }

        private mutating func value() throws(Malformed) -> String {
            skipSpaces()
            guard rest.first == UInt8(ascii: "\"") else { return try token() }
            rest.removeFirst()
            var unquoted: [UInt8] = []
            while let byte = rest.popFirst() {
                if byte == UInt8(ascii: "\"") {
                    // What was quoted must be a token too.
                    guard unquoted.withUnsafeBufferPointer(ASCII.isToken) else { break }
                    skipSpaces()
                    return String(own: unquoted)
                }
                guard let meant = byte == UInt8(ascii: "\\") ? rest.popFirst() : byte else { break }
                unquoted.append(meant)
            }
            throw Malformed()
        }

        private mutating func token() throws(Malformed) -> String {
            skipSpaces()
            let token = rest.prefix { byte in byte != ASCII.space && byte != ASCII.tab && !",;=".utf8.contains(byte) }
            guard token.withUnsafeBufferPointer(ASCII.isToken) else { throw Malformed() }
            rest = rest.dropFirst(token.count)
            skipSpaces()
            return String(own: token)
        }

        private mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest.removeFirst()
            return true
        }

        private mutating func skipSpaces() { rest = rest.drop { $0 == ASCII.space || $0 == ASCII.tab } }
    }
}
