internal import Crypto
internal import Database
internal import Kernel
internal import Roles

/// Looks at every row of a file, and writes down what is wrong with each.
extension AccountsFeature {
    /// What the rows before have taken, so that a row can be told where its name stands already.
    private struct Seen {
        /// Lines of the file.
        var names: [ByteKey: Int] = [:]
        var addresses: [ByteKey: Int] = [:]
        /// The last number behind a name that was made.
        var numbers: [ByteKey: Int] = [:]
        var roles = ImportRoleNames()
        var given: [RoleID: Int] = [:]
        var invalid = 0
        var count = 0
    }

    /// What the database says of the names of some rows.
    private struct Taken: Sendable {
        let names: Set<ByteKey>
        let blinds: Set<[UInt8]>
        let roles: ImportRoleNames
    }

    /// Checks a file that is in state `checking`. Nothing is kept in memory between two runs: after a crash it begins anew.
    ///
    /// - Returns: false when somebody changed the mapping or cancelled it meanwhile.
    @discardableResult
    func check(_ id: RowID, named table: MemberImportTable) async throws -> Bool {
        guard let each = try await database.read({ try table.find(id, in: $0) }), each.state == .checking else { return false }
        var (seen, place) = (Seen(), 0)
        while true {
            let after = place
            let rows = try await database.read(.heavy) {
                try table.rows(of: each, after: after, limit: MemberImportTable.together, in: $0)
            }
            guard let last = rows.last else { break }
            let members = rows.map { ($0.row, ImportedMember($0.row, each.mapping)) }
            let taken = try await lookUp(members.map(\.1), of: each, seen.roles)
            seen.roles = taken.roles
            var results: [(number: Int, username: String, faults: [RowFault])] = []
            for (row, member) in members { results.append(try await judge(member, row, of: each, taken, &seen)) }
            place = last.row.number
            let (written, settled) = (results, place)
            let isCurrent = try await database.write { transaction in
                guard var now = try table.locked(id, in: transaction), now.state == .checking, now.version == each.version else {
                    return false
                }
                try table.settle(written, of: id, in: transaction)
                now.settled = settled
                try table.update(now, in: transaction)
                return true
            }
            guard isCurrent else { return false }
        }
        let result = seen
        return try await database.write { [self] transaction in
            guard var now = try table.locked(id, in: transaction), now.state == .checking, now.version == each.version else { return false }
            (now.state, now.invalid, now.givenRoles, now.settled) = (.preview, result.invalid, result.given, now.total)
            try table.update(now, in: transaction)
            try tellProgress(of: now, in: transaction)
            return true
        }
    }

    private func lookUp(_ members: [ImportedMember], of each: MemberImport, _ roles: ImportRoleNames) async throws -> Taken {
        let names = members.map { $0.username ?? $0.suggestedName }
        let blinds = members.compactMap { $0.email.map(blind) }
        let words = members.flatMap(\.roles)
        return try await database.read(.heavy) { [self] transaction in
            var roles = roles
            let scope = try importAuthor(of: each, in: transaction) ?? Scope()
            try roles.read(words, of: each, self.roles.assignments, scope: scope, in: transaction)
            return Taken(
                names: try MemberImportTable.taken(names, besides: each.id, in: transaction),
                blinds: try MemberImportTable.taken(blinds: blinds, besides: each.id, in: transaction), roles: roles)
        }
    }

    private func judge(_ member: ImportedMember, _ row: ImportRow, of each: MemberImport, _ taken: Taken, _ seen: inout Seen) async throws
        -> (number: Int, username: String, faults: [RowFault])
    {
        var faults = member.faults
        func note(_ fault: RowFault) { if !faults.contains(where: { $0.field == fault.field }) { faults.append(fault) } }
        if let email = member.email {
            if let line = seen.addresses[ByteKey(email.text)] {
                note(RowFault(.email, "duplicate", Self.alsoOn(line)))
            } else if taken.blinds.contains(blind(email)) {
                note(RowFault(.email, "email_taken", Self.emailTaken.detail))
            }
            if seen.addresses[ByteKey(email.text)] == nil { seen.addresses[ByteKey(email.text)] = row.line }
        }
        var name = member.username ?? ""
        if !name.isEmpty {
            if let line = seen.names[ByteKey(name)] {
                note(RowFault(.username, "duplicate", Self.alsoOn(line)))
            } else if taken.names.contains(ByteKey(name)) {
                note(RowFault(.username, "username_taken", Self.usernameTaken.detail))
            }
        } else if !faults.contains(where: { $0.field == .username }) {
            name = try await freeName(member.suggestedName, besides: each.id, taken, &seen)
        }
        if !name.isEmpty, seen.names[ByteKey(name)] == nil { seen.names[ByteKey(name)] = row.line }
        let (roles, fault) = taken.roles.roles(of: member)
        if let fault { note(fault) }
        seen.count += 1
        if faults.isEmpty { for role in roles { seen.given[role, default: 0] += 1 } } else { seen.invalid += 1 }
        return (row.number, name, faults)
    }

    /// A name like the wanted one that nobody has, in the file or on the site.
    private func freeName(_ wanted: String, besides id: RowID, _ taken: Taken, _ seen: inout Seen) async throws -> String {
        if seen.names[ByteKey(wanted)] == nil, !taken.names.contains(ByteKey(wanted)) { return wanted }
        var first = seen.numbers[ByteKey(wanted), default: 1] + 1
        while true {
            let variants = (first..<first + 20).map { "\(wanted)\($0)" }
            let held = try await database.read(.heavy) { try MemberImportTable.taken(variants, besides: id, in: $0) }
            if let place = variants.firstIndex(where: { seen.names[ByteKey($0)] == nil && !held.contains(ByteKey($0)) }) {
                seen.numbers[ByteKey(wanted)] = first + place
                return variants[place]
            }
            first += 20
        }
    }

    private static func alsoOn(_ line: Int) -> LocalizedText { LocalizedText(en: "Also on line \(line).", fr: "Aussi à la ligne \(line).") }
}
