@testable import Presence

/// What a client shows: snapshots seed it, events move it, versions decide, as web/src/features/presence/presences.ts does.
struct Knowledge {
    struct Known {
        var view: PresenceView
        var learntAt: Int64
    }

    var presences: [Known?]
    var cards: [Int64]
    var notes: Int64 = 0
    /// Snapshots that are on their way.
    var awaiting = 0
    /// Told from the one that took its place, when an answer comes late.
    let life: Int

    init(people: Int, life: Int) {
        presences = Array(repeating: nil, count: people)
        cards = Array(repeating: 0, count: people)
        self.life = life
    }

    mutating func learn(_ entry: Entry, at now: Int64) {
        switch entry.type {
        case "presence.update", "presence.activity":
            guard let person = entry.person, let view = entry.view else { return }
            if let before = presences[person], view.version <= before.view.version { return }
            presences[person] = Known(view: view, learntAt: now)
        case "user.updated": if let person = entry.person { cards[person] = max(cards[person], entry.number) }
        case "note": notes = max(notes, entry.number)
        default: break
        }
    }

    mutating func seed(_ views: [(Int, PresenceView)], _ subscription: Device.Subscription, askedAt: Int64, at now: Int64) {
        var named: Set<Int> = []
        for (person, view) in views {
            named.insert(person)
            if let before = presences[person], view.version < before.view.version { continue }
            presences[person] = Known(view: view, learntAt: now)
        }
        // A whole snapshot of who is there: those it does not name are offline.
        guard subscription.topic == "presence", subscription.people == nil, subscription.role == nil else { return }
        for person in presences.indices where !named.contains(person) {
            guard let known = presences[person], known.view.status != .offline, known.learntAt <= askedAt else { continue }
            presences[person]?.view.status = .offline
            presences[person]?.view.activity = nil
            // It is a guess: an event that is on its way may know better.
            presences[person]?.view.version = 0
            presences[person]?.learntAt = askedAt
        }
    }
}
