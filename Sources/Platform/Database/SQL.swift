public import Kernel

/// A statement and its bound values; values can only enter as parameters, so text from outside never becomes SQL.
///
/// ```swift
/// "SELECT id FROM users WHERE username = \(name) AND created_at > \(time)"
/// ```
/// Parts of a statement are composed with `\(sql: fragment)`, where the fragment is an `SQL` literal itself.
public struct SQL: Sendable, ExpressibleByStringInterpolation {
    /// With `$1`, `$2` … in order of appearance.
    public let text: String
    public let values: [SQLValue]

    public init(stringLiteral value: StaticString) {
        text = value.description
        values = []
    }

    public init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
        values = stringInterpolation.values
    }

    /// For text that is not a literal of this program's source: migrations, which name no values.
    package init(trusted text: String) {
        self.text = text
        values = []
    }

    public struct StringInterpolation: StringInterpolationProtocol {
        var text = ""
        var values: [SQLValue] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 3)
        }

        public mutating func appendLiteral(_ literal: StaticString) {
            literal.withUTF8Buffer { text += String(own: $0) }
        }

        public mutating func appendInterpolation(_ value: (any SQLBindable)?) {
            values.append(value?.sqlValue ?? .null)
            text += "$\(values.count)"
        }

        /// Puts in a fragment, renumbering its parameters. A `$` must not stand in a fragment's literals.
        public mutating func appendInterpolation(sql fragment: SQL) {
            guard !fragment.values.isEmpty else {
                text += fragment.text
                return
            }
            var rest = fragment.text.utf8[...]
            while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
                text += Substring(rest[..<dollar])
                rest = rest[rest.index(after: dollar)...]
                let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                guard let number = Int(Substring(digits)) else { preconditionFailure("a $ in an SQL fragment") }
                values.append(fragment.values[number - 1])
                text += "$\(values.count)"
                rest = rest[digits.endIndex...]
            }
            text += Substring(rest)
        }

        /// A list for `IN (SELECT value FROM json_each(\(ids: list)))`, the same text on both databases.
        public mutating func appendInterpolation<Entity>(ids: some Sequence<ID<Entity>>) {
            appendInterpolation(JSON.array(ids.map { .integer($0.rawValue) }).text)
        }
    }

    /// The fragments one after the other with `separator` between them.
    public static func joined(_ fragments: [SQL], separator: SQL) -> SQL {
        var result = StringInterpolation(literalCapacity: 64 * fragments.count, interpolationCount: 0)
        for (index, fragment) in fragments.enumerated() {
            if index > 0 { result.appendInterpolation(sql: separator) }
            result.appendInterpolation(sql: fragment)
        }
        return SQL(stringInterpolation: result)
    }
}

/// What a column holds or a parameter binds.
public enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
    /// BOOLEAN in PostgreSQL, 0 or 1 in SQLite.
    case boolean(Bool)
}

public protocol SQLBindable: Sendable {
    var sqlValue: SQLValue { get }
}

extension SQLValue: SQLBindable { public var sqlValue: SQLValue { self } }
extension Int64: SQLBindable { public var sqlValue: SQLValue { .integer(self) } }
extension Int: SQLBindable { public var sqlValue: SQLValue { .integer(Int64(self)) } }
extension Double: SQLBindable { public var sqlValue: SQLValue { .real(self) } }
extension Bool: SQLBindable { public var sqlValue: SQLValue { .boolean(self) } }
extension String: SQLBindable { public var sqlValue: SQLValue { .text(self) } }
extension [UInt8]: SQLBindable { public var sqlValue: SQLValue { .blob(self) } }
extension ID: SQLBindable { public var sqlValue: SQLValue { .integer(rawValue) } }
extension Timestamp: SQLBindable { public var sqlValue: SQLValue { .integer(milliseconds) } }
