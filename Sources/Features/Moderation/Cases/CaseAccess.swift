internal import Database
internal import Friends
internal import Kernel
internal import Roles
internal import Web

/// Who may see a case and decide it: the only way to one from a request.
extension ModerationFeature {
    /// Those of some cases that who asks may see: about nobody, or about somebody strictly below, never about themselves.
    func visible(_ cases: [Case], to scope: Scope, in transaction: Transaction) throws -> [Case] {
        let below = try roles.authorizer.manageable(Array(Set(cases.compactMap(\.subject))), by: scope, in: transaction)
        return cases.filter { found in
            guard let subject = found.subject else { return true }
            return subject != scope.userID && below.contains(subject)
        }
    }

    /// - Throws: 404 for a case that is not there or not to be seen.
    func caseToRead(_ reference: String, _ scope: Scope, locked: Bool = false, in transaction: Transaction) throws -> Case {
        guard let id = CaseID(uuid: reference), let found = try CaseTable.find(id, locked: locked, in: transaction),
            try !visible([found], to: scope, in: transaction).isEmpty
        else { throw Problem.notFound }
        return found
    }

    /// A case to work on, kept from others until the transaction ends.
    ///
    /// - Throws: 404; 409 when it is decided or merged; 403 for one that who asks reported; 412 with `If-Match` for another version, else 409 when
    ///   somebody has taken it, both with who it is.
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
        if !taking, try ReportTable.reporters(of: [found.id], in: transaction).contains(user) { throw ModerationProblems.ownReport }
        return found
    }
}

extension ModerationProblems {
    /// 409 with who decided it.
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

    /// 409 with who has it.
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
            en: "You reported this yourself: somebody else decides.", fr: "Vous l’avez signalé vous-même : à quelqu’un d’autre de trancher."
        ))

    static let anAppeal = Problem.conflict(
        "use_appeal",
        LocalizedText(en: "This is an appeal: answer it as one.", fr: "Ceci est un recours : répondez-y comme tel."))
}
