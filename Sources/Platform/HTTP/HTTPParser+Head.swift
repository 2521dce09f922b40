internal import Kernel

/// What the fields of a head say about the message's framing.
struct HeadFields: Sendable {
    var hosts = 0
    /// The target named a host, which counts in place of the field's.
    var replacesHost = false
    var contentLength: Int?
    var transferEncodings = 0
    var isChunked = false
    var expectsContinue = false
    var closes = false
    var keepsAlive = false
}

extension HTTPParser {
    mutating func readRequestLine() throws(HTTPFailure) -> Step {
        guard let line = try nextLine(limit: limits.requestLine, tooLong: HTTPFailure(414, "the request line is too long")) else {
            return .starved
        }
        if line.isEmpty {
            // RFC 9112, 2.2: one empty line before a request is forgiven.
            guard !skippedEmptyLine else { throw HTTPFailure(400, "the request line is empty") }
            skippedEmptyLine = true
            return .advanced
        }
        let (begun, authority) = try withBytes(line) { bytes throws(HTTPFailure) in try Self.parseRequestLine(bytes) }
        request = begun
        fields = HeadFields()
        fields.replacesHost = authority != nil
        headers.reserve(bytes: min(bufferedBytes, 2048), fields: 12)
        if let authority { headers.append("Host", authority) }
        blockSize = 0
        state = .headers
        return .advanced
    }

