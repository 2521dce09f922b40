internal import Kernel

@testable internal import Realtime

extension FuzzTarget {
    private static let jsonWords = [
        "true", "false", "null", "\\u0000", "\\ud83d\\ude00", "\\ud800", "1e400", "-0", "9223372036854775807", "-9223372036854775808",
        "9223372036854775808", "1e-400", "[[[[", "{\"a\":", "\u{FEFF}", "é", "e\u{301}",
    ]

    /// A text that is read is written, and read again, as the same bytes; what is refused names a byte of it.
    static let json = FuzzTarget(
        "json", files: ["Platform/Kernel/JSON.swift", "Platform/Kernel/JSONParser.swift", "Platform/Kernel/JSONWriter.swift"],
        words: jsonWords
    ) { bytes in
        let value: JSON
        do {
            value = try JSONParser.parse(bytes)
        } catch let fault as JSONParser.Fault {
            try hold((0...bytes.count).contains(fault.offset), "a fault at byte \(fault.offset) of \(bytes.count)")
            return
        }
        let written = value.bytes
        try hold(String(validating: written, as: UTF8.self) != nil, "what is written is not UTF-8")
        try hold(written.allSatisfy { $0 >= 0x20 }, "a control character is written")
        // A control character of one byte takes six; an exponent takes up to 24 for three.
        try hold(written.count <= 8 * bytes.count, "\(bytes.count) bytes became \(written.count)")
        do {
            let again = try JSONParser.parse(written)
            try hold(again == value && again.bytes == written, "written, it reads as \(again.text)")
        } catch let fault as JSONParser.Fault {
            throw BrokenProperty(description: "written, it is refused: \(fault.reason)")
        }
        let tight = Result { try JSONParser.parse(bytes, maximumDepth: 3) }
        if case .success(let shallow) = tight { try hold(shallow == value, "another depth gives another value") }
        try checkMembers(value)
    }

    /// Each name is found as the member that it stands at.
    private static func checkMembers(_ value: JSON) throws(BrokenProperty) {
        for element in value.array ?? [] { try checkMembers(element) }
        for (name, member) in value.object ?? [:] {
            try hold(value[name]?.bytes == member.bytes, "the member \(name) is not found by its name")
            try checkMembers(member)
        }
    }

    /// What a client sends to the gateway and to an operation: every refusal is a problem with pointers that lead to a member.
    static let input = FuzzTarget(
        "input",
        files: [
            "Platform/Kernel/Input.swift", "Platform/Kernel/Problem.swift", "Platform/Realtime/GatewayFrame.swift",
            "Platform/Realtime/TopicFilter.swift",
        ],
        words: jsonWords + [
            "\"type\":\"", "\"id\":", "\"topic\":", "\"filter\":{", "\"resume\":{", "\"session\":\"a\"", "\"positions\":{", "\"status\":",
            "\"in\":[", "\"!=\"",
            "\"=\"", "~", "/", "e1:5",
        ]
    ) { bytes in
        let frame: GatewayFrame
        do {
            frame = try GatewayFrame(bytes)
        } catch let problem as Problem {
            try check(problem, of: [:])
            return
        }
        let body = frame.body
        try problems(of: body) { _ = try frame.requiredID() }
        try problems(of: body) { try frame.allow(["id", "topic", "filter"]) }
        try problems(of: body) { _ = try TopicFilter(body["filter"], fields: ["status", "role"], words: ["text"]) }
        try problems(of: body) { if let resume = body["resume"] { _ = try GatewayResume(resume) } }
        try problems(of: body) {
            var input = try Input(.object(body))
            _ = input.string("topic", length: 1...20, required: true)
            _ = input.integer("id", -5...5)
            _ = input.bool("all")
            _ = input.time("since")
            _ = input.strings("in", count: 0...3)
            try input.finish()
        }
    }

    private static func problems(of body: JSONObject, _ operation: () throws -> Void) throws {
        do {
            try operation()
        } catch let problem as Problem {
            try check(problem, of: body)
        }
    }

    private static func check(_ problem: Problem, of body: JSONObject) throws(BrokenProperty) {
        try hold((400...422).contains(problem.status), "a fault of the client is answered \(problem.status)")
        try hold(problem.faults.count <= Input.maximumFaults, "\(problem.faults.count) faults")
        for fault in problem.faults where fault.code == "unknown" {
            let path = fault.pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
            let names = path.map { unescaped($0) }
            var place: JSON? = .object(body)
            // What a part of the frame refuses is pointed to from the frame.
            for name in names { place = place?[name] }
            try hold(place != nil, "the pointer \(fault.pointer) leads nowhere in \(JSON.object(body).text)")
        }
    }

    /// RFC 6901, 4.
    private static func unescaped(_ part: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(part.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "~"), let next = rest.popFirst() {
                bytes.append(next == UInt8(ascii: "1") ? UInt8(ascii: "/") : UInt8(ascii: "~"))
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
