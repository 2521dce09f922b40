import Kernel

@testable import Realtime

/// What a client is entitled to, by what it was told: every event that follows is held against it.
struct Ledger {
    struct Right {
        let topic: String
        let people: Set<Int>?
        let role: String?
        /// Events after this place are owed.
        var since: Position

        func covers(_ entry: Entry) -> Bool {
            if let role, !entry.roles.contains(role) { return false }
            guard let people else { return true }
            return entry.person.map(people.contains) ?? true
        }
    }

    private struct Wish {
        let topic: String
        let people: Set<Int>?
        var role: String?
        /// Whether the topic was listened to already when it was asked for: then it begins nowhere anew.
        var joins = false
    }

    /// By the subscription's id.
    private var rights: [String: Right] = [:]
    /// What was asked for and not taken back, by id.
    private var asked: [String: String] = [:]
    /// All that was asked for on this connection or kept from the last: its events may come.
    private var wishes: [String: Wish] = [:]
    /// Subscriptions that the server kept and whose answer was lost: their events come before the answer to the second asking.
    private var standing: Set<String> = []
    /// Up to where the client has everything.
    private var places: [String: Position] = [:]

    func isGranted(_ id: String) -> Bool { rights[id] != nil }
    /// As the ids of a stream's events tell it: each answer moves it too.
    private(set) var streamPlace: [String: Position] = [:]
    var topics: Set<String> { Set(rights.values.map(\.topic)) }

    mutating func ask(_ subscription: Device.Subscription) {
        let joins = asked.contains { $0.key != subscription.id && $0.value == subscription.topic }
        asked[subscription.id] = subscription.topic
        wishes[subscription.id] = Wish(
            topic: subscription.topic, people: subscription.people.map(Set.init), role: subscription.role, joins: joins)
    }

    mutating func release(_ id: String) { (rights[id], asked[id]) = (nil, nil) }

    mutating func moved(_ told: [String: Position]) {
        places.merge(told) { $1 }
        streamPlace.merge(told) { $1 }
    }

    mutating func granted(_ id: String, topic: String, at place: Position, isWanted: Bool) {
        streamPlace[topic] = place
        guard let wish = wishes[id] else { return }
        // The same again takes nothing away.
        if isWanted, rights[id]?.topic != topic { rights[id] = Right(topic: topic, people: wish.people, role: wish.role, since: place) }
        let stood = standing.remove(id) != nil
        if !wish.joins && !stood || places[topic] == nil { places[topic] = place }
    }

    mutating func welcome(own: String, told: [String: Position], durable: Position?, kept: Set<String>?, resumed: Bool) {
        if let kept {
            // What does not stand any more is asked for again.
            rights = rights.filter { kept.contains($0.key) || $0.key == own }
            // What stands and was never answered is asked for again too; nothing is owed of it until then.
            standing = kept.subtracting(rights.keys)
            asked = asked.filter { kept.contains($0.key) }
        } else {
            (rights, wishes, asked) = ([:], [:], [:])
            // What was named is listened to whole, until the client takes it back.
            for (topic, place) in told where resumed {
                rights[topic] = Right(topic: topic, people: nil, role: nil, since: place)
                wishes[topic] = Wish(topic: topic, people: nil)
                asked[topic] = topic
            }
        }
        // Who goes on stands where they stood: what came since is owed, or a resync.
        let stays = Set(kept == nil ? [] : rights.values.map(\.topic))
        places = told.merging(places.filter { told[$0.key] != nil && stays.contains($0.key) }) { named, reached in
            // Who names an older place gets some things again.
            named.epoch == reached.epoch && named.offset < reached.offset ? named : reached
        }
        streamPlace = told
        streamPlace[TopicRules.durable] = durable
        wishes[own] = Wish(topic: own, people: nil)
        if let place = told[own] { rights[own] = Right(topic: own, people: nil, role: nil, since: rights[own]?.since ?? place) }
    }

    /// - Returns: what is wrong with this event here and now.
    mutating func received(_ entry: Entry, own: String, _ journal: Journal) -> String? {
        let name = "\(entry.type) on \(entry.topic) at \(entry.position)"
        guard wishes.values.contains(where: { $0.topic == entry.topic && isWanted(entry, by: $0) }) else {
            return "got what it never asked for: \(name)"
        }
        guard let last = places[entry.topic] else { return "got an event before it knew its place: \(name)" }
        guard last.epoch == entry.position.epoch else { return "got an event of another epoch without a resync: \(name) after \(last)" }
        guard entry.position.offset > last.offset else { return "got an event twice or out of order: \(name) after \(last)" }
        if let told = streamPlace[entry.topic], told.epoch == entry.position.epoch, told.offset >= entry.position.offset {
            return "was told that it stood at \(told) before it got \(name)"
        }
        places[entry.topic] = entry.position
        streamPlace[entry.topic] = entry.position
        if entry.topic != "presence" { streamPlace[TopicRules.durable] = entry.position }
        for missed in journal.between(entry.topic, last.epoch, last.offset, entry.position.offset) where owes(missed) {
            return "missed \(missed.type) of \(missed.person ?? -1) on \(missed.topic) at \(missed.position), got \(name) after \(last)"
        }
        return nil
    }

    /// Who was ever asked for by name.
    var named: Set<Int> { wishes.values.reduce(into: []) { $0.formUnion($1.people ?? []) } }

    private func isWanted(_ entry: Entry, by wish: Wish) -> Bool {
        if let role = wish.role, !entry.roles.contains(role) { return false }
        guard let people = wish.people else { return true }
        return entry.person.map(people.contains) ?? true
    }

    private func owes(_ entry: Entry) -> Bool {
        rights.values.contains { right in
            right.topic == entry.topic && right.since.epoch == entry.position.epoch && right.since.offset < entry.position.offset
                && right.covers(entry)
        }
    }

    /// What should have come and did not, when nothing is under way any more.
    func missing(_ journal: Journal) -> Entry? {
        for topic in topics.sorted() {
            guard let place = places[topic] else { continue }
            if let missed = journal.between(topic, place.epoch, place.offset, .max).first(where: owes) { return missed }
        }
        return nil
    }
}
