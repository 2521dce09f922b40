import Glibc
import Images
import Pictures
import Testing

@Suite struct PictureMakerTests {
    private let maker = PictureMaker()

    @Test(arguments: Picture.samples) func makesSquaresOfWhatIsRead(_ name: String) async throws {
        let made = try await maker.squares(of: Picture.sample(name), sizes: [64, 256])
        for (bytes, size) in zip(made, [64, 256]) {
            let webP = try #require(Picture.webP(bytes), "\(name) became something else")
            #expect(webP.width == size && webP.height == size)
            let hasAlpha = ["alpha.png", "interlaced16.png"].contains(name)
            #expect(webP.chunks == (hasAlpha ? ["VP8X", "ALPH", "VP8 "] : ["VP8 "]), "\(name)")
            #expect(bytes.count < 40_000)
        }
    }

    @Test(arguments: ["phone.jpg", "phone.webp"]) func nothingButPixelsIsLeft(_ name: String) async throws {
        let before = String(decoding: Picture.sample(name), as: UTF8.self)
        #expect(before.contains("Sycamore") && before.contains("Exif") && before.contains("ICC"))
        for made in try await maker.squares(of: Picture.sample(name), sizes: [64, 256]) {
            let after = String(decoding: made, as: UTF8.self)
            for word in ["Sycamore", "Exif", "EXIF", "XMP", "ICC"] where after.contains(word) {
                Issue.record("\(word) is still in \(name)")
            }
        }
    }

    /// One scene, stored in each of the eight ways that EXIF knows: the same square of it gives the same bytes.
    @Test func whatIsTurnedIsSetUprightBeforeItIsCut() async throws {
        let (width, height, crop) = (290, 270, SquareCrop(x: 30, y: 9, size: 256))
        func scene(_ x: Int, _ y: Int) -> [UInt8] {
            [UInt8(x * 255 / width), UInt8(y * 255 / height), x / 16 % 2 == y / 32 % 2 ? 200 : 20]
        }
        let cut = Picture.png(width: 256, height: 256) { scene($0 + crop.x, $1 + crop.y) }
        let expected = try await maker.squares(of: cut, sizes: [256])
        for orientation in UInt8(1)...8 {
            let isTurned = orientation >= 5
            let stored = Picture.png(width: isTurned ? height : width, height: isTurned ? width : height, orientation: orientation) {
                x, y in
                switch orientation {
                case 2: scene(width - 1 - x, y)
                case 3: scene(width - 1 - x, height - 1 - y)
                case 4: scene(x, height - 1 - y)
                case 5: scene(y, x)
                case 6: scene(width - 1 - y, x)
                case 7: scene(width - 1 - y, height - 1 - x)
                case 8: scene(y, height - 1 - x)
                default: scene(x, y)
                }
            }
            let made = try await maker.squares(of: stored, sizes: [256], crop: crop)
            #expect(made == expected, "orientation \(orientation)")
        }
    }

    @Test func withoutACropItIsTheMiddle() async throws {
        func striped(_ x: Int, _ y: Int) -> [UInt8] { [UInt8(x), UInt8(y / 2), 90] }
        let whole = Picture.png(width: 100, height: 60, striped)
        let middle = try await maker.squares(of: whole, sizes: [64], crop: SquareCrop(x: 20, y: 0, size: 60))
        #expect(try await maker.squares(of: whole, sizes: [64]) == middle)
        #expect(try await maker.squares(of: whole, sizes: [64], crop: SquareCrop(x: 21, y: 0, size: 60)) != middle)
    }

