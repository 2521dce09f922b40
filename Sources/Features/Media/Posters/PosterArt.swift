internal import Kernel

/// The colours and the drawing of a generated poster: the same title, year and genre always give the same.
struct PosterArt: Sendable {
    /// The style of a poster, by the title's genres.
    enum Mood: String, CaseIterable, Sendable {
        case scienceFiction, noir, drama, comedy, romance, horror, animation, documentary

        /// These four genres decide first, then the main genre.
        init(genres: [String]) {
            for (genre, mood) in [
                ("animation", Mood.animation), ("documentary", .documentary), ("horror", .horror), ("science-fiction", .scienceFiction),
            ]
            where genres.contains(genre) {
                self = mood
                return
            }
            self = genres.lazy.compactMap { Self.byGenre[$0] }.first ?? .drama
        }

        private static let byGenre: [String: Mood] = [
            "crime": .noir, "thriller": .noir, "mystery": .noir, "action": .noir, "western": .noir, "comedy": .comedy, "family": .comedy,
            "music": .comedy, "romance": .romance, "fantasy": .scienceFiction, "adventure": .scienceFiction, "drama": .drama,
            "history": .drama, "war": .drama, "biography": .drama, "sport": .drama,
        ]

        /// Ground, two tones, and ink that has a contrast of 4.5 to the ground at least.
        var palettes: [[String]] {
            switch self {
            case .scienceFiction:
                [
                    ["#0b1026", "#4a62d8", "#f2b84b", "#f6f1e4"], ["#ece6d8", "#c8503f", "#1f4e6b", "#1a1b1f"],
                    ["#0d1f22", "#2fa39a", "#ead9b0", "#f4f1e6"], ["#1d0f2c", "#b5487f", "#f2a65a", "#fbeede"],
                    ["#16233f", "#e9a23b", "#7fc0dd", "#f6f4ee"],
                ]
            case .noir:
                [
                    ["#15161b", "#c4252f", "#e9e2d2", "#f5f0e4"], ["#e9e0cd", "#1c1c1f", "#b3361f", "#1b1a18"],
                    ["#11202b", "#4f86a0", "#e8d9b5", "#f3ecdc"], ["#1d2a24", "#d8a93a", "#cfd2be", "#f4efe0"],
                ]
            case .drama:
                [
                    ["#f1e4cf", "#d4572a", "#22456b", "#1e1a16"], ["#20303d", "#e0a458", "#c8553d", "#fbf3e4"],
                    ["#e6e4d8", "#5f7a67", "#b5634a", "#20211d"], ["#2b1d2e", "#d98c5f", "#7d9a9a", "#f6ece0"],
                ]
            case .comedy:
                [
                    ["#ffd15a", "#e5482f", "#1f6f8b", "#1b1a18"], ["#f7efe0", "#ee6a5f", "#2b8585", "#20201f"],
                    ["#1f5f7a", "#ffd15a", "#f4795b", "#fff6e2"],
                ]
            case .romance:
                [
                    ["#6f1430", "#ef6f8c", "#f8c9a0", "#fff1e6"], ["#f7d9cd", "#c2334d", "#5b2a4e", "#3a1428"],
                    ["#3a1d4d", "#e58fb0", "#f3c26b", "#fdf0e4"],
                ]
            case .horror: [["#0c0c0e", "#8f1d1a", "#d9d2c3", "#f3eddf"], ["#d8d3c4", "#151515", "#8f1d1a", "#151413"]]
            case .animation:
                [
                    ["#153b50", "#f2a65a", "#6fb98f", "#fdf6e3"], ["#fbe8c8", "#ec7d4c", "#3d6b7d", "#1f2f38"],
                    ["#2a2257", "#f28db2", "#7fd1c4", "#fff4e6"],
                ]
            case .documentary: [["#e9e6df", "#2b2b2b", "#d05a2b", "#1f1f1e"], ["#17332c", "#c9d8a8", "#e8833a", "#f4f1e2"]]
            }
        }

        var motifs: [Motif] {
            switch self {
            case .scienceFiction: [.orbits, .horizon, .arches]
            case .noir: [.blinds, .spiral, .bands]
            case .drama: [.discs, .windows, .arches, .tide]
            case .comedy: [.tiles, .windows, .bands]
            case .romance: [.waves, .discs, .tide]
            case .horror: [.rays, .blinds, .arches]
            case .animation: [.hills, .tiles, .tide]
            case .documentary: [.dots, .waves, .bands]
            }
        }
    }

    enum Motif: Sendable {
        case arches, bands, tide, orbits, horizon, blinds, spiral, discs, windows, tiles, waves, rays, hills, dots
    }

    var random: PosterRandom
    let palette: [String]
    let motif: Motif

    init(title: String, year: Int?, mood: Mood) {
        random = PosterRandom("\(title)\(year.map(String.init) ?? "")")
        palette = random.pick(mood.palettes)
        motif = random.pick(mood.motifs)
    }
}

/// Numbers that follow from a text (FNV-1a, then Mulberry32), the same in the browser and here.
struct PosterRandom: Sendable {
    private var state: UInt32

    init(_ seed: String) {
        state = seed.utf16.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }

    /// From 0 up to 1.
    mutating func next() -> Double {
        state = state &+ 0x6D2B_79F5
        var value = (state ^ state >> 15) &* (1 | state)
        value = (value &+ (value ^ value >> 7) &* (61 | value)) ^ value
        return Double(value ^ value >> 14) / 4_294_967_296
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[Int(next() * Double(elements.count))] }
}
