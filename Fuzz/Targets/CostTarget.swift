internal import HTTP
internal import Kernel

@testable internal import Realtime
@testable internal import Web

extension FuzzTarget {
    /// What it costs to read a text: twice as much of the input in the same place is at most twice the work, in counted steps, wherever it stands.
    ///
    /// A text that is let in counts what it costs to find its normal form: the square of each run of combining marks.
    static let cost = FuzzTarget(
        "cost",
        files: [
            "Platform/Kernel/ClientText.swift", "Platform/Kernel/JSONParser.swift", "Platform/Kernel/JSON.swift",
            "Platform/Kernel/Input.swift", "Platform/Kernel/LocalizedText.swift", "Platform/Web/Query.swift",
            "Platform/Web/ContentCoding.swift", "Platform/Realtime/TopicAliases.swift", "Platform/Realtime/TopicFilter.swift",
            "Platform/Realtime/GatewayFrame.swift",
        ],
        words: [
            "\u{301}", "\u{316}", "\u{301}\u{316}", "\u{344}", "\u{F73}", "\u{1F1EB}\u{1F1F7}", "\u{1100}", "\u{200D}", "_id", "u_", ",",
            ";q=",
        ]
    ) { bytes in
        let unit = Array(bytes.prefix(48))
        guard !unit.isEmpty else { return }
        let count = 2048 / (unit.count + 8) + 16
        for (name, read) in readers {
            let once = try Steps.count { try read(unit, count) }
            let twice = try Steps.count { try read(unit, 2 * count) }
            try hold(twice <= 2 * once + once / 4 + 4096, "\(name): \(once) steps became \(twice) for twice as much")
        }
    }

    private typealias Reader = @Sendable (_ unit: [UInt8], _ count: Int) throws -> Void

    private static let readers: [(name: String, read: Reader)] = [
        ("a JSON name", { unit, count in try json("{\(quoted(unit, times: count)):1}") }),
        ("a JSON text", { unit, count in try json("{\"a\":\(quoted(unit, times: count))}") }),
        ("JSON names", { unit, count in try json("{\(members(unit, count))}") }),
        ("a filter", { unit, count in try json(subscribe("{\(members(unit, count))}")) }),
        (
            "a list of a filter",
            { unit, count in
                let list = (0..<count).map { quoted(unit + Array("\($0)".utf8), times: 1) }.joined(separator: ",")
                try json(subscribe("{\"user_id\":{\"in\":[\(list)]}}"))
            }
        ),
        ("a topic", { unit, count in try json("{\"type\":\"subscribe\",\"id\":1,\"topic\":\(quoted(unit, times: count))}") }),
        (
            "a query",
            { unit, count in
                let name = PercentCoding.encode(String(own: unit))
                try query((0..<count).map { "\(name)\($0)=\(name)" }.joined(separator: "&"))
            }
        ),
        (
            "a value of a query",
            { unit, count in try query("q=" + String(repeating: PercentCoding.encode(String(own: unit)), count: count)) }
        ),
        ("header fields", { unit, count in try fields((0..<count).flatMap { _ in unit }) }),
    ]

    private static func quoted(_ unit: [UInt8], times count: Int) -> String {
        JSON.string(String(own: (0..<count).flatMap { _ in unit })).text
    }

    private static func members(_ unit: [UInt8], _ count: Int) -> String {
        (0..<count).map { "\(quoted(Array("\($0)".utf8) + unit, times: 1)):1" }.joined(separator: ",")
    }

    private static func subscribe(_ filter: String) -> String {
        "{\"type\":\"subscribe\",\"id\":1,\"topic\":\"presence\",\"filter\":\(filter)}"
    }

    /// As a body of an operation, and as a frame of the gateway.
    private static func json(_ text: String) throws {
        let value: JSON
        do { value = try JSONParser.parse(Array(text.utf8)) } catch { return }
        countNormalForms(value)
        do {
            var input = try Input(value)
            for name in ["a", "b", "c", "d"] { _ = input.string(name, length: 0...100) }
            _ = input.strings("e")
            try input.finish()
        } catch {}
        do {
            let frame = try GatewayFrame(Array(text.utf8))
            try frame.allow(["id", "topic", "filter"])
            let topic = try frame.requiredString("topic", maximum: GatewayFrame.maximumTopic)
            _ = try rules.admitAliases(Scope(), to: topic, filter: frame.body["filter"]).replaced(by: [:])
        } catch {}
    }

    private static let rules = TopicRules([
        TopicRule("presence", filterFields: ["status", "user_id"], wordFields: ["text"]) { _, _, _ throws(Problem) in }
    ])

    private static func query(_ text: String) throws {
        do {
            var query = try Query(text: text)
            for name in ["q", "sort", "status", "role"] { if let value = query.string(name, maximum: 100_000) { countNormalForm(value) } }
            try query.finish()
        } catch {}
    }

    /// What the parser of a head lets through, as each field that is read.
    private static func fields(_ value: [UInt8]) throws {
        var parser = HTTPParser()
        let field = value.map { $0 < 0x20 ? 0x20 : $0 }
        parser.append(Array("GET / HTTP/1.1\r\nHost: a\r\nAccept-Language: ".utf8) + field + Array("\r\n\r\n".utf8))
        while let event = parser.next() {
            guard case .request(var request) = event, let text = request.headers["Accept-Language"] else { continue }
            countNormalForm(text)
            _ = Language(acceptLanguage: text)
            request.headers["Accept-Encoding"] = text
            _ = ContentCoding.acceptsGzip(request)
        }
    }

    private static func countNormalForms(_ value: JSON) {
        switch value {
        case .string(let text): countNormalForm(text)
        case .array(let list): list.forEach(countNormalForms)
        case .object(let object):
            for (name, member) in object {
                countNormalForm(name)
                countNormalForms(member)
            }
        default: break
        }
    }

    private static func countNormalForm(_ text: String) {
        var run = 0
        for scalar in text.unicodeScalars {
            run = scalar.properties.canonicalCombiningClass == .notReordered ? 0 : run + 1
            // A mark is put into its place among those in front of it.
            Steps.add(1 + run)
        }
    }
}