    /// Read as one strip, its two frames would be 64 rows high.
    @Test(arguments: ["animated.gif", "animated.webp"]) func ofAnAnimationTheFirstFrameIsTaken(_ name: String) async throws {
        await #expect(throws: PictureFailure.cropOutside(width: 48, height: 32)) {
            try await maker.squares(of: Picture.sample(name), sizes: [64], crop: SquareCrop(x: 0, y: 1, size: 32))
        }
    }

    @Test func aSquareMustLieWithin() async throws {
        // Turned: 32 by 48 as a person sees it.
        let phone = Picture.sample("phone.jpg")
        for crop in [(0, 0, 33), (1, 0, 32), (0, 17, 32), (-1, 0, 8), (0, -1, 8), (0, 0, 0), (0, 0, -1), (Int.max, 0, 1)] {
            await #expect(throws: PictureFailure.cropOutside(width: 32, height: 48), "\(crop)") {
                try await maker.squares(of: phone, sizes: [64], crop: SquareCrop(x: crop.0, y: crop.1, size: crop.2))
            }
        }
        for crop in [(0, 0, 32), (0, 16, 32), (31, 47, 1)] {
            let made = try await maker.squares(of: phone, sizes: [64], crop: SquareCrop(x: crop.0, y: crop.1, size: crop.2))
            #expect(Picture.webP(made[0])?.width == 64)
        }
    }

    /// Known by the head: nothing is decoded, however little is sent.
    @Test func manyPixelsAreRefusedBeforeTheyAreDecoded() async throws {
        for (width, height) in [(50_000, 50_000), (16_385, 1), (1, 16_385), (8000, 4001)] {
            await #expect(throws: PictureFailure.tooManyPixels(width: width, height: height)) {
                try await maker.squares(of: Picture.bomb(width: width, height: height), sizes: [64])
            }
        }
        // Of the size that is allowed, with nothing in it.
        await #expect { try await maker.squares(of: Picture.bomb(width: 8000, height: 4000), sizes: [64]) } throws: {
            if case PictureFailure.damaged = $0 { true } else { false }
        }
    }

    /// In a process of its own, whose memory nothing else uses: unpacked, the texts would be more than a gigabyte.
    @Test func textsOfAPictureAreNotUnpacked() async {
        await #expect(processExitsWith: .success) {
            let made = try await PictureMaker().squares(of: Picture.png(texts: 40), sizes: [64])
            #expect(made.count == 1)
            let peak = try #require(PictureMakerTests.peakMemory())
            #expect(peak < 400_000)
        }
    }

    /// The most that this process ever had in memory, in kilobytes.
    fileprivate static func peakMemory() -> Int? {
        guard let file = fopen("/proc/self/status", "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = fread(&bytes, 1, bytes.count, file)
        let line = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { Int($0.filter(\.isNumber)) }
    }

    /// A scan of a few bytes is gone through for every pixel: a small file could keep the maker busy for many minutes.
    @Test func aPictureOfManyScansIsRefusedBeforeItIsDecoded() async throws {
        #expect(try await maker.squares(of: Picture.jpeg(scans: 200), sizes: [64]).count == 1)
        await #expect { try await maker.squares(of: Picture.jpeg(scans: 201), sizes: [64]) } throws: {
            if case PictureFailure.damaged = $0 { true } else { false }
        }
    }

    @Test func otherFormatsAreNotRead() async throws {
        let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><image href='file:///etc/passwd'/></svg>"
        let others = [Picture.sample("picture.tif"), Array(svg.utf8), Array("%PDF-1.7".utf8), Array("P6 1 1 255 abc".utf8), [], [0xFF]]
        for bytes in others {
            await #expect(throws: PictureFailure.unknownFormat) { try await maker.squares(of: bytes, sizes: [64]) }
        }
    }

    /// Of every sample: cut anywhere, or with a byte changed, it becomes squares or a refusal, and the maker lives on.
    @Test(arguments: Picture.samples) func whatIsDamagedIsRefusedOrRead(_ name: String) async throws {
        let bytes = Picture.sample(name)
        var refused = 0
        for step in 1...24 {
            let place = bytes.count * step / 25
            var changed = bytes
            changed[place] ^= 0x55
            for damaged in [Array(bytes[..<place]), changed] {
                do {
                    let made = try await maker.squares(of: damaged, sizes: [64])
                    #expect(Picture.webP(made[0]) != nil)
                } catch is PictureFailure {
                    refused += 1
                }
            }
        }
        #expect(refused > 0)
        _ = try await maker.squares(of: bytes, sizes: [64])
    }

    /// A page behind a picture, or a picture that begins like one: only pixels come out.
    @Test func whatIsTwoThingsAtOnceIsAPictureAlone() async throws {
        let script = Array("<script>alert('Sycamore')</script>".utf8)
        for name in ["gray.png", "progressive.jpg", "animated.gif"] {
            let made = try await maker.squares(of: Picture.sample(name) + script, sizes: [64])
            #expect(Picture.webP(made[0]) != nil && !String(decoding: made[0], as: UTF8.self).contains("script"))
        }
        await #expect(throws: PictureFailure.self) { try await maker.squares(of: Array("GIF89a/*".utf8) + script, sizes: [64]) }
    }

    @Test func beyondTheQueueItIsRefused() async throws {
        let narrow = PictureMaker(depth: 1)
        let picture = Picture.png(width: 600, height: 600) { x, y in [UInt8(x & 255), UInt8(y & 255), 0] }
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do {
                        _ = try await narrow.squares(of: picture, sizes: [64])
                        return true
                    } catch {
                        return false
                    }
                }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(outcomes.contains(true) && outcomes.contains(false))
    }
}
