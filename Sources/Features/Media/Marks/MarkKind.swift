internal import Database
internal import Kernel

/// The kinds of marks, apart from “seen”, which follows from plays.
enum MarkKind: String, CaseIterable, Sendable {
    case favorite
    case like
    case watchlist
    /// In half stars, 1 to 10.
    case rating
    /// The title is not suggested to the person.
    case hidden

    /// What a mark adds to the title’s trend at the time of the mark.
    var weight: Double {
        switch self {
        case .favorite: 3
        case .like: 2
        case .watchlist, .rating: 1
        case .hidden: 0
        }
    }

    /// Whether only the person sees it.
    var isPrivate: Bool { self == .hidden }

    /// The column of `media_counters` that counts it; nil for what is not counted.
    func counter(_ value: Int?) -> SQL? {
        switch self {
        case .favorite: "favorites"
        case .like: "likes"
        case .watchlist: "watchlists"
        case .rating: value.flatMap { Self.ratings.indices.contains($0 - 1) ? Self.ratings[$0 - 1] : nil }
        case .hidden: nil
        }
    }

    /// One column for each rating, from half a star to five.
    static let ratings: [SQL] = ["r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10"]

    /// A rating as members give and see it.
    static func stars(_ halves: Int) -> JSON { .number(Double(halves) / 2) }
}
