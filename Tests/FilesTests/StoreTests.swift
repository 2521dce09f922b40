import Crypto
import Storage
import TestSupport
import Testing

/// Files of the store, without a site.
@Suite struct StoreTests {
    private let key = try? AEADKey(Random.bytes(AEADKey.keyCount))

    private func withStore(_ body: (FileStore, AEADKey) throws -> Void) throws {
        let folder = try TestFolder()
        defer { do { try TestFolder.remove(folder.path) } catch { Issue.record(error) } }
        try body(FileStore(path: "\(folder.path)/files"), try #require(key))
    }

    @Test func everySplitOfTheBytesReadsTheSame() throws {
        try withStore { store, key in
            let bytes = noise(200_000)
            for (number, step) in [1000, 65_535, 65_536, 65_537, 150_000, 200_000].enumerated() {
                let writer = try store.write("data", of: Int64(number), key: key)
                for start in stride(from: 0, to: bytes.count, by: step) {
                    try writer.append(Array(bytes[start..<min(bytes.count, start + step)]))
                    #expect(writer.written == Int64(min(bytes.count, start + step) & ~0xFFFF))
                }
                try writer.finish()
                let reader = try store.read("data", of: Int64(number), size: 200_000, key: key)
                #expect(try reader.read(0..<200_000) == bytes, "step \(step)")
            }
        }
    }

    /// As when two nodes finish one upload.
    @Test func ofTwoReplacementsOnlyAWholeOneTakesThePlace() throws {
        try withStore { store, key in
            let (first, bytes) = (try store.replace("data", of: 7, key: key), noise(100_000))
            try first.append(Array(bytes[..<70_000]))
            let second = try store.replace("data", of: 7, key: key)
            #expect(throws: StorageFailure.missing) { try first.finish() }
            #expect(throws: StorageFailure.missing) { try store.read("data", of: 7, size: 100_000, key: key) }
            try second.append(bytes)
            try second.finish()
            #expect(try store.read("data", of: 7, size: 100_000, key: key).read(0..<100_000) == bytes)
            #expect(try files(below: store.path).count == 1)
            try store.remove(from: 7)
            #expect(try files(below: store.path).isEmpty)
        }
    }
}
