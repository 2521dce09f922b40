public import HTTP
internal import Kernel

/// Answers that depend on what the reader has: 304 by its entity tag, 206 for a part (RFC 9110, 13 and 14).
public enum Conditional {
    /// Whether `If-None-Match` names this tag; weakly (8.8.3.2), since a proxy that compresses what we sent makes the tag a weak one.
    public static func isFresh(_ request: HTTPRequest, tag: String?) -> Bool {
        guard let tag, let field = request.headers["If-None-Match"] else { return false }
        let named = field.utf8.split(separator: UInt8(ascii: ",")).map { String(Substring($0)).trimmed }
        return named.contains { $0.hasSameBytes(as: "*") || weak($0).hasSameBytes(as: weak(tag)) }
    }

    /// A tag without what says that it is a weak one.
    static func weak(_ tag: String) -> String { tag.utf8.starts(with: "W/".utf8) ? String(Substring(tag.utf8.dropFirst(2))) : tag }

    /// The part of a body that `Range` asks for.
    public enum Part: Equatable, Sendable {
        /// No range, one that is not understood, several, or one of another version: the whole.
        case whole
        case range(Range<Int>)
        /// Nothing of the body lies there: 416.
        case unsatisfiable
    }

    public static func part(of request: HTTPRequest, count: Int, tag: String) -> Part {
        guard request.method == .get, let field = request.headers["Range"] else { return .whole }
        // Dates are not given out, so that only a strong tag says "the same".
        if let same = request.headers["If-Range"], same != tag { return .whole }
        guard field.lowercased().hasPrefix("bytes="), !field.contains(",") else { return .whole }
        let bounds = field.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false).map { String($0).trimmed }
        guard bounds.count == 2, bounds.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } && $0.utf8.count < 19 }) else {
            return .whole
        }
        switch (Int(bounds[0]), Int(bounds[1])) {
        case (nil, nil): return .whole
        case (nil, let last?): return last > 0 && count > 0 ? .range(max(0, count - last)..<count) : .unsatisfiable
        case (let first?, let last):
            if let last, last < first { return .whole }
            return first < count ? .range(first..<min(count, (last ?? count - 1) + 1)) : .unsatisfiable
        }
    }
}

extension Reply {
    /// 304 in its place when the reader has it already, by its entity tag.
    public func unlessFresh(for request: HTTPRequest) -> Reply {
        Conditional.isFresh(request, tag: headers["ETag"]) ? notModified() : self
    }
}
