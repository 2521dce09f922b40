import Glibc
import HTTP
import HostileInputs
import Testing

/// `docs/security.md` is made of the tables that the tests send over raw sockets; with `FOYER_WRITE_DOCS=1` this writes it, else it compares.
@Suite struct SecurityPageTests {
    @Test func thePageSaysWhatTheTestsSend() throws {
        let path = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/docs/security.md"
        if getenv("FOYER_WRITE_DOCS") != nil { try write(Self.page, to: path) }
        #expect(try read(path) == Self.page, "write it anew: FOYER_WRITE_DOCS=1 swift test --filter SecurityPageTests")
    }

    private static let page = """
        # What is refused

        Made from the tables that the tests send over raw sockets (`Tests/HostileInputs`), each to a server of its own, with a second request behind it
        that must not be answered. Do not edit: `FOYER_WRITE_DOCS=1 swift test --filter SecurityPageTests` writes this page, and the tests
        fail when it is old. The threats are in [threat-model.md](threat-model.md).

        ## HTTP/1.1 requests
        Sections are of RFC 9112 unless another is named. Every answer says `Connection: close`, and nothing behind it is read.

        | section | input | answer |
        |---|---|---|
        \(HostileRequest.all.map { "| \($0.section) | \(escaped($0.name)) | \($0.status) |" }.joined(separator: "\n"))

        ## WebSocket handshakes
        | input | answer |
        |---|---|
        \(HostileHandshake.all.map { "| \(escaped($0.name)) | \($0.status) |" }.joined(separator: "\n"))

        ## WebSocket frames
        Sections are of RFC 6455. The close frame is sent, then the connection ends; nothing behind the fault is read.

        | section | input | close code |
        |---|---|---|
        \(HostileFrame.all.map { "| \($0.section) | \(escaped($0.name)) | \($0.answer == 1005 ? "none" : String($0.answer)) |" }.joined(separator: "\n"))

        ## Forms
        Sections are of RFC 2046 or 7578, as named. Nothing of such a form is kept, whichever part was whole.

        | section | input | answer |
        |---|---|---|
        \(HostileForm.all.map { "| \($0.section) | \(escaped($0.name)) | \($0.status) |" }.joined(separator: "\n"))

        ## What is no TLS, on a port of TLS
        The answer is all that is said; then the connection ends. No request is read.

        | input | answer |
        |---|---|
        \(HostileGreeting.all.map { "| \(escaped($0.name)) | \($0.told) |" }.joined(separator: "\n"))

        """

    private static func escaped(_ text: String) -> String { text.replacing("|", with: "\\|") }

    private func read(_ path: String) throws -> String {
        let file = try #require(fopen(path, "r"), "docs/security.md is missing")
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    private func write(_ text: String, to path: String) throws {
        let file = try #require(fopen(path, "w"))
        defer { fclose(file) }
        #expect(fputs(text, file) >= 0)
    }
}
