package import Kernel

/// A message, as the filters of messages judge it.
package struct FilteredMessage: Sendable {
    package let author: UserID
    package let text: String
    /// People and roles that it mentions; everybody counts as one.
    package let mentions: Int
    package let fileNames: [String]
    package let at: Timestamp

    package init(by author: UserID, _ text: String, mentions: Int, fileNames: [String] = [], at now: Timestamp) {
        (self.author, self.text, self.mentions, self.fileNames, at) = (author, text, mentions, fileNames, now)
    }
}

/// A filter ready to be asked: pure, the same for live texts, tries and dry runs.
package struct CompiledFilter: Sendable {
    package let filter: TextFilter
    /// Repeats of shorter texts are not counted: short answers are sent often.
    static let countedLetters = 4

    private let words: WordMatcher?
    private let list: Set<String>

    package init(_ filter: TextFilter) {
        self.filter = filter
        words = filter.kind == .words ? WordMatcher(filter.list) : nil
        list = filter.kind == .links || filter.kind == .files ? Set(filter.list) : []
    }

    /// The hits in one text of any kind.
    ///
    /// - Parameter folded: the same text, folded once for all filters.
    package func hits(in text: String, _ folded: FoldedText) -> [FilterHit] {
        switch filter.kind {
        case .words:
            return (words?.matches(in: folded) ?? []).map { hit(folded.quote($0.range), $0.range, $0.word) }
        case .links:
            return LinkFinder.links(in: text).filter(isHit).prefix(WordMatcher.most).map { hit($0.host, $0.range, $0.host) }
        case .mentions, .repeats, .rate, .files: return []
        }
    }

    /// The hits in a message.
    ///
    /// - Parameters:
    ///   - digest: of its text, compared with those of `recent`.
    ///   - recent: what its author sent before.
    package func hits(in message: FilteredMessage, _ folded: FoldedText, _ digest: Int64, after recent: RecentMessages) -> [FilterHit] {
        switch filter.kind {
        case .words:
            return hits(in: message.text, folded) + message.fileNames.flatMap { hits(in: $0, FoldedText($0)) }
        case .links: return hits(in: message.text, folded)
        case .mentions: return Int64(message.mentions) > filter.count ? [hit("\(message.mentions)")] : []
        case .files:
            return message.fileNames.filter { list.contains(Self.ending(of: $0)) != (filter.mode == .allow) }.map { hit($0) }
        case .repeats:
            guard folded.letterCount >= Self.countedLetters else { return [] }
            let same = recent.count(digest, within: filter.within, at: message.at)
            return same >= filter.count ? [hit("\(same + 1)")] : []
        case .rate:
            let sent = recent.count(within: filter.within, at: message.at)
            return sent >= filter.count ? [hit("\(sent + 1)")] : []
        }
    }

    private func isHit(_ link: LinkFinder.Link) -> Bool {
        switch filter.mode {
        case .deny: LinkFinder.matches(link.host, list)
        case .allow: link.isCertain && !LinkFinder.matches(link.host, list)
        }
    }

    private func hit(_ found: String, _ range: ClosedRange<Int>? = nil, _ element: String? = nil) -> FilterHit {
        FilterHit(filter: filter, found: found.cut(to: FilterHit.foundLength), range: range, element: element)
    }

    /// Behind the last dot, in lower case; empty without one.
    package static func ending(of name: String) -> String {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return "" }
        return String(name[name.utf8.index(after: dot)...]).searchFold
    }
}

extension FoldedText {
    var letterCount: Int { words.count { $0.sort != .separator } }

    /// The letters alone: the same for texts that differ in case, accents, signs and spaces.
    var letters: String {
        String(String.UnicodeScalarView(words.lazy.filter { $0.sort != .separator }.compactMap { Unicode.Scalar($0.value) }))
    }
}
