internal import Glibc

extension String {
    /// Whether these bytes stand in it, one after the other; nothing is folded.
    public func contains(bytes part: [UInt8]) -> Bool {
        guard let first = part.first else { return true }
        var text = self
        return text.withUTF8 { text in
            guard text.count >= part.count else { return false }
            return (0...text.count - part.count).contains { start in
                text[start] == first && text[start..<start + part.count].elementsEqual(part)
            }
        }
    }
}

extension [UInt8] {
    /// Where these bytes stand for the first time from `start` on, one after the other.
    public func firstIndex(of part: [UInt8], from start: Int = 0) -> Int? {
        guard let first = part.first else { return start <= count ? start : nil }
        return withUnsafeBytes { text in
            part.withUnsafeBytes { part in
                guard let base = text.baseAddress, let pattern = part.baseAddress else { return nil }
                // SAFETY: a hit is looked for no further than where the whole part still fits.
                var at = start
                while at + part.count <= text.count, let hit = memchr(base + at, Int32(first), text.count - part.count + 1 - at) {
                    at = UnsafeRawPointer(hit) - base
                    if memcmp(hit, pattern, part.count) == 0 { return at }
                    at += 1
                }
                return nil
            }
        }
    }
}
