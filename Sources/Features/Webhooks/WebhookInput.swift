internal import Crypto
internal import Kernel

/// The fields of a webhook in a request.
struct WebhookInput: Sendable {
    let url: String?
    let name: String?
    let events: [String]?
    let secret: String?
    let isEnabled: Bool?

    static let nameLength = 1...100
    static let eventCount = 1...100

    init(_ body: JSON, isNew: Bool) throws(Problem) {
        var input = try Input(body)
        url = input.string("url", length: 1...2000, required: isNew)
        name = input.string("name", length: Self.nameLength)
        let given = input.strings("events", count: Self.eventCount, required: isNew)
        for (index, type) in (given ?? []).enumerated() where WebhookEvent.byType[type] == nil {
            input.fail("events", at: index, "unknown", LocalizedText(en: "There is no such event.", fr: "Cet événement n’existe pas."))
        }
        events = given.map { Array(Set($0)).sorted() }
        secret = isNew ? input.string("secret", length: 1...100) : nil
        if let secret, WebhookSignature(secret: secret) == nil {
            input.fail(
                "secret", "invalid",
                LocalizedText(
                    en: "A secret is “whsec_” and 24 to 64 bytes in base64.",
                    fr: "Un secret se compose de « whsec_ » et de 24 à 64 octets en base64."))
        }
        isEnabled = isNew ? nil : input.bool("enabled")
        try input.finish()
    }
}
