internal import CZlib

/// Compresses with DEFLATE (RFC 1951), each message without knowledge of those before, on memory that all of them share: about 150 KB.
///
/// Not for several threads at once.
public final class Deflater {
    // On the heap: zlib remembers the address.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

    /// For messages of some hundred bytes a smaller hash table costs a third of the time and no ratio.
    public convenience init() { self.init(windowBits: -15, level: 6, memory: 5) }

    /// - Parameter windowBits: negative for no header, 16 more for gzip's.
    private init(windowBits: Int32, level: Int32, memory: Int32) {
        stream.initialize(to: z_stream())
        let status = deflateInit2_(
            stream, level, Z_DEFLATED, windowBits, memory, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib cannot begin to compress: \(status)")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// A message in the form of permessage-deflate (RFC 7692, 7.2.1): blocks up to a byte's border, without the 00 00 FF FF that marks it.
    public func message(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        deflateReset(stream)
        return run(bytes, Z_SYNC_FLUSH, Z_OK, cutting: messageTail.count)
    }

    /// A whole body as a gzip file (RFC 1952).
    public static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        Deflater(windowBits: 31, level: 5, memory: 8).run(bytes[...], Z_FINISH, Z_STREAM_END, cutting: 0)
    }

    private func run(_ bytes: ArraySlice<UInt8>, _ flush: Int32, _ expected: Int32, cutting tail: Int) -> [UInt8] {
        // The bound is for a stream that ends; the empty block that flushes takes a few bytes more.
        let room = Int(deflateBound(stream, UInt(bytes.count))) + 16
        return bytes.withUnsafeBufferPointer { bytes in
            stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
            stream.pointee.avail_in = UInt32(bytes.count)
            return [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = UInt32(buffer.count)
                let status = deflate(stream, flush)
                precondition(status == expected && stream.pointee.avail_out > 0, "zlib took more room than its bound")
                count = buffer.count - Int(stream.pointee.avail_out) - tail
            }
        }
    }
}

/// The end of a flushed stream, which messages on the wire go without.
let messageTail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]
