internal import Crypto
internal import Glibc
internal import Kernel

/// The format of a stored file: chunks of 64 KiB, the last one shorter. Each is sealed with its number and the label of its file.
///
/// A reader notices a chunk that was moved, swapped or left out. The length of the file is in the database, so a cut file is noticed as well.
enum SealedChunks {
    /// Bytes of a chunk before it is sealed.
    static let plain = 64 << 10
    /// The nonce before the chunk and the tag behind it.
    static let overhead = 40
    static let sealed = plain + overhead

    static func associated(_ label: String, _ index: Int64) -> [UInt8] {
        Array(label.utf8) + [0] + withUnsafeBytes(of: index.bigEndian, Array.init)
    }
}

/// Writes one file, chunk by chunk. Used by one piece of work at a time.
public final class SealedWriter: @unchecked Sendable {
    // SAFETY: its owner hands it to one piece of work at a time, so that no two threads touch its state at once.
    private let descriptor: Descriptor
    private let folder: String
    private let path: String
    /// Where the finished file is moved to.
    private let place: String?
    private let key: AEADKey
    private let label: String
    private var rest: [UInt8] = []
    private var chunks: Int64 = 0

    init(_ path: String, in folder: String, place: String? = nil, key: AEADKey, label: String) throws(StorageFailure) {
        descriptor = try Descriptor(path, O_WRONLY | O_CREAT | O_EXCL)
        (self.path, self.folder, self.place, self.key, self.label) = (path, folder, place, key, label)
    }

    /// Bytes in whole chunks, which are sealed and written.
    public var written: Int64 { chunks * Int64(SealedChunks.plain) }

    /// Seals and writes every chunk that is full, and keeps the rest for later.
    public func append(_ bytes: [UInt8]) throws(StorageFailure) {
        var start = 0
        if !rest.isEmpty {
            start = min(bytes.count, SealedChunks.plain - rest.count)
            rest += bytes[..<start]
            guard rest.count == SealedChunks.plain else { return }
            try seal(rest)
            rest = []
        }
        while bytes.count - start >= SealedChunks.plain {
            try seal(Array(bytes[start..<start + SealedChunks.plain]))
            start += SealedChunks.plain
        }
        rest += bytes[start...]
    }

    /// Makes what is written so far durable.
    public func sync() throws(StorageFailure) { try descriptor.sync() }

    /// Writes the rest, makes the file and its name durable, and moves it to its place. Nothing is appended afterwards.
    public func finish() throws(StorageFailure) {
        if !rest.isEmpty { try seal(rest) }
        rest = []
        try descriptor.sync()
        if let place, rename(path, place) != 0 { throw .now("rename") }
        try Descriptor(folder, O_RDONLY | O_DIRECTORY).sync()
    }

    private func seal(_ bytes: [UInt8]) throws(StorageFailure) {
        let sealed = key.seal(bytes, associated: SealedChunks.associated(label, chunks))
        try descriptor.write(sealed, at: chunks * Int64(SealedChunks.sealed))
        chunks += 1
    }
}

/// Reads ranges of one file. A range opens only the chunks that it touches.
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

    /// - Throws: `damaged` when the file was cut or changed.
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
