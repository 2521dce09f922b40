import Compression
import Testing

@Suite struct DeflateMessageTests {
    private let deflater = Deflater()
    private let inflater = Inflater()

    private func expand(_ bytes: [UInt8], limit: Int = 1000) -> Result<String, Inflater.Failure> {
        do throws(Inflater.Failure) {
            return .success(String(decoding: try inflater.message(bytes, limit: limit), as: UTF8.self))
        } catch {
            return .failure(error)
        }
    }

    /// RFC 7692, 7.2.3.
    static let examples: [(String, [UInt8], String)] = [
        ("one block", [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], "Hello"),
        ("a block without compression", [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00], "Hello"),
        ("a stream that ends, and an empty block", [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00], "Hello"),
        ("a stream that ends, and nothing more", [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], "Hello"),
        ("two blocks", [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00], "Hello"),
        (
            "two streams", [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00], "HelloHello"
        ),
        ("an empty message", [0x00], ""),
        ("nothing", [], ""),
    ]

    @Test(arguments: examples) func expands(_ name: String, _ bytes: [UInt8], _ text: String) throws {
        #expect(try expand(bytes).get() == text)
    }

    static let broken: [(String, [UInt8])] = [
        ("a block of a kind that there is not", [0x07]),
        ("a message cut inside a block", [0xF2, 0x48, 0xCD]),
        ("a block without compression whose length is not confirmed", [0x00, 0x05, 0x00, 0xFA, 0xFE, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00]),
        ("a distance back to before the message", [0x4A, 0x04, 0x02, 0x00]),
        ("bytes after the last block", [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0xFF]),
        ("a block whose last bytes would be the tail", [0x00, 0x04, 0x00, 0xFB, 0xFF]),
        ("noise", [0xDE, 0xAD, 0xBE, 0xEF]),
    ]

    @Test(arguments: broken) func refuses(_ name: String, _ bytes: [UInt8]) {
        #expect(expand(bytes) == .failure(.malformed))
        #expect(expand([0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]) == .success("Hello"))
    }

    @Test func expandsWhatWasCompressed() throws {
        for size in [0, 1, 100, 16383, 16384, 16385, 40_000, 200_000] {
            for alphabet in [1, 4, 256] {
                let message = (0..<size).map { _ in UInt8(Int.random(in: 0..<alphabet)) }
                let compressed = deflater.message(message[...])
                #expect(try inflater.message(compressed, limit: size) == message)
                if size > 0 { #expect(throws: Inflater.Failure.tooBig) { try inflater.message(compressed, limit: size - 1) } }
            }
        }
    }

    /// No message may lean on the one before: each is compressed as if it were the first.
    @Test func forgetsTheMessageBefore() {
        let message = Array("the same words again and again".utf8)
        let first = deflater.message(message[...])
        #expect(deflater.message(message[...]) == first)
        #expect(Deflater().message(message[...]) == first)
    }

    /// A thousand to one is as far as DEFLATE goes: what is expanded stops at the limit, not at the end.
    @Test func stopsABombAtTheLimit() {
        let bomb = deflater.message([UInt8](repeating: 0, count: 64 << 20)[...])
        #expect(bomb.count < 70_000)
        #expect(throws: Inflater.Failure.tooBig) { try inflater.message(bomb, limit: 64 << 10) }
    }
}
