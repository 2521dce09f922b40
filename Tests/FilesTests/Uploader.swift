import Crypto
import Database
import HTTP
import Kernel
import SiteSupport
import Testing
import Transport
import Web

@testable import Server

/// What the server answered, with its bytes.
struct RawAnswer: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: [UInt8]

    var code: String {
        do { return try JSONParser.parse(body)["code"]?.string ?? "" } catch { return "" }
    }
}

/// Requests about files, in a person’s name.
extension TestUser {
    func raw(
        _ method: String, _ target: String, _ headers: HTTPHeaders = [:], body: [UInt8] = [], stream: HTTPBody? = nil
    ) async throws -> RawAnswer {
        var headers = headers
        headers["Authorization"] = "Bearer \(token)"
        headers["Host"] = "site.test"
        var request = HTTPRequest(
            method: HTTPMethod(rawValue: method), target: target, headers: headers, body: body, remoteAddress: "2001:db8::77")
        request.bodyStream = stream
        guard case .response(let response) = await site.composition.application.respond(to: request) else {
            throw SiteFault("\(method) \(target) is answered by a connection")
        }
        return RawAnswer(status: response.status, headers: response.headers, body: response.body)
    }

    /// - Returns: the answer, and the path of the upload.
    func create(_ length: Int, named name: String = "file.bin") async throws -> (answer: RawAnswer, path: String) {
        let answer = try await raw(
            "POST", "/api/v1/files",
            [
                "Tus-Resumable": "1.0.0", "Upload-Length": String(length),
                "Upload-Metadata": "filename \(base64(Array(name.utf8))),filetype \(base64(Array("text/html".utf8)))",
            ])
        return (answer, answer.headers["Location"] ?? "")
    }

    func patch(_ path: String, at offset: Int, _ bytes: [UInt8] = [], stream: HTTPBody? = nil, checksum: String? = nil) async throws
        -> RawAnswer
    {
        var headers: HTTPHeaders = [
            "Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset),
        ]
        if let checksum { headers["Upload-Checksum"] = checksum }
        return try await raw("PATCH", path, headers, body: bytes, stream: stream)
    }

    func head(_ path: String) async throws -> RawAnswer { try await raw("HEAD", path, ["Tus-Resumable": "1.0.0"]) }
    func offset(of path: String) async throws -> Int? { try await head(path).headers["Upload-Offset"].flatMap { Int($0) } }
    func cancel(_ path: String) async throws -> Int { try await raw("DELETE", path, ["Tus-Resumable": "1.0.0"]).status }

    /// - Returns: the file's id.
    func upload(_ bytes: [UInt8], named name: String = "file.bin") async throws -> String {
        let (answer, path) = try await create(bytes.count, named: name)
        try #require(answer.status == 201, "\(answer.code)")
        if !bytes.isEmpty { try #require(try await patch(path, at: 0, bytes).status == 204) }
        return String(path.split(separator: "/").last ?? "")
    }

    func say(_ files: [String], in conversation: String, _ content: String = "", key: String? = nil) async throws -> TestSite.Answer {
        var body: JSONObject = ["content": .string(content), "attachments": .array(files.map(JSON.string))]
        if let key { body.append("key", .string(key)) }
        return try await send("POST", "/conversations/\(conversation)/messages", .object(body))
    }

    func direct(with other: TestUser) async throws -> String {
        try await send("POST", "/conversations", ["members": [.string(other.alias)]]).text("id")
    }

    func used() async throws -> Int64? { try await send("GET", "/files/limits").json["used_bytes"]?.integer }
}

extension TestSite {
    /// The last event of a type.
    func told(_ type: String) async throws -> JSON {
        let cipher = KeyringEventCipher(keyring: composition.infrastructure.keyring)
        return try await database.read { transaction in
            let row = try transaction.row(
                "SELECT event_offset, sealed FROM outbox WHERE type = \(type) ORDER BY event_offset DESC LIMIT 1")
            guard let row else { return .null }
            return try JSONParser.parse(try cipher.open(row.blob(1), offset: row.int64(0)))
        }
    }

    var filesFolder: String { composition.infrastructure.folder.file("files") }

    /// Every file on the disk.
    func stored() throws -> [String] { try files(below: filesFolder) }
}

/// Base64 with its padding.
func base64(_ bytes: [UInt8]) -> String {
    let text = Base64URL.encode(bytes).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
    return String(text) + String(repeating: "=", count: (4 - text.count % 4) % 4)
}

/// Pseudo-random bytes.
func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    return (0..<count).map { _ in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return UInt8(truncatingIfNeeded: state)
    }
}
