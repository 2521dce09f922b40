internal import Authorization
internal import Bus
internal import Crypto
internal import Database
internal import Directory
internal import Jobs
internal import Kernel
internal import Roles

/// The job of an import: it checks long files, prepares the people in small transactions, makes all of them members in one, and announces them.
///
/// Each step is committed with the place where it ends: after a crash the job continues from there.
extension AccountsFeature {
    static let importJob = "accounts.import"

    var importKind: JobKind {
        JobKind(Self.importJob) { [self] context in
            guard let id = context.job.payload["id"]?.string.flatMap({ RowID(uuid: $0) }) else { throw JobGivenUp("no import is named") }
            try await advanceImport(id)
            return .done
        }
    }

    /// Runs an import until it is over or waits for its author.
    func advanceImport(_ id: RowID) async throws {
        _ = try await check(id, named: imports)
        while try await stepImport(id) {}
    }

    /// One step of an import that runs, or whose new members are not all announced.
    ///
    /// - Returns: false when there is nothing to do.
    func stepImport(_ id: RowID) async throws -> Bool {
        let found = try await database.read(.system) { [imports] in try imports.find(id, in: $0) }
        guard let found else { return false }
        switch found.state {
        case .done: return try await announceNext(id)
        case .running: break
        default: return false
        }
        let rows = try await database.read(.heavy) { [imports] in
            try imports.rows(of: found, after: found.place, state: "ready", limit: MemberImportTable.together, in: $0)
        }
        do {
            if rows.isEmpty { try await finish(id) } else { try await stage(rows, of: id) }
        } catch DatabaseError.unique {
            // Somebody else took a name after the last check; the unique index refuses the second.
            try await fail(id, ImportProblems.nameTaken)
        } catch let stop as ImportStop {
            try await fail(id, stop.fault)
        }
        return true
    }

    /// Why an import fails.
    private struct ImportStop: Error {
        let fault: RowFault
    }

    private func fail(_ id: RowID, _ fault: RowFault) async throws {
        try await database.write { [self] transaction in
            guard var each = try imports.locked(id, in: transaction), each.state == .running else { return }
            try transaction.liftDeadline()
            try imports.release(id, in: transaction)
            (each.state, each.endedAt, each.failure) = (.failed, clock.now(), fault)
            try imports.update(each, in: transaction)
            try tellProgress(of: each, in: transaction)
        }
    }

    /// Deletes previews and imports that are past their time, a few in each transaction.
    func sweepImports(at now: Timestamp) async throws {
        var isLeft = true
        while isLeft {
            isLeft = try await database.write { [imports] transaction in
                try transaction.liftDeadline()
                return try imports.sweep(at: now, in: transaction)
            }
        }
    }

    /// The author with their present rights, and with the request that brought the file; nil for an author who is deleted, disabled or banned.
    func importAuthor(of each: MemberImport, in transaction: Transaction) throws -> Scope? {
        let author = try directory.members([each.author], in: transaction).first
        guard let author, author.deletedAt == nil, !author.isDisabled, !author.isBanned(at: clock.now()) else { return nil }
        let rights = try authorizer.rights(of: author.id, in: transaction)
        return Scope(
            userID: author.id, permissions: rights.permissions, isOwner: rights.isOwner, rank: rights.rank, language: author.locale,
            requestID: each.requestID, address: each.address, userAgent: each.userAgent)
    }

    // MARK: Preparing people

    private func stage(_ rows: [MemberImportTable.Found], of id: RowID) async throws {
        try await database.write { [self] transaction in
            guard var each = try imports.locked(id, in: transaction), each.state == .running, each.place < rows[0].row.number else {
                return
            }
            guard let scope = try importAuthor(of: each, in: transaction) else { throw ImportStop(fault: ImportProblems.authorGone) }
            let members = rows.map { ($0, ImportedMember($0.row, each.mapping)) }
            var words = ImportRoleNames()
            try words.read(members.flatMap(\.1.roles), of: each, roles.assignments, scope: scope, in: transaction)
            var people = RowBatch(
                """
                INSERT INTO user_import_people (id, import_id, number, username, display_name, search_name, email_cipher, email_blind, bio, locale,
                    tags, search_tags, password_hash) VALUES
                """, in: transaction)
            var given = RowBatch("INSERT INTO user_import_roles (id, import_id, user_id, role_id) VALUES ", in: transaction)
            guard let everybody = try roles.assignments.id(of: "role_member", in: transaction) else {
                throw ImportStop(fault: ImportProblems.roleRefused)
            }
            for (found, member) in members {
                guard let email = member.email else { continue }
                let user = ids.next(User.self)
                let (roles, fault) = words.roles(of: member)
                if fault != nil { throw ImportStop(fault: ImportProblems.roleRefused) }
                let person = Member(
                    id: user, username: found.username, displayName: member.displayName ?? found.username,
                    locale: member.locale ?? scope.language, tags: member.tags, at: clock.now())
                try people.add(
                    """
                    (\(user), \(id), \(found.row.number), \(person.username), \(person.displayName), \(person.searchName),
                        \(seal(email, for: user)), \(blind(email)), \(member.bio), \(person.locale.rawValue),
                        \(JSON.array(person.tags.map(JSON.string)).text), \(person.searchTags), \(member.passwordHash))
                    """)
                for role in [everybody] + roles { try given.add("(\(ids.next(AnyEntity.self)), \(id), \(user), \(role))") }
            }
            try people.finish()
            try given.finish()
            each.place = rows[rows.count - 1].row.number
            each.settled += rows.count
            try imports.update(each, in: transaction)
            try tellProgress(of: each, in: transaction)
        }
    }

