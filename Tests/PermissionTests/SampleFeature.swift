import Database
import FeatureKit
import HTTP
import Kernel
import Realtime
import Web

extension Permission {
    static let sampleUse = Permission(
        declaring: Definition("sample.use", en: "Use the sample", fr: "Utiliser l’exemple", heldBy: ["member"]))
}

/// A feature with a little of everything, as one that comes to the program would be.
struct SampleFeature: Feature {
    static let declaration = FeatureDeclaration(
        "sample", title: LocalizedText(en: "Sample", fr: "Exemple"),
        migrations: [Migration("sample", ["CREATE TABLE sample (user_id BIGINT PRIMARY KEY REFERENCES users (id), note TEXT NOT NULL)"])],
        permissions: [.sampleUse],
        auditActions: [AuditAction("sample.add", target: "sample", en: "{actor} added a note", fr: "{actor} a ajouté une note")])

    private static let read = RouteShape("Read the sample.", answers: [.ok(.object(["ok": .bool]))])
    private static let add = RouteShape("Add to the sample.", answers: [.noContent])

    var routes: [Route] {
        [
            Route(.get, "/sample", .may(.sampleUse), Self.read) { _ in .json(200, ["ok": true]) },
            Route(.post, "/sample/{id}", .may(.sampleUse), Self.add, action: "sample.add") { _ in throw Problem.forbidden(.sampleUse) },
        ]
    }

    var commands: [Command] { [Command("sample.ping") { _ in }] }

    var topics: [TopicRule] { [TopicRule("sample", requires: .sampleUse)] }

    func snapshot(for scope: Scope) async throws -> [(String, JSON)] { [("sample", ["is_there": true])] }

    func erase(_ person: UserID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM sample WHERE user_id = \(person)")
    }

    func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject {
        guard let note = try transaction.row("SELECT note FROM sample WHERE user_id = \(person)")?.text(0) else { return [:] }
        return ["note": .string(note)]
    }
}
