internal import Crypto
internal import Database
internal import Directory
internal import Jobs
internal import Kernel
internal import Tabular
internal import Web

/// `POST /users/import`: reads a file and keeps its rows, sealed; nobody is added yet.
extension AccountsFeature {
    /// Rows of one file.
    static let mostImportedRows = 100_000
    /// Rows that are checked before the answer; a job checks those of longer files.
    static let rowsCheckedAtOnce = 10_000
    /// Bytes of one file.
    static let importFileLimit = 32 << 20
    /// Imports of one person that are not over.
    static let mostOpenImports = 3

    var imports: MemberImportTable { MemberImportTable(keyring: keyring) }

    func uploadImport(_ call: Call) async throws -> Reply {
        let author = try call.scope.requireWithoutAPIKey()
        try call.scope.require(.usersCreate)
        var query = try call.query
        let name = query.string("name", maximum: 200)?.trimmed ?? ""
        try query.finish()
        return try await uploads.with(author, at: AddressBlock.of(call.scope.address)) {
            try await database.read { [imports] in
                guard try imports.open(of: author, in: $0) < Self.mostOpenImports else { throw ImportProblems.tooManyOpen }
            }
            let file = try await Self.file(call)
            let new = try await keep(file, name: name, by: call.scope, author: author)
            if new.total <= Self.rowsCheckedAtOnce { _ = try await check(new.id, named: imports) }
            let scope = call.scope
            return try await database.read { [self] transaction in
                guard let each = try imports.find(new.id, in: transaction) else { throw Problem.notFound }
                return .json(202, try importView(each, in: scope.language, transaction))
            }
        }
    }

    private struct UploadedFile {
        let bytes: [UInt8]
        let isJSON: Bool
    }

    /// The body, or the part `file` of a form.
    private static func file(_ call: Call) async throws -> UploadedFile {
        switch call.mediaType {
        case "multipart/form-data", "text/csv", "application/csv", "text/plain", "application/vnd.ms-excel", "text/tab-separated-values",
            "application/json", "application/octet-stream", "":
            let bytes = try await call.readFile(limit: importFileLimit)
            return UploadedFile(bytes: bytes, isJSON: call.mediaType == "application/json" || looksLikeJSON(bytes))
        default: throw Problem.unsupportedMediaType(LocalizedText(en: "Send CSV or JSON.", fr: "Envoyez du CSV ou du JSON."))
        }
    }

    private static func looksLikeJSON(_ bytes: [UInt8]) -> Bool {
        let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
        return first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
    }

    // MARK: Keeping its rows

    private func keep(_ file: UploadedFile, name: String, by scope: Scope, author: UserID) async throws -> MemberImport {
        var source = try ImportSource(file.bytes, isJSON: file.isJSON)
        let now = clock.now()
        // The last mapping of the same columns is used again.
        let columns = source.columns
        let before = try await database.read { [imports] in
            try imports.recent(of: author, in: $0).first { $0.columns.map(ByteKey.init) == columns.map(ByteKey.init) }
        }
        var new = MemberImport(
            ids.next(), by: scope, author: author, name: name, encoding: source.encoding, separator: source.separator, columns: columns,
            mapping: before?.mapping ?? MemberField.mapping(of: columns), roleNames: before?.roleNames ?? [:], at: now)
        let first = try source.next(MemberImportTable.together)
        guard !first.isEmpty else { throw ImportProblems.empty }
        let begun = new
        try await database.write { [self] transaction in
            // Two files of one person at once are counted one after the other.
            try directory.lock(author, in: transaction)
            guard try imports.open(of: author, in: transaction) < Self.mostOpenImports else { throw ImportProblems.tooManyOpen }
            try transaction.liftDeadline()
            try imports.forgetOldest(of: author, in: transaction)
            try imports.insert(begun, in: transaction)
            try imports.insert(first, of: begun.id, in: transaction)
        }
        do {
            new.total = first.count
            while true {
                let rows = try source.next(MemberImportTable.together)
                if rows.isEmpty { break }
                new.total += rows.count
                guard new.total <= Self.mostImportedRows else { throw ImportProblems.tooManyRows }
                try await database.write { [imports] in try imports.insert(rows, of: begun.id, in: $0) }
            }
        } catch {
            _ = try await database.write { try $0.execute("DELETE FROM user_imports WHERE id = \(begun.id)") }
            throw error
        }
        let kept = new
        try await database.write { [self] transaction in
            try imports.update(kept, in: transaction)
            // A short file is checked by the request; the job sees to what a crash left over.
            let pause: Int64 = kept.total <= Self.rowsCheckedAtOnce ? 60 : 0
            try queue?.enqueue(
                Self.importJob, key: kept.id.uuid, at: clock.now().adding(seconds: pause), payload: ["id": JSON(kept.id)], in: transaction)
        }
        return new
    }
}

/// The rows of a file, taken off it a few at a time.
private struct ImportSource {
    let columns: [String]
    let encoding: String
    let separator: String
    private var table: DelimitedText?
    private var records: JSONRecords?
    private var number = 0

    init(_ bytes: [UInt8], isJSON: Bool) throws {
        guard isJSON else {
            let table: DelimitedText
            do { table = try DelimitedText(bytes) } catch { throw ImportProblems.table(error) }
            (columns, encoding, separator) = (table.columns, table.encoding.rawValue, String(own: [table.separator]))
            self.table = table
            return
        }
        do {
            columns = try Self.names(of: JSONRecords(bytes))
            records = try JSONRecords(bytes)
            (encoding, separator) = ("utf-8", "")
        } catch let fault as JSONRecords.Fault {
            throw ImportProblems.list(fault)
        }
    }

    /// The names of all members of all objects, in the order in which they come.
    private static func names(of list: JSONRecords) throws -> [String] {
        var (list, names, seen) = (list, [String](), Set<ByteKey>())
        while let (number, value) = try list.next() {
            guard let object = value.object else { throw ImportProblems.noObject(number) }
            for member in object.members where seen.insert(ByteKey(member.name)).inserted {
                guard names.count < DelimitedText.mostColumns else { throw ImportProblems.tooManyNames }
                guard member.name.unicodeScalars.count <= DelimitedText.longestName else { throw ImportProblems.longName(number) }
                names.append(member.name)
            }
        }
        return names
    }

    /// The next rows; none at the end.
    mutating func next(_ count: Int) throws -> [ImportRow] {
        var rows: [ImportRow] = []
        do {
            while rows.count < count, let row = try row() { rows.append(row) }
        } catch let fault as DelimitedText.Fault {
            throw ImportProblems.table(fault)
        } catch let fault as JSONRecords.Fault {
            throw ImportProblems.list(fault)
        }
        return rows
    }

    private mutating func row() throws -> ImportRow? {
        if let row = try table?.next() {
            number += 1
            return ImportRow(row, number: number, columns: columns)
        }
        guard let (number, value) = try records?.next() else { return nil }
        guard let object = value.object else { throw ImportProblems.noObject(number) }
        return ImportRow(object, number: number, columns: columns)
    }
}
