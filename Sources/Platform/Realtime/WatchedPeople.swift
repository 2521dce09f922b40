internal import Kernel

/// The people that a subscription names: parsed once, in eight bytes each, and shared by the session, its loop's index and what is kept for a resume.
struct WatchedPeople: Sendable, Hashable {
    /// Each once, the lowest first.
    let ids: [UserID]

    init(_ ids: some Sequence<UserID>) { self.ids = Set(ids).sorted() }

    /// - Parameter texts: what is no id names nobody.
    init(_ texts: some Sequence<String>) { self.init(texts.compactMap { UserID(uuid: $0) }) }

    var count: Int { ids.count }

    func contains(_ user: UserID) -> Bool {
        let index = ids.firstIndex(notBelow: user)
        return index < ids.count && ids[index] == user
    }
}

extension Array where Element: Comparable {
    /// Where an element stands, or would, in an array that is sorted.
    func firstIndex(notBelow element: Element) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < element { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
