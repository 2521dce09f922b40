internal import Compression
internal import Kernel

/// A window as one packed, deflated value: numbers in groups of seven bits, what is in order as differences.
enum RollupCodec {
    /// The version of this format: the first number of every value.
    private static let form: UInt64 = 1
    /// Bytes that a value may have once it is inflated.
    private static let limit = 64 << 20

    /// - Parameter window: with ordinals as its members.
    static func pack(_ window: MeasureWindow) -> [UInt8] {
        var writer = NumberWriter()
        writer.put(form)
        writer.put(UInt64(window.seconds))
        writer.put(UInt64(window.sockets))
        writer.put(UInt64(window.sessions))
        put(window.total, &writer)
        writer.put(UInt64(window.events.count))
        for (type, count) in window.events.sorted(by: { $0.key < $1.key }) {
            writer.put(type)
            writer.put(UInt64(count))
        }
        writer.put(UInt64(window.endpoints.count))
        for (key, totals) in window.endpoints.sorted(by: { ($0.key.route, $0.key.method) < ($1.key.route, $1.key.method) }) {
            writer.put(key.method)
            writer.put(key.route)
            put(totals, &writer)
        }
        writer.put(UInt64(window.segments.count))
        for (segment, totals) in window.segments.sorted(by: {
            ($0.key.dimension.rawValue, $0.key.value) < ($1.key.dimension.rawValue, $1.key.value)
        }) {
            writer.put(segment.dimension.rawValue)
            writer.put(segment.value)
            put(totals, &writer)
        }
        return Deflater().message(writer.bytes[...])
    }

    /// Nil for damage and for another version.
    static func unpack(_ packed: [UInt8]) -> MeasureWindow? {
        guard let bytes = expand(packed) else { return nil }
        var reader = NumberReader(bytes)
        guard reader.number() == form else { return nil }
        var window = MeasureWindow()
        (window.seconds, window.sockets, window.sessions) = (reader.count(), reader.count(), reader.count())
        window.total = totals(&reader)
        for _ in 0..<reader.length() {
            let type = reader.text()
            window.events[type] = reader.count()
        }
        for _ in 0..<reader.length() {
            let key = EndpointKey(method: reader.text(), route: reader.text())
            window.endpoints[key] = totals(&reader)
        }
        for _ in 0..<reader.length() {
            let (dimension, value) = (reader.text(), reader.text())
            let part = totals(&reader)
            if let dimension = Segment.Dimension(rawValue: dimension) {
                window.segments[Segment(dimension: dimension, value: value)] = part
            }
        }
        return reader.isSound ? window : nil
    }

    private static func expand(_ packed: [UInt8]) -> [UInt8]? {
        do { return try Inflater().message(packed, limit: limit) } catch { return nil }
    }

    private static func put(_ totals: MeasureTotals, _ writer: inout NumberWriter) {
        writer.put(UInt64(totals.requests))
        writer.put(UInt64(totals.errors))
        writer.put(UInt64(totals.clientErrors))
        writer.put(totals.microseconds)
        writer.put(UInt64(totals.latency.entries.count))
        var last: UInt16 = 0
        for entry in totals.latency.entries {
            writer.put(UInt64(entry.bucket - last))
            writer.put(UInt64(entry.count))
            last = entry.bucket
        }
        let members = totals.members.sorted()
        writer.put(UInt64(members.count))
        var former: Int64 = 0
        for member in members {
            writer.put(UInt64(bitPattern: member - former))
            former = member
        }
    }

    private static func totals(_ reader: inout NumberReader) -> MeasureTotals {
        var totals = MeasureTotals()
        (totals.requests, totals.errors, totals.clientErrors) = (reader.count(), reader.count(), reader.count())
        totals.microseconds = reader.number() ?? 0
        var (entries, bucket): ([LatencyHistogram.Entry], UInt64) = ([], 0)
        for _ in 0..<reader.length() {
            bucket += reader.number() ?? 0
            entries.append(LatencyHistogram.Entry(bucket: UInt16(clamping: bucket), count: UInt32(clamping: reader.number() ?? 0)))
        }
        totals.latency = LatencyHistogram(entries: entries)
        var member: Int64 = 0
        for _ in 0..<reader.length() {
            member &+= Int64(bitPattern: reader.number() ?? 0)
            totals.members.insert(member)
        }
        return totals
    }
}

private struct NumberWriter {
    private(set) var bytes: [UInt8] = []

    mutating func put(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func put(_ text: String) {
        put(UInt64(text.utf8.count))
        bytes += text.utf8
    }
}

private struct NumberReader {
    private let bytes: [UInt8]
    private var place = 0
    /// Whether every read so far found its bytes.
    private(set) var isSound = true

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func number() -> UInt64? {
        var (value, shift): (UInt64, UInt64) = (0, 0)
        while place < bytes.count, shift < 64 {
            let byte = bytes[place]
            place += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        isSound = false
        return nil
    }

    mutating func count() -> Int { Int(clamping: number() ?? 0) }

    /// A number of elements that follow: at most one for each byte left, so that a damaged value causes no long loop.
    mutating func length() -> Int {
        let length = count()
        guard isSound, length <= bytes.count - place else {
            isSound = false
            return 0
        }
        return length
    }

    mutating func text() -> String {
        let length = length()
        guard isSound, let text = String(ownUTF8: bytes[place..<place + length]) else {
            isSound = false
            return ""
        }
        place += length
        return text
    }
}
