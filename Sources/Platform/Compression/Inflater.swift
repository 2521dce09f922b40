internal import CZlib

/// Expands messages that `Deflater` or a peer compressed, each for itself, on memory that all of them share: about 60 KB.
///
/// Not for several threads at once.
public final class Inflater {
    public enum Failure: Error {
        /// Not DEFLATE, or cut.
        case malformed
        /// More than the limit; the rest was not expanded.
        case tooBig
    }

    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 16 << 10)

    public init() {
        stream.initialize(to: z_stream())
        let status = inflateInit2_(stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib cannot begin to expand: \(status)")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        scratch.deallocate()
    }

    /// What a message of permessage-deflate holds (RFC 7692, 7.2.2).
    ///
    /// It may hold several streams, one after the other: a sender that cannot flush ends one (7.2.3.4). It must end where a block does.
    public func message(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        guard !bytes.isEmpty else { return [] }
        inflateReset(stream)
        var expanded: [UInt8] = []
        expanded.reserveCapacity(min(limit, bytes.count * 4))
        if try expand(bytes, into: &expanded, limit) { return expanded }
        let count = expanded.count
        _ = try expand(messageTail, into: &expanded, count + scratch.count)
        // The tail says nothing, and after it zlib stands between two blocks with no bits left over.
        guard expanded.count == count, stream.pointee.data_type == 128 else { throw .malformed }
        return expanded
    }

    /// - Returns: whether a stream ended with the last byte.
    private func expand(_ bytes: [UInt8], into expanded: inout [UInt8], _ limit: Int) throws(Failure) -> Bool {
        try bytes.withUnsafeBufferPointer { bytes throws(Failure) in
            stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
            stream.pointee.avail_in = UInt32(bytes.count)
            var hasEnded = false
            repeat {
                hasEnded = try step(into: &expanded, limit)
                if hasEnded, stream.pointee.avail_in > 0 { inflateReset(stream) }
            } while stream.pointee.avail_in > 0 || (stream.pointee.avail_out == 0 && !hasEnded)
            return hasEnded
        }
    }

    private func step(into expanded: inout [UInt8], _ limit: Int) throws(Failure) -> Bool {
        stream.pointee.next_out = scratch.baseAddress
        // One byte beyond the limit tells that there is more.
        let room = min(scratch.count, limit - expanded.count + 1)
        stream.pointee.avail_out = UInt32(room)
        let status = inflate(stream, Z_SYNC_FLUSH)
        // Z_BUF_ERROR: nothing was left to do.
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { throw .malformed }
        let count = room - Int(stream.pointee.avail_out)
        guard count <= limit - expanded.count else { throw .tooBig }
        expanded.append(contentsOf: scratch[..<count])
        return status == Z_STREAM_END
    }
}
