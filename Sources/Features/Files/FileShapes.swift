package import Web

/// What the routes of files take and answer.
package enum FileShapes {
    /// A file as a message shows it.
    package static let file = Shape.named(
        "File",
        .object([
            "id": .id, "name": .text, "type": Shape.text.described("The media type that the bytes say."), "size": .integer,
            "width": Shape.integer.described("Of a picture, upright, in pixels.").optional, "height": .integer.optional,
            "url": Shape.text.described("A path at the root of the site."), "thumbnail_url": .text.optional,
        ]))

    private static let version = Shape.choice(Tus.version).described("The version of tus.")
    private static let refusals: [RouteShape.Refusal] = [.init(412, "tus_version")]

    static let describe = RouteShape("Tell which parts of tus are spoken here.", answers: [.empty(204)])

    static let create = RouteShape(
        "Begin an upload (tus 1.0.0); it is at the address in `Location`.",
        headers: [
            "Tus-Resumable": version, "Upload-Length": Shape.integer.described("Bytes of the file."),
            "Upload-Metadata": Shape.text.described("`filename` and its value in Base64.").optional,
        ], answers: [.empty(201)],
        refusals: refusals + [.init(413, "file_too_large"), .init(413, "quota_exceeded"), .conflict("too_many_uploads")])

    static let limits = RouteShape(
        "Read how much one may upload.",
        answers: [.ok(.object(["file_bytes": .integer, "quota_bytes": .integer, "used_bytes": .integer]))])

    static let describeFile = RouteShape("Read what a file is.", answers: [.ok(file)])

    static let head = RouteShape(
        "Read how much of an upload is here.", headers: ["Tus-Resumable": version], answers: [.empty(200)], refusals: refusals)

    static let receive = RouteShape(
        "Send what follows at an offset.",
        headers: [
            "Tus-Resumable": version, "Upload-Offset": .integer,
            "Upload-Checksum": Shape.text.described("An algorithm (\(Tus.algorithms)) and its value in Base64.").optional,
        ], body: .bytes(["application/offset+octet-stream"]), answers: [.empty(204)],
        refusals: refusals + [.conflict("wrong_offset"), .conflict("too_many_parts"), .init(460, "checksum_mismatch")])

    static let cancel = RouteShape(
        "Give an upload up, or a file that was not sent.", headers: ["Tus-Resumable": version], answers: [.empty(204)],
        refusals: refusals + [.conflict("file_sent")])

    static let serve = RouteShape(
        "Load a file, or a part of it.", parameters: ["name": .text],
        headers: ["Range": Shape.text.described("One range of bytes.").optional, "If-Range": .text.optional],
        answers: [.bytes("*/*").tagged, .bytes("*/*", status: 206).tagged, .notModified],
        refusals: [.init(416, "range_not_satisfiable"), .init(500, "file_damaged")])
}
