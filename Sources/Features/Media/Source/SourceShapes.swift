internal import Kernel
internal import Web

/// Shapes of the routes of the source.
enum SourceShapes {
    private static let fault = Shape.object(["code": .text, "detail": .text, "at": .timestamp.orNull])

    private static let view = Shape.named(
        "TitleSource",
        .object([
            "is_set": .bool, "key_end": .text.orNull.described("The last four characters of the key."), "fault": fault.orNull,
            "succeeded_at": .timestamp.orNull.described("When TMDB last answered, to the minute."),
            "titles": .integer.described("Titles that have a number of TMDB."), "images": .integer,
            "image_bytes": .integer, "attribution": .text,
        ]))

    private static let run = Shape.named(
        "SourceRun",
        .object([
            "id": .id, "list": .choice(SourceList.self), "kind": .choice(TitleKind.self), "state": .choice(SourceRun.State.self),
            "wanted": .integer, "listed": .integer.described("Titles found so far."),
            "is_listed": .bool.described("Whether all titles of the run are found."), "settled": .integer, "added": .integer,
            "updated": .integer, "unchanged": .integer, "gone": .integer, "failed": .integer, "fault": fault.orNull,
            "created_at": .timestamp, "ended_at": .timestamp.orNull,
        ]))

    static let read = RouteShape("Read whether TMDB is set up, and how it answers.", answers: [.ok(view)])
    static let set = RouteShape(
        "Set the key of TMDB. It is stored encrypted, and no answer shows it. Paused imports continue.",
        body: .json(.object(["key": .string(16...400).described("A key of version 3, or a token of version 4.")])), answers: [.ok(view)],
        guards: [.idempotencyKey])
    static let remove = RouteShape("Remove the key. Imports under way pause.", answers: [.ok(view)], guards: [.idempotencyKey])
    static let list = RouteShape.list("List the imports from TMDB, the newest first.", of: run)
    static let start = RouteShape(
        "Import titles of one of TMDB’s lists, in the background.",
        body: .json(
            .object([
                "list": .choice(SourceList.Wanted.self), "kind": .choice(TitleKind.self),
                "count": .integer(1...Int64(SourceRoutes.mostTitles)),
            ])), answers: [.accepted(run)], refusals: [.conflict("no_key"), .conflict("run_open")], guards: [.idempotencyKey])
    static let readRun = RouteShape("Read how far an import from TMDB is.", answers: [.ok(run)])
    static let cancel = RouteShape(
        "Stop an import from TMDB. Titles that are written stay.", answers: [.ok(run)], guards: [.idempotencyKey])
    static let image = RouteShape(
        "Read a picture of a title.", parameters: ["name": .string(37...37).described("The address is part of a title.")],
        answers: [.bytes("image/webp").tagged, .notModified], refusals: [.init(404, "not_found")])
}

enum SourceProblems {
    static let noKey = Problem.conflict(
        "no_key", LocalizedText(en: "Set the key of TMDB first.", fr: "Saisissez d’abord la clé de TMDB."))

    static let runOpen = Problem.conflict(
        "run_open",
        LocalizedText(
            en: "An import of this list is under way. Wait for its end, or cancel it.",
            fr: "Une importation de cette liste est en cours. Attendez sa fin, ou annulez-la."))
}
