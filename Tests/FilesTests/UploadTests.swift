import Authorization
import Crypto
import Database
import Files
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Server

/// Uploads by tus: acknowledged bytes are on the disk, and nobody stores more than their quota.
@Suite struct UploadTests {
    @Test(arguments: TestDatabase.all) func anUploadThatIsCutGoesOnWhereItWas(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let alice = try await TestUser(site)
            let bytes = noise(700_000)
            let (created, path) = try await alice.create(bytes.count, named: "noise.bin")
            #expect(created.status == 201 && created.headers["Upload-Expires"] != nil)
            #expect(try await alice.offset(of: path) == 0)
            // Bytes before a cut are kept, also in the middle of a chunk.
            var sent = 0
            for end in [1, 65_536, 65_537, 300_001] {
                let body = HTTPBody()
                body.append(Array(bytes[sent..<end]))
                body.cut(0)
                #expect(try await alice.patch(path, at: sent, stream: body).status == 400)
                #expect(try await alice.offset(of: path) == end)
                sent = end
            }
            #expect(try await alice.patch(path, at: 0, [1]).code == "wrong_offset")
            #expect(try await alice.patch(path, at: sent + 1, [1]).status == 409)
            let done = try await alice.patch(path, at: sent, Array(bytes[sent...]))
            #expect(done.status == 204 && done.headers["Upload-Offset"] == "700000")
            #expect(try await alice.offset(of: path) == 700_000)
            // A client that lost the answer may repeat the request.
            #expect(try await alice.patch(path, at: 700_000).status == 204)
            let id = String(path.split(separator: "/").last ?? "")
            var read: [UInt8] = []
            for start in stride(from: 0, to: bytes.count, by: 200_000) {
                let part = try await alice.raw("GET", "/files/\(id)/x", ["Range": "bytes=\(start)-\(start + 199_999)"])
                #expect(part.status == 206)
                read += part.body
            }
            #expect(read == bytes)
            try await site.settle()
            let stored = try site.stored()
            #expect(stored.count == 1 && stored.allSatisfy { mode(of: $0) == 0o600 })
            #expect(mode(of: site.filesFolder) == 0o700)
        }
    }

    @Test(arguments: TestDatabase.all) func aWrongChecksumKeepsNothing(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let alice = try await TestUser(site)
            let bytes = noise(100_000)
            let (_, path) = try await alice.create(bytes.count)
            let right = base64(SHA256.digest(bytes))
            #expect(try await alice.patch(path, at: 0, bytes.reversed(), checksum: "sha256 \(right)").status == 460)
            #expect(try await alice.offset(of: path) == 0)
            #expect(try await alice.patch(path, at: 0, bytes, checksum: "md5 \(right)").status == 400)
            #expect(try await alice.patch(path, at: 0, bytes, checksum: "sha256 \(right)").status == 204)
            #expect(try await alice.offset(of: path) == 100_000)
            let (_, other) = try await alice.create(3)
            #expect(try await alice.patch(other, at: 0, Array("abc".utf8), checksum: "sha1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=").status == 204)
        }
    }

    /// Otherwise one person could fill the disk with requests that count against no quota.
    @Test(arguments: TestDatabase.all) func aRefusedRequestLeavesNothingOnTheDisk(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let alice = try await TestUser(site)
            let bytes = noise(600_000)
            func body(_ count: Int, cut: Bool = false) -> HTTPBody {
                let body = HTTPBody()
                for start in stride(from: 0, to: count, by: 100_000) { body.append(Array(bytes[start..<min(count, start + 100_000)])) }
                if cut { body.cut(0) } else { body.finish() }
                return body
            }
            let (_, path) = try await alice.create(550_000)
            let wrong = "sha256 \(base64(SHA256.digest([])))"
            #expect(try await alice.patch(path, at: 0, stream: body(600_000)).status == 413)
            #expect(try site.stored().isEmpty)
            #expect(try await alice.patch(path, at: 0, stream: body(550_000), checksum: wrong).status == 460)
            #expect(try site.stored().isEmpty)
            #expect(try await alice.patch(path, at: 0, stream: body(500_000, cut: true), checksum: wrong).status == 400)
            #expect(try site.stored().isEmpty)
            #expect(try await alice.offset(of: path) == 0)
            #expect(try await alice.patch(path, at: 0, stream: body(550_000)).status == 204)
        }
    }

    @Test(arguments: TestDatabase.all) func uploadsAndUnsentFilesAreBounded(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let conversation = try await alice.direct(with: bob)
            let (_, path) = try await alice.create(10)
            var file = ""
            for _ in 1..<100 { file = try await alice.upload([]) }
            #expect(try await alice.create(0).answer.code == "too_many_uploads")
            #expect(try await bob.create(0).answer.status == 201)
            #expect(try await alice.say([file], in: conversation).status == 201)
            #expect(try await alice.create(0).answer.status == 201)
            #expect(try await alice.create(0).answer.code == "too_many_uploads")
            #expect(try await alice.cancel(path) == 204)
            #expect(try await alice.create(0).answer.status == 201)
        }
    }

    @Test(arguments: TestDatabase.all) func anErasedPersonKeepsNoUnsentFile(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let conversation = try await alice.direct(with: bob)
            let sent = try await alice.upload(noise(1000, seed: 1), named: "sent.bin")
            #expect(try await alice.say([sent], in: conversation).status == 201)
            _ = try await alice.upload(noise(1000, seed: 2), named: "unsent.bin")
            let (_, path) = try await alice.create(1000)
            #expect(try await alice.patch(path, at: 0, noise(10)).status == 204)
            let files = site.composition.files
            let export = try await site.database.read { try files.export(alice.id, in: $0) }
            #expect(export["files"]?.array?.compactMap { $0["name"]?.string } == ["unsent.bin", "sent.bin"])
            try await site.database.write { try files.erase(alice.id, in: $0) }
            try await site.settle()
            #expect(try site.stored().count == 1)
            #expect(try await bob.raw("GET", "/files/\(sent)/x").status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func foldersWithoutARowAreSwept(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let alice = try await TestUser(site)
            let id = try await alice.upload(noise(1000))
            try await site.settle()
            let known = try #require(try site.stored().first)
            let old = "\(site.filesFolder)/23/1230"
            let fresh = "\(site.filesFolder)/24/1240"
            for folder in [old, fresh] { try makeFile("\(folder)/data") }
            for folder in [old, String(known.dropLast("/data".count))] { age(folder, days: 3) }
            try await site.composition.files.sweepFolders()
            #expect(Set(try site.stored()) == [known, "\(fresh)/data"])
            #expect(try await alice.raw("GET", "/files/\(id)/x").body == noise(1000))
        }
    }

    @Test(arguments: TestDatabase.all) func whatIsNotTusIsRefused(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            #expect(try await alice.raw("POST", "/api/v1/files", ["Upload-Length": "3"]).code == "tus_version")
            #expect(try await alice.raw("POST", "/api/v1/files", ["Tus-Resumable": "1.0.0", "Upload-Length": "-3"]).status == 400)
            #expect(try await alice.raw("POST", "/api/v1/files", ["Tus-Resumable": "1.0.0"]).status == 400)
            let told = try await alice.raw("OPTIONS", "/api/v1/files")
            #expect(told.status == 204 && told.headers["Tus-Extension"] == "creation,expiration,termination,checksum")
            let (_, path) = try await alice.create(3)
            #expect(try await alice.raw("PATCH", path, ["Tus-Resumable": "1.0.0", "Upload-Offset": "0"], body: [1]).status == 415)
            #expect(try await alice.patch(path, at: 0, [1, 2, 3, 4]).status == 413)
            // For others the upload does not exist.
            #expect(try await bob.head(path).status == 404)
            #expect(try await bob.patch(path, at: 0, [1, 2, 3]).status == 404)
            #expect(try await bob.cancel(path) == 404)
            #expect(try await alice.offset(of: path) == 0)
        }
    }

    @Test(arguments: TestDatabase.all) func theQuotaHoldsForTwoAtOnce(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind, settings: ["file-bytes": "1000", "file-quota": "2500"]) { site in
            let alice = try await TestUser(site)
            #expect(try await alice.create(1001).answer.code == "file_too_large")
            let answers = try await withThrowingTaskGroup(of: (RawAnswer, String).self) { group in
                for _ in 0..<8 { group.addTask { try await alice.create(1000) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let made = answers.filter { $0.0.status == 201 }
            #expect(made.count == 2)
            #expect(answers.filter { $0.0.code == "quota_exceeded" }.count == 6)
            #expect(try await alice.used() == 2000)
            // Cancelling an upload frees its bytes at once, and removes it from the disk.
            #expect(try await alice.patch(made[0].1, at: 0, noise(500)).status == 204)
            #expect(try await alice.cancel(made[0].1) == 204)
            #expect(try await alice.head(made[0].1).status == 404)
            #expect(try await alice.used() == 1000)
            try await site.settle()
            #expect(try site.stored().isEmpty)
            #expect(try await alice.create(1000).answer.status == 201)
        }
    }

    @Test(arguments: TestDatabase.all) func theHighestRoleThatSetsALimitDecides(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind, settings: ["file-bytes": "1000", "file-quota": "2000"]) { site in
            let (alice, owner) = (try await TestUser(site), try await site.add(.owner))
            let token = try await site.signIn(owner).bearer
            func role(_ name: String, _ priority: Int, _ limits: JSON) async throws -> String {
                try await site.post(
                    "/roles", ["name": .string(name), "priority": JSON(priority), "permissions": [], "limits": limits], as: token
                ).text("id")
            }
            let roles = [
                try await role("low", 20, ["file_bytes": 5000, "quota_bytes": 9000]), try await role("high", 30, ["file_bytes": 3000]),
            ]
            #expect(try await site.post("/users/\(alice.id.uuid)/roles", ["add": .array(roles.map(JSON.string))], as: token).status == 200)
            let limits = try await alice.send("GET", "/files/limits").json
            #expect(limits["file_bytes"] == 3000 && limits["quota_bytes"] == 9000)
            #expect(try await alice.create(3001).answer.code == "file_too_large")
            #expect(try await alice.create(3000).answer.status == 201)
            let patched = try await site.send(
                "PATCH", "/roles/\(roles[1])", ["Authorization": "Bearer \(token)"], body: Array(#"{"limits":{"file_bytes":null}}"#.utf8))
            #expect(patched.status == 200 && patched.json["limits"] == .null)
            #expect(try await alice.send("GET", "/files/limits").json["file_bytes"] == 5000)
        }
    }

    @Test(arguments: TestDatabase.all) func aNewRequestTakesOverFromOneThatHangs(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let alice = try await TestUser(site)
            let bytes = noise(200_000)
            let (_, path) = try await alice.create(bytes.count)
            let hanging = HTTPBody()
            hanging.append(Array(bytes[..<100_000]))
            async let first = alice.patch(path, at: 0, stream: hanging)
            while hanging.buffered > 0 { await Task.yield() }
            // The client lost its connection, and the server does not know yet. The received bytes are kept, and the upload continues there.
            #expect(try await alice.offset(of: path) == 100_000)
            #expect(try await first.status == 400)
            #expect(try await alice.patch(path, at: 100_000, Array(bytes[100_000...])).status == 204)
            #expect(try await alice.offset(of: path) == 200_000)
        }
    }

    @Test(arguments: TestDatabase.all) func unusedUploadsAndFilesAreRemoved(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let sent = try await alice.upload(noise(1000, seed: 1))
            let kept = try await alice.upload(noise(1000, seed: 2))
            let conversation = try await alice.direct(with: bob)
            #expect(try await alice.say([sent], in: conversation).status == 201)
            let (_, path) = try await alice.create(1000)
            #expect(try await alice.patch(path, at: 0, noise(10)).status == 204)
            _ = try await site.composition.files.expireUnused()
            #expect(try await alice.used() == 3000)
            let day = Int64(86_400_000)
            try await site.database.write { transaction in
                try transaction.execute("UPDATE files SET created_at = created_at - \(day + 1000)")
                try transaction.execute("UPDATE uploads SET expires_at = expires_at - \(day + 1000)")
            }
            #expect(try await alice.patch(path, at: 10, noise(10)).status == 404)
            _ = try await site.composition.files.expireUnused()
            try await site.settle()
            #expect(try await alice.used() == 1000)
            #expect(try site.stored().count == 1)
            #expect(try await alice.raw("GET", "/files/\(kept)/x").status == 404)
            #expect(try await bob.raw("GET", "/files/\(sent)/x").status == 200)
        }
    }
}

extension TestSite {
    /// Removes noted files from the disk, as the job does.
    func settle() async throws { while try await composition.files.removeDoomed() {} }
}
