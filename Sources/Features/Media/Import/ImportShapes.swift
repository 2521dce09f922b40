internal import Kernel
internal import Web

/// What the routes of imports take and answer.
enum ImportShapes {
    private static let row = Shape.object([
        "number": .integer, "state": .choice("waiting", "invalid", "added", "updated", "unchanged"), "kind": .choice(TitleKind.self),
        "title": .text, "year": .integer.orNull, "media_id": Shape.id.orNull.described("The title that it is; null for a new one."),
        "unknown_genres": .list(of: .text).described("Left out."),
        "faults": .list(of: .object(["field": .text, "code": .text, "detail": .text])),
    ])

    private static let view = Shape.named(
        "TitleImport",
        .object([
            "id": .id, "state": .choice(TitleImport.State.self), "columns": .list(of: .text), "mapping": .map(.text), "total": .integer,
            "settled": .integer, "added": .integer, "updated": .integer, "unchanged": .integer, "invalid": .integer,
            "created_at": .timestamp,
            "ended_at": .timestamp.orNull, "preview": .list(of: row).described("The first 20 rows."),
        ]))

    static let create = RouteShape(
        "Bring a file of titles: CSV with a line of names, or a JSON list of objects; nothing is written yet.",
        body: .bytes(["text/csv", "application/json"]), answers: [.accepted(view)],
        refusals: [
            .init(422, "empty_file"), .init(422, "invalid_file"), .init(422, "too_many_rows"), .conflict("open_imports"),
        ])

    static let read = RouteShape("Read how far an import is.", answers: [.ok(view)])

    static let rows = RouteShape.list("List the rows of an import.", of: row, query: ["invalid": .bool.optional])

    static let map = RouteShape(
        "Say which column means which field; null takes a column away.",
        body: .json(.object(["mapping": .map(.nullable(.text))])), answers: [.ok(view)],
        refusals: [.conflict("import_started")], guards: [.idempotencyKey])

    static let commit = RouteShape(
        "Write the rows, in the background.", body: .optionalJSON(.object(["skip_invalid": .bool.optional])), answers: [.accepted(view)],
        refusals: [.conflict("import_started"), .init(422, "invalid_rows")], guards: [.idempotencyKey])

    static let cancel = RouteShape(
        "Stop an import; what was written stays.", answers: [.ok(view)], guards: [.idempotencyKey])
}

/// Why an import is refused.
enum ImportProblems {
    static let empty = Problem(
        422, "empty_file", LocalizedText(en: "There are no titles in this file.", fr: "Ce fichier ne contient aucun titre."))

    static let noObjects = Problem(
        422, "invalid_file", LocalizedText(en: "Each title is an object.", fr: "Chaque titre est un objet."))

    static func csv(_ fault: CSVText.Fault) -> Problem {
        switch fault {
        case .empty: empty
        case .tooManyRows:
            Problem(
                422, "too_many_rows",
                LocalizedText(
                    en: "A file has at most \(ImportRoutes.mostRows) titles: bring them in several.",
                    fr: "Un fichier compte \(ImportRoutes.mostRows) titres au plus : apportez-les en plusieurs fois."))
        case .openQuote:
            Problem(
                422, "invalid_file", LocalizedText(en: "A quoted cell has no end.", fr: "Une cellule entre guillemets n’est pas fermée."))
        case .tooManyColumns:
            Problem(
                422, "invalid_file",
                LocalizedText(en: "At most \(CSVText.mostColumns) columns.", fr: "\(CSVText.mostColumns) colonnes au plus."))
        case .cellTooLong:
            Problem(
                422, "invalid_file",
                LocalizedText(
                    en: "A cell has at most \(CSVText.longestCell) bytes.", fr: "Une cellule compte \(CSVText.longestCell) octets au plus.")
            )
        case .notUTF8: Problem(422, "invalid_file", LocalizedText(en: "The file is not UTF-8.", fr: "Le fichier n’est pas en UTF-8."))
        }
    }

    static let tooManyOpen = Problem.conflict(
        "open_imports",
        LocalizedText(
            en: "\(ImportRoutes.mostOpen) of your imports are not over. Cancel one.",
            fr: "\(ImportRoutes.mostOpen) de vos importations ne sont pas terminées. Annulez-en une."))

    static let started = Problem.conflict(
        "import_started", LocalizedText(en: "This import has been started or is over.", fr: "Cette importation a commencé ou est terminée.")
    )

    static func mapping(_ name: String) -> Problem {
        .invalid(
            "/mapping/\(name.cut(to: 40).asPointerPart)", "mapping",
            LocalizedText(en: "There is no such field, or no such column.", fr: "Ce champ ou cette colonne n’existe pas."))
    }

    static func invalidRows(_ count: Int) -> Problem {
        Problem(
            422, "invalid_rows",
            LocalizedText(
                en: "\(count) rows are wrong. Correct them, or say skip_invalid.",
                fr: "\(count) lignes sont incorrectes. Corrigez-les, ou indiquez skip_invalid."))
    }
}
