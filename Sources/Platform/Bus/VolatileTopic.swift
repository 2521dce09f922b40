internal import Kernel

/// The latest events of a topic whose offsets have no gap, with the trail of each person through them.
///
/// Who comes back and watches a hundred people looks up a hundred trails, not at all that happened to everybody meanwhile.
struct VolatileTopic: Sendable {
    private struct Step: Sendable {
        let publication: Publication
        /// The offset of the event before of the same person; 0 for none. Only of an event that is of one person.
        let earlier: Int64
    }

    private var steps: Ring<Step>
    /// Where each person's last event is; of those whose last is still here.
    private var latest: [UserID: Int64] = [:]
    /// The last event of several people at once: it is in nobody's trail.
    private var lastMultiUserOffset: Int64 = 0

    init(head: Int64 = 0) { steps = Ring(head: head) }

    var head: Int64 { steps.head }
    var isEmpty: Bool { steps.count == 0 }

    mutating func append(_ publication: Publication) {
        let offset = publication.position.offset
        var earlier: Int64 = 0
        if publication.people.count > 1 { lastMultiUserOffset = offset }
        if publication.people.count == 1 {
            let person = publication.people[0]
            earlier = latest[person] ?? 0
            latest[person] = offset
        }
        steps.append(Step(publication: publication, earlier: earlier), at: offset)
    }

    /// Forgets the oldest.
    mutating func removeFirst() {
        if let publication = steps.first?.publication, publication.people.count == 1,
            let place = latest.index(forKey: publication.people[0]),
            latest.values[place] == publication.position.offset
        {
            latest.remove(at: place)
        }
        steps.removeFirst()
    }

    /// What came after an offset, in order, of some people or of all; nil when some of it is gone.
    func after(_ offset: Int64, of people: [UserID]?) -> [Publication]? {
        guard let people, lastMultiUserOffset <= offset else { return steps.after(offset)?.map(\.publication).of(people) }
        guard steps.hasAll(after: offset) else { return nil }
        var found: [Publication] = []
        for person in people {
            var place = latest[person] ?? 0
            while place > offset, let step = steps.element(at: place) {
                found.append(step.publication)
                place = step.earlier
            }
        }
        return found.sorted { $0.position.offset < $1.position.offset }
    }
}
