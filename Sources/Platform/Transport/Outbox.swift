/// The bytes a connection has still to write, in order, as whole buffers that may be shared with other connections.
struct Outbox {
    private var entries: [SharedBytes] = []
    private var head = 0
    /// How much of the first entry has been written.
    private var offset = 0
    private(set) var byteCount = 0

    var isEmpty: Bool { byteCount == 0 }

    mutating func append(_ bytes: SharedBytes) {
        guard bytes.count > 0 else { return }
        entries.append(bytes)
        byteCount += bytes.count
    }

    /// Offers the next bytes as one piece: a large or lone entry in place, small ones gathered in `scratch`.
    func withNext<Result>(
        gatheringIn scratch: UnsafeMutableRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        let firstCount = entries[head].count - offset
        if head + 1 == entries.count || firstCount >= scratch.count / 2 {
            return entries[head].bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[offset...])) }
        }
        var filled = 0
        var start = offset
        for entry in entries[head...] {
            let count = min(entry.count - start, scratch.count - filled)
            entry.bytes.withUnsafeBytes { bytes in
                UnsafeMutableRawBufferPointer(rebasing: scratch[filled...]).copyMemory(from: .init(rebasing: bytes[start..<start + count]))
            }
            filled += count
            start = 0
            if filled == scratch.count { break }
        }
        return body(UnsafeRawBufferPointer(rebasing: scratch[..<filled]))
    }

    /// Forgets the first `count` bytes, which are written.
    mutating func remove(_ count: Int) {
        byteCount -= count
        var left = count
        while left > 0 {
            let rest = entries[head].count - offset
            if left < rest {
                offset += left
                break
            }
            left -= rest
            offset = 0
            entries[head] = SharedBytes(framed: [])
            head += 1
        }
        compact()
    }

    /// Drops all that has not begun to be written, so that what is appended next follows at a frame's border.
    mutating func dropUnstarted() {
        entries = offset > 0 ? [entries[head]] : []
        head = 0
        byteCount = entries.isEmpty ? 0 : entries[0].count - offset
    }

    private mutating func compact() {
        if byteCount == 0 {
            entries.removeAll(keepingCapacity: entries.capacity <= 8)
            head = 0
        } else if head > 64, head > entries.count / 2 {
            entries.removeFirst(head)
            head = 0
        }
    }
}
