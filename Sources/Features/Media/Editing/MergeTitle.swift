internal import Database
internal import Kernel
internal import Web

/// `POST /media/{id}/merge`: merges a title into another. Its address redirects there; its marks and external ids move.
extension EditingRoutes {
    func mergeTitle(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let given = input.string("into", length: 1...200, required: true)
        try input.finish()
        let target = try input.required(given)
        let (reference, scope, now) = (call.parameter("id"), call.scope, call.clock.now())
        return try await call.mutate(catalogue.database) { transaction in
            guard let id = MediaID(uuid: reference) else { throw Problem.notFound }
            guard let other = MediaID(uuid: target) else { throw EditProblems.absentTarget }
            guard id != other else { throw EditProblems.itself }
            // Both in the order of their ids, so that two merges cannot deadlock.
            var rows: [MediaID: Row] = [:]
            for each in [id, other].sorted() { rows[each] = try lockedRow(each, in: transaction) }
            guard let from = rows[id] else { throw Problem.notFound }
            guard let into = rows[other] else { throw EditProblems.absentTarget }
            if from.optionalInt64(2) == other.rawValue { return try reply(other, scope, now, transaction) }
            guard from.isNull(2), into.isNull(2) else { throw EditProblems.merged }
            guard from.text(1) == into.text(1) else { throw EditProblems.otherKind }
            try move(id, to: other, at: now, in: transaction)
            try record("media.merge", id, ["after": ["into": JSON(other)]], scope, transaction)
            return try reply(other, scope, now, transaction)
        }
    }

    private func move(_ id: MediaID, to other: MediaID, at now: Timestamp, in transaction: Transaction) throws {
        try catalogue.marks.merge(id, into: other, at: now, in: transaction)
        try transaction.execute("UPDATE media_external SET media_id = \(other) WHERE media_id = \(id)")
        // A search for a name of the merged title finds the other one.
        try transaction.execute(
            """
            INSERT INTO media_titles (media_id, title)
            SELECT \(other), title FROM (SELECT title FROM media_titles WHERE media_id = \(id) UNION SELECT title FROM media_texts
            WHERE media_id = \(id) AND title <> '' UNION SELECT original_title FROM media WHERE id = \(id)) AS names
            WHERE title IS NOT NULL ON CONFLICT DO NOTHING
            """)
        // Titles that were merged into this one point to the other directly: no address redirects twice.
        try transaction.execute("UPDATE media SET merged_into = \(other) WHERE merged_into = \(id)")
        try transaction.execute("UPDATE media SET merged_into = \(other) WHERE id = \(id)")
        try touch(id, in: transaction)
        try touch(other, in: transaction)
    }
}
