internal import Authorization
internal import Bus
internal import Conversations
internal import Database
internal import Directory
internal import Friends
internal import Kernel
internal import Roles
internal import Runtime
internal import Sanctions
internal import Web

/// `POST /calls`, `GET /calls`, `GET /calls/{id}`, `POST /calls/{id}/accept`
extension VoiceFeature {
    /// Both people's rows are locked first, in the order of their ids: of two who call each other at once, the second accepts the first one's call.
    func startCall(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireUser()
        var input = try Input(try call.body())
        let person = input.string("to", length: 1...200)
        let place = input.string("conversation_id", length: 1...100)
        let key = input.string("key", length: 1...100, trimmed: false)
        try input.finish()
        guard (person == nil) != (place == nil) else { throw CallProblems.oneOfBoth }
        let (scope, now) = (call.scope, clock.now())
        let device = try Self.device(of: scope)
        if let budget = options.calls { try limiter.spend(RateLimiter.Charge(budget, user.uuid)) }
        return try await call.mutate(database) { [self] transaction in
            let (other, conversation) = try callee(person, place, scope: scope, in: transaction)
            try lock(user, other, in: transaction)
            if let key, let known = try CallTable.keyed(key, by: user, in: transaction) {
                guard known.callee == other else { throw CallProblems.keyReused }
                return .json(200, try ownView(known, for: scope, at: now, in: transaction))
            }
            try requireMayCall(other, from: user, at: now, in: transaction)
            let room =
                try conversation ?? conversations.directConversation(of: user, with: other, scope: scope, at: now, in: transaction)
            if let live = try CallTable.live(in: room, transaction) {
                let isCrossed = live.state == .ringing && live.callee == user
                let joined = isCrossed ? try accept(live, on: device, scope: scope, at: now, in: transaction) : live
                return .json(200, try ownView(joined, for: scope, at: now, in: transaction))
            }
            let started = try ring(other, from: user, in: room, key: key, on: device, scope: scope, at: now, in: transaction)
            return .json(201, try ownView(started, for: scope, at: now, in: transaction))
        }
    }

    /// Whom the request names, and the conversation when it names that.
    private func callee(_ person: String?, _ place: String?, scope: Scope, in transaction: Transaction) throws
        -> (UserID, ConversationID?)
    {
        let user = try scope.requireUser()
        if let place {
            let (conversation, other) = try conversations.partner(in: place, of: user, in: transaction)
            return (other, conversation)
        }
        let other = try directory.resolve(person ?? "", scope: scope, in: transaction)
        guard other != user else { throw CallProblems.yourself }
        return (other, nil)
    }

    private func ring(
        _ other: UserID, from user: UserID, in room: ConversationID, key: String?, on device: SessionID, scope: Scope, at now: Timestamp,
        in transaction: Transaction
    ) throws -> CallRecord {
        let isRung = try CallTable.isRung(other, in: transaction)
        let isBusy = try isRung || VoiceSessionTable.live(of: other, in: transaction) != nil
        if !isBusy, try VoiceSessionTable.live(of: user, in: transaction) != nil { throw CallProblems.inAnotherCall }
        let call = CallRecord(
            ids.next(), in: room, from: user, to: other, isBusy ? .busy : .ringing, at: now,
            ringsUntil: now.adding(milliseconds: options.ringing))
        try CallTable.insert(call, key: key, in: transaction)
        if isBusy {
            try tellEnd(of: call, scope: scope, at: now, in: transaction)
        } else {
            let session = VoiceSession(ids.next(), in: call, of: user, on: device, at: now, joinedAt: nil)
            try VoiceSessionTable.insert(session, leaseUntil: now.adding(milliseconds: Self.lease), in: transaction)
            try tell("call.ringing", call, scope: scope, at: now, in: transaction)
        }
        return call
    }

