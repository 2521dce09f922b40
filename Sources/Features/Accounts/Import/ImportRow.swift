internal import Kernel
internal import Tabular

/// One row of a file: the texts of each column, in the order of the columns; a list has several.
struct ImportRow: Sendable {
    struct CellFault: Sendable {
        let column: String
        let code: String
        let detail: LocalizedText
    }

    let number: Int
    /// Of the file; of a list in JSON the number of the element.
    let line: Int
    let columns: [String]
    let cells: [[String]]
    var faults: [CellFault] = []

    subscript(column: String) -> [String]? { columns.firstIndex { $0.hasSameBytes(as: column) }.map { cells[$0] } }

    init(_ row: DelimitedText.Row, number: Int, columns: [String]) {
        (self.number, line, self.columns) = (number, row.line, columns)
        cells = row.cells.map { $0.isEmpty ? [] : [$0] }
        for (place, fault) in row.faults.sorted(by: { $0.key < $1.key }) {
            faults.append(Self.fault(fault, in: columns[place]))
        }
        if row.hasSurplus {
            faults.append(
                CellFault(
                    column: "", code: "too_many_cells",
                    detail: LocalizedText(
                        en: "This row has more cells than there are columns.", fr: "Cette ligne a plus de cellules qu’il n’y a de colonnes."
                    )))
        }
    }

    /// - Parameter record: an object of a JSON list.
    init(_ record: JSONObject, number: Int, columns: [String]) {
        (self.number, line, self.columns) = (number, number, columns)
        var cells: [[String]] = []
        for column in columns {
            let texts = record[column].map(Self.texts) ?? []
            let fault: DelimitedText.CellFault? =
                texts.contains { $0.utf8.count > DelimitedText.longestCell }
                ? .tooLong : texts.allSatisfy(DelimitedText.isReadable) ? nil : .unreadable
            if let fault { faults.append(Self.fault(fault, in: column)) }
            cells.append(fault == nil ? texts : [])
        }
        self.cells = cells
    }

    private static func texts(_ value: JSON) -> [String] {
        switch value {
        case .array(let elements): elements.compactMap { text($0["name"] ?? $0) }
        default: text(value).map { [$0] } ?? []
        }
    }

    private static func text(_ value: JSON) -> String? {
        switch value {
        case .string(let text): text.trimmed
        case .integer(let number): String(number)
        case .number(let number): String(number)
        case .bool(let flag): flag ? "true" : "false"
        default: nil
        }
    }

    private static func fault(_ fault: DelimitedText.CellFault, in column: String) -> CellFault {
        switch fault {
        case .tooLong:
            CellFault(
                column: column, code: "too_long",
                detail: LocalizedText(
                    en: "This cell has more than \(DelimitedText.longestCell) bytes.",
                    fr: "Cette cellule dépasse \(DelimitedText.longestCell) octets."))
        case .unreadable:
            CellFault(
                column: column, code: "unreadable",
                detail: LocalizedText(
                    en: "This cell contains characters that are not text.",
                    fr: "Cette cellule contient des caractères qui ne sont pas du texte."))
        }
    }

    // MARK: Storing

    var stored: JSON {
        let cells = JSON.array(cells.map { texts in texts.count == 1 ? .string(texts[0]) : .array(texts.map(JSON.string)) })
        let faults: [JSON] = faults.map {
            ["column": .string($0.column), "code": .string($0.code), "en": .string($0.detail(.english)), "fr": .string($0.detail(.french))]
        }
        return faults.isEmpty ? ["c": cells] : ["c": cells, "f": .array(faults)]
    }

    init(stored json: JSON, number: Int, line: Int, columns: [String]) {
        (self.number, self.line, self.columns) = (number, line, columns)
        let cells = (json["c"]?.array ?? []).map { cell in cell.string.map { [$0] } ?? (cell.array ?? []).compactMap(\.string) }
        self.cells = cells + [[String]](repeating: [], count: max(0, columns.count - cells.count))
        faults = (json["f"]?.array ?? []).map {
            CellFault(
                column: $0["column"]?.string ?? "", code: $0["code"]?.string ?? "",
                detail: LocalizedText(en: $0["en"]?.string ?? "", fr: $0["fr"]?.string ?? ""))
        }
    }
}
