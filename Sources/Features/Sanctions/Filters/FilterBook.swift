package import Database
package import Kernel
internal import Synchronization
package import Web

/// The filters in use, and the one place that asks them: before every text that others read.
///
/// The compiled filters stay in memory; a number in the database tells when they are out of date, so that a change holds for the next text on every node.
package final class FilterBook: Sendable {
    /// The roles of a person.
    package typealias Roles = @Sendable (UserID, Transaction) throws -> [RowID]
    /// A keyed hash of a text: equal on all nodes, and useless without the site's keys.
    package typealias Digest = @Sendable (String) -> Int64
    /// Acts on hits that let the text through: reports, hides, sanctions. In the transaction of the text.
    package typealias Listener = @Sendable (FilteredText, Transaction) throws -> Void
    /// Called for hits whose text is refused; the transaction of the text is rolled back.
    package typealias RefusalListener = @Sendable (FilteredText) -> Void

    private struct State {
        var version: Int64 = -1
        var filters: [CompiledFilter] = []
        var roles: Roles = { _, _ in [] }
        var digest: Digest = { _ in 0 }
        var listener: Listener = { _, _ in }
        var refusals: RefusalListener = { _ in }
    }

    private let state = Mutex(State())
    private let measures: MeasureBook

    package init(measures: MeasureBook) { self.measures = measures }

    /// Set once, before the first request.
    package func connect(
        roles: @escaping Roles, digest: @escaping Digest, onHits: @escaping Listener, onRefusal: @escaping RefusalListener
    ) {
        state.withLock { ($0.roles, $0.digest, $0.listener, $0.refusals) = (roles, digest, onHits, onRefusal) }
    }

    /// The same for texts that differ in case, accents, signs and spaces.
    package func digest(of text: FoldedText) -> Int64 { state.withLock { $0.digest }(text.letters) }

    private func filters(in transaction: Transaction) throws -> [CompiledFilter] {
        let version = try FilterTable.version(in: transaction)
        if let known = state.withLock({ $0.version == version ? $0.filters : nil }) { return known }
        let compiled = try FilterTable.all(in: transaction).filter(\.isEnabled).map { CompiledFilter($0) }
        state.withLock { ($0.version, $0.filters) = (version, compiled) }
        return compiled
    }

    /// Asks the filters about texts that are no messages: names, biographies, statuses, notes.
    ///
    /// - Parameter texts: each with its pointer in the request.
    /// - Throws: 422 `blocked_by_filter`.
    package func check(_ texts: [(pointer: String, text: String?)], by author: UserID, scope: Scope, in transaction: Transaction) throws {
        let said = texts.compactMap { given in given.text.map { (given.pointer, $0) } }.filter { !$0.1.isEmpty }
        guard !said.isEmpty else { return }
        let filters = try applying(try filters(in: transaction), to: author, in: nil, transaction)
        guard !filters.isEmpty else { return }
        for (pointer, text) in said {
            let folded = FoldedText(text)
            let hits = filters.flatMap { $0.hits(in: text, folded) }
            guard !hits.isEmpty else { continue }
            let filtered = FilteredText(hits: hits, author: author, message: nil, scope: scope)
            if let refusing = hits.first(where: { $0.filter.refuses(aMessage: false) }) { throw refuse(refusing, filtered, pointer) }
            try state.withLock { $0.listener }(filtered, transaction)
        }
    }

    /// Asks the filters about the names of somebody who is no member yet: they can only be refused.
    ///
    /// - Throws: 422 `blocked_by_filter`.
    package func checkNew(_ texts: [(pointer: String, text: String)], in transaction: Transaction) throws {
        for compiled in try filters(in: transaction) where compiled.filter.refuses(aMessage: false) {
            for (pointer, text) in texts {
                if let hit = compiled.hits(in: text, FoldedText(text)).first { throw Self.refused(hit, pointer) }
            }
        }
    }

    /// Asks the filters about a message, and counts a new one that is let through. What is let through with hits must be handed to `follow` once it is
    /// written.
    ///
    /// - Parameter channel: nil in private conversations, which no hit opens to the team: there, hiding is refusing and nothing is reported.
    /// - Throws: 422 `blocked_by_filter`.
    package func check(_ message: FilteredMessage, in channel: ConversationID?, isNew: Bool, scope: Scope, in transaction: Transaction)
        throws
        -> [FilterHit]
    {
        let (author, now) = (message.author, message.at)
        let all = try filters(in: transaction)
        let applying = try applying(all, to: author, in: channel, transaction)
        let rule = try MeasureTable.rule(in: transaction)
        let isNewcomer = rule.isNew(author, at: now)
        // An edit is no further message.
        let isCounted = isNew && (isNewcomer || all.contains { $0.filter.kind.countsMessages })
        guard isNewcomer || isCounted || !applying.isEmpty else { return [] }
        let folded = FoldedText(message.text)
        let digest = isCounted ? digest(of: folded) : 0
        let asked = applying.filter { isNew || !$0.filter.kind.countsMessages }
        let recent = try recentMessages(of: author, for: asked, at: now, in: transaction)
        var hits = asked.flatMap { $0.hits(in: message, folded, digest, after: recent) }
        if isNewcomer, let held = try raidHit(message, folded, digest, rule, in: channel, isNew: isNew, in: transaction) {
            hits.append(held)
        }
        if let refusing = hits.first(where: { $0.filter.refuses(aMessage: channel != nil) }) {
            throw refuse(refusing, FilteredText(hits: hits, author: author, message: nil, scope: scope), "/content")
        }
        if isCounted { try RecentMessageTable.insert(digest, by: author, at: now, in: transaction) }
        return hits
    }

    /// As far back as the filters count.
    private func recentMessages(of author: UserID, for filters: [CompiledFilter], at now: Timestamp, in transaction: Transaction) throws
        -> RecentMessages
    {
        guard let longest = filters.filter({ $0.filter.kind.countsMessages }).map(\.filter.within).max() else { return RecentMessages() }
        return try RecentMessageTable.sent(by: author, after: now.adding(seconds: -longest), in: transaction)
    }

    /// Acts on the hits of a message that was let through.
    package func follow(
        _ hits: [FilterHit], of message: MessageID, by author: UserID, isPrivate: Bool, scope: Scope, in transaction: Transaction
    )
        throws
    {
        guard !hits.isEmpty else { return }
        try state.withLock { $0.listener }(
            FilteredText(hits: hits, author: author, message: isPrivate ? nil : message, isPrivate: isPrivate, scope: scope), transaction)
    }

    /// The same message of many new accounts begins a raid. During one, new accounts have to wait between messages, and their messages in channels
    /// are held.
    ///
    /// - Throws: 429 `slow_mode`.
    private func raidHit(
        _ message: FilteredMessage, _ text: FoldedText, _ digest: Int64, _ rule: RaidRule, in channel: ConversationID?, isNew: Bool,
        in transaction: Transaction
    ) throws -> FilterHit? {
        let (author, now) = (message.author, message.at)
        var found = try measures.raid(at: now, in: transaction)
        if found != nil {
            if isNew, let last = try RecentMessageTable.last(of: author, in: transaction) {
                let wait = last.milliseconds + rule.slowMode * 1000 - now.milliseconds
                if wait > 0 { throw Self.slowed(Int((wait + 999) / 1000)) }
            }
        } else if rule.isEnabled, isNew, channel != nil, text.letterCount >= CompiledFilter.countedLetters {
            // The message that begins a raid does not have to wait: a refusal would roll back the beginning.
            let others = try RecentMessageTable.authors(
                of: digest, besides: author, joinedAfter: now.adding(seconds: -rule.age),
                sentAfter: now.adding(seconds: -rule.accountsWithin), limit: rule.accounts, in: transaction)
            if others + 1 >= rule.accounts { found = try measures.begin(rule, at: now, in: transaction) }
        }
        guard let raid = found else { return nil }
        guard rule.holds, channel != nil else { return nil }
        let filter = TextFilter(
            id: TextFilterID(rawValue: raid.id.rawValue), name: Self.raidName, kind: .rate, actions: [.hide], category: "spam", author: nil)
        return FilterHit(filter: filter, found: message.text.cut(to: FilterHit.foundLength), range: nil, element: nil)
    }

    /// The name under which raid mode reports.
    package static let raidName = "raid"

    private static func slowed(_ seconds: Int) -> Problem {
        Problem(
            429, "slow_mode",
            LocalizedText(
                en: "New accounts have to wait between two messages at the moment. Write again in \(seconds) s.",
                fr: "Les nouveaux comptes doivent attendre entre deux messages en ce moment. Vous pourrez écrire dans \(seconds) s."),
            retryAfter: seconds)
    }

    /// Those of some filters from which neither the person nor the channel is exempt.
    private func applying(_ all: [CompiledFilter], to author: UserID, in channel: ConversationID?, _ transaction: Transaction) throws
        -> [CompiledFilter]
    {
        guard all.contains(where: { !$0.filter.exemptRoles.isEmpty || !$0.filter.exemptChannels.isEmpty }) else { return all }
        let held = Set(try state.withLock { $0.roles }(author, transaction))
        return all.filter { compiled in
            if let channel, compiled.filter.exemptChannels.contains(channel) { return false }
            return held.isDisjoint(with: compiled.filter.exemptRoles)
        }
    }

    private func refuse(_ hit: FilterHit, _ text: FilteredText, _ pointer: String) -> Problem {
        state.withLock { $0.refusals }(text)
        return Self.refused(hit, pointer)
    }

    /// 422 `blocked_by_filter`
    package static func refused(_ hit: FilterHit, _ pointer: String) -> Problem {
        let (name, found) = (hit.filter.name, hit.found)
        let detail =
            switch hit.filter.kind {
            case .words, .links, .files:
                LocalizedText(
                    en: "The filter “\(name)” does not allow “\(found)”.", fr: "Le filtre « \(name) » n’autorise pas « \(found) ».")
            case .mentions:
                LocalizedText(
                    en: "The filter “\(name)” allows at most \(hit.filter.count) mentions in a message.",
                    fr: "Le filtre « \(name) » autorise au plus \(hit.filter.count) mentions par message.")
            case .repeats:
                LocalizedText(
                    en: "The filter “\(name)” does not allow the same message so often.",
                    fr: "Le filtre « \(name) » n’autorise pas le même message aussi souvent.")
            case .rate:
                LocalizedText(
                    en: "The filter “\(name)” does not allow so many messages in so short a time.",
                    fr: "Le filtre « \(name) » n’autorise pas autant de messages en si peu de temps.")
            }
        return Problem(
            422, "blocked_by_filter", detail, faults: [Problem.Fault(pointer, "blocked_by_filter", detail)],
            extensions: [("filter", .string(name)), ("found", .string(found))])
    }
}

/// A text with its hits.
package struct FilteredText: Sendable {
    package let hits: [FilterHit]
    package let author: UserID
    /// Nil for other texts, and for a message in a private conversation.
    package let message: MessageID?
    package var isPrivate = false
    package let scope: Scope
}

extension RouteShape.Refusal {
    /// Of a route with a text that others read.
    package static let filtered = RouteShape.Refusal(422, "blocked_by_filter")
}
