internal import Database
internal import Glibc
internal import Kernel
internal import Synchronization

/// The catalogue in memory, for lists, search and facets (docs/decisions/0022). Its state belongs to one number of `media_changes_head`; a transaction that sees
/// a later number first reads the titles changed in between.
final class CatalogueIndex: Sendable {
    private enum State {
        case unread
        case read(CatalogueTable, number: Int64)
    }

    private let state = Mutex(State.unread)

    /// The languages in which titles are found.
    static let languages = ["en", "fr"]

    /// The catalogue as the transaction sees it, or a little later.
    ///
    /// One transaction at a time reads titles; the others wait for it a moment.
    ///
    /// - Parameter transaction: a read-only one, so that no uncommitted change gets into memory.
    /// - Throws: 503 while another transaction reads a large catalogue.
    func table(in transaction: Transaction) throws -> CatalogueTable {
        let end = monotonicNanoseconds() + Self.patience
        while true {
            if let table = try state.withLockIfAvailable({ try Self.table(&$0, in: transaction) }) { return table }
            guard monotonicNanoseconds() < end else { throw Problem.unavailable(retryAfter: 2, cause: "the catalogue is being read") }
            usleep(2000)
        }
    }

    /// In nanoseconds.
    private static let patience: UInt64 = 2_000_000_000

    private static func table(_ state: inout State, in transaction: Transaction) throws -> CatalogueTable {
        // The number before the titles: a change that is committed in between is read twice rather than never.
        let head = try MediaChange.head(in: transaction)
        switch state {
        case .read(let table, let number) where number >= head: return table
        case .read(var table, let number) where head - number <= MediaChange.kept:
            state = .unread
            try Self.follow(&table, after: number, in: transaction)
            state = .read(table, number: head)
            return table
        case .read, .unread:
            let table = try Self.read(in: transaction)
            state = .read(table, number: head)
            return table
        }
    }

    /// The state in memory, without reading changes; nil before the first read.
    var latest: CatalogueTable? {
        state.withLock { state in
            if case .read(let table, _) = state { table } else { nil }
        }
    }

    private static func follow(_ table: inout CatalogueTable, after number: Int64, in transaction: Transaction) throws {
        let rows = try transaction.rows("SELECT DISTINCT media_id FROM media_changes WHERE number > \(number) ORDER BY media_id")
        let changed: [MediaID] = rows.map { $0.id(0) }
        for start in stride(from: 0, to: changed.count, by: 1000) {
            let part = Array(changed[start..<min(start + 1000, changed.count)])
            let records = try load(part, in: transaction)
            let found = Set(records.map(\.record.id))
            table.take(records, gone: part.filter { !found.contains($0) })
        }
    }

    private static func read(in transaction: Transaction) throws -> CatalogueTable {
        // However long it takes: an attempt that is cut short would be repeated by the next request.
        try transaction.liftDeadline()
        var (all, last): ([(record: TitleRecord, names: [String])], MediaID) = ([], MediaID(rawValue: .min))
        while true {
            let rows = try transaction.rows("SELECT id FROM media WHERE id > \(last) ORDER BY id LIMIT 1000")
            let ids: [MediaID] = rows.map { $0.id(0) }
            all += try load(ids, in: transaction)
            last = ids.last ?? last
            if ids.count < 1000 { break }
        }
        var table = CatalogueTable()
        table.take(all, isFirst: true)
        return table
    }

    private static func load(_ ids: [MediaID], in transaction: Transaction) throws -> [(record: TitleRecord, names: [String])] {
        let records = try TitleTable.records(of: ids, languages: languages, in: transaction)
        var others: [MediaID: [String]] = [:]
        let rows = try transaction.rows(
            "SELECT media_id, title FROM media_titles WHERE media_id IN (SELECT value FROM json_each(\(ids: ids))) ORDER BY media_id, title"
        )
        for row in rows { others[row.id(0), default: []].append(row.text(1)) }
        return ids.compactMap { id in records[id].map { ($0, names(of: $0, others[id] ?? [])) } }
    }

    /// The names that find a title: folded, without duplicates, the original title first.
    static func names(of record: TitleRecord, _ others: [String]) -> [String] {
        var names: [String] = []
        func add(_ name: String) {
            let folded = TitleText.fold(name)
            guard !folded.isEmpty, !names.contains(where: { $0.hasSameBytes(as: folded) }) else { return }
            names.append(folded)
            // M*A*S*H is found as “mash”.
            let words = folded.utf8.split(separator: UInt8(ascii: " "))
            if words.count > 2, words.allSatisfy({ $0.count == 1 }) { names.append(words.map { String(Substring($0)) }.joined()) }
        }
        add(record.originalTitle)
        for language in languages { if let title = record.texts[language]?.title { add(title) } }
        for name in others { add(name) }
        return names
    }
}
