internal import HTTP
internal import Kernel

@testable internal import Web

extension FuzzTarget {
    /// `Range`, `If-Range`, `If-None-Match` and `Accept-Encoding`, a line each: a part lies within the body, and where two readings are
    /// possible it is the whole.
    static let conditions = FuzzTarget(
        "conditions", files: ["Platform/Web/Conditional.swift", "Platform/Web/ContentCoding.swift"],
        words: [
            "bytes=", "-", ",", "W/", "\"a\"", "*", "gzip", ";q=0", ";q=nan", "999999999999999999", "9223372036854775807", "+1", "\u{301}",
        ]
    ) { bytes in
        var request = HTTPRequest(method: .get, target: "/")
        let lines = bytes.split(separator: 0x0A, maxSplits: 3, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
        for (name, line) in zip(["Range", "If-Range", "If-None-Match", "Accept-Encoding"], lines) where !line.isEmpty {
            request.headers.append(name, line)
        }
        for count in [0, 1, 10, 1 << 40] {
            switch Conditional.part(of: request, count: count, tag: "\"a\"") {
            case .whole: break
            case .range(let part):
                try hold(!part.isEmpty && part.lowerBound >= 0 && part.upperBound <= count, "\(part) of \(count) bytes")
                try hold(lines[0].utf8.contains(UInt8(ascii: "-")) && !lines[0].utf8.contains(UInt8(ascii: ",")), "\(part) of \(lines[0])")
                // Between spaces at the ends, digits and the dash alone.
                let bounds = (request.headers["Range"] ?? "").utf8.dropFirst(6).split(separator: UInt8(ascii: "-")).flatMap {
                    String(Substring($0)).trimmed.utf8
                }
                try hold(bounds.allSatisfy { (0x30...0x39).contains($0) }, "\(part) of \(lines[0])")
                try hold(request.headers["If-Range"].map { $0.isSame(as: "\"a\"") } ?? true, "a part of another version")
            case .unsatisfiable: try hold(lines[0].utf8.contains(UInt8(ascii: "-")), "416 for \(lines[0])")
            }
        }
        let none = request.headers["If-None-Match"] ?? ""
        if Conditional.isFresh(request, tag: "\"a\"") {
            try hold(none.utf8.contains(UInt8(ascii: "*")) || none.contains("\"a\""), "304 for \(none)")
        }
        let coding = (request.headers["Accept-Encoding"] ?? "").lowercased()
        if ContentCoding.acceptsGzip(request) {
            try hold(coding.contains("gzip") || coding.utf8.contains(UInt8(ascii: "*")), "gzip that nobody asked for")
        }
    }
}
