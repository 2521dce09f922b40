import Kernel
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (1_769_850_900_000, "2026-01-31T09:15:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"), (4_102_444_799_999, "2099-12-31T23:59:59.999Z"),
    ])
    func writesAndReads(_ milliseconds: Int64, _ text: String) {
        #expect(Timestamp(milliseconds: milliseconds).rfc3339 == text)
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test func readsOtherSpellings() {
        let expected = Timestamp(milliseconds: 1_769_850_900_000)
        for text in ["2026-01-31T09:15:00Z", "2026-01-31t10:15:00+01:00", "2026-01-31 04:45:00.0000-04:30"] {
            #expect(Timestamp(rfc3339: text) == expected, "\(text)")
        }
        #expect(Timestamp(rfc3339: "2026-01-31")?.rfc3339 == "2026-01-31T00:00:00.000Z")
        #expect(Timestamp(rfc3339: "2026-01-31T09:15:00.1234Z")?.rfc3339 == "2026-01-31T09:15:00.123Z")
    }

    @Test(arguments: [
        "", "2026", "2026-13-01", "2026-02-29", "2026-04-31", "2026-01-31T24:00:00Z", "2026-01-31T09:60:00Z", "2026-01-31T09:15:00",
        "2026-01-31T09:15Z",
        "2026-01-31T09:15:00.Z", "2026-01-31T09:15:00+25:00", "2026-01-31T09:15:00Zx", "26-01-31",
        // In UTC these lie in years of other than four digits.
        "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:00-00:01", "9999-12-31T23:59:60Z",
    ])
    func refusesTheRest(_ text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test(arguments: [
        ("2026-01-31T09:15:00Z", "31 January 2026 at 09:15 UTC", "31 janvier 2026 à 9 h 15 UTC"),
        ("2026-07-31T23:59:00.001Z", "1 August 2026 at 00:00 UTC", "1er août 2026 à 0 h 00 UTC"),
    ])
    func standsInASentence(_ text: String, _ english: String, _ french: String) throws {
        let time = try #require(Timestamp(rfc3339: text))
        #expect(time.inWords(.english) == english)
        #expect(time.inWords(.french) == french)
    }

    @Test func anIDKnowsItsTime() {
        let time = Timestamp(milliseconds: 1_769_850_900_000)
        #expect(IDGenerator(clock: WallClock { time }).next(User.self).timestamp == time)
    }
}