    func acceptCall(_ call: Call) async throws -> Reply {
        let (user, scope, now) = (try call.scope.requireUser(), call.scope, clock.now())
        let device = try Self.device(of: scope)
        let reference = call.parameter("id")
        return try await call.mutate(database) { [self] transaction in
            let found = try locked(reference, for: user, in: transaction)
            guard found.callee == user else { throw CallProblems.notYours }
            switch found.state {
            case .ringing:
                try requireMayCall(user, from: found.caller, at: now, in: transaction)
                try sanctions.requireNotMuted(user, at: now, in: transaction)
                let joined = try accept(found, on: device, scope: scope, at: now, in: transaction)
                return .json(200, try ownView(joined, for: scope, at: now, in: transaction))
            case .active:
                guard try VoiceSessionTable.live(in: [found.id], transaction).contains(where: { $0.isOf(scope) }) else {
                    throw CallProblems.answeredElsewhere
                }
                return .json(200, try ownView(found, for: scope, at: now, in: transaction))
            default: throw CallProblems.isOver
            }
        }
    }

    private func accept(_ call: CallRecord, on device: SessionID, scope: Scope, at now: Timestamp, in transaction: Transaction) throws
        -> CallRecord
    {
        if try VoiceSessionTable.live(of: call.callee, in: transaction) != nil { throw CallProblems.inAnotherCall }
        var call = call
        (call.state, call.answeredAt) = (.active, now)
        guard try CallTable.update(call, from: .ringing, in: transaction) else { throw DatabaseError.retry }
        let session = VoiceSession(ids.next(), in: call, of: call.callee, on: device, at: now, joinedAt: now)
        try VoiceSessionTable.insert(session, leaseUntil: now.adding(milliseconds: Self.lease), in: transaction)
        try VoiceSessionTable.join(call.id, at: now, in: transaction)
        try tell("call.updated", call, scope: scope, at: now, in: transaction)
        return call
    }

    func listCalls(_ call: Call) async throws -> Reply {
        let (user, scope, now) = (try call.scope.requireUser(), call.scope, clock.now())
        return try await database.read { [self] transaction in
            let items = try CallTable.live(of: user, in: transaction).map { try ownView($0, for: scope, at: now, in: transaction) }
            return .page(items, next: nil, total: nil)
        }
    }

    func readCall(_ call: Call) async throws -> Reply {
        let (user, scope, now, reference) = (try call.scope.requireUser(), call.scope, clock.now(), call.parameter("id"))
        return try await database.read { [self] transaction in
            .json(200, try ownView(try find(reference, for: user, in: transaction), for: scope, at: now, in: transaction))
        }
    }
}

// MARK: What every operation on a call begins with

extension VoiceFeature {
    static func device(of scope: Scope) throws(Problem) -> SessionID {
        guard let device = scope.sessionID else { throw CallProblems.noDevice }
        return device
    }

    /// - Throws: 404 for a call that does not exist or is between others.
    func find(_ reference: String, for user: UserID, in transaction: Transaction) throws -> CallRecord {
        guard let id = RowID(uuid: reference), let call = try CallTable.call(id, in: transaction), call.people.contains(user) else {
            throw Problem.notFound
        }
        return call
    }

    /// The same, kept from other changes until the transaction ends.
    func locked(_ reference: String, for user: UserID, in transaction: Transaction) throws -> CallRecord {
        let found = try find(reference, for: user, in: transaction)
        try lock(found.caller, found.callee, in: transaction)
        return try find(reference, for: user, in: transaction)
    }

    /// Always in the order of the ids, so that no two transactions wait for each other.
    func lock(_ one: UserID, _ other: UserID, in transaction: Transaction) throws {
        try directory.lock(min(one, other), in: transaction)
        try directory.lock(max(one, other), in: transaction)
    }

    /// - Throws: 403 `muted` for the caller; 403 `not_allowed` when the other does not take their calls, without the reason.
    func requireMayCall(_ other: UserID, from caller: UserID, at now: Timestamp, in transaction: Transaction) throws {
        try sanctions.requireNotMuted(caller, at: now, in: transaction)
        let rights = try roles.authorizer.rights(of: other, in: transaction).permissions
        guard rights.contains(.voiceJoin), try friendships.mayCall(from: caller, to: other, in: transaction) else {
            throw FriendProblems.notAllowed
        }
    }
}
