internal import Kernel

/// Finds the metadata of a HEIC or AVIF file (ISO 23008-12): the items of EXIF and XMP.
///
/// The orientation of the picture is not among them; it is a property of the picture item.
enum HEIFMetadata {
    /// The directory must lie within so many bytes at the start of the file.
    static let looked = 1 << 20
    /// The most items, and the most extents of all items together, that a directory may have.
    private static let items = 10_000

    /// The ranges of the file to overwrite with zeros.
    ///
    /// - Parameter head: the start of the file.
    /// - Returns: nil when the directory cannot be understood.
    static func ranges(in head: [UInt8]) -> [Range<Int64>]? {
        let bytes = Bytes(head)
        guard let meta = bytes.boxes(0..<head.count)?.first(where: { $0.type == "meta" }), meta.content.count > 4,
            let inner = bytes.boxes(meta.content.lowerBound + 4..<meta.content.upperBound)
        else { return nil }
        guard let info = inner.first(where: { $0.type == "iinf" }), let items = metadataItems(info.content, bytes) else { return nil }
        guard !items.isEmpty else { return [] }
        let data = inner.first { $0.type == "idat" }?.content.lowerBound
        guard let location = inner.first(where: { $0.type == "iloc" }) else { return nil }
        return places(of: items, location.content, bytes, data: data)
    }

    /// The ids of the items that are EXIF, XMP or other text.
    private static func metadataItems(_ content: Range<Int>, _ bytes: Bytes) -> Set<Int64>? {
        guard let version = bytes.number(content.lowerBound, 1) else { return nil }
        let start = content.lowerBound + (version == 0 ? 6 : 8)
        guard start <= content.upperBound, let entries = bytes.boxes(start..<content.upperBound), entries.count <= items else { return nil }
        var found: Set<Int64> = []
        for entry in entries where entry.type == "infe" {
            guard let version = bytes.number(entry.content.lowerBound, 1), version >= 2 else { continue }
            let width = version == 2 ? 2 : 4
            guard let id = bytes.number(entry.content.lowerBound + 4, width),
                let type = bytes.text(entry.content.lowerBound + 6 + width)
            else { return nil }
            if ["Exif", "mime", "uri "].contains(type) { found.insert(id) }
        }
        return found
    }

    private static func places(of wanted: Set<Int64>, _ content: Range<Int>, _ bytes: Bytes, data: Int?) -> [Range<Int64>]? {
        guard let version = bytes.number(content.lowerBound, 1), version <= 2, let sizes = bytes.number(content.lowerBound + 4, 2) else {
            return nil
        }
        let (offsetSize, lengthSize, baseSize) = (Int(sizes >> 12), Int(sizes >> 8 & 15), Int(sizes >> 4 & 15))
        let indexSize = version == 0 ? 0 : Int(sizes & 15)
        var at = content.lowerBound + 6
        func take(_ count: Int) -> Int64? {
            defer { at += count }
            return count == 0 ? 0 : at + count <= content.upperBound ? bytes.number(at, count) : nil
        }
        guard let count = take(version < 2 ? 2 : 4), count <= items else { return nil }
        var found: [Range<Int64>] = []
        // Extents may take no bytes in the directory, so that only a count bounds them.
        var left = Int64(items)
        for _ in 0..<count {
            guard let id = take(version < 2 ? 2 : 4), let method = version == 0 ? 0 : take(2), take(2) != nil, let base = take(baseSize),
                let extents = take(2)
            else { return nil }
            left -= extents
            guard left >= 0 else { return nil }
            for _ in 0..<extents {
                guard take(indexSize) != nil, let offset = take(offsetSize), let length = take(lengthSize) else { return nil }
                guard wanted.contains(id) else { continue }
                let (inData, isPlain) = (method & 15 == 1, method & 15 == 0)
                guard isPlain || inData && data != nil else { return nil }
                let start = (inData ? Int64(data ?? 0) : 0).addingReportingOverflow(base).partialValue.addingReportingOverflow(offset)
                    .partialValue
                // A length of 0 stands for the whole file.
                guard start >= 0, length > 0, start <= Int64.max - length else { return nil }
                found.append(start..<start + length)
            }
        }
        return merged(found)
    }

    /// The same bytes in ranges that do not overlap, so that each byte is blanked once.
    private static func merged(_ ranges: [Range<Int64>]) -> [Range<Int64>] {
        var merged: [Range<Int64>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            guard let last = merged.last, range.lowerBound < last.upperBound else {
                merged.append(range)
                continue
            }
            merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
        }
        return merged
    }

    /// Overwrites with zeros the part of some ranges that lies in a piece of the file.
    static func blank(_ ranges: [Range<Int64>], in piece: inout [UInt8], from start: Int64) {
        for range in ranges {
            let part = range.clamped(to: start..<start + Int64(piece.count))
            for place in part { piece[Int(place - start)] = 0 }
        }
    }
}

/// Numbers and boxes in the start of a file.
private struct Bytes {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Big-endian; nil beyond the end, and for more than 63 bits.
    func number(_ at: Int, _ count: Int) -> Int64? {
        guard at >= 0, count <= 8, at + count <= bytes.count, count < 8 || bytes[at] & 0x80 == 0 else { return nil }
        return bytes[at..<at + count].reduce(0) { $0 << 8 | Int64($1) }
    }

    func text(_ at: Int) -> String? {
        guard at >= 0, at + 4 <= bytes.count else { return nil }
        return String(own: bytes[at..<at + 4])
    }

    /// The boxes of a range; the last may be cut. Nil when the bytes are not a sequence of boxes.
    func boxes(_ range: Range<Int>) -> [(type: String, content: Range<Int>)]? {
        var found: [(type: String, content: Range<Int>)] = []
        var at = range.lowerBound
        while at + 8 <= range.upperBound {
            guard var size = number(at, 4), let type = text(at + 4) else { return nil }
            var head = 8
            if size == 1 {
                guard let large = number(at + 8, 8) else { return nil }
                (size, head) = (large, 16)
            }
            let left = Int64(range.upperBound - at)
            if size == 0 { size = left }
            guard size >= Int64(head) else { return nil }
            let end = at + Int(min(size, left))
            found.append((type, at + head..<end))
            at = end
        }
        return found
    }
}
