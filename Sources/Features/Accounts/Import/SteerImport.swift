internal import Database
internal import Directory
internal import HTTP
internal import Jobs
internal import Kernel
internal import Roles
internal import Tabular
internal import Web

/// `PATCH /users/import/{id}`, `POST …/commit` and `POST …/cancel`
extension AccountsFeature {
    /// Sets which column fills which field, and which role a word stands for; the rows are checked again.
    func mapImport(_ call: Call) async throws -> Reply {
        let (author, reference, scope) = (try call.scope.requireWithoutAPIKey(), call.parameter("id"), call.scope)
        try scope.require(.usersCreate)
        var input = try Input(try call.body())
        let mapping = input.raw("mapping")?.object?.members ?? []
        let words = try input.raw("role_names").map(Self.roleNames)
        try input.finish()
        let reply = try await call.mutate(database) { [self] transaction in
            let found = try imports.find(reference, of: author, in: transaction)
            guard var each = try imports.locked(found.id, in: transaction) else { throw Problem.notFound }
            if each.state == .checking { throw ImportProblems.checking }
            guard each.state == .preview else { throw ImportProblems.started }
            for member in mapping {
                let isColumn =
                    member.value.string.map { name in each.columns.contains { $0.hasSameBytes(as: name) } } ?? member.value.isNull
                guard let field = MemberField(rawValue: member.name), isColumn else { throw ImportProblems.mapping(member.name) }
                each.mapping[field] = member.value.string
            }
            if let words { each.roleNames = words }
            (each.state, each.settled) = (.checking, 0)
            each.version += 1
            try imports.update(each, in: transaction)
            let pause: Int64 = each.total <= Self.rowsCheckedAtOnce ? 60 : 0
            try queue?.enqueue(
                Self.importJob, key: each.id.uuid, at: clock.now().adding(seconds: pause), payload: ["id": JSON(each.id)], in: transaction)
            return .json(200, ["id": JSON(each.id)])
        }
        guard reply.status == 200 else { return reply }
        return try await database.read { [imports] in try imports.find(reference, of: author, in: $0) }.checked(
            by: self, in: scope.language)
    }

    /// The whole set, as a request gives it: words of the file, each with the reference of a role, or null for no role.
    private static func roleNames(_ json: JSON) throws(Problem) -> [String: String?] {
        func isShort(_ text: String) -> Bool { text.utf8.count <= 400 && DelimitedText.isReadable(text) }
        let members = json.object?.members ?? []
        let isValid = members.allSatisfy { isShort($0.name) && ($0.value.isNull || $0.value.string.map(isShort) ?? false) }
        guard json.object != nil || json.isNull, members.count <= 200, isValid else {
            throw .invalid(
                "/role_names", "invalid",
                LocalizedText(
                    en: "At most 200 words with the roles that they stand for are expected.",
                    fr: "Au plus 200 mots et les rôles qu’ils désignent sont attendus."))
        }
        var names: [String: String?] = [:]
        for member in members { names.updateValue(member.value.string, forKey: member.name) }
        return names
    }

    /// Begins it: from here on nobody else can take the names of its rows.
    func commitImport(_ call: Call) async throws -> Reply {
        let (author, reference, scope) = (try call.scope.requireWithoutAPIKey(), call.parameter("id"), call.scope)
        var input = try Input(try call.body())
        let skips = input.bool("skip_invalid") ?? false
        let invites = input.bool("invite") ?? false
        try input.finish()
        return try await call.mutate(database) { [self] transaction in
            let found = try imports.find(reference, of: author, in: transaction)
            guard var each = try imports.locked(found.id, in: transaction) else { throw Problem.notFound }
            if each.state == .checking { throw ImportProblems.checking }
            guard each.state == .preview else { throw ImportProblems.started }
            guard skips || each.invalid == 0 else { throw ImportProblems.invalidRows(each.invalid) }
            guard each.invalid < each.total else { throw ImportProblems.nothing }
            try scope.require(.usersCreate)
            if invites, !sendsMail { throw Self.mailIsOff }
            _ = try roles.assignments.givable(each.givenRoles.keys.map(\.uuid), scope: scope, in: transaction)
            let now = clock.now()
            (each.state, each.settled, each.place, each.startedAt) = (.running, 0, 0, now)
            (each.skipsInvalid, each.invites) = (skips, invites)
            try imports.update(each, in: transaction)
            try queue?.enqueue(Self.importJob, key: each.id.uuid, payload: ["id": JSON(each.id)], in: transaction)
            try tellProgress(of: each, in: transaction)
            return .json(202, try importView(each, in: scope.language, transaction))
        }
    }

    /// Ends an import that is not over; nobody is added.
    func cancelImport(_ call: Call) async throws -> Reply {
        let (author, reference, scope) = (try call.scope.requireWithoutAPIKey(), call.parameter("id"), call.scope)
        return try await call.mutate(database) { [self] transaction in
            let found = try imports.find(reference, of: author, in: transaction)
            guard var each = try imports.locked(found.id, in: transaction) else { throw Problem.notFound }
            if each.state == .checking || each.state == .preview || each.state == .running {
                try transaction.liftDeadline()
                try imports.release(each.id, in: transaction)
                (each.state, each.endedAt) = (.cancelled, clock.now())
                try imports.update(each, in: transaction)
                try tellProgress(of: each, in: transaction)
            }
            return .json(200, try importView(each, in: scope.language, transaction))
        }
    }
}

extension MemberImport {
    /// The answer to a change of the mapping: the rows of a short file are checked first.
    fileprivate func checked(by accounts: AccountsFeature, in language: Language) async throws -> Reply {
        let id = id
        if total <= AccountsFeature.rowsCheckedAtOnce { _ = try await accounts.check(id, named: accounts.imports) }
        return try await accounts.database.read { transaction in
            guard let each = try accounts.imports.find(id, in: transaction) else { throw Problem.notFound }
            return .json(200, try accounts.importView(each, in: language, transaction))
        }
    }
}
