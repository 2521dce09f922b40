import Kernel
import Testing

@testable import Realtime

@Suite struct QuietTopicsTests {
    private func place(_ offset: Int64, _ epoch: String = "e") -> Position { Position(epoch: epoch, offset: offset) }

    @Test func onlyWhatIsCertainIsSaid() {
        var quiet = LastOffsetIndex()
        #expect(!quiet.hasNothing("user:a", after: place(0)))
        quiet.note("users", place(10))
        quiet.note("user:a", place(10))
        quiet.note("user:b", place(12))
        #expect(quiet.hasNothing("user:b", after: place(12)) && !quiet.hasNothing("user:b", after: place(11)))
        #expect(quiet.hasNothing("user:a", after: place(10)) && !quiet.hasNothing("user:a", after: place(9)))
        #expect(quiet.hasNothing("user:c", after: place(9)))
        // Before this process looked, after the last event, of another epoch, of another kind.
        #expect(!quiet.hasNothing("user:c", after: place(8)) && !quiet.hasNothing("user:c", after: place(13)))
        #expect(!quiet.hasNothing("user:c", after: place(12, "f")) && !quiet.hasNothing("users", after: place(12)))
    }

    /// An event has several topics; room for one of them is made between it and the next.
    @Test func whatWasForgottenIsNotQuiet() {
        var quiet = LastOffsetIndex(limit: 2)
        quiet.note("user:a", place(9))
        quiet.note("user:b", place(10))
        quiet.note("user:c", place(10))
        #expect(!quiet.hasNothing("user:b", after: place(9)) && quiet.hasNothing("user:b", after: place(10)))
    }

    @Test func anotherEpochBeginsAnew() {
        var quiet = LastOffsetIndex()
        quiet.note("user:a", place(10))
        quiet.note("user:b", place(1, "f"))
        #expect(quiet.hasNothing("user:a", after: place(0, "f")) && !quiet.hasNothing("user:a", after: place(10)))
    }
}
