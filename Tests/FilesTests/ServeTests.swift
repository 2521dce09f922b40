import Authorization
import Database
import HTTP
import Images
import Kernel
import Pictures
import SiteSupport
import TestSupport
import Testing

@testable import Server

/// Downloads: who may read a file, ranges, and protection against files that could run.
@Suite struct ServeTests {
    /// The id of a file can be guessed, so a filter must not tell its name.
    @Test(arguments: TestDatabase.all) func aFilterNamesNoFileOfAnother(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, mod) = (try await TestUser(site), try await TestUser(site), try await TestUser(site, .mod))
            let filter = try await mod.send("PUT", "/moderation/filters/files", ["kind": "files", "actions": ["block"], "list": ["exe"]])
            #expect(filter.status == 200)
            let conversation = try await alice.direct(with: bob)
            let id = try await alice.upload(Array("x".utf8), named: "payslip.exe")
            let refused = try await bob.say([id], in: conversation)
            #expect(refused.status == 422 && !refused.json.text.contains("payslip"))
            #expect(try await alice.say([id], in: conversation).code == "blocked_by_filter")
        }
    }

    @Test(arguments: TestDatabase.all) func aFileIsSentOnceByWhoeverUploadedIt(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, carol) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            let conversation = try await alice.direct(with: bob)
            let ids = [try await alice.upload(Array("one".utf8), named: "é one.txt"), try await alice.upload(Array("two".utf8))]
            #expect(try await bob.raw("GET", "/files/\(ids[0])/x").status == 404)
            #expect(try await bob.say([ids[0]], in: conversation).status == 422)
            #expect(try await alice.raw("GET", "/files/\(ids[0])/x").body == Array("one".utf8))
            let message = try await alice.say(ids, in: conversation, key: "k")
            #expect(message.status == 201)
            let shown = try #require(message.json["attachments"]?.array)
            #expect(shown.compactMap { $0["id"]?.string } == ids)
            #expect(shown[0]["name"] == "é one.txt" && shown[0]["type"] == "text/plain" && shown[0]["size"] == 3)
            #expect(shown[0]["url"]?.string == "/files/\(ids[0])/%C3%A9%20one.txt")
            #expect(try await alice.say(ids, in: conversation, key: "k").status == 200)
            #expect(try await alice.say([ids[0]], in: conversation, key: "k").code == "key_reused")
            #expect(try await alice.say([ids[0]], in: conversation).status == 422)
            #expect(try await alice.say([ids[1], ids[1]], in: conversation).status == 422)
            #expect(try await alice.cancel("/api/v1/files/\(ids[0])") == 409)
            #expect(try await bob.items("/conversations/\(conversation)/messages").first?["attachments"]?.array?.count == 2)
            #expect(try await site.told("message.created")["message"]?["attachments"]?.array?.count == 2)
            #expect(try await bob.raw("GET", shown[0]["url"]?.string ?? "").body == Array("one".utf8))
            #expect(try await bob.send("GET", "/files/\(ids[0])").json == shown[0])
            #expect(try await carol.raw("GET", "/files/\(ids[0])/x").status == 404)
            #expect(try await carol.send("GET", "/files/\(ids[0])").status == 404)
            #expect(try await site.send("GET", "//files/\(ids[0])/x").status == 401)
            // A message needs words or files.
            #expect(try await alice.say([], in: conversation).status == 422)
            #expect(try await alice.say(Array(repeating: ids[0], count: 11), in: conversation).status == 422)
        }
    }

    @Test(arguments: TestDatabase.all) func aRightThatIsLostAndATombstoneAre404AtOnce(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, carol) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            let body: JSON = ["members": [.string(bob.alias), .string(carol.alias)], "name": "Group"]
            let group = try await alice.send("POST", "/conversations", body).text("id")
            let id = try await alice.upload(Picture.sample("phone.jpg"), named: "phone.jpg")
            let message = try await alice.say([id], in: group).text("id")
            let paths = ["/files/\(id)/phone.jpg", "/files/\(id)/preview/image.webp"]
            for path in paths { #expect(try await carol.raw("GET", path).status == 200) }
            #expect(try await alice.send("DELETE", "/conversations/\(group)/members/\(carol.alias)").status == 204)
            for path in paths {
                #expect(try await carol.raw("GET", path).status == 404)
                #expect(try await bob.raw("GET", path).status == 200)
                let tag = try await bob.raw("GET", path).headers["ETag"] ?? ""
                #expect(try await bob.raw("GET", path, ["If-None-Match": tag]).status == 304)
                // A stored copy gives no right to a 304.
                #expect(try await carol.raw("GET", path, ["If-None-Match": tag]).status == 404)
            }
            #expect(try await alice.used() ?? 0 > 0)
            #expect(try await alice.send("DELETE", "/messages/\(message)").status == 204)
            for path in paths { for person in [alice, bob, carol] { #expect(try await person.raw("GET", path).status == 404) } }
            #expect(try await alice.used() == 0)
            try await site.settle()
            #expect(try site.stored().isEmpty)
        }
    }

    @Test(arguments: TestDatabase.all) func rangesOfASealedFile(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let alice = try await TestUser(site)
            let bytes = noise(200_000)
            let id = try await alice.upload(bytes)
            let path = "/files/\(id)/noise.bin"
            let whole = try await alice.raw("GET", path)
            #expect(whole.body == bytes && whole.headers["Accept-Ranges"] == "bytes")
            let tag = try #require(whole.headers["ETag"])
            let parts: [(String, Range<Int>)] = [
                ("0-1", 0..<2), ("65535-65536", 65_535..<65_537), ("131071-", 131_071..<200_000), ("-1", 199_999..<200_000),
                ("100-9999999", 100..<200_000),
            ]
            for (range, part) in parts {
                let answer = try await alice.raw("GET", path, ["Range": "bytes=\(range)"])
                #expect(answer.status == 206 && answer.body == Array(bytes[part]), "\(range)")
                #expect(answer.headers["Content-Range"] == "bytes \(part.lowerBound)-\(part.upperBound - 1)/200000")
            }
            let beyond = try await alice.raw("GET", path, ["Range": "bytes=200000-"])
            #expect(beyond.status == 416 && beyond.headers["Content-Range"] == "bytes */200000")
            #expect(try await alice.raw("GET", path, ["Range": "bytes=0-1", "If-Range": "\"other\""]).status == 200)
            #expect(try await alice.raw("GET", path, ["Range": "bytes=0-1", "If-Range": tag]).status == 206)
            let head = try await alice.raw("HEAD", path)
            #expect(head.status == 200 && head.body.isEmpty && head.headers["Content-Length"] == "200000")
            // The bytes on the disk are not readable, and a change is noticed.
            let stored = try #require(try site.stored().first { $0.hasSuffix("/data") })
            #expect(onDisk(stored, hold: Array(bytes[1000..<1016])) == false)
            flip(stored, at: 70_000)
            #expect(try await alice.raw("GET", path, ["Range": "bytes=0-100"]).status == 206)
            #expect(try await alice.raw("GET", path, ["Range": "bytes=65536-65600"]).code == "file_damaged")
        }
    }

    @Test(arguments: TestDatabase.all) func nothingThatRunsIsShownInPlace(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let alice = try await TestUser(site)
            let svg = #"<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#
            let html = "<!DOCTYPE html><script>alert(1)</script>"
            let files: [(String, [UInt8], type: String, isInline: Bool)] = [
                ("a.svg", Array(svg.utf8), "image/svg+xml", false), ("a.png", Array(svg.utf8), "image/svg+xml", false),
                ("a.html", Array(html.utf8), "text/html", false), ("a.jpg", Array(html.utf8), "text/html", false),
                ("a.pdf", Array("%PDF-1.7 \(html)".utf8), "application/pdf", false),
                ("a.gif", Array("GIF89a/*\(html)*/".utf8), "application/octet-stream", false),
                ("b.jpg", [0xFF, 0xD8, 0xFF, 0xE0] + Array(html.utf8), "application/octet-stream", false),
                ("a.html", Picture.sample("alpha.png"), "image/png", true), ("a.mp3", Array("ID3\u{4}".utf8), "audio/mpeg", true),
            ]
            for (name, bytes, type, isInline) in files {
                let id = try await alice.upload(bytes, named: name)
                #expect(try await alice.send("GET", "/files/\(id)").json["type"] == .string(type))
                let answer = try await alice.raw("GET", "/files/\(id)/\(name)")
                #expect(answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'")
                #expect(answer.headers["X-Content-Type-Options"] == "nosniff")
                #expect(answer.headers["Cross-Origin-Resource-Policy"] == "same-origin")
                #expect(answer.headers["Cache-Control"] == "private, no-cache")
                #expect(answer.headers["Content-Disposition"]?.hasPrefix(isInline ? "inline" : "attachment") ?? false, "\(name)")
                #expect(answer.headers["Content-Type"] == (isInline ? type : "application/octet-stream"))
            }
        }
    }

    @Test(arguments: TestDatabase.all) func namesAreNoPaths(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let alice = try await TestUser(site)
            let names = [
                ("../../../etc/passwd", "passwd"), ("..", "file"), ("C:\\Windows\\win.ini", "win.ini"), (".htaccess", "htaccess"),
                ("a\u{0}b\r\nSet-Cookie: x", "abSet-Cookie: x"), ("photo\u{202E}gpj.exe", "photogpj.exe"), ("\u{200B}", "file"),
                ("", "file"),
                (String(repeating: "é", count: 500) + ".jpeg", String(repeating: "é", count: 97) + ".jpeg"),
            ]
            for (given, kept) in names {
                let id = try await alice.upload([1], named: given)
                #expect(try await alice.send("GET", "/files/\(id)").json["name"] == .string(kept))
                let answer = try await alice.raw("GET", "/files/\(id)/x")
                #expect(answer.status == 200 && answer.headers["Set-Cookie"] == nil)
            }
            #expect(try await alice.raw("GET", "/files/..%2f..%2fkeys/keyring.json").status == 404)
            #expect(try site.stored().allSatisfy { $0.hasSuffix("/data") || $0.hasSuffix("/part-1") })
        }
    }

    @Test(arguments: TestDatabase.all) func aPictureTellsNothingButItself(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let alice = try await TestUser(site)
            for name in ["phone.jpg", "phone.webp"] {
                let id = try await alice.upload(Picture.sample(name) + Array("behind the end: Sycamore".utf8), named: name)
                let file = try await alice.send("GET", "/files/\(id)").json
                // 48 by 32 pixels as stored, turned by a quarter.
                #expect(file["width"] == 32 && file["height"] == 48)
                let bytes = try await alice.raw("GET", "/files/\(id)/\(name)").body
                for trace in ["Sycamore", "GPS", "http://ns.adobe.com"] {
                    #expect(!holds(bytes, Array(trace.utf8)), "\(trace) in \(name)")
                }
                let preview = try await alice.raw("GET", file["thumbnail_url"]?.string ?? "")
                #expect(preview.headers["Content-Type"] == "image/webp" && !holds(preview.body, Array("EXIF".utf8)))
                let (kept, small) = (try await pixels(of: bytes), try await pixels(of: preview.body))
                #expect(kept.width == 32 && kept.height == 48 && small.width == 32 && small.height == 48)
                // The orientation stays, so that browsers show the picture upright.
                #expect(try await pixels(of: Picture.sample(name)).webP == kept.webP)
            }
            for name in Picture.samples where !name.hasPrefix("phone") {
                let id = try await alice.upload(Picture.sample(name), named: name)
                let bytes = try await alice.raw("GET", "/files/\(id)/\(name)").body
                #expect(try await pixels(of: Picture.sample(name)).webP == pixels(of: bytes).webP, "\(name)")
            }
            // A picture that costs too much to decode is a file without a preview.
            let bomb = try await alice.upload(Picture.bomb(width: 21_600, height: 21_600), named: "bomb.png")
            let file = try await alice.send("GET", "/files/\(bomb)").json
            #expect(file["width"] == nil && file["thumbnail_url"] == nil)
        }
    }

    private func pixels(of bytes: [UInt8]) async throws -> PicturePreview { try await PictureMaker().preview(of: bytes, side: 64) }
}

/// Whether these bytes stand in those.
func holds(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    guard bytes.count >= part.count else { return false }
    return (0...bytes.count - part.count).contains { bytes[$0] == part[0] && bytes[$0..<$0 + part.count].elementsEqual(part) }
}

private func onDisk(_ path: String, hold part: [UInt8]) -> Bool { holds(bytes(of: path), part) }
