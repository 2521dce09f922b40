import Glibc
import HTTP
import Kernel
import Runtime
import TestSupport
import Testing
import Transport
import Web

/// The web app's files over the whole application: versions, parts, codings, and paths that lead nowhere.
@Suite final class StaticFilesTests {
    private static let script = Array(String(repeating: "0123456789", count: 300).utf8)
    private static let packed: [UInt8] = Array("packed".utf8)

    private struct NoAnswer: Error {}

    private struct Anybody: Authenticator {
        func authenticate(_ request: HTTPRequest, _ origin: Origin) async throws -> Scope { try await guest(origin) }
        func guest(_ origin: Origin) async throws -> Scope { origin.guest(PermissionSet()) }
    }

    private let application: Application
    private let folder: TestFolder

    init() throws {
        folder = try TestFolder()
        let root = "\(folder.path)/site"
        mkdir(root, 0o755)
        mkdir("\(root)/assets", 0o755)
        try Self.write(Array("<!doctype html>".utf8), "\(root)/index.html")
        try Self.write(Self.script, "\(root)/assets/app-ABCDEF12.js")
        try Self.write(Self.packed, "\(root)/assets/app-ABCDEF12.js.gz")
        try Self.write(Array("0".utf8), "\(root)/snippet.js")
        try Self.write(Array("secret".utf8), "\(folder.path)/secret.txt")
        let list = Route(.get, "/list", .anyone, .tested) { _ in
            Reply.page((0..<200).map { ["number": .integer($0)] }, next: nil).compressible()
        }
        let secret = Route(.get, "/secret", .anyone, .tested) { _ in
            Reply.page((0..<200).map { ["number": .integer($0)] }, next: nil)
        }
        let page = Route(.get, "//page", .anyone, .tested) { call in
            Reply(status: 200, headers: ["ETag": "\"1\"", "Content-Security-Policy": "sandbox", "Content-Type": "text/html"], body: [60])
                .unlessFresh(for: call.request)
        }
        let events = Route(.get, "//events", .anyone, .tested) { _ in .json(200, []) }
        application = Application(
            routes: [list, secret, events, page], authenticator: Anybody(), files: StaticFiles(directory: root), log: .silent,
            metrics: Metrics())
    }

    /// Paths are case-sensitive: what looks like the server's is nothing, and a page of the app there would pass by a proxy's rules.
    @Test(arguments: ["/API/v1/list", "/Api/v1", "/api/V1/anything", "/EVENTS", "/Events"])
    func theAppAnswersForNoPathOfTheServer(_ path: String) async throws {
        let request = HTTPRequest(method: .get, target: path, remoteAddress: "127.0.0.1")
        guard case .response(let response) = await application.respond(to: request) else { throw NoAnswer() }
        #expect([401, 404].contains(response.status))
    }

    deinit { do { try TestFolder.remove(folder.path) } catch { Issue.record(error) } }

