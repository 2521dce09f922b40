internal import Kernel

/// Finds the addresses of links in a text, written plainly or disguised: `evil[.]com`, `hxxp://evil.com`, `evil dot com`, letters of other scripts.
package struct LinkFinder: Sendable {
    package struct Link: Sendable, Hashable {
        /// In lower case, with Latin letters for what looks like them.
        package let host: String
        /// The scalars of the text.
        package let range: ClosedRange<Int>
        /// Whether it is written as an address: with a scheme, `www.`, or a known ending.
        package let isCertain: Bool
    }

    private struct Letter {
        let value: UInt32
        let source: Int
    }

    package static func links(in text: String) -> [Link] {
        let scalars = Array(text.unicodeScalars)
        guard scalars.contains(where: { isDot($0) || $0 == "d" || $0 == "D" }) else { return [] }
        let letters = plain(scalars)
        var links: [Link] = []
        var index = 0
        while index < letters.count {
            guard isHostLetter(letters[index].value) else {
                index += 1
                continue
            }
            var end = index
            while end < letters.count, isHostLetter(letters[end].value) || letters[end].value == dot { end += 1 }
            var last = end
            while last > index, letters[last - 1].value == dot { last -= 1 }
            let part = letters[index..<last]
            if part.contains(where: { $0.value == dot }), let link = link(part, in: letters) {
                links.append(link)
                // The path of an address is no further link.
                if link.isCertain, end < letters.count, letters[end].value == slash { end = endOfPath(letters, from: end) }
            }
            index = max(end, index + 1)
        }
        return links
    }

    /// Whether a host is a domain of the list, or below one.
    package static func matches(_ host: String, _ domains: Set<String>) -> Bool {
        var rest = Substring(host)
        while true {
            if domains.contains(String(rest)) { return true }
            guard let next = rest.unicodeScalars.firstIndex(of: ".") else { return false }
            rest = rest[rest.unicodeScalars.index(after: next)...]
        }
    }

    /// A domain as the list holds it; nil when it is none.
    package static func domain(_ text: String) -> String? {
        let letters = plain(Array(text.unicodeScalars))
        guard letters.contains(where: { $0.value == dot }), letters.allSatisfy({ isHostLetter($0.value) || $0.value == dot }) else {
            return nil
        }
        let host = host(letters[...])
        return host.unicodeScalars.first == "." || host.unicodeScalars.last == "." ? nil : host
    }

    private static func link(_ part: ArraySlice<Letter>, in letters: [Letter]) -> Link? {
        let host = host(part)
        let labels = host.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false).map { String($0) }
        guard labels.count >= 2, labels.allSatisfy({ !$0.isEmpty }), let last = labels.last, let start = part.first, let end = part.last
        else {
            return nil
        }
        let hasScheme =
            part.startIndex >= 2 && letters[part.startIndex - 1].value == slash && letters[part.startIndex - 2].value == slash
        let isFollowed = part.endIndex < letters.count && letters[part.endIndex].value == slash
        let isCertain = hasScheme || labels[0] == "www" || (known.contains(last) && (isFollowed || !short.contains(last)))
        return Link(host: host, range: min(start.source, end.source)...max(start.source, end.source), isCertain: isCertain)
    }

    private static func host(_ letters: ArraySlice<Letter>) -> String {
        String(String.UnicodeScalarView(letters.compactMap { Unicode.Scalar($0.value) }))
    }

    private static func endOfPath(_ letters: [Letter], from start: Int) -> Int {
        var index = start
        while index < letters.count, letters[index].value != space {
            // An address in the path is one more link: most redirections are written so.
            if letters[index].value == slash, index + 1 < letters.count, letters[index + 1].value == slash { return index }
            index += 1
        }
        return index
    }

    // MARK: Letters

    private static let (dot, slash, space): (UInt32, UInt32, UInt32) = (0x2E, 0x2F, 0x20)

    private static func isDot(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ".", "。", "．", "｡", "․", "‧", "·": true
        default: false
        }
    }

    private static func isHostLetter(_ value: UInt32) -> Bool {
        switch value {
        case 0x30...0x39, 0x61...0x7A, 0x2D, 0x5F: true
        default: value >= 0x80
        }
    }

    /// The text in plain letters: bracketed and written out dots as dots.
    private static func plain(_ scalars: [Unicode.Scalar]) -> [Letter] {
        var letters: [Letter] = []
        var index = 0
        while index < scalars.count {
            if let end = endOfDot(scalars, at: index) {
                while letters.last?.value == space { letters.removeLast() }
                letters.append(Letter(value: dot, source: index))
                index = end
                continue
            }
            add(scalars[index], index, to: &letters)
            index += 1
        }
        return letters
    }

    private static func add(_ scalar: Unicode.Scalar, _ index: Int, to letters: inout [Letter]) {
        if scalar.value < 0x80 {
            let isLarge = (0x41...0x5A).contains(scalar.value)
            letters.append(
                Letter(value: scalar.properties.isWhitespace ? space : isLarge ? scalar.value | 0x20 : scalar.value, source: index))
            return
        }
        let fold = CharacterFold.of(scalar)
        switch fold.sort {
        case .ignored: break
        case .letter, .foreign, .digit:
            for letter in fold.letters {
                letters.append(Letter(value: letter.latin == FoldedText.ambiguous ? 0x69 : letter.latin, source: index))
            }
        case .space: letters.append(Letter(value: space, source: index))
        case .sign, .other: letters.append(Letter(value: 0x21, source: index))
        }
    }

    /// Behind a dot that is written at this place: `.`, `[.]`, `(dot)`, ` dot `.
    private static func endOfDot(_ scalars: [Unicode.Scalar], at index: Int) -> Int? {
        if isDot(scalars[index]) { return index + 1 }
        let isOpen = scalars[index] == "[" || scalars[index] == "(" || scalars[index] == "{"
        guard isOpen || scalars[index] == " " else { return nil }
        var place = index + 1
        func skipSpaces() { while place < scalars.count, scalars[place] == " " { place += 1 } }
        skipSpaces()
        guard place < scalars.count else { return nil }
        if isOpen, isDot(scalars[place]) {
            place += 1
        } else if place + 3 <= scalars.count, isWordDot(scalars[place..<place + 3]) {
            place += 3
        } else {
            return nil
        }
        skipSpaces()
        guard isOpen else { return place < scalars.count && scalars[place - 1] == " " ? place : nil }
        guard place < scalars.count, [")", "]", "}"].contains(scalars[place]) else { return nil }
        place += 1
        skipSpaces()
        return place
    }

    private static func isWordDot(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        zip(scalars, ["d", "o", "t"] as [Unicode.Scalar]).allSatisfy { ($0.value | 0x20) == $1.value }
    }

    /// Endings that a text hardly has unless it is a link.
    private static let known: Set<String> = [
        "com", "net", "org", "info", "biz", "fr", "de", "uk", "eu", "us", "ru", "cn", "io", "gg", "app", "dev", "xyz", "top", "site",
        "online",
        "shop", "club", "live", "link", "click", "tv", "co", "me", "cc", "ly", "be", "it", "es", "nl", "pl", "ch", "ca", "tk", "ml", "ga",
        "cf",
        "gift", "store", "pro", "vip", "fun", "win", "to", "so",
    ]
    /// Endings that are words as well: links only with a path.
    private static let short: Set<String> = [
        "me", "be", "it", "es", "to", "so", "co", "us", "ch", "ca", "pro", "fun", "win", "link", "live", "top",
    ]
}
