internal import CZlib

/// Compresses messages with DEFLATE (RFC 1951), each without knowledge of those before, on memory that all of them share: about 150 KB.
///
/// Not for several threads at once.
public final class Deflater {
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

    public init() {
        stream.initialize(to: z_stream())
        // A negative window means no header. For messages of some hundred bytes a smaller hash table costs a third of the time and no ratio.
        let status = deflateInit2_(stream, 6, Z_DEFLATED, -15, 5, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib cannot begin to compress: \(status)")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// A message in the form of permessage-deflate (RFC 7692, 7.2.1): blocks up to a byte's border, without the 00 00 FF FF that marks it.
    public func message(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        deflateReset(stream)
        // The bound is for a stream that ends; the empty block that flushes takes a few bytes more.
        let room = Int(deflateBound(stream, UInt(bytes.count))) + 16
        return bytes.withUnsafeBufferPointer { bytes in
            stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
            stream.pointee.avail_in = UInt32(bytes.count)
            return [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = UInt32(buffer.count)
                let status = deflate(stream, Z_SYNC_FLUSH)
                precondition(status == Z_OK && stream.pointee.avail_out > 0, "zlib took more room than its bound")
                count = buffer.count - Int(stream.pointee.avail_out) - messageTail.count
            }
        }
    }
}

/// The end of a flushed stream, which messages on the wire go without.
let messageTail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]
