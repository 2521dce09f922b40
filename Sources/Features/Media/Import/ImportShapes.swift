internal import Kernel
internal import Tabular
internal import Web

/// Shapes of the routes of imports.
enum ImportShapes {
    private static let row = Shape.object([
        "number": .integer, "state": .choice("waiting", "invalid", "added", "updated", "unchanged"), "kind": .choice(TitleKind.self),
        "title": .text, "year": .integer.orNull,
        "media_id": Shape.id.orNull.described("The known title that the row means; null for a new one."),
        "unknown_genres": .list(of: .text).described("Genres of the row that the site does not have; they are ignored."),
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
        "Upload a file of titles: CSV with a header line, or a JSON list of objects. Nothing is written yet.",
        body: .bytes(["text/csv", "application/json"]), answers: [.accepted(view)],
        refusals: [
            .init(422, "empty_file"), .init(422, "invalid_file"), .init(422, "too_many_rows"), .conflict("open_imports"),
        ])

    static let read = RouteShape("Read the state of an import.", answers: [.ok(view)])

    static let rows = RouteShape.list("List the rows of an import.", of: row, query: ["invalid": .bool.optional])

    static let map = RouteShape(
        "Map columns to fields; null removes a mapping.",
        body: .json(.object(["mapping": .map(.nullable(.text))])), answers: [.ok(view)],
        refusals: [.conflict("import_started")], guards: [.idempotencyKey])

    static let commit = RouteShape(
        "Write the rows, in the background.", body: .optionalJSON(.object(["skip_invalid": .bool.optional])), answers: [.accepted(view)],
        refusals: [.conflict("import_started"), .init(422, "invalid_rows")], guards: [.idempotencyKey])

    static let cancel = RouteShape(
        "Stop an import. Rows that are written stay.", answers: [.ok(view)], guards: [.idempotencyKey])
}

/// Problems of imports.
enum ImportProblems {
    static let empty = Problem(
        422, "empty_file", LocalizedText(en: "This file contains no titles.", fr: "Ce fichier ne contient aucun titre."))

    static let noObjects = Problem(
        422, "invalid_file",
        LocalizedText(en: "Each item of the list must be an object.", fr: "Chaque élément de la liste doit être un objet."))

    static let tooManyRows = Problem(
        422, "too_many_rows",
        LocalizedText(
            en: "A file has at most \(ImportRoutes.mostRows) titles: split it into several files.",
            fr: "Un fichier compte \(ImportRoutes.mostRows) titres au plus : répartissez-les en plusieurs fichiers."))

    static func table(_ fault: DelimitedText.Fault) -> Problem {
        switch fault {
        case .empty: empty
        case .openQuote(let line):
            Problem(
                422, "invalid_file",
                LocalizedText(
                    en: "A quoted cell on line \(line) is not closed.", fr: "Une cellule entre guillemets n’est pas fermée, ligne \(line).")
            )
        case .tooManyColumns(let line):
            Problem(
                422, "invalid_file",
                LocalizedText(
                    en: "Line \(line) has more than \(DelimitedText.mostColumns) columns.",
                    fr: "La ligne \(line) a plus de \(DelimitedText.mostColumns) colonnes."))
        }
    }

    static func cell(_ fault: DelimitedText.CellFault, line: Int) -> Problem {
        switch fault {
        case .tooLong:
            Problem(
                422, "invalid_file",
                LocalizedText(
                    en: "A cell on line \(line) has more than \(DelimitedText.longestCell) bytes.",
                    fr: "Une cellule de la ligne \(line) dépasse \(DelimitedText.longestCell) octets."))
        case .unreadable:
            Problem(
                422, "invalid_file",
                LocalizedText(
                    en: "A cell on line \(line) contains characters that are not text.",
                    fr: "Une cellule de la ligne \(line) contient des caractères qui ne sont pas du texte."))
        }
    }

    static let tooManyOpen = Problem.conflict(
        "open_imports",
        LocalizedText(
            en: "You have \(ImportRoutes.mostOpen) imports in preview or running, which is the limit. Cancel one.",
            fr: "Vous avez \(ImportRoutes.mostOpen) importations en aperçu ou en cours, ce qui est la limite. Annulez-en une."))

    static let started = Problem.conflict(
        "import_started",
        LocalizedText(en: "This import is running, done or cancelled.", fr: "Cette importation est en cours, terminée ou annulée.")
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
                en: "\(count) rows are invalid. Correct them, or set skip_invalid to true.",
                fr: "\(count) lignes sont incorrectes. Corrigez-les, ou mettez skip_invalid à true."))
    }
}
