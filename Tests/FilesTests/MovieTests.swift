import Kernel
import Seeded
import SiteSupport
import TestSupport
import Testing

@testable import Files

/// Movies and pictures of phones lose their metadata and nothing else.
@Suite struct MovieTests {
    private func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
        let size = UInt32(content.count + 8)
        return (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } + Array(type.utf8) + content
    }

    private func movie(_ handlers: [String]) -> [UInt8] {
        let place = box("udta", box("\u{A9}xyz", Array("+48.8577+002.295/".utf8)))
        let tracks = handlers.flatMap { handler in
            box(
                "trak",
                box("tkhd", noiseBytes(84))
                    + box("mdia", box("hdlr", [UInt8](repeating: 0, count: 8) + Array(handler.utf8) + [0, 0]) + place))
        }
        return box("ftyp", Array("isom\0\0\0\0".utf8)) + box("moov", box("mvhd", noiseBytes(100)) + tracks + place)
            + box("uuid", Array("secret place".utf8)) + box("mdat", noiseBytes(5000))
    }

    private func noiseBytes(_ count: Int) -> [UInt8] { noise(count, seed: UInt64(count)) }

    @Test func everySplitGivesTheSame() {
        let bytes = movie(["vide", "soun"])
        var whole = MovieMetadata()
        let expected = whole.filter(bytes) + whole.finish()
        #expect(expected.count == bytes.count && !holds(expected, Array("+48".utf8)) && !holds(expected, Array("secret".utf8)))
        #expect(holds(expected, noiseBytes(5000)) && holds(expected, noiseBytes(84)))
        #expect(whole.tracks == ["vide", "soun"])
        for step in [1, 2, 3, 7, 8, 13, 100, 1024] {
            var (filter, kept) = (MovieMetadata(), [UInt8]())
            for start in stride(from: 0, to: bytes.count, by: step) {
                kept += filter.filter(Array(bytes[start..<min(bytes.count, start + step)]))
            }
            kept += filter.finish()
            #expect(kept == expected && filter.tracks == whole.tracks, "step \(step)")
        }
    }

    /// A directory of three items (pixels, EXIF, XMP) and their bytes; EXIF stands in two parts.
    private func heic(_ brand: String, version: UInt8) -> [UInt8] {
        func entry(_ id: UInt8, _ type: String) -> [UInt8] { box("infe", [2, 0, 0, 0, 0, id, 0, 0] + Array(type.utf8) + [0]) }
        func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
        let information = box("iinf", [0, 0, 0, 0, 0, 3] + entry(1, "hvc1") + entry(2, "Exif") + entry(3, "mime"))
        func location(_ start: Int) -> [UInt8] {
            func item(_ id: UInt8, _ extents: [(Int, Int)]) -> [UInt8] {
                [0, id] + (version == 0 ? [] : [0, 0]) + [0, 0, 0, UInt8(extents.count)]
                    + extents.flatMap { number(start + $0.0) + number($0.1) }
            }
            return box(
                "iloc", [version, 0, 0, 0, 0x44, 0, 0, 3] + item(1, [(0, 100)]) + item(2, [(100, 8), (120, 4)]) + item(3, [(108, 12)]))
        }
        let front = box("ftyp", Array("\(brand)\0\0\0\0".utf8))
        func meta(_ start: Int) -> [UInt8] { box("meta", [0, 0, 0, 0] + information + location(start)) }
        return front + meta(front.count + meta(0).count + 8)
            + box("mdat", [UInt8](repeating: 7, count: 100) + Array("+48.8577Lavoisier...2.29".utf8))
    }

    @Test(arguments: [("heic", 0), ("heic", 1), ("avif", 1)] as [(String, UInt8)])
    func picturesOfPhonesLoseTheirItems(_ brand: String, _ version: UInt8) {
        let bytes = heic(brand, version: version)
        let ranges = HEIFMetadata.ranges(in: bytes)
        #expect(ranges?.map(\.count).sorted() == [4, 8, 12])
        for step in [1, 7, 4096] {
            var kept: [UInt8] = []
            for start in stride(from: 0, to: bytes.count, by: step) {
                var piece = Array(bytes[start..<min(bytes.count, start + step)])
                HEIFMetadata.blank(ranges ?? [], in: &piece, from: Int64(start))
                kept += piece
            }
            #expect(Array(kept.dropLast(24)) == Array(bytes.dropLast(24)) && kept.suffix(24).allSatisfy { $0 == 0 })
        }
        // Damaged directories must not trap.
        for end in 0..<bytes.count - 132 { _ = HEIFMetadata.ranges(in: Array(bytes[..<end])) }
        for seed in 1...500 {
            var damaged = bytes
            for byte in noise(3, seed: UInt64(seed)) { damaged[Int(byte) % (bytes.count - 132)] ^= byte }
            _ = HEIFMetadata.ranges(in: damaged)
        }
    }

    /// A `meta` box with one EXIF item, whose location is given.
    private func located(_ location: [UInt8]) -> [UInt8] {
        let entry = box("infe", [2, 0, 0, 0, 0, 2, 0, 0] + Array("Exif".utf8) + [0])
        return box("ftyp", Array("heic\0\0\0\0".utf8))
            + box("meta", [0, 0, 0, 0] + box("iinf", [0, 0, 0, 0, 0, 1] + entry) + box("iloc", [0, 0, 0, 0] + location))
    }

    /// Extents of no bytes let a small file name billions of them.
    @Test func aDirectoryOfTooManyExtentsIsNotUnderstood() {
        let items = (0..<5000).flatMap { _ in [0, 2, 0, 0, 0xFF, 0xFF] as [UInt8] }
        #expect(HEIFMetadata.ranges(in: located([0x00, 0x00, 0x13, 0x88] + items)) == nil)
        #expect(HEIFMetadata.ranges(in: located([0x44, 0x00, 0, 1, 0, 2, 0, 0, 0, 1] + [0, 0, 0, 9, 0, 0, 0, 0])) == nil)
    }

    @Test func overlappingRangesAreBlankedOnce() {
        let extents: [UInt8] = [0, 0, 0, 9, 0, 0, 0, 20, 0, 0, 0, 5, 0, 0, 0, 10, 0, 0, 0, 12, 0, 0, 0, 3, 0, 0, 0, 99, 0, 0, 0, 1]
        #expect(HEIFMetadata.ranges(in: located([0x44, 0x00, 0, 1, 0, 2, 0, 0, 0, 4] + extents)) == [5..<29, 99..<100])
    }

    /// So that a file of many handlers does not fill the memory.
    @Test func onlyKnownKindsOfTracksAreKept() {
        let handlers = (0..<1000).flatMap { box("hdlr", [UInt8](repeating: 0, count: 8) + [1, 1, UInt8($0 >> 8), UInt8($0 & 0xFF)]) }
        var filter = MovieMetadata()
        _ = filter.filter(handlers + box("hdlr", [UInt8](repeating: 0, count: 8) + Array("soun".utf8)))
        #expect(filter.tracks == ["soun"])
    }

    @Test func whatIsNoMovieGoesThrough() {
        for seed in 1...50 {
            let bytes = noise(300, seed: UInt64(seed))
            var filter = MovieMetadata()
            #expect((filter.filter(bytes) + filter.finish()).count == bytes.count)
        }
    }

    @Test(arguments: TestDatabase.all) func soundAloneIsSound(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let alice = try await TestUser(site)
            for (tracks, type) in [(["soun"], "audio/mp4"), (["vide", "soun"], "video/mp4")] {
                let bytes = movie(tracks)
                let id = try await alice.upload(bytes, named: "x.mp4")
                #expect(try await alice.send("GET", "/files/\(id)").json["type"] == .string(type))
                let served = try await alice.raw("GET", "/files/\(id)/x.mp4").body
                #expect(served.count == bytes.count && !holds(served, Array("+48".utf8)))
            }
        }
    }
}
