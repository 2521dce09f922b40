internal import Database
internal import HTTP
internal import Kernel
internal import Runtime
internal import Web

extension AnalyticsFeature {
    /// Bytes of one batch.
    static let largestBatch = 65_536

    /// `POST /analytics/collect`: what the site snippet reports.
    ///
    /// Credentials are ignored. A visitor who refuses to be counted (`Sec-GPC`, `DNT`) and a bot get the same answer, and nothing is stored.
    func collectVisits(_ call: Call) async throws -> Reply {
        let request = call.request
        guard let origin = request.headers["Origin"], visits.origins.contains(origin) else {
            throw Problem(
                403, "origin",
                LocalizedText(
                    en: "Visits of this address are not counted. The site’s owner can allow it with FOYER_SNIPPET_ORIGINS.",
                    fr:
                        "Les visites de cette adresse ne sont pas comptées. Le propriétaire du site peut l’autoriser avec FOYER_SNIPPET_ORIGINS."
                ))
        }
        if request.headers["Sec-GPC"] == "1" || request.headers["DNT"] == "1" { return .noContent }
        let (scope, now) = (call.scope, clock.now())
        if let budgets = visits.budgets {
            try visits.limiter.spend(
                .init(budgets.address, AddressBlock.of(scope.address)), .init(budgets.site, "all"))
        }
        let batch = try VisitBatch(try Self.body(of: call), host: PageAddress.host(of: origin) ?? "", at: now)
        let device = ClientClass(userAgent: scope.userAgent)
        guard device != .bot else { return .noContent }
        let (network, browser) = (AddressBlock.network(of: scope.address), BrowserFamily(userAgent: scope.userAgent).rawValue)
        try await database.write { [self] transaction in
            let counted = try visits.take(
                batch, network: network, browser: browser, device: device, at: now, in: transaction)
            transaction.afterCommit { for event in counted { collector.store.count(event.type, at: event.at) } }
        }
        return .noContent
    }

    /// `sendBeacon` sends `text/plain`, which needs no CORS preflight.
    private static func body(of call: Call) throws(Problem) -> JSON {
        guard ["text/plain", "application/json"].contains(call.mediaType) else {
            throw .unsupportedMediaType(LocalizedText(en: "Send JSON, as text/plain.", fr: "Envoyez du JSON, en text/plain."))
        }
        do {
            return try JSONParser.parse(call.request.body)
        } catch {
            throw .malformed(LocalizedText(en: "This is not JSON.", fr: "Ce n’est pas du JSON."))
        }
    }
}

/// The browser that a `User-Agent` names, without its version.
enum BrowserFamily: String, CaseIterable, Sendable {
    case edge, opera, samsung, firefox, chrome, safari, other

    init(userAgent: String) {
        let signs: [(StaticString, BrowserFamily)] = [
            ("Edg", .edge), ("OPR/", .opera), ("SamsungBrowser", .samsung), ("Firefox/", .firefox), ("FxiOS/", .firefox),
            ("Chrome/", .chrome), ("CriOS/", .chrome), ("Safari/", .safari),
        ]
        let agent = Array(userAgent.utf8)
        self = signs.first { sign in agent.holds(sign.0) }?.1 ?? .other
    }
}

extension [UInt8] {
    /// Whether these bytes contain a text.
    fileprivate func holds(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { text in
            guard count >= text.count else { return false }
            return (0...count - text.count).contains { start in (0..<text.count).allSatisfy { self[start + $0] == text[$0] } }
        }
    }
}
