internal import Compression
internal import Glibc
internal import Kernel
internal import Tabular

/// The rows of a file of titles, read piece by piece: CSV, a JSON list, or a JSON object a line, also compressed by gzip.
///
/// It blocks: for the command of the terminal.
struct FileRecords {
    enum Fault: Error, Sendable {
        case unreadable
        case notGzip
        /// The file ends in the middle of a row or of the compressed data.
        case cut
        case rowTooLong
        case empty
        /// UTF-16.
        case encoding
    }

    enum Record: Sendable {
        case row(ImportRow)
        /// A line of TMDB's daily files.
        case stub(TitleStub)
        /// A row that cannot be read.
        case invalid
    }

    private var rows: FileRows
    /// Of a table.
    let columns: [String]?

    init(path: String) throws {
        var rows = try FileRows(path: path)
        do {
            var columns: [String]?
            if case .table(let separator) = rows.form {
                guard let head = try rows.next() else { throw Fault.empty }
                columns = DelimitedText.names(try DelimitedText.cells(of: head, separator: separator).cells)
            }
            (self.rows, self.columns) = (rows, columns)
        } catch {
            rows.close()
            throw error
        }
    }

    func close() { rows.close() }

    /// The next rows; fewer than asked for at the end alone.
    mutating func next(_ count: Int) throws -> [Record] {
        var records: [Record] = []
        while records.count < count, let bytes = try rows.next() { if let record = record(bytes) { records.append(record) } }
        return records
    }

    /// Nil for a row of empty cells.
    private func record(_ bytes: [UInt8]) -> Record? {
        if let columns, case .table(let separator) = rows.form {
            guard let row = try? DelimitedText.cells(of: bytes, separator: separator), row.faults.isEmpty else { return .invalid }
            guard row.cells.contains(where: { !$0.isEmpty }) else { return nil }
            return .row(ImportRow(Dictionary(zip(columns, row.cells.map { [$0] }), uniquingKeysWith: { first, _ in first })))
        }
        guard let json = try? JSONParser.parse(bytes) else { return .invalid }
        if let stub = TitleStub(json) { return .stub(stub) }
        return ImportRow(json).map { .row($0) } ?? .invalid
    }
}

/// The rows of a file as bytes; expands what gzip compressed.
private struct FileRows {
    /// In bytes. Those of gzip can become a thousand times as many.
    private static let (piece, compressedPiece) = (256 << 10, 16 << 10)

    private let descriptor: Int32
    private let gzip: GzipReader?
    private var splitter: RowSplitter
    private var isAtEnd = false

    var form: RowSplitter.Form { splitter.form }

    init(path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileRecords.Fault.unreadable }
        do {
            var mark: [UInt8] = [0, 0]
            guard pread(descriptor, &mark, 2, 0) >= 0 else { throw FileRecords.Fault.unreadable }
            gzip = mark == [0x1F, 0x8B] ? GzipReader() : nil
            let bytes = try Self.read(descriptor, gzip)
            if let bytes, bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { throw FileRecords.Fault.encoding }
            splitter = RowSplitter(beginning: bytes ?? [])
            isAtEnd = bytes == nil
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    func close() { Glibc.close(descriptor) }

    mutating func next() throws -> [UInt8]? {
        while true {
            do {
                if let row = try splitter.next(isAtEnd: isAtEnd) { return row }
            } catch {
                throw error == .cut ? FileRecords.Fault.cut : .rowTooLong
            }
            if isAtEnd { return nil }
            if let bytes = try Self.read(descriptor, gzip) { splitter.add(bytes) } else { isAtEnd = true }
        }
    }

    /// Nil at the end of the file.
    private static func read(_ descriptor: Int32, _ gzip: GzipReader?) throws -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: gzip == nil ? piece : compressedPiece)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { throw FileRecords.Fault.unreadable }
        if count == 0 {
            if let gzip, !gzip.hasEnded { throw FileRecords.Fault.cut }
            return nil
        }
        guard let gzip else { return Array(buffer[..<count]) }
        var expanded: [UInt8] = []
        do { try gzip.expand(Array(buffer[..<count])) { expanded += $0 } } catch { throw FileRecords.Fault.notGzip }
        return expanded
    }
}

/// A title of which only the number and the name are known.
struct TitleStub: Sendable {
    let number: String
    let title: String
    let popularity: Double
    let isAdult: Bool

    /// Nil for what is no line of TMDB's daily files, or describes a video that is no film.
    init?(_ json: JSON) {
        guard json["title"] == nil, json["name"] == nil, let popularity = json["popularity"]?.decimal,
            let id = json["id"]?.integer, id > 0, let title = TMDBReader.name(json["original_title"] ?? json["original_name"])
        else { return nil }
        (number, self.title, self.popularity) = (String(id), title, min(max(popularity, 0), 100_000))
        isAdult = json["adult"]?.bool ?? false
    }
}
