internal import Kernel

/// The web app's `index.html`, into which the metadata of a title is inserted.
struct PageTemplate: Sendable {
    private let before: String
    private let between: String
    private let after: String

    private static let plain = """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Foyer</title></head>\
        <body><noscript></noscript></body></html>
        """

    /// - Parameter html: `index.html` of the built web app; nil where there is none.
    init(_ html: String?) {
        let html = html ?? Self.plain
        let (head, body) = Self.split(html, "<title>", "</title>")
        let (middle, tail) = Self.split(body, "<noscript>", "</noscript>")
        (before, between, after) = (head, middle, tail)
    }

    /// The text before the first mark, and the text after the second.
    private static func split(_ text: String, _ first: String, _ second: String) -> (String, String) {
        let bytes = Array(text.utf8)
        guard let start = bytes.firstIndex(of: Array(first.utf8)), let end = bytes.firstIndex(of: Array(second.utf8), from: start) else {
            return (text, "")
        }
        return (String(own: bytes[..<start]), String(own: bytes[(end + second.utf8.count)...]))
    }

    /// - Parameters:
    ///   - head: elements for the head, with the title.
    ///   - content: elements for readers without JavaScript.
    func page(_ language: Language, head: String, content: String) -> String {
        let opened = before.replacing(Self.languages, with: " lang=\"\(language.rawValue)\"")
        return opened + head + between + "<noscript>\(content)</noscript>" + after
    }

    private static let languages = " lang=\"en\""

    /// The page as the web app has it.
    var bare: String { before + "<title>Foyer</title>" + between + "<noscript></noscript>" + after }
}
