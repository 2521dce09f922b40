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
