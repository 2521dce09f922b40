public import HTTP
public import Kernel

extension Call {
    /// Reads a `multipart/form-data` body as it comes; each event but the end and a failure is handed on.
    ///
    /// - Throws: 415 on another media type, 413 beyond the limits, 400 on a form that is malformed or breaks off, and what `take` throws.
    public func readForm(_ limits: MultipartParser.Limits, _ take: (MultipartParser.Event) throws -> Void) async throws {
        do {
            var parser = try MultipartParser(of: request, limits: limits)
            for try await piece in bodyStream {
                parser.append(piece)
                try Self.drain(&parser, take)
            }
            parser.finish()
            try Self.drain(&parser, take)
        } catch let failure as HTTPFailure {
            throw failure.problem
        }
    }

    /// The bytes of a file: the part `file` of a form, or else the whole body, whatever its media type.
    ///
    /// - Throws: 413 for a file of more bytes than `limit`, 422 for a form without the file or with another part, and as `readForm` does.
    public func readFile(limit: Int) async throws -> [UInt8] {
        guard mediaType == "multipart/form-data" else {
            var bytes: [UInt8] = []
            for try await piece in bodyStream {
                bytes += piece
                guard bytes.count <= limit else { throw Problem.contentTooLarge }
            }
            return bytes
        }
        var limits = MultipartParser.Limits()
        (limits.total, limits.parts) = (Self.formLimit(ofFile: limit), 1)
        var bytes: [UInt8]?
        try await readForm(limits) { event in
            switch event {
            case .part(let part):
                guard part.name == "file" else {
                    throw Problem.invalid(
                        "/\(part.name.asPointerPart)", "unknown",
                        LocalizedText(en: "There is no such field.", fr: "Ce champ n’existe pas."))
                }
                bytes = []
            case .piece(let piece):
                bytes?.append(contentsOf: piece)
                guard bytes?.count ?? 0 <= limit else { throw Problem.contentTooLarge }
            default: break
            }
        }
        guard let bytes else {
            throw Problem.invalid("/file", "required", LocalizedText(en: "This field is required.", fr: "Ce champ est obligatoire."))
        }
        return bytes
    }

    /// Bytes of a body: a file with a form around it.
    public static func formLimit(ofFile limit: Int) -> Int { limit + (16 << 10) }

    private static func drain(_ parser: inout MultipartParser, _ take: (MultipartParser.Event) throws -> Void) throws {
        while let event = parser.next() {
            switch event {
            case .failed(let failure): throw failure
            case .end: return
            default: try take(event)
            }
        }
    }
}

extension Problem {
    /// 413
    public static let contentTooLarge = Problem(
        413, "content_too_large", LocalizedText(en: "The body is too long.", fr: "Le corps est trop long."))

    /// 415, with what is taken instead.
    public static func unsupportedMediaType(_ detail: LocalizedText) -> Problem { Problem(415, "unsupported_media_type", detail) }
}

extension HTTPFailure {
    /// As a handler answers it that reads a form.
    fileprivate var problem: Problem {
        switch status {
        case 413: .contentTooLarge
        case 415:
            .unsupportedMediaType(
                LocalizedText(en: "Send a form, as multipart/form-data.", fr: "Envoyez un formulaire, en multipart/form-data."))
        default: .malformed(LocalizedText(en: "The form is malformed: \(reason).", fr: "Le formulaire est mal formé."))
        }
    }
}
