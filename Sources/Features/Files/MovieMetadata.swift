internal import Kernel

/// Removes the metadata of a movie (ISO 14496-12) while its bytes are copied.
///
/// Boxes keep their length and place, so that all offsets stay valid: `udta`, `meta` and `uuid` become `free`, and their content becomes zero.
struct MovieMetadata: Sendable {
    private enum State {
        case header([UInt8])
        case copying(Int64)
        case zeroing(Int64)
        case handler([UInt8], Int64)
        case rest
    }

    private var state = State.header([])
    /// Which of the kinds `vide` and `soun` its tracks have.
    private(set) var tracks: Set<String> = []

    private static let kinds: Set<String> = ["vide", "soun"]
    private static let containers: Set<String> = ["moov", "trak", "mdia"]
    private static let removed: Set<String> = ["udta", "meta", "uuid", "free", "skip"]

    /// The next bytes of the movie, without metadata. After the last, `finish` returns the bytes of an incomplete header.
    mutating func filter(_ bytes: [UInt8]) -> [UInt8] {
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count + 16)
        var at = 0
        while at < bytes.count {
            switch state {
            case .rest:
                kept += bytes[at...]
                at = bytes.count
            case .copying(let count), .zeroing(let count):
                let part = Int(min(count, Int64(bytes.count - at)))
                if case .copying = state { kept += bytes[at..<at + part] } else { kept += [UInt8](repeating: 0, count: part) }
                at += part
                state = next(state, count - Int64(part))
            case .handler(var head, let count):
                let part = min(12 - head.count, bytes.count - at)
                head += bytes[at..<at + part]
                kept += bytes[at..<at + part]
                at += part
                state = .handler(head, count)
                if head.count == 12 {
                    let kind = String(own: head[8...])
                    if Self.kinds.contains(kind) { tracks.insert(kind) }
                    state = next(.copying(0), count - 12)
                }
            case .header(var head):
                let needed = head.count >= 8 && head[0..<4].elementsEqual([0, 0, 0, 1]) ? 16 : 8
                let part = min(needed - head.count, bytes.count - at)
                head += bytes[at..<at + part]
                at += part
                state = .header(head)
                if head.count == 16 || head.count == 8 && !head[0..<4].elementsEqual([0, 0, 0, 1]) { kept += begin(head) }
            }
        }
        return kept
    }

    /// The bytes of an incomplete header at the end.
    func finish() -> [UInt8] { if case .header(let head) = state { head } else { [] } }

    private func next(_ state: State, _ count: Int64) -> State {
        guard count > 0 else { return .header([]) }
        if case .zeroing = state { return .zeroing(count) }
        return .copying(count)
    }

    /// Decides whether the content of a box is kept. Returns its header as it is written.
    private mutating func begin(_ head: [UInt8]) -> [UInt8] {
        let short = number(head[0..<4])
        // A size of more than 63 bits is invalid.
        let size = head.count == 16 ? (head[8] & 0x80 == 0 ? number(head[8..<16]) : -1) : short
        let type = String(own: head[4..<8])
        let count = size - Int64(head.count)
        if Self.removed.contains(type) {
            state = size == 0 ? .zeroing(.max) : count < 0 ? .rest : next(.zeroing(0), count)
            return Array(head[0..<4]) + Array("free".utf8) + Array(head[8...])
        }
        if size == 0 || count < 0 {
            state = .rest
        } else if Self.containers.contains(type) {
            state = .header([])
        } else if type == "hdlr", count >= 12 {
            state = .handler([], count)
        } else {
            state = next(.copying(0), count)
        }
        return head
    }

    private func number(_ bytes: ArraySlice<UInt8>) -> Int64 { bytes.reduce(0) { $0 << 8 | Int64($1) } }
}
