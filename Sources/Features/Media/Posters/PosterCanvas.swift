internal import Glibc

/// The elements of an SVG picture; numbers have one decimal.
struct PosterCanvas {
    private(set) var svg = ""

    static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        let (whole, rest) = (abs(tenths) / 10, abs(tenths) % 10)
        return "\(tenths < 0 ? "-" : "")\(whole)\(rest == 0 ? "" : ".\(rest)")"
    }

    mutating func raw(_ text: String) { svg += text }

    mutating func circle(_ x: Double, _ y: Double, _ r: Double, _ fill: String, opacity: Double? = nil) {
        svg +=
            "<circle cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" r=\"\(Self.number(r))\" fill=\"\(fill)\"\(Self.opacity(opacity))/>"
    }

    mutating func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ fill: String, opacity: Double? = nil) {
        svg +=
            "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" height=\"\(Self.number(height))\" fill=\"\(fill)\"\(Self.opacity(opacity))/>"
    }

    mutating func area(_ path: String, _ fill: String, opacity: Double? = nil) {
        svg += "<path d=\"\(path)\" fill=\"\(fill)\"\(Self.opacity(opacity))/>"
    }

    mutating func line(_ path: String, _ stroke: String, _ width: Double, opacity: Double? = nil) {
        svg +=
            "<path d=\"\(path)\" fill=\"none\" stroke=\"\(stroke)\" stroke-width=\"\(Self.number(width))\" stroke-linejoin=\"round\"\(Self.opacity(opacity))/>"
    }

    mutating func rotated(_ degrees: Double, _ x: Double, _ y: Double, _ body: (inout PosterCanvas) -> Void) {
        svg += "<g transform=\"rotate(\(Self.number(degrees)) \(Self.number(x)) \(Self.number(y)))\">"
        body(&self)
        svg += "</g>"
    }

    /// Draws within what another drawing covers.
    mutating func clipped(_ name: String, to shape: (inout PosterCanvas) -> Void, _ body: (inout PosterCanvas) -> Void) {
        svg += "<clipPath id=\"\(name)\">"
        shape(&self)
        svg += "</clipPath><g clip-path=\"url(#\(name))\">"
        body(&self)
        svg += "</g>"
    }

    private static func opacity(_ value: Double?) -> String {
        guard let value else { return "" }
        let hundredths = Int((value * 100).rounded())
        return " opacity=\".\(hundredths < 10 ? "0" : "")\(hundredths)\""
    }
}
