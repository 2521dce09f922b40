internal import Kernel

/// An address that cannot break out of a header field or of an SMTP command, with the name that stands before it.
public struct MailAddress: Sendable, Hashable {
    /// `anna@example.org`
    public let text: String
    /// Without control characters; encoded where it is not plain ASCII.
    public let name: String?

    /// Nil for what has no single `@` between two parts, or any space, control character, bracket, quote, comma, colon, semicolon or backslash.
    public init?(_ text: String, name: String? = nil) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), text.utf8.count <= 254, text.unicodeScalars.allSatisfy(Self.isSafe)
        else {
            return nil
        }
        self.text = text
        self.name = name.map(MailHeader.oneLine).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Reads `anna@example.org`, or `Anna <anna@example.org>` with or without quotes around the name.
    public init?(field: String) {
        let field = field.trimmed
        guard field.hasSuffix(">"), let bracket = field.lastIndex(of: "<") else {
            self.init(field)
            return
        }
        var name = String(field[..<bracket]).trimmed
        if name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") { name = String(name.dropFirst().dropLast()) }
        self.init(String(field[field.index(after: bracket)...].dropLast()), name: name)
    }

    /// What stands behind the `@`.
    public var domain: String { String(text.split(separator: "@").last ?? "") }

    /// As a header field has it (RFC 5322 §3.4).
    var field: String { name.map { "\(MailHeader.phrase($0)) <\(text)>" } ?? "<\(text)>" }

    private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value > 0x20 && !(0x7F...0x9F).contains(scalar.value) && !scalar.properties.isWhitespace
            && !"<>()[]\\,;:\"".unicodeScalars.contains(scalar)
    }
}
