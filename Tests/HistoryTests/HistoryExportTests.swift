import Database
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing
import Transport
import Web

@testable import History
@testable import Server

/// A history as a file.
@Suite struct HistoryExportTests {
    private func text(_ site: TestSite, _ friend: TestUser, _ query: String) async throws -> (type: String, text: String) {
        let request = HTTPRequest(
            method: .get, target: "/api/v1/users/me/history?\(query)",
            headers: ["Host": "site.test", "Authorization": "Bearer \(friend.token)"], body: [], remoteAddress: "2001:db8::1")
        guard case .response(let response) = await site.composition.application.respond(to: request) else {
            throw SiteFault("a short file is answered by a connection")
        }
        return (response.headers["Content-Type"] ?? "", String(own: response.body))
    }

    @Test(arguments: TestDatabase.all) func aFileHasEverythingAndRunsNothing(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let alice = try await TestUser(site)
            let history = site.composition.history.history
            history.onNames(of: "media") { ids, _, _ in Dictionary(uniqueKeysWithValues: ids.map { ($0, "=1+\"\($0)\"") }) }
            try await site.database.write { transaction in
                for number in 1...3 {
                    try history.record(
                        UserAction(user: alice.id, type: "like.added", target: UserAction.Target(kind: "media", id: Int64(number))),
                        at: Timestamp(milliseconds: Int64(number) * 1000), in: transaction)
                }
            }
            let csv = try await text(site, alice, "format=csv&type=like&from=1970-01-01T00:00:02Z")
            #expect(csv.type == "text/csv; charset=utf-8")
            let ids = (1...3).map { RowID(rawValue: Int64($0)).uuid }
            #expect(
                csv.text == "\u{FEFF}at,type,target_kind,target_id,target_name,detail\r\n"
                    + "1970-01-01T00:00:03.000Z,like.added,media,\(ids[2]),\"'=1+\"\"3\"\"\",\r\n"
                    + "1970-01-01T00:00:02.000Z,like.added,media,\(ids[1]),\"'=1+\"\"2\"\"\",\r\n")
            let json = try await text(site, alice, "format=json&type=like")
            #expect(try JSONParser.parse(Array(json.text.utf8))["items"]?.array == (try await alice.items("/users/me/history?type=like")))
            #expect(try await text(site, alice, "format=json&type=nothing").text == #"{"items":[],"next":null}"#)
        }
    }

    @Test func cellsThatASpreadsheetWouldRunAreDefused() {
        for (cell, written) in [
            ("plain", "plain"), ("a,b", "\"a,b\""), ("=1", "\"'=1\""), (" +1", "\"' +1\""), ("-1", "\"'-1\""), ("@x", "\"'@x\""),
            ("\t=1", "\"'\t=1\""), ("＝1", "\"'＝1\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("", ""), ("two\nlines", "\"two\nlines\""),
        ] {
            #expect(CSV.row([cell]) == Array(written.utf8) + [13, 10], "\(cell)")
        }
    }
}
