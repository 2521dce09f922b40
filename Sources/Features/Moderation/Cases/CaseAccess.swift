internal import Database
internal import Friends
internal import Kernel
internal import Roles
internal import Web

/// Who may see a case and decide it.
extension ModerationFeature {
    /// The cases that the caller may see, as a condition on `cases`: every list, count and single read of cases uses it.
    ///
    /// Each case, and each case merged into it, is about nobody or about a person strictly below the caller.
    func visible(to scope: Scope, in transaction: Transaction) throws -> SQL {
        let hidden = try roles.assignments.notBelow(scope, in: transaction)
        return """
            (cases.subject_id IS NULL OR cases.subject_id NOT IN (\(sql: hidden)))
            AND NOT EXISTS (SELECT 1 FROM cases AS merged WHERE merged.merged_into = cases.id AND merged.subject_id IN (\(sql: hidden)))
            """
    }

    /// - Throws: 404 for a case that does not exist or that the caller may not see.
    func caseToRead(_ reference: String, _ scope: Scope, locked: Bool = false, in transaction: Transaction) throws -> Case {
        guard let id = CaseID(uuid: reference),
            let found = try CaseTable.find(id, where: try visible(to: scope, in: transaction), locked: locked, in: transaction)
        else { throw Problem.notFound }
        return found
    }

    /// An open case to change, locked until the transaction ends.
    ///
    /// - Parameter taking: whether the caller only takes the case or puts it back, which a reporter may do.
    /// - Throws: 404; 412 when `If-Match` names another version; 409 when the case is decided, merged, or taken by somebody else; 403 when the
    ///   caller reported it. 412 and 409 name the assignee, or the person who decided.
    func caseToChange(_ call: Call, _ reference: String, taking: Bool = false, at now: Timestamp, in transaction: Transaction) throws
        -> Case
    {
        let scope = call.scope
        let found = try caseToRead(reference, scope, locked: true, in: transaction)
        let user = try scope.requireUser()
        func card(_ user: UserID?) throws -> JSON {
            guard let user else { return .null }
            return try cards.cards(of: [user], for: scope, at: now, in: transaction)[user] ?? .null
        }
        do {
            try call.checkIfMatch(version: found.version)
        } catch {
            var problem = error
            problem.extensions.append(("assignee", try card(found.holder(at: now) ?? found.decidedBy)))
            throw problem
        }
        guard found.state == .open else { throw ModerationProblems.closed(found, by: try card(found.decidedBy)) }
        if let holder = found.holder(at: now), holder != user { throw ModerationProblems.taken(by: try card(holder)) }
        if !taking {
            let all = [found.id] + (try CaseTable.merged(into: found.id, in: transaction).map(\.id))
            if try ReportTable.hasReport(in: all, by: user, transaction) { throw ModerationProblems.ownReport }
        }
        return found
    }
}

extension ModerationProblems {
    /// 409 with the person who decided the case.
    static func closed(_ found: Case, by card: JSON) -> Problem {
        let name = card["display_name"]?.string
        if found.state == .merged {
            return Problem(
                409, "case_merged",
                LocalizedText(en: "This case was merged into another.", fr: "Ce dossier a été fusionné avec un autre."))
        }
        return Problem(
            409, "case_decided",
            LocalizedText(
                en: name.map { "\($0) has decided this case." } ?? "This case has been decided.",
                fr: name.map { "\($0) a tranché ce dossier." } ?? "Ce dossier a été tranché."), extensions: [("assignee", card)])
    }

    /// 409 with the assignee.
    static func taken(by card: JSON) -> Problem {
        let name = card["display_name"]?.string
        return Problem(
            409, "case_taken",
            LocalizedText(
                en: name.map { "\($0) has taken this case." } ?? "Somebody has taken this case.",
                fr: name.map { "\($0) s’occupe de ce dossier." } ?? "Quelqu’un s’occupe de ce dossier."), extensions: [("assignee", card)])
    }

    static let ownReport = Problem.forbidden(
        "own_report",
        LocalizedText(
            en: "You reported this yourself. Somebody else has to decide.",
            fr: "Vous avez fait ce signalement. Une autre personne doit trancher."
        ))

    static let anAppeal = Problem.conflict(
        "use_appeal",
        LocalizedText(
            en: "This case is an appeal: use the route of appeals.", fr: "Ce dossier est un recours : utilisez la route des recours."))
}
