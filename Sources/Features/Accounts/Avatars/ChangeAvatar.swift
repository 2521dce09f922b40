internal import Database
internal import Directory
internal import HTTP
internal import Images
internal import Kernel
internal import Roles
internal import Runtime
internal import Sanctions
internal import Web

/// `PUT /users/{id}/avatar`, `DELETE /users/{id}/avatar` and `GET /avatars/{token}/{size}`
extension AccountsFeature {
    /// Whoever may not change it is told before their picture is read; what they may is looked at again when it is kept.
    func putAvatar(_ call: Call) async throws -> Reply {
        let actor = try call.scope.requireUser()
        let crop = try AvatarUpload.crop(call)
        let (reference, scope) = (call.parameter("id"), call.scope)
        try await database.write { [self] transaction in
            let member = try memberToPaint(reference, scope: scope, in: transaction)
            try sanctions.requireNotMuted(actor, at: clock.now(), in: transaction)
            try call.checkIfMatch(version: member.version)
            if member.id == actor { try limiter.spend(RateLimiter.Charge(.ownProfile, actor.uuid)) }
        }
        return try await uploads.with(actor, at: AddressBlock.of(scope.address)) {
            let made: [[UInt8]]
            do {
                made = try await pictures.squares(
                    of: AvatarUpload.picture(call), sizes: AvatarStore.sizes, crop: crop, for: .person(actor, scope))
            } catch let failure as PictureFailure {
                throw failure.problem
            }
            let now = clock.now()
            return try await database.write { [self] transaction in
                let member = try memberToPaint(reference, scope: scope, in: transaction)
                try sanctions.requireNotMuted(actor, at: now, in: transaction)
                try call.checkIfMatch(version: member.version)
                let address = try avatars.put(made, of: member.id, at: now, in: transaction)
                return try show(address, of: member, scope: scope, at: now, in: transaction)
            }
        }
    }

    /// Leaves the person without a picture, whether it was uploaded or lies elsewhere.
    func removeAvatar(_ call: Call) async throws -> Reply {
        let (reference, scope, now) = (call.parameter("id"), call.scope, clock.now())
        return try await call.mutate(database) { [self] transaction in
            let member = try memberToPaint(reference, scope: scope, in: transaction)
            try call.checkIfMatch(version: member.version)
            try avatars.forget(member.id, unlessAt: nil, in: transaction)
            if member.avatarURL == nil { return try reply(member.id, scope, transaction) }
            return try show(nil, of: member, scope: scope, at: now, in: transaction)
        }
    }

    /// Locked, and one's own or somebody strictly below.
    private func memberToPaint(_ reference: String, scope: Scope, in transaction: Transaction) throws -> Member {
        let target = try visibleMember(reference, scope: scope, in: transaction).id
        if target != scope.userID {
            try authorizer.requireMayManage(scope, target: target, requiring: [.usersUpdate], in: transaction)
        }
        try lockUser(target, in: transaction)
        return try directory.member(target, in: transaction)
    }

    private func show(_ address: String?, of member: Member, scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> Reply {
        var changed = member
        changed.avatarURL = address
        guard try directory.update(changed, at: now, in: transaction) else { throw Problem.stale }
        changed.version += 1
        try record(
            "user.update", on: member.id,
            payload: ["before": ["avatar_url": JSON(member.avatarURL)], "after": ["avatar_url": JSON(address)]], scope: scope,
            in: transaction)
        try announce("user.updated", changed, extra: ["changed": ["avatar_url"]], scope: scope, at: now, in: transaction)
        return try reply(member.id, scope, transaction)
    }

    /// What is here never changes: another picture has another address.
    func readAvatar(_ call: Call) async throws -> Reply {
        let token = call.parameter("token")
        guard let size = AvatarStore.sizes.first(where: { String($0) == call.parameter("size") }) else { throw Problem.notFound }
        let bytes = try await database.read { [avatars] in try avatars.read(token, size: size, in: $0) }
        guard let bytes else { throw Problem.notFound }
        // Kept by the reader alone: a picture that was taken away goes on nowhere else.
        let headers: HTTPHeaders = [
            "Content-Type": "image/webp", "ETag": "\"\(token)-\(size)\"", "Cache-Control": "private, max-age=31536000, immutable",
        ]
        return Reply(status: 200, headers: headers, body: bytes).unlessFresh(for: call.request)
    }
}
