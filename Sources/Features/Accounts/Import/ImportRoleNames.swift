internal import Database
internal import Kernel
internal import Roles

/// The roles that the words of a file stand for, with the rights of its author: each word is looked up once.
struct ImportRoleNames: Sendable {
    enum Meaning: Sendable {
        case role(RoleID)
        /// The role that every member has, or a word that the author left out.
        case nothing
        case fault(code: String, detail: LocalizedText)
    }

    /// Different words of one file; a column with more of them does not hold roles. Further words are unknown.
    private static let most = 1000

    private var known: [ByteKey: Meaning] = [:]

    /// Looks up what is not known yet.
    ///
    /// - Parameter scope: of the author, with the rights of now.
    mutating func read(
        _ words: some Sequence<String>, of each: MemberImport, _ assignments: RoleAssignments, scope: Scope, in transaction: Transaction
    ) throws {
        for word in words where known[ByteKey(word)] == nil {
            guard known.count < Self.most else { return }
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
            return .fault(code: "unknown_role", detail: unknown(word))
        }
        if role == (try assignments.id(of: "role_member", in: transaction)) { return .nothing }
        do {
            _ = try assignments.givable([role.uuid], scope: scope, in: transaction)
            return .role(role)
        } catch let problem as Problem {
            return .fault(code: problem.code, detail: problem.detail)
        }
    }

    private static func unknown(_ word: String) -> LocalizedText {
        let shown = word.cut(to: 60)
        return LocalizedText(en: "There is no role “\(shown)”.", fr: "Le rôle « \(shown) » n’existe pas.")
    }

    /// The roles of a row and what is wrong with them.
    func roles(of member: ImportedMember) -> (roles: [RoleID], fault: RowFault?) {
        var roles: [RoleID] = []
        for word in member.roles {
            switch known[ByteKey(word)] {
            case .role(let role): if !roles.contains(role) { roles.append(role) }
            case .fault(let code, let detail): return (roles, RowFault(.roles, code, detail))
            case .nothing: break
            case nil: return (roles, RowFault(.roles, "unknown_role", Self.unknown(word)))
            }
        }
        return (roles, nil)
    }
}
