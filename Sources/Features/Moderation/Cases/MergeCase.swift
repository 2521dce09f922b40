internal import Database
internal import Kernel
internal import Web

/// `POST` and `DELETE /cases/{id}/merge`
extension ModerationFeature {
    /// Merges a case into another, to decide both together.
    func mergeCase(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let given = input.string("into", length: 1...100, required: true)
        try input.finish()
        let into = try input.required(given)
        let (scope, now, reference) = (call.scope, clock.now(), call.parameter("id"))
        return try await call.mutate(database) { [self] transaction in
            // Lock both rows in the order of their ids, so that two merges cannot deadlock.
            for id in [reference, into].compactMap({ CaseID(uuid: $0) }).sorted() {
                _ = try CaseTable.find(id, locked: true, in: transaction)
            }
            var found = try caseToChange(call, reference, at: now, in: transaction)
            let head: Case
            do {
                head = try caseToRead(into, scope, in: transaction)
            } catch let problem as Problem where problem.status == 404 {
                throw Problem.invalid(
                    "/into", "unknown_case", LocalizedText(en: "There is no such case.", fr: "Ce dossier n’existe pas."))
            }
            guard head.id != found.id, head.state == .open, head.target != .appeal, found.target != .appeal else {
                throw ModerationProblems.cannotMerge
            }
            (found.state, found.mergedInto, found.assignee, found.takenAt) = (.merged, head.id, nil, nil)
            try CaseTable.update(&found, in: transaction)
            // Cases merged into this one move along.
            try transaction.execute("UPDATE cases SET merged_into = \(head.id), version = version + 1 WHERE merged_into = \(found.id)")
            try record("case.merge", found, ["into": JSON(head.id)], scope: scope, in: transaction)
            announceCase(found, isNew: false, scope: scope, at: now, in: transaction)
            announceCase(head, isNew: false, scope: scope, at: now, in: transaction)
            return try detail(of: found, for: scope, at: now, in: transaction)
        }
    }

    /// Undoes a merge, while the other case is open.
    func splitCase(_ call: Call) async throws -> Reply {
        let (scope, now, reference) = (call.scope, clock.now(), call.parameter("id"))
        return try await call.mutate(database) { [self] transaction in
            var found = try caseToRead(reference, scope, locked: true, in: transaction)
            try call.checkIfMatch(version: found.version)
            guard found.state == .merged, let into = found.mergedInto,
                try CaseTable.find(into, locked: true, in: transaction)?.state == .open,
                try CaseTable.lockedOpen(found.target, found.targetID, in: transaction) == nil
            else { throw ModerationProblems.cannotSplit }
            (found.state, found.mergedInto) = (.open, nil)
            try CaseTable.update(&found, in: transaction)
            try record("case.split", found, ["from": JSON(into)], scope: scope, in: transaction)
            announceCase(found, isNew: false, scope: scope, at: now, in: transaction)
            return try detail(of: found, for: scope, at: now, in: transaction)
        }
    }
}

extension ModerationProblems {
    static let cannotMerge = Problem.conflict(
        "cannot_merge", LocalizedText(en: "These two cases cannot be merged.", fr: "Ces deux dossiers ne peuvent pas être fusionnés."))

    static let cannotSplit = Problem.conflict(
        "cannot_split", LocalizedText(en: "This merge cannot be undone any more.", fr: "Cette fusion ne peut plus être annulée."))
}
