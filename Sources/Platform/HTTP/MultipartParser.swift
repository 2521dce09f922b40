internal import Glibc

/// A strict reader of `multipart/form-data` (RFC 7578; RFC 2046, 5.1): bytes are appended as they come, events are taken one at a time.
///
/// Content is handed on as it arrives; what is held is a part's head, or as many bytes as a boundary has. What two readers could read
/// as two different forms is refused: anything in front of the first boundary or behind the last, a boundary whose line goes on, one
/// behind a line break that is not CRLF, a head that is folded or says something twice. After a failure nothing more is read.
///
/// A peer's file name is read over and not kept: nothing here may come to act on it.
public struct MultipartParser: Sendable {
    public struct Limits: Sendable {
        /// Beyond it 413.
        public var parts = 32
        /// Bytes of a part's head, all lines with their CRLFs.
        public var headerBlock = 4 << 10
        /// Fields of a part's head.
        public var headerCount = 8
        /// Bytes of a field's name.
        public var name = 200
        /// Bytes of the whole body with its boundaries; beyond it 413.
        public var total = 8 << 20

        public init() {}
    }

    /// What a part's head says of it.
    public struct Part: Sendable, Hashable {
        /// The form field's name; several parts may have the same.
        public let name: String
        /// Its media type in lower case, without parameters: the peer's word.
        public let mediaType: String?
        /// Whether it came with a file name.
        public let isFile: Bool
    }

    public enum Event: Sendable, Hashable {
        case part(Part)
        /// Some of the part's content, never empty.
        case piece([UInt8])
        case partEnd
        /// The form is whole.
        case end
        /// The form cannot be read on.
        case failed(HTTPFailure)
    }

    private enum State {
        case start
        /// Behind a boundary: a line break, or the two hyphens of the last.
        case boundaryEnd
        case head
        case content
        /// Behind the last boundary.
        case closed
        case done
    }

    private let limits: Limits
    /// Two hyphens and the boundary.
    private let delimiter: [UInt8]
    private var state = State.start
    private var buffer: [UInt8] = []
    /// Where the unread bytes begin.
    private var cursor = 0
    /// Up to where nothing new is to be found: line feeds of a head, boundaries of content.
    private var scanned = 0
    private var received = 0
    private var isTooLong = false
    private var isFinished = false
    private var parts = 0
    private var head = PartHead()
    private var blockSize = 0

    /// - Throws: 415 when the request's body is something else, 400 when its boundary is missing or none.
    public init(of request: HTTPRequest, limits: Limits = Limits()) throws(HTTPFailure) {
        let types = request.headers.values("Content-Type")
        guard types.count == 1 else {
            throw types.isEmpty ? HTTPFailure(415, "a form is expected") : HTTPFailure(400, "Content-Type is repeated")
        }
        try self.init(contentType: types[0], limits: limits)
    }

    /// - Throws: as `init(of:limits:)`.
    public init(contentType: String, limits: Limits = Limits()) throws(HTTPFailure) {
        self.limits = limits
        delimiter = try Array("--".utf8) + FieldParameters.boundary(ofContentType: Array(contentType.utf8))
    }

    /// Bytes that no event has covered yet.
    public var bufferedBytes: Int { buffer.count - cursor }

    /// Takes more of the body; all events should be taken before the next piece.
    public mutating func append(_ bytes: [UInt8]) {
        if case .done = state { return }
        discardRead()
        let room = limits.total - received
        if bytes.count > room { isTooLong = true }
        buffer += bytes.prefix(room)
        received += min(bytes.count, room)
    }

    /// The body is at its end: `end` or `failed` is among the events that are left.
    public mutating func finish() { isFinished = true }

    /// The next event, or nil when more bytes are needed, or `end` or `failed` was given.
    public mutating func next() -> Event? {
        do throws(HTTPFailure) {
            while true {
                switch try step() {
                case .advanced: continue
                case .event(let event): return event
                case .starved: return try starve()
                }
            }
        } catch {
            leave()
            return .failed(error)
        }
    }

    private enum Step {
        case advanced
        case starved
        case event(Event)
    }

    private mutating func step() throws(HTTPFailure) -> Step {
        switch state {
        case .start: try readStart()
        case .boundaryEnd: try readBoundaryEnd()
        case .head: try readHeadLine()
        case .content: try readContent()
        case .closed: try readBehind()
        case .done: .starved
        }
    }

    /// What it means that nothing more can be read of what is there.
    private mutating func starve() throws(HTTPFailure) -> Event? {
        if case .done = state { return nil }
        if isTooLong { throw HTTPFailure(413, "the form is too long") }
        guard isFinished else { return nil }
        guard case .closed = state, bufferedBytes != 1 else { throw HTTPFailure(400, "the form ends without its last boundary") }
        leave()
        return .end
    }

