package import Web

/// What the routes of the audit log take and answer.
package enum AuditShapes {
    private static let person = Shape.object(["id": .id, "username": .text, "display_name": .text])

    package static let entry = Shape.named(
        "AuditEntry",
        .object([
            "id": .id, "timestamp": .timestamp, "actor_user_id": .id.orNull, "actor": person.orNull, "action": .text,
            "target_type": .text.orNull, "target_id": .text.orNull,
            "target": .object(["type": .text, "id": .text.orNull, "username": .text.optional, "display_name": .text.optional]).orNull,
            "payload": .any, "result": .choice(AuditFilter.Outcome.self), "reason": .text.orNull, "ip": .text.orNull,
            "user_agent": .text.orNull, "request_id": .text.orNull, "chain_id": .integer, "seq": .integer, "previous_hash": .text,
            "hash": .text, "signature": .text.orNull, "key_id": .text.orNull,
        ]))

    static let list = RouteShape.list(
        "List what was done and refused, the newest first.", of: entry,
        query: [
            "actor": .text.described("A person, or `system`.").optional,
            "action": .text.described("Actions, or beginnings of them with `*`, apart by commas.").optional,
            "exclude": .text.described("Actions that are left out, apart by commas.").optional,
            "person": Shape.userReference.described("By them or about them.").optional, "target": .text.optional,
            "target_id": .text.optional, "target_type": .text.optional, "result": .choice(AuditFilter.Outcome.self).optional,
            "from": .timestamp.optional, "to": .timestamp.optional, "ip": .text.optional, "text": .text.optional,
        ])

    static let export = RouteShape.file(
        "Download what was done and refused: as CSV, JSON, or a signed bundle that `foyer audit verify FILE` checks without the site.",
        of: list, format: .choice(AuditFeature.ExportFormat.self),
        answers: [
            .bytes("text/csv"), .ok(.object(["items": .list(of: entry), "next": .nullable(.text)])), .bytes("application/x-ndjson"),
        ])

    static let read = RouteShape("Read one entry.", answers: [.ok(entry)])

    static let access = RouteShape.list(
        "List the requests of those who were signed in, the newest first.",
        of: .object([
            "id": .id, "at": .timestamp, "user_id": .id, "method": .text, "route": .text, "path": .text, "status": .integer,
            "decision": .choice("allowed", "denied"), "ip": .text, "user_agent": .text, "request_id": .text,
        ]),
        query: [
            "user": Shape.userReference.optional, "route": .text.optional, "method": .text.optional, "status": .integer(100...599).optional,
            "ip": .text.optional, "from": .timestamp.optional, "to": .timestamp.optional,
        ])
}