    private func withBytes<Result>(
        _ range: Range<Int>, _ body: (UnsafeBufferPointer<UInt8>) throws(HTTPFailure) -> Result
    ) throws(HTTPFailure) -> Result {
        let outcome = buffer.withUnsafeBufferPointer { buffer -> Swift.Result<Result, HTTPFailure> in
            do throws(HTTPFailure) {
                return .success(try body(UnsafeBufferPointer(rebasing: buffer[range])))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    private static func parseRequestLine(_ line: UnsafeBufferPointer<UInt8>) throws(HTTPFailure) -> (HTTPRequest, authority: String?) {
        guard let methodEnd = line.firstIndex(of: ASCII.space), let targetEnd = line.lastIndex(of: ASCII.space), targetEnd > methodEnd + 1
        else { throw HTTPFailure(400, "the request line is not `method target version`") }
        let methodBytes = UnsafeBufferPointer(rebasing: line[..<methodEnd])
        guard methodEnd <= 32, ASCII.isToken(methodBytes) else { throw HTTPFailure(400, "the method is not a token") }
        let minor = try parseVersion(UnsafeBufferPointer(rebasing: line[(targetEnd + 1)...]))
        let method = HTTPMethod(rawValue: String(own: methodBytes))
        guard method.rawValue != "CONNECT" else { throw HTTPFailure(501, "CONNECT is not offered") }
        let targetBytes = UnsafeBufferPointer(rebasing: line[(methodEnd + 1)..<targetEnd])
        let target = try RequestTarget(targetBytes, method: method)
        let isPathAlone = target.query == nil && target.authority == nil
        let text = isPathAlone ? target.rawPath : String(own: targetBytes)
        let request = HTTPRequest(method: method, target: text, rawPath: target.rawPath, query: target.query, isHTTP10: minor == 0)
        return (request, target.authority)
    }

    /// The minor version of HTTP/1.
    private static func parseVersion(_ bytes: UnsafeBufferPointer<UInt8>) throws(HTTPFailure) -> Int {
        guard bytes.count == 8, UnsafeBufferPointer(rebasing: bytes[..<5]).elementsEqual("HTTP/".utf8), bytes[6] == UInt8(ascii: "."),
            ASCII.isDigit(bytes[5]), ASCII.isDigit(bytes[7])
        else { throw HTTPFailure(400, "the version is malformed") }
        guard bytes[5] == UInt8(ascii: "1"), bytes[7] <= UInt8(ascii: "1") else {
            throw HTTPFailure(505, "only HTTP/1.1 and HTTP/1.0 are spoken")
        }
        return Int(bytes[7] - 0x30)
    }

    mutating func readHeader() throws(HTTPFailure) -> Step {
        guard let line = try nextFieldLine() else { return .starved }
        if line.isEmpty { return try finishHead() }
        if headers.fields.count >= limits.headerCount { throw HTTPFailure(431, "the request has too many header fields") }
        // Moved out and back, so that its arrays stay uniquely owned while they grow.
        var headers = HTTPHeaders()
        swap(&headers, &self.headers)
        var fields = fields
        let isHTTP10 = request?.isHTTP10 == true
        try withBytes(line) { bytes throws(HTTPFailure) in
            let (name, value) = try Self.splitField(bytes)
            if try fields.note(name: name, value: value, isHTTP10: isHTTP10) { headers.append(name: name, value: value) }
        }
        self.fields = fields
        swap(&headers, &self.headers)
        return .advanced
    }

    /// A line of a header block, counted against the block's limit.
    mutating func nextFieldLine() throws(HTTPFailure) -> Range<Int>? {
        let left = limits.headerBlock - blockSize
        guard let line = try nextLine(limit: max(0, left - 2), tooLong: HTTPFailure(431, "the header block is too long")) else {
            return nil
        }
        blockSize += line.count + 2
        return line
    }

    static func splitField(
        _ line: UnsafeBufferPointer<UInt8>
    ) throws(HTTPFailure) -> (name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) {
        guard line[0] != ASCII.space, line[0] != ASCII.tab else { throw HTTPFailure(400, "a header field is folded") }
        guard let colon = line.firstIndex(of: ASCII.colon) else { throw HTTPFailure(400, "a header field has no colon") }
        let name = UnsafeBufferPointer(rebasing: line[..<colon])
        guard ASCII.isToken(name) else { throw HTTPFailure(400, "a header field's name is not a token") }
        let value = ASCII.trimmed(UnsafeBufferPointer(rebasing: line[(colon + 1)...]))
        guard ASCII.isFieldValue(value) else { throw HTTPFailure(400, "a header field's value holds a control character") }
        guard StreamSafeText.holds(value) else { throw HTTPFailure(400, "a header field's value holds too many combining marks in a row") }
        return (name, value)
    }

    private mutating func finishHead() throws(HTTPFailure) -> Step {
        guard var request else { return .starved }
        self.request = nil
        swap(&request.headers, &headers)
        guard fields.hosts == 1 || (request.isHTTP10 && fields.hosts == 0) else { throw HTTPFailure(400, "the Host field is missing") }
        request.keepAlive = !fields.closes && (!request.isHTTP10 || fields.keepsAlive)
        if fields.transferEncodings > 0 {
            guard !request.isHTTP10 else { throw HTTPFailure(400, "HTTP/1.0 has no Transfer-Encoding") }
            guard fields.contentLength == nil else { throw HTTPFailure(400, "both Content-Length and Transfer-Encoding") }
            request.hasBody = true
            state = .headReported(.chunked)
        } else if let length = fields.contentLength {
            request.hasBody = true
            if length == 0 {
                self.request = request
                return finish()
            }
            state = .headReported(.length(length))
        } else {
            self.request = request
            return finish()
        }
        self.request = request
        return .event(.head(request))
    }
}

extension HeadFields {
    /// Takes note of a field that decides about framing; false for a Host that an absolute target replaced.
    mutating func note(
        name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>, isHTTP10: Bool
    ) throws(HTTPFailure) -> Bool {
        switch name.count {
        case 4 where ASCII.equalIgnoringCase(name, "host"):
            hosts += 1
            guard hosts == 1 else { throw HTTPFailure(400, "the Host field is repeated") }
            guard Authority.isValid(value) else { throw HTTPFailure(400, "the Host field is malformed") }
            return !replacesHost
        case 6 where ASCII.equalIgnoringCase(name, "expect"):
            guard ASCII.equalIgnoringCase(value, "100-continue") else { throw HTTPFailure(417, "the expectation is unknown") }
            expectsContinue = !isHTTP10
        case 10 where ASCII.equalIgnoringCase(name, "connection"):
            for part in value.split(separator: UInt8(ascii: ",")) {
                let token = ASCII.trimmed(UnsafeBufferPointer(rebasing: part))
                if ASCII.equalIgnoringCase(token, "close") { closes = true }
                if ASCII.equalIgnoringCase(token, "keep-alive") { keepsAlive = true }
            }
        case 14 where ASCII.equalIgnoringCase(name, "content-length"):
            guard contentLength == nil else { throw HTTPFailure(400, "Content-Length is repeated") }
            contentLength = try Self.parseLength(value)
        case 17 where ASCII.equalIgnoringCase(name, "transfer-encoding"):
            try noteTransferEncoding(value)
        default: break
        }
        return true
    }

    private mutating func noteTransferEncoding(_ value: UnsafeBufferPointer<UInt8>) throws(HTTPFailure) {
        transferEncodings += 1
        guard transferEncodings == 1 else { throw HTTPFailure(400, "Transfer-Encoding is repeated") }
        let codings = value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            .map { ASCII.trimmed(UnsafeBufferPointer(rebasing: $0)) }
        let chunked = codings.filter { ASCII.equalIgnoringCase($0, "chunked") }.count
        guard codings.allSatisfy(ASCII.isToken) else { throw HTTPFailure(400, "Transfer-Encoding is malformed") }
        guard chunked <= 1, chunked == 0 || ASCII.equalIgnoringCase(codings[codings.count - 1], "chunked") else {
            throw HTTPFailure(400, "chunked must be the last coding, once")
        }
        guard chunked == 1, codings.count == 1 else { throw HTTPFailure(501, "only the chunked coding is offered") }
    }

    private static func parseLength(_ value: UnsafeBufferPointer<UInt8>) throws(HTTPFailure) -> Int {
        guard !value.isEmpty, value.count <= 18, value.allSatisfy(ASCII.isDigit) else {
            throw HTTPFailure(400, "Content-Length is not a number")
        }
        return value.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