    private mutating func leave() {
        (state, buffer, cursor, scanned) = (.done, [], 0, 0)
    }

    // MARK: Boundaries

    private mutating func readStart() throws(HTTPFailure) -> Step {
        guard bufferedBytes >= delimiter.count else { return .starved }
        guard buffer[cursor..<cursor + delimiter.count].elementsEqual(delimiter) else {
            throw HTTPFailure(400, "the form does not begin with its boundary")
        }
        cursor += delimiter.count
        state = .boundaryEnd
        return .advanced
    }

    private mutating func readBoundaryEnd() throws(HTTPFailure) -> Step {
        guard bufferedBytes >= 2 else { return .starved }
        switch (buffer[cursor], buffer[cursor + 1]) {
        case (ASCII.cr, ASCII.lf):
            parts += 1
            guard parts <= limits.parts else { throw HTTPFailure(413, "the form has too many parts") }
            head = PartHead()
            blockSize = 0
            state = .head
        case (UInt8(ascii: "-"), UInt8(ascii: "-")): state = .closed
        default: throw HTTPFailure(400, "a boundary's line goes on")
        }
        cursor += 2
        scanned = cursor
        return .advanced
    }

    /// One line break is forgiven: most programs send it.
    private func readBehind() throws(HTTPFailure) -> Step {
        guard buffer[cursor...].elementsEqual([ASCII.cr, ASCII.lf].prefix(bufferedBytes)) else {
            throw HTTPFailure(400, "something stands behind the last boundary")
        }
        return .starved
    }

    // MARK: Heads

    private mutating func readHeadLine() throws(HTTPFailure) -> Step {
        let most = limits.headerBlock - blockSize
        guard let lineFeed = place(of: [ASCII.lf], from: scanned) else {
            scanned = buffer.count
            guard bufferedBytes < most else { throw HTTPFailure(400, "a part's head is too long") }
            return .starved
        }
        let count = lineFeed + 1 - cursor
        guard count <= most else { throw HTTPFailure(400, "a part's head is too long") }
        guard count >= 2, buffer[lineFeed - 1] == ASCII.cr else { throw HTTPFailure(400, "a part's head holds a bare line feed") }
        let line = buffer[cursor..<lineFeed - 1]
        blockSize += count
        cursor = lineFeed + 1
        scanned = cursor
        if line.isEmpty {
            let part = try head.finish(longestName: limits.name)
            state = .content
            return .event(.part(part))
        }
        guard head.count < limits.headerCount else { throw HTTPFailure(400, "a part has too many header fields") }
        try head.note(line)
        return .advanced
    }

    // MARK: Content

    /// A delimiter at the start of a line ends the part, CRLF in front of it included; elsewhere in a line it is content.
    private mutating func readContent() throws(HTTPFailure) -> Step {
        while let found = place(of: delimiter, from: scanned) {
            // Two bytes in front of what is searched are always kept: where there are none, the content begins.
            let content = found - cursor
            let isLineStart = content == 0 || buffer[found - 1] == ASCII.lf || buffer[found - 1] == ASCII.cr
            guard isLineStart else {
                scanned = found + 1
                continue
            }
            if let piece = takePiece(upTo: found - 2) { return .event(piece) }
            guard content >= 2, buffer[found - 2] == ASCII.cr, buffer[found - 1] == ASCII.lf else {
                throw HTTPFailure(400, "a boundary does not stand behind a CRLF")
            }
            cursor = found + delimiter.count
            state = .boundaryEnd
            return .event(.partEnd)
        }
        scanned = max(scanned, buffer.count - delimiter.count + 1)
        return takePiece(upTo: scanned - 2).map(Step.event) ?? .starved
    }

    private mutating func takePiece(upTo end: Int) -> Event? {
        guard end > cursor else { return nil }
        defer { cursor = end }
        return .piece(Array(buffer[cursor..<end]))
    }

    // MARK: Bytes

    private func place(of pattern: [UInt8], from start: Int) -> Int? {
        buffer.withUnsafeBytes { buffer -> Int? in
            guard let base = buffer.baseAddress, let first = pattern.first else { return nil }
            var start = start
            while start + pattern.count <= buffer.count {
                guard let hit = memchr(base + start, Int32(first), buffer.count - pattern.count + 1 - start) else { return nil }
                if memcmp(hit, pattern, pattern.count) == 0 { return UnsafeRawPointer(hit) - base }
                start = UnsafeRawPointer(hit) - base + 1
            }
            return nil
        }
    }

    private mutating func discardRead() {
        buffer.removeFirst(cursor)
        scanned = max(0, scanned - cursor)
        cursor = 0
    }
}
