internal import Kernel
internal import Roles
internal import Web

/// What the routes of imports of members take and answer.
enum MemberImportShapes {
    private static let row = Shape.object([
        "number": .integer, "line": Shape.integer.described("Of the file; of a list in JSON the number of the element."),
        "state": .choice("ready", "invalid"),
        "username": Shape.text.orNull.described("As it will be; made from the name where none is given."),
        "display_name": .text.orNull, "email": .text.orNull, "values": Shape.map(.text).described("The cells by field."),
        "faults": .list(of: .object(["field": .text.orNull, "column": .text.orNull, "code": .text, "detail": .text])),
    ])

    private static let summary: Shape = .object([
        "id": .id, "state": .choice(MemberImport.State.self), "name": .text, "encoding": .text, "separator": .text,
        "columns": .list(of: .text), "mapping": .map(.text), "role_names": .map(.nullable(.text)), "given_roles": .map(.integer),
        "total": .integer, "invalid": .integer, "ready": .integer, "settled": .integer, "skip_invalid": .bool, "invite": .bool,
        "failure": .object(["code": .text, "detail": .text]).orNull, "created_at": .timestamp, "started_at": .timestamp.orNull,
        "ended_at": .timestamp.orNull,
    ])

    private static let view = Shape.named(
        "MemberImport",
        summary.with([
            "samples": Shape.map(.text).described("The first cells of each column."),
            "preview": .list(of: row).described("The first 20 rows."),
            "reports": .list(of: row).described("The first 100 rows that are wrong."),
        ]))

    static let list = RouteShape("List one’s own latest imports.", answers: [.ok(.whole(of: summary))])

    static let upload = RouteShape(
        "Bring a file of members: CSV with a header line, or a JSON list of objects, as the body or as the part `file` of a form.",
        query: ["name": .string(max: 200).optional],
        body: .bytes([
            "text/csv", "application/json", "multipart/form-data", "application/csv", "text/plain", "text/tab-separated-values",
            "application/vnd.ms-excel", "application/octet-stream",
        ]), answers: [.accepted(view)],
        refusals: [
            .init(422, "empty_file"), .init(422, "invalid_file"), .init(422, "too_many_rows"), .conflict("open_imports"),
        ])

    static let read = RouteShape("Read an import.", answers: [.ok(view)])

    static let rows = RouteShape.list("List the rows of an import.", of: row, query: ["invalid": .bool.optional])

    static let report = RouteShape("Download the rows that are wrong, with the reasons.", answers: [.bytes("text/csv")])

    static let map = RouteShape(
        "Map columns to fields, where null removes a mapping, and words to roles, where null stands for no role; `role_names` is the whole set. The rows are checked again.",
        body: .json(
            .object([
                "mapping": Shape.map(.nullable(.text)).optional, "role_names": Shape.map(.nullable(.text)).optional,
            ])), answers: [.ok(view)],
        refusals: [.conflict("import_started"), .conflict("import_checking")], guards: [.idempotencyKey])

    static let commit = RouteShape(
        "Add the members of an import: all of them, or none.",
        body: .optionalJSON(.object(["skip_invalid": .bool.optional, "invite": .bool.optional])), answers: [.accepted(view)],
        refusals: [
            .conflict("import_started"), .conflict("import_checking"), .conflict("mail_off"), .init(422, "invalid_rows"),
            .init(422, "nothing_to_import"),
        ] + RoleShapes.assignRefusals, guards: [.idempotencyKey])

    static let cancel = RouteShape("Cancel an import; nobody is added.", answers: [.ok(view)], guards: [.idempotencyKey])
}
