internal import Kernel

/// The picture of a title for link previews: 1200 × 630, as SVG. The art of the poster at the left, the words at the right.
///
/// Lines are broken by estimated widths that are rather too large, because the typeface of the server is not known.
struct LinkCard: Sendable {
    let title: String
    let year: Int?
    let genres: [String]
    /// In the reader’s language.
    let genreNames: [String]
    let makers: [String]
    let siteName: String

    static let (width, height) = (1200.0, 630.0)
    private static let (art, left, room) = (420.0, 476.0, 664.0)
    private static let mostLines = 4

    var svg: String {
        var art = PosterArt(title: String(title.cut(to: 90)), year: year, mood: PosterArt.Mood(genres: genres))
        var drawing = PosterCanvas()
        art.draw(on: &drawing, 200, 300)
        let (ground, accent, ink) = (art.palette[0], art.palette[2], art.palette[3])
        var canvas = PosterCanvas()
        canvas.raw(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1200 630\" width=\"1200\" height=\"630\">")
        canvas.rectangle(0, 0, Self.width, Self.height, ground)
        canvas.raw("<svg width=\"420\" height=\"630\" viewBox=\"0 0 200 300\">\(drawing.svg)</svg>")
        canvas.rectangle(Self.art, 0, 6, Self.height, accent)
        let (lines, size) = Self.broken(title)
        let about = ([year.map(String.init)].compactMap { $0 } + genreNames.prefix(3)).joined(separator: " · ")
        let by = makers.prefix(2).joined(separator: ", ")
        let height = Double(lines.count) * size * 1.14 + (about.isEmpty ? 0 : 62) + (by.isEmpty ? 0 : 50)
        var y = (Self.height - 60 - height) / 2 + size * 0.9
        canvas.raw("<g fill=\"\(ink)\" font-family=\"Inter, DejaVu Sans, Helvetica, Arial, sans-serif\">")
        func line(_ text: String, _ y: Double, _ size: Double, weight: Int, opacity: String = "1") {
            canvas.raw(
                """
                <text x="\(PosterCanvas.number(Self.left))" y="\(PosterCanvas.number(y))" font-size="\(PosterCanvas.number(size))" \
                font-weight="\(weight)" opacity="\(opacity)">\(text.asXML)</text>
                """)
        }
        for text in lines {
            line(text, y, size, weight: 700)
            y += size * 1.14
        }
        y += 22
        if !about.isEmpty {
            line(Self.cut(about, 32), y, 32, weight: 400)
            y += 48
        }
        if !by.isEmpty { line(Self.cut(by, 30), y, 30, weight: 400, opacity: ".85") }
        line(Self.cut(siteName, 28), Self.height - 44, 28, weight: 700, opacity: ".85")
        canvas.raw("</g></svg>")
        return canvas.svg
    }

    /// The title in lines that fit, and their size.
    private static func broken(_ title: String) -> (lines: [String], size: Double) {
        for size in [76.0, 64, 54, 46, 40] {
            let lines = lines(title, size)
            if lines.count <= (size > 60 ? 3 : mostLines), lines.allSatisfy({ width($0) * size <= room }) { return (lines, size) }
        }
        let lines = lines(title, 40).map { cut($0, 40) }
        return (lines.count > mostLines ? lines.prefix(mostLines - 1) + [cut("\(lines[mostLines - 1]) …", 40)] : lines, 40)
    }

    private static func lines(_ title: String, _ size: Double) -> [String] {
        var lines: [String] = []
        for word in title.utf8.split(separator: UInt8(ascii: " ")).map({ String(Substring($0)) }) {
            if let last = lines.last, width("\(last) \(word)") * size <= room {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(word)
            }
        }
        return lines
    }

    /// As much of a text as fits in a line.
    private static func cut(_ text: String, _ size: Double) -> String {
        var (shown, taken) = (String.UnicodeScalarView(), 0.0)
        for scalar in text.unicodeScalars {
            taken += width(scalar) * size
            if taken > room - size { return String(shown) + "…" }
            shown.append(scalar)
        }
        return text
    }

    private static func width(_ text: String) -> Double { text.unicodeScalars.reduce(0) { $0 + width($1) } }

    /// Of a wide bold sans-serif at a size of one.
    private static func width(_ scalar: Unicode.Scalar) -> Double {
        if scalar.properties.canonicalCombiningClass != .notReordered { return 0 }
        switch scalar {
        case "i", "j", "l", "I", "'", "’", ".", ",", ":", "!", "|", " ": return 0.38
        case "f", "t", "r", "-", "(", ")": return 0.5
        case "m", "w", "M", "W", "Œ", "œ", "@": return 1.06
        case "a"..."z": return 0.7
        case "A"..."Z": return 0.8
        default: return scalar.value >= 0x2E80 ? 1.02 : 0.76
        }
    }
}
