import Crypto
import Database
import HTTP
import Kernel
import TestSupport
import Testing

@testable import Audit

/// The audit log as files.
@Suite struct ExportTests {
    private func check(_ lines: [[UInt8]]) -> AuditBundleVerifier {
        var verifier = AuditBundleVerifier()
        for line in lines { verifier.take(line) }
        verifier.finish(isWhole: true)
        return verifier
    }

    private func lines(_ body: [UInt8]) -> [[UInt8]] { body.split(separator: 0x0A).map(Array.init) }

    @Test(arguments: TestDatabase.all) func aBundleIsSoundAndTellsEveryChange(_ kind: TestDatabase) async throws {
        try await AuditSite.with(kind) { site in
            _ = try await site.record(20)
            _ = try await site.add("olga")
            let answer = try await site.get("/audit/export?format=bundle", as: "olga audit.read")
            try #require(answer.status == 200)
            let good = lines(answer.body)
            let sound = check(good)
            #expect(sound.report.isSound, "\(sound.lines)")
            #expect(sound.report.entries == 20 && sound.hidden == 0)
            #expect(sound.fingerprints == AuditBundleVerifier.fingerprints(of: site.keyring))
            var changed = good
            changed[4] = Array(String(own: changed[4]).replacing("\"success\"", with: "\"fail\"").utf8)
            #expect(check(changed).report.faults.map(\.kind).contains(.altered))
            var shorter = good
            shorter.remove(at: 5)
            #expect(check(shorter).report.faults.map(\.kind).contains(.missing(through: 5)))
            #expect(!check(Array(good.dropLast())).report.isSound)
            #expect(!check(Array(good.dropLast(2)) + good.suffix(1)).report.isSound)
            #expect(!check(good + [good[1]]).report.isSound)
            #expect(!check(good + good.suffix(1)).report.isSound)
            changed[4] = Array(#"{"chain_id": 0, "seq": 9223372036854775807, "id": "1", "hash": "00", "previous_hash": "00"}"#.utf8)
            #expect(!check(changed).report.isSound)
            #expect(!check([]).report.isSound)
            // Another site's key is another fingerprint.
            #expect(sound.fingerprints != AuditBundleVerifier.fingerprints(of: try .ephemeral()))
            // What the filter leaves out keeps its place.
            let part = check(lines(try await site.get("/audit/export?format=bundle&target=r0", as: "olga audit.read").body))
            #expect(part.report.isSound && part.hidden > 0, "\(part.lines)")
        }
    }

    @Test(arguments: TestDatabase.all) func tables(_ kind: TestDatabase) async throws {
        try await AuditSite.with(kind) { site in
            _ = try await site.record(3)
            for name in ["olga", "mia"] { _ = try await site.add(name) }
            let csv = String(own: try await site.get("/audit/export", as: "olga audit.read").body)
            #expect(csv.split(separator: "\r\n").count == 4, "\(csv)")
            let json = try JSONParser.parse(try await site.get("/audit/export?format=json", as: "olga audit.read").body)
            #expect(json["items"]?.array?.count == 4)
            #expect(json["items"]?[0]?["action"] == "audit.export")
            #expect(try await site.get("/audit/export", as: "mia users.read").status == 403)
        }
    }
}
