package import Web

/// The requests and answers of the routes of files.
package enum FileShapes {
    /// A file as a message shows it.
    package static let file = Shape.named(
        "File",
        .object([
            "id": .id, "name": .text, "type": Shape.text.described("The media type, found from the bytes."), "size": .integer,
            "width": Shape.integer.described("In pixels, of an upright picture.").optional, "height": .integer.optional,
            "url": Shape.text.described("A path at the root of the site."), "thumbnail_url": .text.optional,
        ]))

    private static let version = Shape.choice(Tus.version).described("The version of tus.")
    private static let refusals: [RouteShape.Refusal] = [.init(412, "tus_version")]

    static let describe = RouteShape("Read which parts of tus the server supports.", answers: [.noContent])

    static let create = RouteShape(
        "Begin an upload (tus 1.0.0); it is at the address in `Location`.",
        headers: [
            "Tus-Resumable": version, "Upload-Length": Shape.integer.described("Bytes of the file."),
            "Upload-Metadata": Shape.text.described("`filename` and its value in Base64.").optional,
        ], answers: [.empty(201)],
        refusals: refusals + [.init(413, "file_too_large"), .init(413, "quota_exceeded"), .conflict("too_many_uploads")])

    static let limits = RouteShape(
        "Read how much you may upload, and how much you have uploaded.",
        answers: [.ok(.object(["file_bytes": .integer, "quota_bytes": .integer, "used_bytes": .integer]))])

    static let describeFile = RouteShape("Read a file’s name, type and size.", answers: [.ok(file)])

    static let head = RouteShape(
        "Read how many bytes of an upload the server has.", headers: ["Tus-Resumable": version], answers: [.empty(200)], refusals: refusals)

    static let receive = RouteShape(
        "Send the bytes that follow an offset.",
        headers: [
            "Tus-Resumable": version, "Upload-Offset": .integer,
            "Upload-Checksum": Shape.text.described("An algorithm (\(Tus.algorithms)) and its value in Base64.").optional,
        ], body: .bytes(["application/offset+octet-stream"]), answers: [.noContent],
        refusals: refusals + [.conflict("wrong_offset"), .conflict("too_many_parts"), .init(460, "checksum_mismatch")])

    static let cancel = RouteShape(
        "Cancel an upload, or remove an unsent file.", headers: ["Tus-Resumable": version], answers: [.noContent],
        refusals: refusals + [.conflict("file_sent")])

    static let serve = RouteShape(
        "Download a file, or a part of it.", parameters: ["name": .text],
        headers: ["Range": Shape.text.described("One range of bytes.").optional, "If-Range": .text.optional],
        answers: [.bytes("*/*").tagged, .bytes("*/*", status: 206).tagged, .notModified],
        refusals: [.init(416, "range_not_satisfiable"), .init(500, "file_damaged")])
}
