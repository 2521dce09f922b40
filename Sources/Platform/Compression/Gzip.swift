internal import CZlib

/// A whole body as a gzip file (RFC 1952).
public enum Gzip {
    /// - Parameter level: 1 is fast, 9 is small.
    public static func compress(_ bytes: [UInt8], level: Int32 = 5) -> [UInt8] {
        var stream = z_stream()
        // 16 more than the window's 15 bits: with gzip's header and checksum.
        let begun = deflateInit2_(
            &stream, level, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(begun == Z_OK, "zlib cannot begin to compress: \(begun)")
        defer { deflateEnd(&stream) }
        let room = Int(deflateBound(&stream, UInt(bytes.count)))
        return bytes.withUnsafeBufferPointer { bytes in
            stream.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
            stream.avail_in = UInt32(bytes.count)
            return [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(buffer.count)
                let status = deflate(&stream, Z_FINISH)
                precondition(status == Z_STREAM_END, "zlib took more room than its bound")
                count = buffer.count - Int(stream.avail_out)
            }
        }
    }
}
