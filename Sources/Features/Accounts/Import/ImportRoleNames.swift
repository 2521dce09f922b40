internal import Database
internal import Kernel
internal import Roles

/// What the words for roles in a file mean, with the rights of whoever brought it: looked up once each.
struct ImportRoleNames: Sendable {
    enum Meaning: Sendable {
        case role(RoleID)
        /// Everybody gets it anyhow, or the file's author left it out.
        case nothing
        case fault(code: String, detail: LocalizedText)
    }

    private var known: [ByteKey: Meaning] = [:]

    /// Looks up what is not known yet.
    ///
    /// - Parameter scope: of the author, with the rights of now.
    mutating func read(
        _ words: some Sequence<String>, of each: MemberImport, _ assignments: RoleAssignments, scope: Scope, in transaction: Transaction
    ) throws {
        for word in words where known[ByteKey(word)] == nil {
            known[ByteKey(word)] = try Self.meaning(of: word, each, assignments, scope: scope, in: transaction)
        }
    }

    private static func meaning(
        of word: String, _ each: MemberImport, _ assignments: RoleAssignments, scope: Scope, in transaction: Transaction
    ) throws -> Meaning {
        var reference = word
        if let given = each.roleNames[word] {
            guard let given else { return .nothing }
            reference = given
        }
        let found = try assignments.id(of: reference, in: transaction) ?? assignments.id(of: "role_\(reference)", in: transaction)
        guard let role = found else {
            let shown = word.cut(to: 60)
            return .fault(
                code: "unknown_role", detail: LocalizedText(en: "There is no role “\(shown)”.", fr: "Le rôle « \(shown) » n’existe pas."))
        }
        if role == (try assignments.id(of: "role_member", in: transaction)) { return .nothing }
        do {
            _ = try assignments.givable([role.uuid], scope: scope, in: transaction)
            return .role(role)
        } catch let problem as Problem {
            return .fault(code: problem.code, detail: problem.detail)
        }
    }

    subscript(word: String) -> Meaning? { known[ByteKey(word)] }

    /// The roles of a row and what is wrong with them.
    func roles(of member: ImportedMember) -> (roles: [RoleID], fault: RowFault?) {
        var roles: [RoleID] = []
        for word in member.roles {
            switch self[word] {
            case .role(let role): if !roles.contains(role) { roles.append(role) }
            case .fault(let code, let detail): return (roles, RowFault(.roles, code, detail))
            case .nothing, nil: break
            }
        }
        return (roles, nil)
    }

    /// The words that no role has.
    var unknown: [String] {
        known.compactMap { word, meaning in if case .fault("unknown_role", _) = meaning { word.text } else { nil } }.sorted()
    }
}
