import Bus
import Kernel
import Testing

@testable import Realtime

@Suite struct LastOffsetIndexTests {
    private let a = UserID(rawValue: 1)
    private let b = UserID(rawValue: 2)
    private let c = UserID(rawValue: 3)

    private func place(_ offset: Int64, _ epoch: String = "e") -> Position { Position(epoch: epoch, offset: offset) }

    private func hasNothing(_ quiet: LastOffsetIndex, _ user: UserID, after position: Position) -> Bool {
        quiet.hasNothing(Audience.topic(of: user), after: position)
    }

    @Test func onlyWhatIsCertainIsSaid() {
        var quiet = LastOffsetIndex()
        #expect(!hasNothing(quiet, a, after: place(0)))
        quiet.note(place(10))
        quiet.note(place(10), to: [a])
        quiet.note(place(12), to: [b])
        #expect(hasNothing(quiet, b, after: place(12)) && !hasNothing(quiet, b, after: place(11)))
        #expect(hasNothing(quiet, a, after: place(10)) && !hasNothing(quiet, a, after: place(9)))
        #expect(hasNothing(quiet, c, after: place(9)))
        // Before this process looked, after the last event, of another epoch, of another kind.
        #expect(!hasNothing(quiet, c, after: place(8)) && !hasNothing(quiet, c, after: place(13)))
        #expect(!hasNothing(quiet, c, after: place(12, "f")) && !quiet.hasNothing("users", after: place(12)))
    }

    /// An event has several recipients; room is made before it.
    @Test func whatWasForgottenIsNotQuiet() {
        var quiet = LastOffsetIndex(limit: 2)
        quiet.note(place(9), to: [a, b])
        quiet.note(place(10), to: [c])
        #expect(!hasNothing(quiet, b, after: place(9)) && hasNothing(quiet, b, after: place(10)))
        #expect(!hasNothing(quiet, a, after: place(8)) && !hasNothing(quiet, a, after: place(9)))
    }

    @Test func anotherEpochBeginsAnew() {
        var quiet = LastOffsetIndex()
        quiet.note(place(10), to: [a])
        quiet.note(place(1, "f"), to: [b])
        #expect(hasNothing(quiet, a, after: place(0, "f")) && !hasNothing(quiet, a, after: place(10)))
    }
}
