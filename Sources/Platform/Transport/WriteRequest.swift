internal import CUV

/// A libuv write request and the bytes it writes, in one allocation.
struct WriteRequest {
    private var uv: uv_write_t
    var count: Int
    var bytes: UnsafeMutablePointer<CChar>

    static func make(_ bytes: UnsafeRawBufferPointer) -> UnsafeMutablePointer<WriteRequest> {
        let size = MemoryLayout<WriteRequest>.stride
        let raw = UnsafeMutableRawPointer.allocate(byteCount: size + bytes.count, alignment: 16)
        (raw + size).copyMemory(from: bytes.baseAddress!, byteCount: bytes.count)
        let request = raw.bindMemory(to: WriteRequest.self, capacity: 1)
        request.initialize(
            to: WriteRequest(uv: uv_write_t(), count: bytes.count, bytes: (raw + size).bindMemory(to: CChar.self, capacity: bytes.count)))
        return request
    }

    static func uv(_ request: UnsafeMutablePointer<WriteRequest>) -> UnsafeMutablePointer<uv_write_t> {
        UnsafeMutableRawPointer(request).assumingMemoryBound(to: uv_write_t.self)
    }

    static func free(_ request: UnsafeMutablePointer<WriteRequest>) { UnsafeMutableRawPointer(request).deallocate() }
}
