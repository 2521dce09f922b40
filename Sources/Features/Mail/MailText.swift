internal import Crypto
package import Kernel

/// What one mail says, in the reader's language: paragraphs and at most one link.
package struct MailText: Sendable, Hashable {
    package let language: Language
    package let subject: String
    package let paragraphs: [String]
    /// What the button says, and where it leads.
    package let link: Link?
    /// In smaller letters, below the link.
    package let footnote: String?

    package struct Link: Sendable, Hashable {
        package let label: String
        package let url: String
    }

    /// With a greeting in front.
    package init(
        _ language: Language, subject: LocalizedText, _ paragraphs: [LocalizedText], link: (label: LocalizedText, url: String)? = nil,
        footnote: LocalizedText? = nil
    ) {
        (self.language, self.subject, self.footnote) = (language, subject(language), footnote?(language))
        self.paragraphs = ([LocalizedText(en: "Hello,", fr: "Bonjour,")] + paragraphs).map { $0(language) }
        self.link = link.map { Link(label: $0.label(language), url: $0.url) }
    }

    /// - Parameter site: its name, under the text.
    func text(signed site: String) -> String {
        var parts = paragraphs
        if let link { parts.append("\(link.label)\(language == .french ? " :" : ":")\n\(link.url)") }
        if let footnote { parts.append(footnote) }
        return (parts + ["-- \n\(site)"]).joined(separator: "\n\n") + "\n"
    }

    /// Everything escaped; no picture, no script, nothing that is fetched.
    func html(signed site: String) -> String {
        var body = paragraphs.map { "<p>\(Self.escape($0))</p>" }
        if let link {
            body.append("<p><a class=\"b\" href=\"\(Self.escape(link.url))\">\(Self.escape(link.label))</a></p>")
            body.append("<p class=\"s\">\(Self.escape(link.url))</p>")
        }
        if let footnote { body.append("<p class=\"s\">\(Self.escape(footnote))</p>") }
        return """
            <!doctype html>
            <html lang="\(language.rawValue)"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light dark"><title>\(Self.escape(subject))</title>
            <style>body{font:16px/1.5 system-ui,sans-serif;margin:0;padding:24px}main{max-width:560px;margin:auto}
            .b{display:inline-block;padding:10px 18px;border-radius:8px;background:#4f46e5;color:#fff;text-decoration:none}
            .s{font-size:13px;overflow-wrap:anywhere;opacity:.75}</style></head>
            <body><main><h1 style="font-size:20px">\(Self.escape(subject))</h1>
            \(body.joined(separator: "\n"))
            <hr><p class="s">\(Self.escape(site))</p></main></body></html>

            """
    }

    private static func escape(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n": result += "<br>"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}

extension MailText {
    /// As the outbox keeps it, before it is encrypted.
    var json: JSON {
        [
            "language": .string(language.rawValue), "subject": .string(subject), "paragraphs": .array(paragraphs.map { .string($0) }),
            "label": JSON(link?.label), "url": JSON(link?.url), "footnote": JSON(footnote),
        ]
    }

    /// Nil for what we did not write.
    init?(_ json: JSON) {
        guard let language = json["language"]?.string.flatMap(Language.init(rawValue:)), let subject = json["subject"]?.string,
            let paragraphs = json["paragraphs"]?.array
        else { return nil }
        var link: Link?
        if let label = json["label"]?.string, let url = json["url"]?.string { link = Link(label: label, url: url) }
        (self.language, self.subject, self.link, footnote) = (language, subject, link, json["footnote"]?.string)
        self.paragraphs = paragraphs.compactMap(\.string)
    }
}
