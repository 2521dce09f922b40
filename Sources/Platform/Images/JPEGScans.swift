internal import Glibc

/// The scans of a JPEG file (T.81, B.2.3), counted before any of them is decoded.
enum JPEGScans {
    /// Whether it could have more than that many.
    ///
    /// Every place where one may begin counts, so that no reader finds more; what stands beside the picture, such as a small one of the
    /// camera's, counts as well.
    static func mayExceed(_ limit: Int, in bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress else { return false }
        var (found, at) = (0, 0)
        while found <= limit, let hit = memchr(base + at, 0xFF, bytes.count - at) {
            at = UnsafeRawPointer(hit) - base + 1
            if at < bytes.count, bytes[at] == 0xDA { found += 1 }
        }
        return found > limit
    }
}
