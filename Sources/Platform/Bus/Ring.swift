/// The latest elements of a growing sequence, by offset: they are added at its end and forgotten from its front.
struct Ring<Element: Sendable>: Sendable {
    private var places: [(offset: Int64, element: Element?)] = []
    private var front = 0
    /// The offset of the last element.
    private(set) var head: Int64
    /// Everything after this offset is here.
    private var floor: Int64

    init(head: Int64 = 0) { (self.head, floor) = (head, head) }

    var count: Int { places.count - front }
    var first: Element? { front < places.count ? places[front].element : nil }
    var elements: [Element] { places[front...].compactMap(\.element) }

    mutating func append(_ element: Element, at offset: Int64) {
        head = offset
        places.append((offset, element))
    }

    /// Forgets the oldest.
    mutating func removeFirst() {
        guard front < places.count else { return }
        floor = places[front].offset
        places[front].element = nil
        front += 1
        guard front > 16, front > places.count / 2 else { return }
        places.removeFirst(front)
        front = 0
    }

    /// Whether everything after an offset is here.
    func hasAll(after offset: Int64) -> Bool { offset >= floor }

    /// The element at an offset, of a sequence whose offsets have no gap.
    func element(at offset: Int64) -> Element? {
        let place = places.count - 1 - Int(head - offset)
        return place >= front && place < places.count ? places[place].element : nil
    }

    /// What came after an offset, or nil when some of it is gone.
    func after(_ offset: Int64) -> [Element]? {
        guard hasAll(after: offset) else { return nil }
        // From the newest back, since who comes back has mostly missed little.
        var begin = places.count
        while begin > front, places[begin - 1].offset > offset { begin -= 1 }
        return places[begin...].compactMap(\.element)
    }
}
