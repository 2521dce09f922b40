internal import CZlib

/// Expands a gzip file (RFC 1952) piece by piece; a file may have several members, one after the other.
///
/// Not for several threads at once.
public final class GzipReader {
    public enum Failure: Error, Sendable {
        case malformed
    }

    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 << 10)
    /// Whether the last member is whole.
    public private(set) var hasEnded = false

    public init() {
        stream.initialize(to: z_stream())
        let status = inflateInit2_(stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib cannot begin to expand: \(status)")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        scratch.deallocate()
    }

    /// Expands the next bytes of the file, and hands on what comes out, at most 64 KiB at a time.
    public func expand(_ bytes: [UInt8], into body: (ArraySlice<UInt8>) throws -> Void) throws {
        try bytes.withUnsafeBufferPointer { bytes in
            stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
            stream.pointee.avail_in = UInt32(bytes.count)
            repeat {
                if hasEnded {
                    // Another member.
                    if stream.pointee.avail_in == 0 { return }
                    inflateReset(stream)
                    hasEnded = false
                }
                stream.pointee.next_out = scratch.baseAddress
                stream.pointee.avail_out = UInt32(scratch.count)
                let status = inflate(stream, Z_NO_FLUSH)
                guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { throw Failure.malformed }
                hasEnded = status == Z_STREAM_END
                let count = scratch.count - Int(stream.pointee.avail_out)
                if count > 0 { try body(Array(scratch[..<count])[...]) }
            } while stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0
        }
    }
}
