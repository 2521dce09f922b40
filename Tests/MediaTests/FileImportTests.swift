import Authorization
import Compression
import Database
import Glibc
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Media
@testable import Server

/// Files of any size, imported in chunks.
@Suite struct FileImportTests {
    private static func file(_ bytes: [UInt8]) throws -> String {
        let path = "\(try TestFolder().path)/titles"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard descriptor >= 0, write(descriptor, bytes, bytes.count) == bytes.count else { throw SiteFault("cannot write \(path)") }
        close(descriptor)
        return path
    }

    private static func lines(_ count: Int, from first: Int = 1) -> [UInt8] {
        var text = ""
        for number in first..<(first + count) {
            text += #"{"adult":false,"id":\#(number),"original_title":"Line \#(number)","popularity":\#(number).5,"video":false}"# + "\n"
        }
        return Array(text.utf8)
    }

    private static func run(_ site: TestSite, _ path: String, _ kind: TitleKind = .film) async throws -> TitleFileImport.Progress {
        try await site.composition.media.fileImport.run(path, kind: kind, language: .english) { _ in }
    }

    @Test(arguments: TestDatabase.all) func aDailyFileBecomesStubs(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let path = try Self.file(Deflater.gzip(Self.lines(2500)))
            let done = try await Self.run(site, path)
            #expect(done.rows == 2500)
            #expect(done.added == 2500)
            #expect(try await site.count("media") == 2500)
            // A second run adds nothing.
            let again = try await Self.run(site, path)
            #expect(again.added == 0)
            #expect(again.unchanged == 2500)
            #expect(again.continued == 0)
            let admin = try await TestUser(site, .admin)
            #expect(try await admin.items("/media?search=line%202499").first?["title"] == "Line 2499")
            // Film and series numbers are told apart.
            #expect(try await Self.run(site, path, .series).added == 2500)
        }
    }

    @Test(arguments: TestDatabase.all) func anInterruptedImportGoesOn(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let path = try Self.file(Self.lines(3000))
            let importer = site.composition.media.fileImport
            let work = Task {
                try await importer.run(path, kind: .film, language: .english) { progress in
                    if progress.rows >= 1000 { withUnsafeCurrentTask { $0?.cancel() } }
                }
            }
            _ = await work.result
            let before = try await site.count("media")
            #expect(before >= 1000)
            try await site.restart()
            let done = try await Self.run(site, path)
            #expect(done.rows == 3000)
            #expect(done.continued == before || before == 3000)
            #expect(try await site.count("media") == 3000)
        }
    }

    @Test func formsOfFiles() throws {
        func rows(_ text: String) throws -> [String] {
            var records = try FileRecords(path: try Self.file(Array(text.utf8)))
            defer { records.close() }
            return try records.next(100).map { record in
                switch record {
                case .row(let row): row.json.text
                case .stub(let stub): "stub \(stub.number)"
                case .invalid: "invalid"
                }
            }
        }
        #expect(try rows("a;b\n1;\"x\ny\"\n\n2;z") == [#"{"a":["1"],"b":["x\ny"]}"#, #"{"a":["2"],"b":["z"]}"#])
        #expect(try rows(#" [ {"a": "]}\"{"} , {"a": 2} ] "#) == [#"{"a":["]}\"{"]}"#, #"{"a":["2"]}"#])
        #expect(try rows("{\"a\": 1}\nnonsense\n{\"a\": 3}") == [#"{"a":["1"]}"#, "invalid", #"{"a":["3"]}"#])
        #expect(try rows(String(own: Self.lines(2))) == ["stub 1", "stub 2"])
        #expect(try rows("a;b\r\n;\r\nthe 12\" disc;\"said \"\"no\"\"\"\r\n") == [#"{"a":["the 12\" disc"],"b":["said \"no\""]}"#])
        #expect(try rows("[]") == [])
        #expect(throws: FileRecords.Fault.cut) { try rows(#"[{"a": 1}, {"a""#) }
        #expect(throws: FileRecords.Fault.cut) { try rows("a\n\"never closed") }
        #expect(throws: FileRecords.Fault.empty) { try rows("") }
        #expect(throws: FileRecords.Fault.rowTooLong) { try rows("a\n\"" + String(repeating: "x", count: 3 << 20)) }
    }

    @Test func damagedFilesAreToldApart() async throws {
        try await TestSite.with(.sqlite) { site in
            let whole = Deflater.gzip(Self.lines(1000))
            let cut = try Self.file(Array(whole.prefix(whole.count / 2)))
            await #expect(throws: TitleFileImport.Fault.self) { try await Self.run(site, cut) }
            let damaged = try Self.file(Array(whole.prefix(40)) + [UInt8](repeating: 0xFF, count: 200))
            await #expect(throws: TitleFileImport.Fault.self) { try await Self.run(site, damaged) }
            await #expect(throws: TitleFileImport.Fault.self) { try await Self.run(site, "/nowhere") }
        }
    }

    @Test(arguments: TestDatabase.all) func aLargeTableIsMatchedToWhatIsThere(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            var text = "Title,Year,Genres,Directors,imdb_id\n"
            for number in 1...600 {
                text += "\"Film, number \(number)\",\(1950 + number % 60),Drama,Maker \(number % 9),tt\(7_000_000 + number)\n"
            }
            text += ",1999,Drama,,\n"
            let path = try Self.file(Array(text.utf8))
            let first = try await Self.run(site, path)
            #expect(first.added == 600)
            #expect(first.invalid == 1)
            let second = try await Self.run(site, path)
            #expect(second.added == 0)
            #expect(second.unchanged == 600)
            #expect(try await site.count("people") == 9)
        }
    }
}
