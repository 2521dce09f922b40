import Kernel
import Testing

@testable import Realtime

struct GatewayPlaceTests {
    private static let place = ResumeToken(
        session: "k3f9", number: 42,
        positions: ["presence": Position(epoch: "e1", offset: 7), "user:0a-1": Position(epoch: "d", offset: 0)])

    @Test func readsWhatItWrites() {
        #expect(Self.place.description == "k3f9.42;presence=e1:7;user:0a-1=d:0")
        #expect(ResumeToken(Self.place.description) == Self.place)
        #expect(ResumeToken("a.0") == ResumeToken(session: "a"))
    }

    @Test(arguments: [
        "", ".", ".0", "a", "a.", "a.-1", "a.+1", "a.01", "a.1;", "a.1;;", "a.1;=e:1", "a.1;t", "a.1;t=", "a.1;t=e", "a.1;t=e:-1", "A.1",
        "a b.1",
        "a.1;t=e:1;t=e:2", "a.18446744073709551616", "a.1.2", "é.1", "a.1;t=e:+1", "a.1;t=e:01", "a.1\u{37E}t=e:1",
    ])
    func refusesEverythingElse(_ text: String) { #expect(ResumeToken(text) == nil) }

    @Test func isBounded() {
        let many = (0...ResumeToken.maximumTopics).map { ";t\($0)=e:1" }.joined()
        #expect(ResumeToken("a.1" + many) == nil)
        #expect(ResumeToken("a.1;" + String(repeating: "t", count: ResumeToken.maximumLength) + "=e:1") == nil)
        #expect(ResumeToken(String(repeating: "a", count: 65) + ".1") == nil)
    }

    @Test func theLastNumberThatThereIsStopsNothing() {
        var place = ResumeToken(session: "a", number: .max)
        place.move([:])
        #expect(place.number == 0)
    }

    @Test func movesByOneForEachFrame() {
        var place = Self.place
        place.move(["presence": Position(epoch: "e1", offset: 9)])
        place.move([:])
        #expect(place.description == "k3f9.44;presence=e1:9;user:0a-1=d:0")
    }
}
