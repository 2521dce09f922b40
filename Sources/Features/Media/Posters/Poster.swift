internal import Kernel

/// A generated poster of 200 × 300, as SVG. `textLength` fits each line of the title to its width, so that it looks alike in every typeface.
enum Poster {
    private static let (width, height, margin) = (200.0, 300.0, 14.0)
    /// Characters of a title that a poster shows.
    private static let longest = 90

    /// - Parameters:
    ///   - line: the maker's name, below the title at the left.
    static func svg(title: String, year: Int?, genres: [String], line: String?, isSeries: Bool) -> String {
        let title = String(title.cut(to: longest))
        var art = PosterArt(title: title, year: year, mood: PosterArt.Mood(genres: genres))
        var drawing = PosterCanvas()
        art.draw(on: &drawing, width, height)
        let lines = PosterLines(title, width: width - 2 * margin)
        let (ground, ink) = (art.palette[0], art.palette[3])
        let isAbove = art.random.next() > 0.66 && lines.lines.count < 4
        var canvas = PosterCanvas()
        canvas.raw("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 200 300\" width=\"200\" height=\"300\">")
        if isAbove {
            canvas.rectangle(0, 0, width, height, ground)
            canvas.raw("<svg y=\"\(PosterCanvas.number(lines.height + 18))\" width=\"200\" height=\"300\">\(drawing.svg)</svg>")
        } else {
            canvas.raw(drawing.svg)
        }
        let veil = isAbove ? height - 70 : height - lines.height - 96
        canvas.raw(
            "<defs><linearGradient id=\"veil\" x2=\"0\" y2=\"1\"><stop stop-color=\"\(ground)\" stop-opacity=\"0\"/><stop offset=\".42\" stop-color=\"\(ground)\" stop-opacity=\".94\"/><stop offset=\"1\" stop-color=\"\(ground)\"/></linearGradient></defs>"
        )
        canvas.area("M0 \(PosterCanvas.number(max(0, veil)))H200V300H0z", "url(#veil)")
        canvas.raw(
            "<g fill=\"\(ink)\" font-family=\"Inter,system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif\" font-weight=\"800\">"
        )
        lines.draw(on: &canvas, x: margin - 1, top: isAbove ? margin : height - 26 - lines.height)
        canvas.raw("<g font-size=\"8.4\" font-weight=\"600\" letter-spacing=\".6\">")
        if let line {
            let shown = line.uppercased().cut(to: 26)
            canvas.raw("<text x=\"14\" y=\"287\">\(shown.asXML)</text>")
        }
        if let year { canvas.raw("<text x=\"186\" y=\"287\" text-anchor=\"end\">\(year)</text>") }
        canvas.raw("</g></g>")
        if isSeries { canvas.rectangle(0, 0, 5, height, art.palette[2]) }
        return canvas.svg + "</svg>"
    }
}

/// A title in lines of about the same length, each as large as its width allows.
struct PosterLines {
    let lines: [(text: String, size: Double, height: Double)]
    let height: Double

    init(_ title: String, width: Double) {
        let count = title.unicodeScalars.count
        let most = max(9, Int((Double(count) / 3.2).rounded(.up)))
        var lines: [String] = []
        for word in title.uppercased().utf8.split(separator: UInt8(ascii: " ")).map({ String(Substring($0)) }) {
            if let last = lines.last, last.unicodeScalars.count + 1 + word.unicodeScalars.count <= most {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(word)
            }
        }
        let largest = count < 7 ? 50.0 : lines.count > 2 ? 31 : 38
        self.lines = lines.enumerated().map { place, line in
            let size = min(width / Self.width(line), largest)
            let hasAccent = line.nfd.unicodeScalars.contains { $0.properties.canonicalCombiningClass != .notReordered }
            return (line, size, size * (place > 0 && hasAccent ? 1.02 : 0.86))
        }
        height = self.lines.reduce(0) { $0 + $1.height } + Double(max(0, lines.count - 1)) * 3
    }

    func draw(on canvas: inout PosterCanvas, x: Double, top: Double) {
        var y = top
        for line in lines {
            y += line.height
            canvas.raw(
                "<text x=\"\(PosterCanvas.number(x))\" y=\"\(PosterCanvas.number(y - line.size * 0.09))\" font-size=\"\(PosterCanvas.number(line.size))\" textLength=\"\(PosterCanvas.number(Self.width(line.text) * line.size))\" lengthAdjust=\"spacingAndGlyphs\">\(line.text.asXML)</text>"
            )
            y += 3
        }
    }

    /// About how wide a line in a heavy sans-serif is, at a size of one.
    private static func width(_ line: String) -> Double { max(0.34, line.unicodeScalars.reduce(0) { $0 + width($1) }) }

    private static func width(_ scalar: Unicode.Scalar) -> Double {
        if scalar.properties.canonicalCombiningClass != .notReordered { return 0 }
        switch scalar {
        case "I", "J", "'", "’", ".", ",", ":", "!", "1", " ": return 0.34
        case "M", "W", "Œ": return 0.94
        case "L", "E", "F", "T", "S": return 0.63
        // Ideographs, kana and Hangul fill a square.
        default: return scalar.value >= 0x2E80 ? 1.02 : 0.72
        }
    }
}

extension String {
    /// Escaped for text and quoted attributes of XML. Characters that XML does not allow are left out.
    var asXML: String {
        var text = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            default:
                guard scalar.value >= 0x20, scalar.value & 0xFFFE != 0xFFFE else { continue }
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
