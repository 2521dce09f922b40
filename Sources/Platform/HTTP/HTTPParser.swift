internal import Glibc

/// A strict reader of HTTP/1.1 requests: bytes are appended as they come, events are taken one at a time.
///
/// What RFC 9112 lets a server refuse is refused, because two readers that disagree about a message's end are how requests are
/// smuggled. After a failure nothing more is read. Bytes behind a request stay for the next one (pipelining): the owner bounds them by
/// not appending while it does not take events.
public struct HTTPParser: Sendable {
    public struct Limits: Sendable {
        /// Bytes of the request line without its CRLF; beyond it 414.
        public var requestLine = 8 << 10
        /// Bytes of all header lines with their CRLFs; beyond it 431. Trailers have as much again.
        public var headerBlock = 32 << 10
        /// Fields of a head; beyond it 431.
        public var headerCount = 100
        /// Bytes of a decoded body; beyond it 413.
        public var body = 1 << 20

        public init() {}
    }

    public enum Event: Sendable {
        /// A head whose body follows; the owner may set `limits.body` and `streamsBody` before it asks for the next event.
        case head(HTTPRequest)
        /// Some of the body, when `streamsBody` is set.
        case bodyPiece([UInt8])
        /// The peer waits for `100 Continue` before it sends the body.
        case continueExpected
        /// A whole request; without its body when that came in pieces.
        case request(HTTPRequest)
        /// The message cannot be read on: answer and close.
        case failed(HTTPFailure)
    }

    enum Framing {
        case length(Int)
        case chunked
    }

    enum State {
        case requestLine
        case headers
        /// The head was reported; its framing waits for the owner's word on the body limit.
        case headReported(Framing)
        case length(remaining: Int)
        case chunkSize
        case chunkData(remaining: Int)
        case chunkEnd
        case trailers
        /// The last piece was given; the request follows.
        case bodyGiven
        case failed
    }

    public var limits: Limits
    /// The body of the request under way is given piece by piece instead of being gathered.
    public var streamsBody = false
    /// Bytes of the body so far.
    var bodyCount = 0
    var state = State.requestLine
    var buffer: [UInt8] = []
    /// Where the unread bytes begin.
    var cursor = 0
    /// Up to where no line feed was found.
    var scanned = 0
    var request: HTTPRequest?
    /// The fields of the head under way; they join the request when it is complete.
    var headers = HTTPHeaders()
    var fields = HeadFields()
    var blockSize = 0
    var skippedEmptyLine = false

    public init(limits: Limits = Limits()) { self.limits = limits }

    /// Bytes that no event has covered yet.
    public var bufferedBytes: Int { buffer.count - cursor }

    /// Whether the last message ended and nothing of a next one arrived.
    public var isIdle: Bool {
        if case .requestLine = state { return bufferedBytes == 0 }
        return false
    }

    /// Whether a head has been read whose body is not complete.
    public var isReadingBody: Bool {
        switch state {
        case .requestLine, .headers, .failed: false
        default: true
        }
    }

    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if case .failed = state { return }
        if cursor > 0 { discardRead() }
        buffer.append(contentsOf: bytes)
    }

    public mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    /// Hands over the bytes behind the last request, for the protocol that an upgrade changed to.
    public mutating func takeRemainder() -> [UInt8] {
        discardRead()
        defer { buffer = [] }
        return buffer
    }

    /// The next event, or nil when more bytes are needed.
    public mutating func next() -> Event? {
        do {
            while true {
                switch try step() {
                case .advanced: continue
                case .starved: return takePiece()
                case .event(let event): return event
                }
            }
        } catch {
            state = .failed
            buffer = []
            cursor = 0
            scanned = 0
            request = nil
            headers = HTTPHeaders()
            return .failed(error)
        }
    }

    enum Step {
        case advanced
        case starved
        case event(Event)
    }

    private mutating func step() throws(HTTPFailure) -> Step {
        switch state {
        case .requestLine: try readRequestLine()
        case .headers: try readHeader()
        case .headReported(let framing): try startBody(framing)
        case .length(let remaining): readLength(remaining)
        case .chunkSize: try readChunkSize()
        case .chunkData(let remaining): readChunkData(remaining)
        case .chunkEnd: try readChunkEnd()
        case .trailers: try readTrailer()
        case .bodyGiven: finish()
        case .failed: .starved
        }
    }

    // MARK: Bytes

    /// The next line without its CRLF, or nil when it has not wholly arrived; `tooLong` is thrown as soon as it must be.
    mutating func nextLine(limit: Int, tooLong: @autoclosure () -> HTTPFailure) throws(HTTPFailure) -> Range<Int>? {
        let start = cursor
        let from = max(cursor, scanned)
        let found = buffer.withUnsafeBytes { buffer -> Int? in
            guard from < buffer.count, let base = buffer.baseAddress else { return nil }
            guard let hit = memchr(base + from, Int32(ASCII.lf), buffer.count - from) else { return nil }
            return UnsafeRawPointer(hit) - base
        }
        guard let lineFeed = found else {
            scanned = buffer.count
            if buffer.count - start > limit + 1 { throw tooLong() }
            return nil
        }
        let hasReturn = lineFeed > start && buffer[lineFeed - 1] == ASCII.cr
        let end = hasReturn ? lineFeed - 1 : lineFeed
        if end - start > limit { throw tooLong() }
        guard hasReturn else { throw HTTPFailure(400, "a line ends in a bare line feed") }
        cursor = lineFeed + 1
        return start..<end
    }

    /// Moves up to `count` unread bytes to the end of the body; returns how many.
    mutating func moveToBody(_ count: Int) -> Int {
        let taken = min(count, bufferedBytes)
        if taken > 0 { request?.body.append(contentsOf: buffer[cursor..<cursor + taken]) }
        cursor += taken
        bodyCount += taken
        return taken
    }

    mutating func discardRead() {
        if cursor == buffer.count {
            buffer = []
        } else if cursor > 0 {
            buffer.removeFirst(cursor)
        }
        scanned = max(0, scanned - cursor)
        cursor = 0
    }

    /// What was moved since the last piece, for those who take pieces.
    mutating func takePiece() -> Event? {
        guard streamsBody, let piece = request?.body, !piece.isEmpty else { return nil }
        request?.body = []
        return .bodyPiece(piece)
    }

    /// Ends the message and makes ready for the next.
    mutating func finish() -> Step {
        if let piece = takePiece() {
            state = .bodyGiven
            return .event(piece)
        }
        guard let finished = request else { return .starved }
        request = nil
        streamsBody = false
        bodyCount = 0
        state = .requestLine
        skippedEmptyLine = false
        if cursor == buffer.count { discardRead() }
        return .event(.request(finished))
    }
}
