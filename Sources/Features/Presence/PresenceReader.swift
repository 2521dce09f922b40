package import Directory
package import Kernel
internal import Realtime
internal import Synchronization

/// What a reader sees of somebody's presence, for other features' resources.
package struct PresenceReader: Sendable {
    let service: PresenceService

    /// The person as stored, seen by `reader`: what was just committed shows at once, what is hidden stays hidden.
    ///
    /// The person themselves see their own message and activity whatever they chose; `status` is what others see.
    package func view(of member: Member, for reader: Scope, at now: Timestamp) -> PresenceView {
        service.state.withLock { state in
            let known = state.engine.view(of: member.id)
            var view =
                known
                ?? PresenceView(
                    offline: member.presence, lastSeenAt: member.lastSeenAt,
                    version: max(member.presence.version, service.start.milliseconds), at: now)
            let isOwn = reader.userID == member.id
            guard isOwn || member.presence.status != .invisible else {
                let shown = member.presence.shownMessage
                (view.message, view.emoji) = shown.isExpired(at: now) ? (nil, nil) : (shown.message, shown.emoji)
                return view
            }
            view.status = state.engine.status(of: member.id, choosing: member.presence, at: service.clock.uptime())
            let isExpired = member.presence.isMessageExpired(at: now)
            view.message = isExpired ? nil : member.presence.message
            view.emoji = isExpired ? nil : member.presence.emoji
            view.activity = isOwn || view.status != .offline ? member.presence.activity : nil
            return view
        }
    }

    /// The chosen status as this reader may know it: one's own as it is; a manager's view never says `invisible`; nil for the others.
    package func chosenStatus(of member: Member, for reader: Scope) -> String? {
        if reader.userID == member.id { return member.presence.status.rawValue }
        guard reader.can(.presenceManage) else { return nil }
        return member.presence.asOthersKnowIt.status.rawValue
    }

    /// When the message goes away by itself, for the person and for managers; these learn it of what others see.
    package func messageEnd(of member: Member, for reader: Scope) -> Timestamp? {
        if reader.userID == member.id { return member.presence.messageExpiresAt }
        return reader.can(.presenceManage) ? member.presence.shownMessage.expiresAt : nil
    }

    /// Those who are shown as doing this: of who is away, or wants to be seen so, nobody learns what they do or did.
    package func present(doing activity: String) -> [UserID] {
        service.state.withLock { state in
            state.engine.present.filter { state.engine.view(of: $0)?.activityName.map { $0.hasSameBytes(as: activity) } ?? false }
        }
    }

    /// Everybody who is shown as present, with the status.
    package func present() -> [UserID: ShownStatus] {
        service.state.withLock { state in
            var statuses: [UserID: ShownStatus] = [:]
            for user in state.engine.present { statuses[user] = state.engine.view(of: user)?.status }
            return statuses
        }
    }
}

extension PresenceEngine {
    /// What others would see with this choice.
    func status(of user: UserID, choosing chosen: ChosenPresence, at now: Uptime) -> ShownStatus {
        guard var person = people[user] else { return .offline }
        person.chosen = chosen
        return status(of: person, at: now) ?? .offline
    }
}
