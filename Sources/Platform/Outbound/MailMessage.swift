internal import HTTP
public import Kernel

/// One mail: a plain text and the same as HTML, in one language (RFC 5322, RFC 2046 §5.1.4).
public struct MailMessage: Sendable {
    /// The same for every try, so that a mailbox that got two shows one: `<id>` without the brackets.
    public let id: String
    public let date: Timestamp
    public let from: MailAddress
    public let to: MailAddress
    public let language: Language
    public let subject: String
    public let text: String
    public let html: String

    public init(
        id: String, date: Timestamp, from: MailAddress, to: MailAddress, language: Language, subject: String, text: String, html: String
    ) {
        (self.id, self.date, self.from, self.to, self.language) = (id, date, from, to, language)
        (self.subject, self.text, self.html) = (subject, text, html)
    }

    /// As it goes over the wire, with CRLF; the dots are libcurl's to stuff.
    public var bytes: [UInt8] {
        // Not one quoted-printable text can hold “=_”.
        let boundary =
            "=_foyer_\(id.utf8.filter { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 >= 0x30 && $0 <= 0x39 }.prefix(40).map { String(UnicodeScalar($0)) }.joined())"
        var lines = [
            "From: \(from.field)", "To: \(to.field)", "Subject: \(MailHeader.text(subject, after: 9))", "Date: \(rfc5322)",
            "Message-ID: <\(id)>", "MIME-Version: 1.0", "Auto-Submitted: auto-generated", "Content-Language: \(language.rawValue)",
            "Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"", "",
        ]
        for (type, body) in [("plain", text), ("html", html)] {
            lines += [
                "--\(boundary)", "Content-Type: text/\(type); charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "",
                QuotedPrintable.encode(body),
            ]
        }
        lines += ["--\(boundary)--", ""]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    private var rfc5322: String { HTTPDate.format(Int(date.milliseconds / 1000)).dropLast(3) + "+0000" }
}
