internal import Database
internal import Directory
internal import Kernel
internal import Web

/// `GET /users/import`, `GET /users/import/{id}`, its rows and its report: each import is its author's alone.
extension AccountsFeature {
    func listImports(_ call: Call) async throws -> Reply {
        let (author, language) = (try call.scope.requireWithoutAPIKey(), call.scope.language)
        return try await database.read { [imports] transaction in
            .page(try imports.recent(of: author, in: transaction).map { .object($0.json(in: language)) }, next: nil)
        }
    }

    func readImport(_ call: Call) async throws -> Reply {
        let (author, reference, language) = (try call.scope.requireWithoutAPIKey(), call.parameter("id"), call.scope.language)
        return try await database.read { [self] transaction in
            .json(200, try importView(try imports.find(reference, of: author, in: transaction), in: language, transaction))
        }
    }

    /// The import with its first rows, and with the first rows that have faults.
    func importView(_ each: MemberImport, in language: Language, _ transaction: Transaction) throws -> JSON {
        var object = each.json(in: language)
        let isChecked = each.state != .checking
        let first = isChecked ? try imports.rows(of: each, after: 0, limit: 20, in: transaction) : []
        let wrong = isChecked && each.invalid > 0 ? try imports.rows(of: each, after: 0, state: "invalid", limit: 100, in: transaction) : []
        object.append("samples", .object(Self.samples(of: first.prefix(3).map(\.row), in: each)))
        object.append("preview", .array(first.map { Self.view($0, of: each, in: language) }))
        object.append("reports", .array(wrong.map { Self.view($0, of: each, in: language) }))
        return .object(object)
    }

    /// The first cells of each column.
    private static func samples(of rows: [ImportRow], in each: MemberImport) -> JSONObject {
        var samples = JSONObject()
        for column in each.columns where each.mapping[.passwordHash].map({ !$0.hasSameBytes(as: column) }) ?? true {
            let texts = rows.flatMap { $0[column] ?? [] }.map { $0.cut(to: 40) }
            samples.append(column, .string(texts.joined(separator: ", ")))
        }
        return samples
    }

    private static func view(_ found: MemberImportTable.Found, of each: MemberImport, in language: Language) -> JSON {
        let member = ImportedMember(found.row, each.mapping)
        var values = JSONObject()
        for field in MemberField.allCases where field != .passwordHash {
            guard let column = each.mapping[field], let texts = found.row[column], !texts.isEmpty else { continue }
            values.append(field.rawValue, .string(texts.joined(separator: "; ").cut(to: 200)))
        }
        return [
            "number": JSON(found.row.number), "line": JSON(found.row.line), "state": found.isValid ? "ready" : "invalid",
            "username": found.username.isEmpty ? .null : .string(found.username), "display_name": JSON(member.displayName?.cut(to: 64)),
            "email": JSON(member.email?.text), "values": .object(values),
            "faults": .array(Self.views(found.faults, of: each, in: language)),
        ]
    }

    private static func views(_ faults: [RowFault], of each: MemberImport, in language: Language) -> [JSON] {
        faults.map { fault in
            [
                "field": JSON(fault.field?.rawValue), "column": JSON(fault.field.flatMap { each.mapping[$0] }), "code": .string(fault.code),
                "detail": .string(fault.detail(language)),
            ]
        }
    }

    func listImportRows(_ call: Call) async throws -> Reply {
        let (author, reference, language) = (try call.scope.requireWithoutAPIKey(), call.parameter("id"), call.scope.language)
        var query = try call.query
        let isInvalid = query.bool("invalid") ?? false
        let page = query.page()
        try query.finish()
        let after = Int(clamping: try page.key { $0.integer } ?? 0)
        return try await database.read { [imports] transaction in
            let each = try imports.find(reference, of: author, in: transaction)
            let state = isInvalid ? "invalid" : nil
            let rows = try imports.rows(of: each, after: after, state: state, limit: page.limit + 1, in: transaction)
            let shown = rows.prefix(page.limit)
            return .page(
                shown.map { Self.view($0, of: each, in: language) },
                next: rows.count > page.limit ? shown.last.map { Page.cursor([JSON($0.row.number)]) } : nil,
                total: page.wantsTotal ? isInvalid ? each.invalid : each.total : nil)
        }
    }

    /// The rows with faults as they were in the file, with the reasons, to be corrected and imported again.
    func reportImport(_ call: Call) async throws -> Reply {
        let (author, reference, language) = (try call.scope.requireWithoutAPIKey(), call.parameter("id"), call.scope.language)
        var query = try call.query
        try query.finish()
        let each = try await database.read { [imports] in try imports.find(reference, of: author, in: $0) }
        let added = [
            LocalizedText(en: "Line in the file", fr: "Ligne du fichier"), LocalizedText(en: "Reason", fr: "Motif"),
        ].map { $0(language) }
        return try await Reply.file("import-report.csv", type: "text/csv; charset=utf-8") { [self] (place: Int?) in
            let rows = try await database.read(.heavy) { [imports] in
                try imports.rows(of: each, after: place ?? 0, state: "invalid", limit: MemberImportTable.together, in: $0)
            }
            var bytes = place == nil ? CSV.byteOrderMark + CSV.row(each.columns + added) : []
            for found in rows {
                let reasons = found.faults.map { fault in
                    let column = fault.field.flatMap { each.mapping[$0] }
                    return (column.map { "\($0) : " } ?? "") + fault.detail(language)
                }
                bytes += CSV.row(
                    found.row.cells.map { $0.joined(separator: "; ") } + [String(found.row.line), reasons.joined(separator: " ")])
            }
            return (bytes, rows.count == MemberImportTable.together ? rows.last?.row.number : nil)
        }
    }
}
