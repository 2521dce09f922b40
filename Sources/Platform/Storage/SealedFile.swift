internal import Crypto
internal import Glibc
internal import Kernel

/// How a stored file lies on the disk: chunks of 64 KiB, each sealed with its number and the name of the file, the last one shorter.
///
/// No chunk can be moved, swapped or left out without notice; how long the file is says the database.
enum SealedChunks {
    /// Bytes of a chunk before it is sealed.
    static let plain = 64 << 10
    /// The nonce before it and the tag behind it.
    static let overhead = 40
    static let sealed = plain + overhead

    static func associated(_ label: String, _ index: Int64) -> [UInt8] {
        Array(label.utf8) + [0] + withUnsafeBytes(of: index.bigEndian, Array.init)
    }
}

/// Writes one file, chunk by chunk. Used by one piece of work at a time.
public final class SealedWriter: @unchecked Sendable {
    // SAFETY: its owner hands it to one piece of work at a time, so that its state is never touched by two threads at once.
    private let descriptor: Descriptor
    private let folder: String
    private let key: AEADKey
    private let label: String
    private var rest: [UInt8] = []
    private var chunks: Int64 = 0

    init(_ path: String, in folder: String, key: AEADKey, label: String) throws(StorageFailure) {
        descriptor = try Descriptor(path, O_WRONLY | O_CREAT | O_EXCL)
        (self.folder, self.key, self.label) = (folder, key, label)
    }

    /// Bytes that lie sealed in whole chunks.
    public var written: Int64 { chunks * Int64(SealedChunks.plain) }

    /// Seals and writes every chunk that is full; the rest waits for more.
    public func append(_ bytes: [UInt8]) throws(StorageFailure) {
        rest += bytes
        var start = 0
        while rest.count - start >= SealedChunks.plain {
            try seal(Array(rest[start..<start + SealedChunks.plain]))
            start += SealedChunks.plain
        }
        rest.removeFirst(start)
    }

    /// Has the disk keep what is written so far.
    public func sync() throws(StorageFailure) { try descriptor.sync() }

    /// Writes the rest and has the disk keep everything, the name of the file, too. Nothing is appended after it.
    public func finish() throws(StorageFailure) {
        if !rest.isEmpty { try seal(rest) }
        rest = []
        try descriptor.sync()
        try Descriptor(folder, O_RDONLY | O_DIRECTORY).sync()
    }

    private func seal(_ bytes: [UInt8]) throws(StorageFailure) {
        let sealed = key.seal(bytes, associated: SealedChunks.associated(label, chunks))
        try descriptor.write(sealed, at: chunks * Int64(SealedChunks.sealed))
        chunks += 1
    }
}

/// Reads ranges of one file; every range opens no more chunks than it touches.
public final class SealedReader: Sendable {
    /// Bytes of the file.
    public let size: Int64
    private let descriptor: Descriptor
    private let key: AEADKey
    private let label: String

    init(_ path: String, size: Int64, key: AEADKey, label: String) throws(StorageFailure) {
        descriptor = try Descriptor(path, O_RDONLY)
        (self.size, self.key, self.label) = (size, key, label)
    }

    /// - Throws: `damaged` when the file is cut, or anything in it was changed.
    public func read(_ range: Range<Int64>) throws(StorageFailure) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= size, "a range lies within its file")
        guard !range.isEmpty else { return [] }
        let plain = Int64(SealedChunks.plain)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count + SealedChunks.plain)
        let first = range.lowerBound / plain
        for index in first...(range.upperBound - 1) / plain { bytes += try chunk(index) }
        let start = Int(range.lowerBound - first * plain)
        return start == 0 && bytes.count == range.count ? bytes : Array(bytes[start..<start + range.count])
    }

    private func chunk(_ index: Int64) throws(StorageFailure) -> [UInt8] {
        let count = Int(min(Int64(SealedChunks.plain), size - index * Int64(SealedChunks.plain)))
        let sealed = try descriptor.read(count + SealedChunks.overhead, at: index * Int64(SealedChunks.sealed))
        do throws(CryptoError) {
            let bytes = try key.open(sealed, associated: SealedChunks.associated(label, index))
            guard bytes.count == count else { throw .tampered }
            return bytes
        } catch {
            throw .damaged
        }
    }
}