    private static func write(_ bytes: [UInt8], _ path: String) throws {
        let file = try #require(fopen(path, "w"))
        defer { fclose(file) }
        #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    }

    private func get(_ target: String, _ headers: HTTPHeaders = [:], method: HTTPMethod = .get) async throws -> HTTPResponse {
        let request = HTTPRequest(method: method, target: target, headers: headers, remoteAddress: "127.0.0.1")
        guard case .response(let response) = await application.respond(to: request) else { throw Problem.notFound }
        return response
    }

    private func script(_ headers: HTTPHeaders = [:]) async throws -> HTTPResponse { try await get("/assets/app-ABCDEF12.js", headers) }

    @Test func aFileHasATypeATagAndALife() async throws {
        let answer = try await script()
        #expect(answer.status == 200 && answer.body == Self.script)
        #expect(answer.headers["Content-Type"] == "text/javascript; charset=utf-8")
        #expect(answer.headers["Cache-Control"] == "public, max-age=31536000, immutable")
        #expect(answer.headers["Accept-Ranges"] == "bytes")
        #expect(try await get("/").headers["Cache-Control"] == "no-cache")
        #expect(try await get("/members/anyone").body == Array("<!doctype html>".utf8))
        let head = try await get("/assets/app-ABCDEF12.js", method: .head)
        #expect(head.body.isEmpty && head.headers["Content-Length"] == "3000")
    }

    /// Also when it is asked for again: browsers replace the headers of a stored file by those of a 304.
    @Test func pagesOfOtherSitesMayLoadTheSnippetAlone() async throws {
        let snippet = try await get("/snippet.js")
        #expect(snippet.headers["Cross-Origin-Resource-Policy"] == "cross-origin")
        #expect(snippet.headers["Cache-Control"] == "public, max-age=3600")
        let again = try await get("/snippet.js", ["If-None-Match": snippet.headers["ETag"] ?? ""])
        #expect(again.status == 304 && again.headers["Cross-Origin-Resource-Policy"] == "cross-origin")
        #expect(try await script().headers["Cross-Origin-Resource-Policy"] == "same-origin")
    }

    @Test func aRouteAtTheRootIsNotAPageOfTheApp() async throws {
        for accepted in ["*/*", "text/event-stream", "text/html"] {
            #expect(try await get("/events", ["Accept": accepted]).body == Array("[]".utf8))
        }
        #expect(try await get("/events", method: .head).headers["Content-Type"] == "application/json")
        #expect(try await get("/events/more").body == Array("<!doctype html>".utf8))
    }

    /// Browsers replace the headers of a stored page by those of a 304.
    @Test func notModifiedKeepsThePolicyOfThePage() async throws {
        let whole = try await get("/page")
        #expect(whole.status == 200 && whole.headers["Content-Security-Policy"] == "sandbox")
        let kept = try await get("/page", ["If-None-Match": "\"1\""])
        #expect(kept.status == 304 && kept.body.isEmpty && kept.headers["Content-Security-Policy"] == "sandbox")
        let tag = try #require(try await get("/").headers["ETag"])
        let app = try await get("/", ["If-None-Match": tag])
        #expect(app.status == 304 && app.headers["Content-Security-Policy"] == StaticFiles.contentSecurityPolicy)
    }

    @Test func eachCodingHasATagOfItsOwn() async throws {
        let plain = try #require(try await script().headers["ETag"])
        let packed = try await script(["Accept-Encoding": "br, gzip"])
        #expect(packed.headers["Content-Encoding"] == "gzip" && packed.body == Self.packed)
        let tag = try #require(packed.headers["ETag"])
        #expect(tag != plain)
        for field in [plain, "W/\(plain)", "\"x\", \(plain)", "*"] {
            let answer = try await script(["If-None-Match": field])
            #expect(answer.status == 304 && answer.body.isEmpty && answer.headers["ETag"] == plain)
        }
        #expect(try await script(["If-None-Match": tag]).status == 200)
        #expect(try await script(["If-None-Match": "\" \(plain.dropFirst())"]).status == 200)
        #expect(try await script(["If-None-Match": tag, "Accept-Encoding": "gzip"]).status == 304)
        for refused in ["gzip;q=0", "g zip", "identity", "*;q=0", "gzip;q=0.0, *", ""] {
            #expect(try await script(["Accept-Encoding": refused]).headers["Content-Encoding"] == nil, "\(refused)")
        }
    }

    @Test(arguments: [
        ("bytes=0-9", 0..<10), ("bytes=2990-", 2990..<3000), ("bytes=-5", 2995..<3000), ("bytes=-9999", 0..<3000),
        ("bytes=2999-99999", 2999..<3000),
        ("Bytes=5-5", 5..<6),
    ])
    func givesAPart(_ field: String, _ range: Range<Int>) async throws {
        // A part is one of the plain bytes, whatever codings are taken.
        let answer = try await script(["Range": field, "Accept-Encoding": "gzip"])
        #expect(answer.status == 206 && answer.body == Array(Self.script[range]))
        #expect(answer.headers["Content-Range"] == "bytes \(range.lowerBound)-\(range.upperBound - 1)/3000")
        #expect(answer.headers["Content-Encoding"] == nil)
    }

    @Test(arguments: [
        "bytes=5-4", "bytes=", "bytes=-", "bytes=a-b", "bytes=0-1,3-4", "lines=0-1", "bytes=+1-2", "bytes=1--2", "bytes=1 2-40",
        "bytes=0-99999999999999999999",
    ])
    func givesTheWholeWhereAPartMakesNoSense(_ field: String) async throws {
        let answer = try await script(["Range": field])
        #expect(answer.status == 200 && answer.body == Self.script)
    }

    @Test func refusesAPartBeyondTheEnd() async throws {
        for field in ["bytes=3000-", "bytes=9999-10000", "bytes=-0"] {
            let answer = try await script(["Range": field])
            #expect(answer.status == 416 && answer.body.isEmpty && answer.headers["Content-Range"] == "bytes */3000")
        }
    }

    @Test func aPartOfAnotherVersionIsTheWhole() async throws {
        let tag = try #require(try await script().headers["ETag"])
        #expect(try await script(["Range": "bytes=0-9", "If-Range": tag]).status == 206)
        #expect(try await script(["Range": "bytes=0-9", "If-Range": "\"other\""]).status == 200)
        #expect(try await script(["Range": "bytes=0-9", "If-Range": "W/\(tag)"]).status == 200)
        #expect(try await script(["Range": "bytes=0-9", "If-None-Match": tag]).status == 304)
    }

    @Test(arguments: [
        "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/..%2Fsecret.txt", "/assets/../../secret.txt",
        "/assets/..%5c..%5csecret.txt",
        "/./../secret.txt", "//secret.txt", "/%2Fsecret.txt", "/assets/%2e%2e/%2e%2e/secret.txt", "/%252e%252e/secret.txt",
        "/..;/secret.txt",
        "/.hidden.txt", "/assets/app-ABCDEF12.js/", "/assets/app-ABCDEF12.js/..", "/assets/app-ABCDEF12.js.gz", "/ASSETS/app-ABCDEF12.js",
        "/api/v1/../../secret.txt", "/api/v1/..%2f..%2fsecret.txt",
    ])
    func noSpellingLeadsOutOfTheFolder(_ target: String) async throws {
        let answer = try await get(target)
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(answer.status >= 400 || text == "<!doctype html>")
        #expect(!text.contains("secret\n") && text != "secret" && answer.body != Self.script && answer.body != Self.packed)
    }

    @Test func listsWithoutSecretsAreCompressed() async throws {
        let plain = try await get("/api/v1/list")
        #expect(plain.headers["Content-Encoding"] == nil && plain.headers["Vary"] == "Accept-Encoding")
        let packed = try await get("/api/v1/list", ["Accept-Encoding": "gzip"])
        #expect(packed.headers["Content-Encoding"] == "gzip" && packed.headers["Vary"] == "Accept-Encoding")
        #expect(packed.body.starts(with: [0x1F, 0x8B]) && packed.body.count < plain.body.count / 3)
        #expect(try await get("/api/v1/secret", ["Accept-Encoding": "gzip"]).headers["Content-Encoding"] == nil)
    }
}
