internal import Bus
internal import Directory
internal import Kernel

/// What presence says on the wire.
enum PresenceEvents {
    /// The event of one change; encoded by hand, once.
    static func event(_ change: PresenceChange, traitsBefore: MemberAttributes, memberAttributes: MemberAttributes) -> Event {
        var writer = JSONWriter(reserving: 320)
        writer.beginObject()
        write(change.after, of: change.user, into: &writer)
        writer.endObject()
        // Of texts that stand elsewhere already, where they can be: events are kept by the ten thousand.
        let attributes = [
            FilterAttribute("status", before: change.before.status.words, after: change.after.status.words),
            FilterAttribute("role", before: traitsBefore.roleTexts, after: memberAttributes.roleTexts),
            FilterAttribute("text", before: words(change.before, traitsBefore), after: words(change.after, memberAttributes)),
        ]
        return Event(
            change.isActivityOnly ? "presence.activity" : "presence.update", members: Array(writer.bytes.dropFirst().dropLast()),
            of: [change.user], attributes: attributes)
    }

    /// What a filter on `text` looks in.
    private static func words(_ view: PresenceView, _ memberAttributes: MemberAttributes) -> [String] {
        view.searchedActivity.map { memberAttributes.names + [$0] } ?? memberAttributes.names
    }

    private static func write(_ view: PresenceView, of user: UserID, into writer: inout JSONWriter) {
        writer.name("user_id")
        writer.string(user.uuid)
        writer.name("status")
        writer.string(view.status.rawValue)
        writer.name("status_message")
        writer.value(JSON(view.message))
        writer.name("status_emoji")
        writer.value(JSON(view.emoji))
        writer.name("activity_name")
        writer.value(JSON(view.activityName))
        writer.name("activity")
        writer.value(view.activity.map(JSON.object) ?? .null)
        writer.name("last_seen_at")
        writer.value(JSON(view.lastSeenAt))
        writer.name("version")
        writer.integer(view.version)
    }

    /// The same members as those of an event, and the person's names: an item of the snapshot.
    static func item(_ member: Member, _ view: PresenceView) -> JSONObject {
        [
            "user_id": JSON(member.id), "username": .string(member.username), "display_name": .string(member.displayName),
            "avatar_url": JSON(member.avatarURL), "status": .string(view.status.rawValue), "status_message": JSON(view.message),
            "status_emoji": JSON(view.emoji), "activity_name": JSON(view.activityName),
            "activity": view.activity.map(JSON.object) ?? .null, "last_seen_at": JSON(view.lastSeenAt), "version": .integer(view.version),
        ]
    }

    /// What an event of `presence` says of a person; nil for another event.
    static func announced(in publication: Publication) -> (user: UserID, view: PresenceView)? {
        let body: JSON
        do { body = try JSONParser.parse(own: publication.payload) } catch { return nil }
        guard let user = body["user_id"]?.string.flatMap(UserID.init(uuid:)), let version = body["version"]?.integer,
            let status = body["status"]?.string.flatMap(ShownStatus.init(rawValue:))
        else { return nil }
        let view = PresenceView(
            status: status, message: body["status_message"]?.string, emoji: body["status_emoji"]?.string,
            activity: body["activity"]?.object,
            lastSeenAt: body["last_seen_at"]?.string.flatMap { Timestamp(rfc3339: $0) }, version: version)
        return (user, view)
    }

    /// Who hears what somebody chose: the person. What others may see of it, they hear on `presence`.
    static func topics(of user: UserID) -> [String] { ["user:\(user.uuid)"] }

    /// That somebody chose, for `users`: not what, which whoever is away does not show.
    static func chose(_ user: UserID, _ chosen: ChosenPresence) -> JSONObject {
        ["user_id": JSON(user), "version": .integer(chosen.version)]
    }

    /// What a choice changed: the members of `status.changed`, from which every node learns of it.
    ///
    /// - Parameter shown: what others see of somebody invisible from now on, where that changed.
    static func changed(_ user: UserID, _ chosen: ChosenPresence, showing shown: ShownMessage? = nil) -> JSONObject {
        var members: JSONObject = [
            "user_id": JSON(user), "status": .string(chosen.status.rawValue), "status_message": JSON(chosen.message),
            "status_emoji": JSON(chosen.emoji), "status_expires_at": JSON(chosen.messageExpiresAt),
            "activity_name": JSON(chosen.activityName), "activity": chosen.activity.map(JSON.object) ?? .null,
            "version": .integer(chosen.version),
        ]
        if let shown {
            members.append(
                "shown",
                ["status_message": JSON(shown.message), "status_emoji": JSON(shown.emoji), "status_expires_at": JSON(shown.expiresAt)])
        }
        return members
    }

    /// The person of a `user.updated` that changed a name; nil for another event.
    static func renamed(in record: OutboxRecord) -> UserID? {
        guard record.type == "user.updated", let changed = record.members["changed"]?.array,
            changed.contains("username") || changed.contains("display_name")
        else { return nil }
        return record.members["user_id"]?.string.flatMap { UserID(uuid: $0) }
    }

    /// The person and the choice of a `status.changed`; nil for another event.
    static func choice(in record: OutboxRecord) -> (user: UserID, chosen: ChosenPresence)? {
        guard record.type == "status.changed", let user = record.members["user_id"]?.string.flatMap(UserID.init(uuid:)),
            let status = record.members["status"]?.string.flatMap(ChosenPresence.Status.init(rawValue:))
        else { return nil }
        var chosen = ChosenPresence()
        chosen.status = status
        chosen.message = record.members["status_message"]?.string
        chosen.emoji = record.members["status_emoji"]?.string
        chosen.messageExpiresAt = record.members["status_expires_at"]?.string.flatMap { Timestamp(rfc3339: $0) }
        chosen.activity = record.members["activity"]?.object
        chosen.version = record.members["version"]?.integer ?? 0
        if let shown = record.members["shown"], !shown.isNull {
            chosen.frozen = ShownMessage(
                message: shown["status_message"]?.string, emoji: shown["status_emoji"]?.string,
                expiresAt: shown["status_expires_at"]?.string.flatMap { Timestamp(rfc3339: $0) })
        }
        return (user, chosen)
    }
}

extension ShownStatus {
    private static let allWords = Dictionary(uniqueKeysWithValues: allCases.map { ($0, [$0.rawValue]) })

    /// What a filter compares, one array for all events.
    fileprivate var words: [String] { Self.allWords[self] ?? [] }
}
