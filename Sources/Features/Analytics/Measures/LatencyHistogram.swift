/// Durations in buckets, 32 for each doubling: the middle of a bucket is within 1.6 % of every duration in it. Two histograms merge by addition.
///
/// Microseconds, up to 2³²; durations of less than 32 µs are exact. Only buckets that are not empty are stored, in order.
struct LatencyHistogram: Sendable, Hashable {
    struct Entry: Sendable, Hashable {
        let bucket: UInt16
        var count: UInt32
    }

    private(set) var entries: [Entry] = []

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.reduce(0) { $0 + Int($1.count) } }

    init() {}

    /// - Parameter entries: in order, each bucket once.
    init(entries: [Entry]) { self.entries = entries }

    mutating func add(microseconds: UInt64, count: UInt32 = 1) {
        let bucket = Self.bucket(of: UInt32(clamping: microseconds))
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].bucket < bucket { low = middle + 1 } else { high = middle }
        }
        if low < entries.count, entries[low].bucket == bucket {
            entries[low].count &+= count
        } else {
            entries.insert(Entry(bucket: bucket, count: count), at: low)
        }
    }

    mutating func merge(_ other: LatencyHistogram) {
        guard !other.entries.isEmpty else { return }
        guard !entries.isEmpty else {
            entries = other.entries
            return
        }
        var merged: [Entry] = []
        merged.reserveCapacity(entries.count + other.entries.count)
        var (left, right) = (0, 0)
        while left < entries.count || right < other.entries.count {
            if right == other.entries.count || left < entries.count && entries[left].bucket < other.entries[right].bucket {
                merged.append(entries[left])
                left += 1
            } else if left == entries.count || other.entries[right].bucket < entries[left].bucket {
                merged.append(other.entries[right])
                right += 1
            } else {
                merged.append(Entry(bucket: entries[left].bucket, count: entries[left].count &+ other.entries[right].count))
                (left, right) = (left + 1, right + 1)
            }
        }
        entries = merged
    }

    /// The duration that this share of all durations does not exceed (nearest rank), in microseconds; nil for an empty histogram.
    func quantile(_ share: Double) -> Double? {
        let total = count
        guard total > 0 else { return nil }
        let rank = max(1, Int((share * Double(total)).rounded(.up)))
        var seen = 0
        for entry in entries {
            seen += Int(entry.count)
            if seen >= rank { return Self.middle(of: entry.bucket) }
        }
        return entries.last.map { Self.middle(of: $0.bucket) }
    }

    /// The number of durations in buckets whose middle is below a duration.
    func count(below microseconds: Double) -> Int {
        entries.reduce(0) { $0 + (Self.middle(of: $1.bucket) < microseconds ? Int($1.count) : 0) }
    }

    static func bucket(of microseconds: UInt32) -> UInt16 {
        guard microseconds >= 32 else { return UInt16(microseconds) }
        let doubling = 31 - microseconds.leadingZeroBitCount
        return UInt16((doubling - 4) * 32 + Int(microseconds >> UInt32(doubling - 5) & 31))
    }

    static func middle(of bucket: UInt16) -> Double {
        guard bucket >= 32 else { return Double(bucket) }
        let (doubling, part) = (Int(bucket) / 32 + 4, Int(bucket) % 32)
        let width = UInt64(1) << UInt64(doubling - 5)
        return Double(UInt64(32 + part) * width) + Double(width - 1) / 2
    }
}
