import Kernel
import Testing

@Suite struct IDTests {
    @Test func uuidKeepsEveryBitAndSortsAsTheID() throws {
        var generator = SystemRandomNumberGenerator()
        var ids: [RowID] = [0, 1, 0xFFFF, 0x10000, Int64.max].map(RowID.init(rawValue:))
        for _ in 0..<1000 { ids.append(RowID(rawValue: Int64.random(in: 0...Int64.max, using: &generator))) }
        for id in ids {
            #expect(RowID(uuid: id.uuid) == id, "\(id.rawValue)")
        }
        #expect(ids.sorted().map(\.uuid) == ids.map(\.uuid).sorted())
    }

    @Test func placesTheBitsAsTheContractSays() {
        #expect(RowID(rawValue: 0x0123_4567_89AB_CDEF).uuid == "01234567-89ab-8cde-bc00-000000000000")
    }

    @Test(arguments: [
        "01234567-89ab-8cde-bc00-000000000001", "01234567-89ab-4cde-bc00-000000000000", "01234567-89ab-8cde-7c00-000000000000",
        "0123456789ab8cdebc00000000000000", "01234567-89ab-8cde-bc00-00000000000", "", "zzzzzzzz-89ab-8cde-bc00-000000000000",
        "01234567-89ab-8cde-bd00-000000000000", "f1234567-89ab-8cde-bc00-000000000000",
    ])
    func refusesAnyOtherEncoding(_ text: String) {
        #expect(RowID(uuid: text) == nil)
    }

    @Test func neverRepeatsNorFallsWhenTheClockStepsBack() {
        let times: [Int64] = [1000, 1000, 500, 500, 2000, 1, 2001].map { Snowflake.epochMilliseconds + $0 }
        let box = Clock(times)
        let generator = IDGenerator(clock: WallClock { box.next() }, node: 7)
        let ids = (0..<10_000).map { _ in generator.next(AnyEntity.self).rawValue }
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0 >> 12 & 1023 == 7 })
    }
}

/// Gives the listed times, then the last one for ever.
private final class Clock: @unchecked Sendable {
    // SAFETY: used by one test on one thread.
    private var times: [Int64]
    init(_ times: [Int64]) { self.times = times }
    func next() -> Timestamp { Timestamp(milliseconds: times.count > 1 ? times.removeFirst() : times[0]) }
}
