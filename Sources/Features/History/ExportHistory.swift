internal import Database
internal import HTTP
internal import Kernel
internal import Web

/// `GET /users/{id}/history?format=`: the whole history as a file, read in pages while it is sent.
extension HistoryFeature {
    private static let rowsPerPiece = 300

    /// Where the next piece begins, and the number of items written before it.
    fileprivate struct Progress: Sendable {
        let place: ActionPlace
        let count: Int
    }

    func export(_ filter: ActionFilter, for reader: Reader, as format: HistoryShapes.Format) async throws -> Reply {
        try await Reply.file("history.\(format.rawValue)", type: format.type) { [self] (progress: Progress?) in
            try await database.read(.heavy) { transaction in
                let found = try ActionTable.page(filter, before: progress?.place ?? .newest, limit: Self.rowsPerPiece + 1, in: transaction)
                let shown = found.prefix(Self.rowsPerPiece)
                let isLast = found.count <= Self.rowsPerPiece
                let items = try views(Array(shown), for: reader, in: transaction)
                let bytes = format.bytes(items, after: progress, isLast: isLast)
                guard !isLast, let last = shown.last else { return (bytes, nil) }
                let count = (progress?.count ?? 0) + items.count
                return (bytes, Progress(place: ActionPlace(at: last.at.milliseconds, id: last.id.rawValue), count: count))
            }
        }
    }
}

extension HistoryShapes.Format {
    fileprivate var type: String { self == .csv ? "text/csv; charset=utf-8" : "application/json" }

    /// - Parameter progress: nil for the beginning of the file.
    fileprivate func bytes(_ items: [JSONObject], after progress: HistoryFeature.Progress?, isLast: Bool) -> [UInt8] {
        switch self {
        case .csv:
            let head =
                progress == nil ? CSV.byteOrderMark + CSV.row(["at", "type", "target_kind", "target_id", "target_name", "detail"]) : []
            return items.reduce(into: head) { $0 += Self.row($1) }
        case .json:
            return Reply.listPiece(items.map(JSON.object), after: progress?.count, isLast: isLast)
        }
    }

    private static func row(_ item: JSONObject) -> [UInt8] {
        let target = item["target"]
        let detail = item["detail"]?.object ?? [:]
        return CSV.row([
            item["at"]?.string ?? "", item["type"]?.string ?? "", target?["kind"]?.string ?? "", target?["id"]?.string ?? "",
            target?["name"]?.string ?? "", detail.isEmpty ? "" : JSON.object(detail).text,
        ])
    }
}
