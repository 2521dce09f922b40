internal import Crypto
internal import Database
internal import Kernel
internal import Runtime
internal import Synchronization
internal import Web

/// Stores the events of the snippet: drops repeats, finds their visit, and adds to the counts of the day.
///
/// A visitor is a keyed hash of a truncated address and the family of the browser. Each day has a key of its own, which is deleted after two.
final class VisitCollector: Sendable {
    private let cipher: FieldCipher
    private let ids: IDGenerator
    private let calendar: SiteCalendar
    /// The keys of the latest days.
    private let keys = Mutex<[Int64: HMACKey]>([:])
    let limiter: RateLimiter
    /// Batches from one address, and from all.
    let budgets: (address: RateLimiter.Budget, site: RateLimiter.Budget)?
    /// The addresses of sites, as browsers send them in `Origin`.
    let origins: Set<String>

    private static let column = "analytics_visitor_keys.content"
    private static let dayLength: Int64 = 86_400_000

    init(cipher: FieldCipher, ids: IDGenerator, calendar: SiteCalendar, origins: Set<String>, isLimited: Bool, clock: WallClock) {
        (self.cipher, self.ids, self.calendar, self.origins) = (cipher, ids, calendar, origins)
        limiter = RateLimiter(clock: clock)
        budgets =
            isLimited
            ? (.steady("visits", burst: 60, perSecond: 1), .steady("visits_site", burst: 500, perSecond: 100)) : nil
    }

    /// Stores a batch.
    ///
    /// - Returns: the events that are new, with the time that windows count them at, and `page.visit` for a new visit.
    func take(
        _ batch: VisitBatch, network: String, browser: String, device: ClientClass, at now: Timestamp, in transaction: Transaction
    ) throws -> [(type: String, at: Timestamp)] {
        var page = try VisitTable.page(batch.page, at: now, in: transaction)
        let isNew = page.visit.rawValue == 0
        let events = batch.events.filter { page.takes($0) }
        guard !events.isEmpty else { return [] }
        var counted = events.map { (type: $0.type, at: $0.at) }
        var counts = Self.counts(of: events)
        if isNew {
            let visit = try visit(network: network, browser: browser, at: now, in: transaction)
            page.visit = visit.id
            if visit.isNewVisit {
                counts[VisitTable.Count(kind: "total", value: "visits")] = 1
                counts[VisitTable.Count(kind: "device", value: device.rawValue)] = 1
                counts[VisitTable.Count(kind: "browser", value: browser)] = 1
                counted.append(("page.visit", now))
            }
            if visit.isNewVisitor { counts[VisitTable.Count(kind: "total", value: "visitors")] = 1 }
        }
        try VisitTable.put(page, named: batch.page, in: transaction)
        for event in events { try store(event, of: page.visit, in: transaction) }
        try VisitTable.add(counts, day: calendar.day(of: now.milliseconds), in: transaction)
        return counted
    }

    private func store(_ event: PageEvent, of visit: SessionID, in transaction: Transaction) throws {
        var metadata: JSONObject = ["path": .string(event.path)]
        if let referrer = event.referrer { metadata.append("referrer", .string(referrer)) }
        for (name, value) in event.details { metadata.append(name, value) }
        _ = try EventTable.add(
            AnalyticsEvent(id: ids.next(), type: event.type, user: nil, session: visit, metadata: metadata, at: event.at), in: transaction)
    }

    private static func counts(of events: [PageEvent]) -> [VisitTable.Count: Int] {
        var counts: [VisitTable.Count: Int] = [:]
        let add = { (kind: String, value: String) in counts[VisitTable.Count(kind: kind, value: value), default: 0] += 1 }
        for event in events {
            switch event.kind {
            case .view:
                add("total", "views")
                add("path", event.path)
                if let referrer = event.referrer { add("referrer", referrer) }
                if let source = event.details["utm"]?["source"]?.string { add("source", source) }
            case .error:
                add("total", "errors")
                add("error", event.details["message"]?.string ?? "")
            case .vital: add(event.details["name"]?.string ?? "", String(PageVital.bucket(of: event.details["value"])))
            case .event: add("event", event.details["name"]?.string ?? "")
            }
        }
        return counts
    }

    // MARK: Visitors

    /// At midnight the key changes: a visit that goes on is found by the key of the day before.
    private func visit(
        network: String, browser: String, at now: Timestamp, in transaction: Transaction
    ) throws -> (id: SessionID, isNewVisit: Bool, isNewVisitor: Bool) {
        let day = now.milliseconds.floored(to: Self.dayLength)
        let text = Array("\(network)\n\(browser)".utf8)
        if let key = try key(of: day - Self.dayLength, isMade: false, in: transaction),
            let visit = try VisitTable.current(Self.name(text, key), at: now, in: transaction)
        {
            return (visit, false, false)
        }
        guard let key = try key(of: day, isMade: true, in: transaction) else { throw Problem.internalError("a key was not stored") }
        return try VisitTable.visit(Self.name(text, key), day: day, id: ids.next(), at: now, in: transaction)
    }

    private static func name(_ text: [UInt8], _ key: HMACKey) -> [UInt8] { Array(key.authenticate(text).prefix(16)) }

    private func key(of day: Int64, isMade: Bool, in transaction: Transaction) throws -> HMACKey? {
        if let known = keys.withLock({ $0[day] }) { return known }
        if isMade {
            try VisitTable.addKey(cipher.seal(Random.bytes(32), column: Self.column, id: day), day: day, in: transaction)
        }
        guard let sealed = try VisitTable.key(of: day, in: transaction) else { return nil }
        let key = HMACKey(try cipher.open(sealed, column: Self.column, id: day))
        // After the commit only: a transaction that is rolled back stores no key.
        transaction.afterCommit { [self] in
            keys.withLock { keys in
                keys = keys.filter { $0.key >= day - Self.dayLength }
                keys[day] = key
            }
        }
        return key
    }
}

extension VisitTable.Page {
    /// Whether an event is taken: not twice, and of errors only the first of a page.
    mutating func takes(_ event: PageEvent) -> Bool {
        let (byte, bit) = (event.number / 8, UInt8(1) << UInt8(event.number % 8))
        guard byte < seen.count, seen[byte] & bit == 0 else { return false }
        if event.kind == .error {
            guard errors < VisitBatch.errorsPerPage else { return false }
            errors += 1
        }
        seen[byte] |= bit
        return true
    }
}

/// Web vitals in the buckets of latencies: milliseconds as microseconds, shifts of the layout as millionths.
enum PageVital {
    static func bucket(of value: JSON?) -> UInt16 {
        let number: Double =
            switch value {
            case .integer(let number): Double(number)
            case .number(let number): number
            default: 0
            }
        return LatencyHistogram.bucket(of: UInt32(clamping: Int64((number * 1000).rounded())))
    }

    /// The value that three of four pages do not exceed; nil without pages.
    static func typical(_ buckets: [(value: String, count: Int)]) -> (value: Double?, count: Int) {
        var histogram = LatencyHistogram()
        let entries = buckets.compactMap { bucket in
            UInt16(bucket.value).map { LatencyHistogram.Entry(bucket: $0, count: UInt32(clamping: bucket.count)) }
        }
        histogram.merge(LatencyHistogram(entries: entries.sorted { $0.bucket < $1.bucket }))
        return (histogram.quantile(0.75).map { $0 / 1000 }, histogram.count)
    }
}
