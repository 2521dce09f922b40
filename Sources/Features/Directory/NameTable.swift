internal import Kernel

/// Folded names one behind the other in one stretch of memory, and whose each is.
struct NameTable: Sendable {
    /// Each name, with a zero byte behind it, which is in no name.
    private var text: [UInt8] = []
    /// Where each begins.
    private var starts: [UInt32] = []
    /// Nil where a name is no longer anybody's.
    private var people: [UserID?] = []
    private var places: [UserID: Int] = [:]

    /// How many have a name.
    var count: Int { places.count }

    /// - Parameter name: folded; nil when the person is gone.
    mutating func set(_ name: String?, of user: UserID) {
        if let place = places.removeValue(forKey: user) { people[place] = nil }
        guard let name else { return }
        if people.count > 1000, people.count > 2 * places.count { pack() }
        append(Array(name.utf8), of: user)
    }

    private mutating func append(_ name: some Sequence<UInt8>, of user: UserID) {
        places[user] = people.count
        people.append(user)
        starts.append(UInt32(text.count))
        text += name
        text.append(0)
    }

    /// Gives back the room of names that are nobody's.
    private mutating func pack() {
        var packed = NameTable()
        for (place, user) in people.enumerated() {
            guard let user else { continue }
            let end = place + 1 < starts.count ? Int(starts[place + 1]) : text.count
            packed.append(text[Int(starts[place])..<end - 1], of: user)
        }
        self = packed
    }

    /// Those of whose names this is a part.
    ///
    /// - Returns: how many they are, and who when they are no more than `most`.
    func find(_ part: String, most: Int) -> (count: Int, users: [UserID]?) {
        let part = Array(part.utf8)
        guard !part.contains(0) else { return (0, []) }
        var (count, users, place, from) = (0, [UserID](), 0, 0)
        while let hit = text.firstIndex(of: part, from: from) {
            place = self.place(of: hit, from: place)
            if let user = people[place] {
                count += 1
                if count <= most { users.append(user) }
            }
            place += 1
            guard place < starts.count else { break }
            from = Int(starts[place])
        }
        return (count, count <= most ? users : nil)
    }

    /// Which name a byte is in: the one at `place` or behind it, more often than not near.
    private func place(of byte: Int, from place: Int) -> Int {
        var (low, step) = (place, 1)
        while low + step < starts.count, starts[low + step] <= byte {
            low += step
            step *= 2
        }
        var high = min(low + step, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= byte { low = middle } else { high = middle }
        }
        return low
    }
}