    // MARK: Making them members

    private func finish(_ id: RowID) async throws {
        try await database.write { [self] transaction in
            try transaction.liftDeadline()
            try lockRights(in: transaction)
            guard var each = try imports.locked(id, in: transaction), each.state == .running else { return }
            let now = clock.now()
            guard let scope = try importAuthor(of: each, in: transaction), scope.can(.usersCreate) else {
                throw ImportStop(fault: ImportProblems.authorGone)
            }
            guard try !collides(id, in: transaction) else { throw ImportStop(fault: ImportProblems.nameTaken) }
            each.givenRoles = try preparedRoles(of: id, in: transaction)
            try directory.insertAll(from: "FROM user_import_people WHERE import_id = \(id)", at: now, in: transaction)
            do {
                try roles.assignments.giveAll(
                    each.givenRoles.keys.sorted(), from: "FROM user_import_roles WHERE import_id = \(id)", scope: scope, in: transaction)
            } catch is Problem {
                throw ImportStop(fault: ImportProblems.roleRefused)
            }
            // The people stay until they are announced.
            try transaction.execute("DELETE FROM user_import_roles WHERE import_id = \(id)")
            (each.state, each.endedAt) = (.done, now)
            try imports.update(each, in: transaction)
            try noteImport(each, scope: scope, at: now, in: transaction)
            try tellProgress(of: each, in: transaction)
        }
    }

    /// The roles of the prepared people without `member`. A word may stand for another role than when it was checked: roles get new names.
    private func preparedRoles(of id: RowID, in transaction: Transaction) throws -> [RoleID: Int] {
        let everybody = try roles.assignments.id(of: "role_member", in: transaction)
        var counts: [RoleID: Int] = [:]
        for row in try transaction.rows("SELECT role_id, COUNT(*) FROM user_import_roles WHERE import_id = \(id) GROUP BY role_id") {
            counts[row.id(0)] = row.int(1)
        }
        return counts.filter { $0.key != everybody }
    }

    /// Whether somebody else has one of its names or addresses.
    private func collides(_ id: RowID, in transaction: Transaction) throws -> Bool {
        try transaction.row(
            """
            SELECT 1 FROM user_import_people AS ready WHERE ready.import_id = \(id) AND (
                EXISTS (SELECT 1 FROM users WHERE users.username = ready.username)
                OR EXISTS (SELECT 1 FROM users WHERE users.email_blind = ready.email_blind)
                OR EXISTS (SELECT 1 FROM registrations WHERE registrations.username = ready.username AND registrations.state <> 'refused'))
            LIMIT 1
            """) != nil
    }

    private func noteImport(_ each: MemberImport, scope: Scope, at now: Timestamp, in transaction: Transaction) throws {
        let names = try roles.assignments.summaries(of: each.givenRoles.keys.sorted(), in: transaction).compactMap { $0["name"] }
        try record(
            "user.import", target: ("user_import", each.id.uuid),
            payload: [
                "before": nil,
                "after": [
                    "members": JSON(each.settled), "skipped": JSON(each.total - each.settled), "roles": .array(names),
                    "invited": .bool(each.invites),
                ],
            ], scope: scope, in: transaction)
        transaction.atCommit(
            OutboxEvent(
                "users.imported", topics: ["users"],
                members: [
                    "import_id": JSON(each.id), "count": JSON(each.settled), "actor_user_id": JSON(each.author),
                    "actor": try directory.actor(each.author, in: transaction),
                ], requestID: scope.requestID, at: now))
    }

    /// Sends the progress to the author's devices.
    func tellProgress(of each: MemberImport, in transaction: Transaction) throws {
        transaction.atCommit(
            OutboxEvent(
                "import.updated", to: [.users([each.author])], members: ["import": each.progress], requestID: each.requestID,
                at: clock.now()))
    }

    // MARK: Announcing them

    private static let announcedTogether = 50

    /// Announces the next new members with `user.created`, and sends each an invitation where the author wants it: a link to choose a password.
    ///
    /// Their rows of `user_import_people` are deleted in the same transaction, so that each is announced once.
    ///
    /// - Returns: false when all are announced.
    private func announceNext(_ id: RowID) async throws -> Bool {
        try await database.write { [self] transaction in
            guard let each = try imports.locked(id, in: transaction) else { return false }
            let waiting = try transaction.rows(
                "SELECT id FROM user_import_people WHERE import_id = \(id) ORDER BY number LIMIT \(Self.announcedTogether)"
            ).map { $0.id(0, User.self) }
            guard !waiting.isEmpty else { return false }
            let now = clock.now()
            let scope = Scope(userID: each.author, requestID: each.requestID)
            for member in try directory.members(inOrder: waiting, in: transaction) where member.deletedAt == nil {
                try announce("user.created", member, scope: scope, at: now, in: transaction)
                if each.invites { try invite(member, at: now, in: transaction) }
            }
            try transaction.execute("DELETE FROM user_import_people WHERE id IN (SELECT value FROM json_each(\(ids: waiting)))")
            return true
        }
    }

    private func invite(_ member: Member, at now: Timestamp, in transaction: Transaction) throws {
        guard sendsMail, let address = email(of: member), let parsed = EmailAddress(address) else { return }
        let secret = try mailTokens.issue(.invite, for: member.id.rawValue, blind: blind(parsed), at: now, in: transaction)
        try post(.invited(secret, username: member.username), member.locale, to: address, in: transaction)
    }
}
