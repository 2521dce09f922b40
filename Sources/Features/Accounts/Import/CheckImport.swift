internal import Crypto
internal import Database
internal import Kernel
internal import Roles

/// Checks every row of a file, and stores the faults of each.
extension AccountsFeature {
    /// What the earlier rows hold.
    private struct Seen {
        /// The line of each name and address.
        var names: [ByteKey: Int] = [:]
        var addresses: [ByteKey: Int] = [:]
        var variants: [ByteKey: Variants] = [:]
        var roles = ImportRoleNames()
        var given: [RoleID: Int] = [:]
        var invalid = 0
        var count = 0
    }

    /// A name with a number behind it, for rows whose own name is taken.
    private struct Variants {
        /// Those that are free on the site, the lowest number last.
        var free: [String] = []
        /// The next number that was not looked up.
        var next = 2
        /// How many are looked up at once; it doubles, so that many rows of one name cause few queries.
        var count = 20
    }

    /// Which names and addresses of some rows are taken on the site, and what their words for roles mean.
    private struct Taken: Sendable {
        let names: Set<ByteKey>
        let blinds: Set<[UInt8]>
        let roles: ImportRoleNames
    }

    /// Checks a file that is in state `checking`, from its first row: after a crash it is checked again as a whole.
    ///
    /// - Returns: false when the import was cancelled, or its mapping changed, in the meantime.
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
        var variants = seen.variants.removeValue(forKey: ByteKey(wanted)) ?? Variants()
        while true {
            while let name = variants.free.popLast() {
                guard seen.names[ByteKey(name)] == nil else { continue }
                seen.variants[ByteKey(wanted)] = variants
                return name
            }
            let names = (variants.next..<variants.next + variants.count).map { "\(wanted)\($0)" }
            let held = try await database.read(.heavy) { try MemberImportTable.taken(names, besides: id, in: $0) }
            variants.free = names.reversed().filter { !held.contains(ByteKey($0)) }
            (variants.next, variants.count) = (variants.next + variants.count, min(variants.count * 2, 2000))
        }
    }

    private static func alsoOn(_ line: Int) -> LocalizedText { LocalizedText(en: "Also on line \(line).", fr: "Aussi à la ligne \(line).") }
}
