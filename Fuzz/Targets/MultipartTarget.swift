internal import HTTP

extension FuzzTarget {
    /// Forms: any split gives the same, little is held, and what was read, written again by our own hand, reads the same.
    ///
    /// What stands in front of the first line feed is the Content-Type.
    static let multipart = FuzzTarget(
        "multipart", files: ["Platform/HTTP/MultipartParser.swift", "Platform/HTTP/MultipartHead.swift"],
        words: [
            "multipart/form-data; boundary=", "\n--b\r\n", "\r\n--b\r\n", "\r\n--b--", "--b--\r\n", "Content-Disposition: form-data; ",
            "name=\"a\"", "; filename=\"", "; filename*=utf-8''", "\r\n\r\n", "Content-Type: image/png", "multipart/mixed",
            "Content-Transfer-Encoding: ", "binary", "\\\"",
        ]
    ) { bytes in
        let line = bytes.firstIndex(of: 0x0A) ?? bytes.count
        let type = String(decoding: bytes[..<line], as: UTF8.self)
        let body = Array(bytes.dropFirst(line + 1))
        var narrow = MultipartParser.Limits()
        (narrow.parts, narrow.headerBlock, narrow.headerCount, narrow.name, narrow.total) = (2, 100, 2, 4, 300)
        for limits in [MultipartParser.Limits(), narrow] {
            let readings = try splits(of: body).map { try Reading($0, type: type, limits: limits) }
            for reading in readings.dropFirst() {
                try hold(reading.isSame(as: readings[0]), "split: \(readings[0]) became \(reading)")
            }
            if readings[0].isWhole { try checkAgain(readings[0].parts) }
        }
    }

    private struct Reading {
        var parts: [(part: MultipartParser.Part, content: [UInt8], isClosed: Bool)] = []
        var isWhole = false
        var failure: HTTPFailure?

        init(_ pieces: [ArraySlice<UInt8>], type: String, limits: MultipartParser.Limits) throws(BrokenProperty) {
            var parser: MultipartParser
            do throws(HTTPFailure) {
                parser = try MultipartParser(contentType: type, limits: limits)
            } catch {
                failure = error
                return
            }
            for piece in pieces {
                parser.append(Array(piece))
                try take(&parser)
                try hold(parser.bufferedBytes <= max(limits.headerBlock, 80), "\(parser.bufferedBytes) bytes are held")
                try hold(!isWhole, "an end before the end")
            }
            parser.finish()
            try take(&parser)
            try hold(isWhole != (failure != nil), "neither an end nor a fault")
            try hold(parts.count <= limits.parts, "\(parts.count) parts")
            try hold(parts.reduce(0) { $0 + $1.content.count } <= limits.total, "too much content")
            try hold(
                parts.allSatisfy { $0.part.name.utf8.count <= limits.name && !$0.part.name.isEmpty }, "a name of no length or too much")
        }

        private mutating func take(_ parser: inout MultipartParser) throws(BrokenProperty) {
            while let event = parser.next() {
                try hold(failure == nil && !isWhole, "something was read behind the end")
                let isOpen = parts.last.map { !$0.isClosed } ?? false
                switch event {
                case .part(let part):
                    try hold(!isOpen, "a part within a part")
                    parts.append((part, [], false))
                case .piece(let piece):
                    try hold(isOpen && !piece.isEmpty, "a piece of nothing")
                    parts[parts.count - 1].content += piece
                case .partEnd:
                    try hold(isOpen, "the end of no part")
                    parts[parts.count - 1].isClosed = true
                case .end:
                    try hold(!isOpen, "the form ended within a part")
                    isWhole = true
                case .failed(let failure): self.failure = failure
                }
            }
        }

        func isSame(as other: Reading) -> Bool {
            isWhole == other.isWhole && failure == other.failure
                && parts.elementsEqual(other.parts) {
                    $0.part == $1.part && $0.part.name.isSame(as: $1.part.name) && $0.content == $1.content && $0.isClosed == $1.isClosed
                }
        }
    }

    /// Written plainly under a boundary that occurs nowhere, it must be the same form.
    private static func checkAgain(_ parts: [(part: MultipartParser.Part, content: [UInt8], isClosed: Bool)]) throws(BrokenProperty) {
        let boundary = "again-and-again-and-again-0123456789"
        var body: [UInt8] = []
        for (part, content, _) in parts {
            body += Array("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(part.name)\"".utf8)
            if part.isFile { body += Array("; filename=\"x\"".utf8) }
            if let type = part.mediaType { body += Array("\r\nContent-Type: \(type)".utf8) }
            body += Array("\r\n\r\n".utf8) + content + Array("\r\n".utf8)
        }
        body += Array("--\(boundary)--\r\n".utf8)
        var limits = MultipartParser.Limits()
        limits.headerBlock *= 4
        let again = try Reading([body[...]], type: "multipart/form-data; boundary=\"\(boundary)\"", limits: limits)
        try hold(again.isWhole, "written again it fails: \(String(describing: again.failure))")
        let isSame = again.parts.elementsEqual(parts) {
            $0.part.name.isSame(as: $1.part.name) && $0.part == $1.part && $0.content == $1.content
        }
        try hold(isSame, "written again it is another form")
    }
}
