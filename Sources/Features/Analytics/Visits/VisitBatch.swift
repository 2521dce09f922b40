internal import HTTP
internal import Kernel

/// One event of a page, as the site snippet reports it.
struct PageEvent: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case view, error, vital, event
    }

    /// Its place among the events of the page: the same number twice is the same event.
    let number: Int
    let kind: Kind
    let at: Timestamp
    let path: String
    /// The host that led to the page; nil for the page's own host.
    let referrer: String?
    /// The other members of the event.
    let details: JSONObject

    /// The type of its key event.
    var type: String { "page.\(kind.rawValue)" }
}

/// One request of the snippet: events of one loaded page.
struct VisitBatch: Sendable {
    /// The random name that the snippet gives a loaded page.
    let page: String
    let events: [PageEvent]

    /// Events of one batch, events and errors of one page.
    static let (most, perPage, errorsPerPage) = (50, 1000, 5)
    static let longestAge: Int64 = 86_400_000

    /// - Throws: 422 with every fault.
    init(_ body: JSON, host: String, at now: Timestamp) throws(Problem) {
        var input = try Input(body)
        let page = input.string("page", length: 8...32, required: true)
        if let page, !page.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }) {
            input.fail("page", "invalid", LocalizedText(en: "Lower-case letters and digits.", fr: "Des minuscules et des chiffres."))
        }
        let given = input.raw("events")?.array
        if !(1...Self.most).contains(given?.count ?? 0) {
            input.fail("events", "count", LocalizedText(en: "1 to \(Self.most) events.", fr: "De 1 à \(Self.most) événements."))
        }
        var events: [PageEvent] = []
        for (index, item) in (given ?? []).prefix(Self.most).enumerated() {
            do { events.append(try Self.event(item, index, host, now)) } catch { input.take(error.faults) }
        }
        try input.finish()
        self.page = try input.required(page)
        // One order for all transactions prevents deadlocks.
        self.events = events.sorted { ($0.kind.rawValue, $0.number) < ($1.kind.rawValue, $1.number) }
    }

    private static func event(_ item: JSON, _ index: Int, _ host: String, _ now: Timestamp) throws(Problem) -> PageEvent {
        var input = try Input(item, at: "/events/\(index)")
        let place = input.integer("n", 0...Int64(perPage - 1), required: true)
        let kind = input.choice("type", PageEvent.Kind.self, required: true)
        let age = input.integer("age", 0...longestAge, required: true)
        let address = input.string("path", length: 1...1000, required: true)
        let referrer = input.string("referrer", length: 0...255)
        let (path, campaign) = PageAddress.split(address ?? "/")
        var details = JSONObject()
        if !campaign.isEmpty { details.append("utm", .object(campaign)) }
        switch kind {
        case .error:
            details.append("message", .string(Self.oneLine(input.raw("message")?.string ?? "")))
            if let source = input.string("source", length: 0...200), !source.isEmpty { details.append("source", .string(source)) }
        case .vital:
            let name = input.choice("name", WebVital.self, required: true)
            let value = Self.number(of: input.raw("value"))
            if !(0...3_600_000).contains(value ?? -1) {
                input.fail("value", "out_of_range", LocalizedText(en: "Between 0 and 3,600,000.", fr: "Entre 0 et 3 600 000."))
            }
            details.append("name", JSON(name?.rawValue))
            details.append("value", LiveView.number(value, digits: 4))
        case .event:
            details.append("name", JSON(input.string("name", length: 1...80, required: true)))
            if let data = input.raw("data"), !data.isNull {
                if isFlat(data) { details.append("data", data) } else { input.fail("data", "invalid", dataForm) }
            }
        case .view, nil: break
        }
        try input.finish()
        let isElsewhere = referrer.flatMap { PageAddress.host(of: "https://\($0)") }.flatMap { $0 == host ? nil : $0 }
        return PageEvent(
            number: Int(try input.required(place)), kind: try input.required(kind),
            at: now.adding(milliseconds: -(try input.required(age))), path: path, referrer: isElsewhere, details: details)
    }

    /// A message of a script, without control characters, 300 characters at most.
    private static func oneLine(_ text: String) -> String {
        let scalars = text.unicodeScalars.prefix(300).map { $0.properties.generalCategory == .control ? " " : $0 }
        let line = String(String.UnicodeScalarView(scalars)).trimmed.nfc
        return line.isEmpty ? "?" : line
    }

    private static func number(of value: JSON?) -> Double? {
        switch value {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    /// Up to ten texts, numbers and truth values, 1 KB in all.
    private static func isFlat(_ data: JSON) -> Bool {
        guard let object = data.object, object.count <= 10, data.text.utf8.count <= 1024 else { return false }
        return object.allSatisfy { name, value in
            guard (1...40).contains(name.utf8.count) else { return false }
            return switch value {
            case .object, .array: false
            default: true
            }
        }
    }

    private static let dataForm = LocalizedText(
        en: "An object of up to ten texts, numbers, true or false, 1 KB in all.",
        fr: "Un objet de dix textes, nombres, true ou false au plus, 1 Ko en tout.")
}

/// Web vitals: how fast a page shows and reacts.
enum WebVital: String, CaseIterable, Sendable {
    case lcp = "LCP"
    case inp = "INP"
    case cls = "CLS"
}

/// What is kept of a page's address.
enum PageAddress {
    /// The path, and of the query only the names of the campaign (`utm_*`).
    static func split(_ address: String) -> (path: String, campaign: JSONObject) {
        let bytes = Array(address.utf8.prefix { $0 != UInt8(ascii: "#") })
        let path = bytes.prefix { $0 != UInt8(ascii: "?") }
        var campaign = JSONObject()
        for pair in bytes.dropFirst(path.count + 1).split(separator: UInt8(ascii: "&")).prefix(30) {
            let name = String(own: pair.prefix { $0 != UInt8(ascii: "=") })
            let value = PercentCoding.decode(String(own: pair.dropFirst(name.utf8.count + 1)))
            guard names.contains(name), let value, let text = String(client: Array(value.utf8)) else { continue }
            let part = String(name.dropFirst(4))
            // PostgreSQL stores no NUL.
            let shown = text.unicodeScalars.filter { $0.properties.generalCategory != .control }.prefix(60)
            if campaign[part] == nil, !shown.isEmpty { campaign.append(part, .string(String(String.UnicodeScalarView(shown)))) }
        }
        let text = String(own: path)
        return (text.hasPrefix("/") ? String(text.unicodeScalars.prefix(300)) : "/", campaign)
    }

    private static let names: Set<String> = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"]

    /// The host of an address, in lower case without `www.`; nil for what is no web address.
    static func host(of address: String) -> String? {
        for scheme in ["https://", "http://"] where address.hasPrefix(scheme) {
            let bytes = address.utf8.dropFirst(scheme.utf8.count).prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
            let isHost = bytes.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || ".-:[]".utf8.contains(byte)
            }
            guard (1...255).contains(bytes.count), isHost else { return nil }
            let host = String(own: bytes).lowercased()
            return host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
        }
        return nil
    }
}
