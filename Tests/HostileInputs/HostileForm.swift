/// A `multipart/form-data` body that is hostile or broken, with its Content-Type, and the answer it gets.
package struct HostileForm: Sendable, CustomStringConvertible {
    /// Of RFC 2046 or 7578.
    package let section: String
    package let name: String
    package let contentType: String
    package let bytes: [UInt8]
    package let status: Int

    package var description: String { "\(section) \(name)" }

    init(_ section: String, _ name: String, _ body: String, type: String = "multipart/form-data; boundary=b", _ status: Int = 400) {
        (self.section, self.name, contentType, bytes, self.status) = (section, name, type, Array(body.utf8), status)
    }

    /// One part whose head is these lines.
    private static func head(_ section: String, _ name: String, _ lines: String...) -> HostileForm {
        HostileForm(section, name, "--b\r\n" + lines.joined(separator: "\r\n") + "\r\n\r\nx\r\n--b--\r\n")
    }

    private static func disposition(_ section: String, _ name: String, _ value: String) -> HostileForm {
        head(section, name, "Content-Disposition: \(value)")
    }

    private static func type(_ section: String, _ name: String, _ type: String, _ status: Int = 400) -> HostileForm {
        HostileForm(section, name, part("x") + "--b--\r\n", type: type, status)
    }

    private static func part(_ content: String, _ name: String = "a") -> String {
        "--b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(content)\r\n"
    }

    package static let all = types + boundaries + heads + dispositions + limits

    private static let types = [
        type("7578 4.1", "another type of multipart", "multipart/mixed; boundary=b", 415),
        type("7578 4.1", "a form in the other coding", "application/x-www-form-urlencoded", 415),
        type("2046 5.1.1", "no boundary", "multipart/form-data"),
        type("2046 5.1.1", "an empty boundary", "multipart/form-data; boundary=\"\""),
        type("2046 5.1.1", "two boundaries", "multipart/form-data; boundary=b; boundary=c"),
        type("2046 5.1.1", "a boundary of 71 characters", "multipart/form-data; boundary=" + String(repeating: "b", count: 71)),
        type("2046 5.1.1", "a boundary with a space", "multipart/form-data; boundary=\"b b\""),
        type("2046 5.1.1", "a boundary with an asterisk", "multipart/form-data; boundary=b*"),
        type("2046 5.1.1", "a boundary whose quote is not closed", "multipart/form-data; boundary=\"b"),
        type("2046 5.1.1", "a boundary behind a comma", "multipart/form-data, boundary=b", 415),
    ]

    private static let boundaries = [
        HostileForm("2046 5.1.1", "no last boundary", part("x")),
        HostileForm("2046 5.1.1", "no boundary behind the content", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx"),
        HostileForm("2046 5.1.1", "nothing at all", ""),
        HostileForm("2046 5.1.1", "something in front of the first boundary", "preamble\r\n" + part("x") + "--b--\r\n"),
        HostileForm("2046 5.1.1", "an empty line in front of the first boundary", "\r\n" + part("x") + "--b--\r\n"),
        HostileForm("2046 5.1.1", "something behind the last boundary", part("x") + "--b--\r\nepilogue"),
        HostileForm("2046 5.1.1", "another form behind the last boundary", part("x") + "--b--\r\n" + part("y") + "--b--\r\n"),
        HostileForm("2046 5.1.1", "a line feed behind the last boundary", part("x") + "--b--\n"),
        HostileForm("2046 5.1.1", "half a line break behind the last boundary", part("x") + "--b--\r"),
        HostileForm("2046 5.1.1", "one hyphen at the last boundary", part("x") + "--b-\r\n"),
        HostileForm("2046 5.1.1", "a boundary of which ours is the beginning", part("x\r\n--bc\r\ny") + "--b--\r\n"),
        HostileForm("2046 5.1.1", "a space behind a boundary", "--b \r\n" + part("x").dropFirst(5) + "--b--\r\n"),
        HostileForm("2046 5.1.1", "a bare line feed behind a boundary", "--b\n" + part("x").dropFirst(5) + "--b--\r\n"),
        HostileForm("2046 5.1.1", "a boundary behind a bare line feed", part("x\n--b--\r\ny") + "--b--\r\n"),
        HostileForm("2046 5.1.1", "a boundary behind a bare carriage return", part("x\r--b--\r\ny") + "--b--\r\n"),
        HostileForm(
            "2046 5.1.1", "a boundary right behind a head", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n--b--\r\n"),
        HostileForm("2046 5.1.1", "a bare line feed and a boundary right behind a head", part("\n--b--\r\n") + "--b--\r\n"),
        HostileForm("2046 5.1.1", "a boundary in a head", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n--b--\r\n"),
    ]

    private static let heads = [
        HostileForm("2046 5.1.1", "a bare line feed in a head", "--b\r\nContent-Disposition: form-data; name=\"a\"\n\r\nx\r\n--b--\r\n"),
        HostileForm(
            "2046 5.1.1", "a head that ends in a bare line feed", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\nx\r\n--b--"),
        head("7578 4.2", "no Content-Disposition", "Content-Type: text/plain"),
        HostileForm("7578 4.2", "no head", "--b\r\n\r\nx\r\n--b--\r\n"),
        head(
            "7578 4.2", "two Content-Dispositions", "Content-Disposition: form-data; name=\"a\"",
            "Content-Disposition: form-data; name=\"b\""),
        head("2045 5", "two Content-Types", "Content-Disposition: form-data; name=\"a\"", "Content-Type: a/b", "Content-Type: c/d"),
        head("7578 4.3", "a form within a form", "Content-Disposition: form-data; name=\"a\"", "Content-Type: Multipart/Mixed; boundary=c"),
        head("7578 4.7", "a part in base64", "Content-Disposition: form-data; name=\"a\"", "Content-Transfer-Encoding: base64"),
        head("5322 2.2.3", "a folded line", "Content-Disposition: form-data;", " name=\"a\""),
        head("5322 2.2", "a space before a colon", "Content-Disposition : form-data; name=\"a\""),
        head("5322 2.2", "a line without a colon", "Content-Disposition: form-data; name=\"a\"", "x"),
        head("5322 2.2", "NUL in a head", "Content-Disposition: form-data; name=\"a\u{0}b\""),
    ]

    private static let dispositions = [
        disposition("7578 4.2", "an attachment", "attachment; name=\"a\""),
        disposition("7578 4.2", "no name", "form-data; filename=\"a\""),
        disposition("7578 4.2", "an empty name", "form-data; name=\"\""),
        disposition("7578 4.2", "two names", "form-data; name=\"a\"; name=\"b\""),
        disposition("7578 4.2", "two names, one in capitals", "form-data; name=\"a\"; NAME=\"b\""),
        disposition("7578 4.2", "two file names", "form-data; name=\"a\"; filename=\"b\"; filename=\"c\""),
        disposition("7578 4.2", "a name in another coding beside it", "form-data; name=\"a\"; name*=utf-8''b"),
        disposition("2183 2", "a name whose quote is not closed", "form-data; name=\"a"),
        disposition("2183 2", "something behind a name's quote", "form-data; name=\"a\"b"),
        disposition("2183 2", "a quote behind a backslash in a name", "form-data; name=\"a\\\"b\""),
        disposition("2183 2", "a quote behind a backslash in a file name", "form-data; filename=\"a\\\"; name=\"b\"; x=\"\""),
        disposition("2183 2", "a backslash in a name", "form-data; name=\"a\\b\""),
        disposition("2183 2", "a parameter without a value", "form-data; name=\"a\"; x"),
        disposition("2183 2", "a semicolon at the end", "form-data; name=\"a\";"),
        disposition("2183 2", "a space before an equals sign", "form-data; name =\"a\""),
        disposition("2183 2", "a bare name that is no token", "form-data; name=a/b"),
    ]

    private static let limits = [
        HostileForm("", "33 parts", String(repeating: part("x"), count: 33) + "--b--\r\n", 413),
        HostileForm("", "a name of 201 bytes", part("x", String(repeating: "n", count: 201)) + "--b--\r\n"),
        HostileForm(
            "", "9 fields in a head",
            "--b\r\n" + (1...9).map { "X-\($0): y\r\n" }.joined() + "Content-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b--\r\n"),
        head("", "a head of more than 4 KiB", "X: " + String(repeating: "y", count: 4100), "Content-Disposition: form-data; name=\"a\""),
        HostileForm("", "a head that does not end", "--b\r\nX: " + String(repeating: "y", count: 5000)),
    ]
}
