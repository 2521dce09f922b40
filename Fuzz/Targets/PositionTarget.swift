internal import Kernel

@testable internal import Realtime

extension FuzzTarget {
    /// Positions and places: nothing is read but what is written.
    static let positions = FuzzTarget(
        "positions", files: ["Platform/Kernel/Position.swift", "Platform/Realtime/ResumeToken.swift"],
        words: ["e1:5", ":+5", ":00", "a.1", ";t=e:1", "=", ".", "9223372036854775807", "18446744073709551615", "\u{37E}", "=\u{301}"]
    ) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        if let position = Position(text) {
            try hold(position.description.isSame(as: text), "\(text) is read as \(position)")
            try hold(position.offset >= 0 && text.utf8.count <= 64, "a position out of bounds")
        }
        guard let place = ResumeToken(text) else { return }
        try hold(place.positions.count <= ResumeToken.maximumTopics, "\(place.positions.count) topics")
        func parts(_ text: String) -> [[UInt8]] {
            Array(text.utf8).split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map(Array.init)
        }
        let (before, after) = (parts(text), parts(place.description))
        try hold(before.count == after.count && Set(before) == Set(after), "\(text) is read as \(place)")
        try hold(ResumeToken(place.description) == place, "written, it reads as another place")
        var moved = place
        if place.number < .max {
            moved.move(["t": Position(epoch: "e", offset: 1)])
            try hold(moved.number == place.number + 1 && moved.positions["t"] != nil, "a frame further is not one further")
        }
    }
}
