extension HTTPParser {
    mutating func startBody(_ framing: Framing) throws(HTTPFailure) -> Step {
        switch framing {
        case .length(let length):
            guard length <= limits.body else { throw Self.bodyTooLong }
            // Room is made for what arrives, not for what is claimed.
            request?.body.reserveCapacity(min(length, 64 << 10))
            state = .length(remaining: length)
        case .chunked:
            state = .chunkSize
        }
        // A peer that already sends does not wait for the word (RFC 9110, 10.1.1).
        return fields.expectsContinue && bufferedBytes == 0 ? .event(.continueExpected) : .advanced
    }

    mutating func readLength(_ remaining: Int) -> Step {
        let left = remaining - moveToBody(remaining)
        if left == 0 { return finish() }
        state = .length(remaining: left)
        discardRead()
        return .starved
    }

    mutating func readChunkSize() throws(HTTPFailure) -> Step {
        guard let line = try nextLine(limit: 1024, tooLong: HTTPFailure(400, "a chunk's extension is too long")) else { return .starved }
        let size = try buffer.withUnsafeBufferPointer { buffer -> Result<Int, HTTPFailure> in
            Self.parseChunkLine(UnsafeBufferPointer(rebasing: buffer[line]))
        }.get()
        guard size <= limits.body - bodyCount else { throw Self.bodyTooLong }
        if size == 0 {
            blockSize = 0
            state = .trailers
        } else {
            state = .chunkData(remaining: size)
        }
        return .advanced
    }

    /// `chunk-size [ chunk-ext ]`, with nothing between the digits and a semicolon.
    private static func parseChunkLine(_ line: UnsafeBufferPointer<UInt8>) -> Result<Int, HTTPFailure> {
        var size = 0
        var digits = 0
        while digits < line.count, let digit = ASCII.hexValue(line[digits]) {
            size = size << 4 | Int(digit)
            digits += 1
            if digits > 15 { return .failure(HTTPFailure(400, "a chunk's size is too long")) }
        }
        let extensions = UnsafeBufferPointer(rebasing: line[digits...])
        guard digits > 0, extensions.isEmpty || extensions[0] == UInt8(ascii: ";"), ASCII.isFieldValue(extensions) else {
            return .failure(HTTPFailure(400, "a chunk's size is malformed"))
        }
        return .success(size)
    }

    mutating func readChunkData(_ remaining: Int) -> Step {
        let left = remaining - moveToBody(remaining)
        if left == 0 {
            state = .chunkEnd
            return .advanced
        }
        state = .chunkData(remaining: left)
        discardRead()
        return .starved
    }

    mutating func readChunkEnd() throws(HTTPFailure) -> Step {
        if bufferedBytes > 0, buffer[cursor] != ASCII.cr { throw Self.chunkOverrun }
        guard bufferedBytes >= 2 else { return .starved }
        guard buffer[cursor + 1] == ASCII.lf else { throw Self.chunkOverrun }
        cursor += 2
        scanned = cursor
        state = .chunkSize
        return .advanced
    }

    /// Trailers are held to a header's rules, then dropped: nothing here acts on them.
    mutating func readTrailer() throws(HTTPFailure) -> Step {
        guard let line = try nextFieldLine() else { return .starved }
        if line.isEmpty { return finish() }
        let checked = buffer.withUnsafeBufferPointer { buffer -> Result<Void, HTTPFailure> in
            do throws(HTTPFailure) {
                _ = try Self.splitField(UnsafeBufferPointer(rebasing: buffer[line]))
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try checked.get()
        return .advanced
    }

    private static var bodyTooLong: HTTPFailure { HTTPFailure(413, "the body is too long") }
    private static var chunkOverrun: HTTPFailure { HTTPFailure(400, "a chunk does not end where its size says") }
}
