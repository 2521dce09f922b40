internal import Glibc

/// The fourteen drawings. Each fills a picture of this size with shapes whose measures are drawn by lot.
extension PosterArt {
    mutating func draw(on canvas: inout PosterCanvas, _ width: Double, _ height: Double) {
        canvas.rectangle(0, 0, width, height, palette[0])
        switch motif {
        case .arches: arches(&canvas, width, height)
        case .bands: bands(&canvas, width, height)
        case .tide: tide(&canvas, width, height)
        case .orbits: orbits(&canvas, width, height)
        case .horizon: horizon(&canvas, width, height)
        case .blinds: blinds(&canvas, width, height)
        case .spiral: spiral(&canvas, width, height)
        case .discs: discs(&canvas, width, height)
        case .windows: windows(&canvas, width, height)
        case .tiles: tiles(&canvas, width, height)
        case .waves: waves(&canvas, width, height)
        case .rays: rays(&canvas, width, height)
        case .hills: hills(&canvas, width, height)
        case .dots: dots(&canvas, width, height)
        }
    }

    private func n(_ value: Double) -> String { PosterCanvas.number(value) }

    private mutating func arches(_ canvas: inout PosterCanvas, _ w: Double, _ h: Double) {
        let (x, y, m) = (w * (0.42 + random.next() * 0.16), h * 0.86, min(w, h * 0.7))
        let fills = [palette[1], palette[2], palette[0], palette[1], palette[2], palette[0], palette[3]]
        for step in stride(from: 7, to: 0, by: -1) {
            let (half, rise) = (m * (0.1 + Double(step) * 0.075), m * (0.16 + Double(step) * 0.128))
            canvas.area(
                "M\(n(x - half)) \(n(h))V\(n(y - rise))A\(n(half)) \(n(half)) 0 0 1 \(n(x + half)) \(n(y - rise))V\(n(h))z",
                fills[7 - step],
                opacity: step == 1 ? nil : 0.92)
        }
        canvas.circle(x, y - m * 0.28, m * 0.045, palette[0])
    }

    private mutating func bands(_ canvas: inout PosterCanvas, _ w: Double, _ h: Double) {
        let (q, tilt) = (min(w, h) / 6, random.next() > 0.5 ? 32.0 : -32.0)
        let (x, y, wide) = (w * (0.4 + random.next() * 0.2), h * 0.36, w > h ? 1.6 : 1)
        var strips: [(Double, Double, String)] = []
        for step in -9..<14 where step % 2 != 0 {
            strips.append(
                (w / 2 + Double(step) * q * wide, q * (0.2 + random.next() * 0.75) * wide, random.next() > 0.5 ? palette[1] : palette[2]))
        }
        canvas.rotated(tilt, w / 2, h * 0.4) { canvas in
            for strip in strips { canvas.rectangle(strip.0, -h, strip.1, h * 3, strip.2) }
        }
        canvas.circle(x, y, q * 1.25, palette[0])
        canvas.circle(x, y, q * 1.05, palette[3])
        canvas.circle(x, y, q * 0.5, palette[0])
    }

    private mutating func tide(_ canvas: inout PosterCanvas, _ w: Double, _ h: Double) {
        let m = min(w, h)
        let (x, y) = (w * (0.3 + random.next() * 0.4), h * (0.24 + random.next() * 0.08))
        let (radius, z) = (m * (0.15 + random.next() * 0.08), h * 0.46)
        canvas.rectangle(0, 0, w, z, palette[1], opacity: 0.3)
        canvas.circle(x, y, radius, palette[2])
        canvas.rectangle(0, z, w, h, palette[0])
        for step in 0..<11 {
            let each = Double(step)
            let width = radius * (2.1 - each * 0.13) * (0.7 + random.next() * 0.6)
            canvas.rectangle(
                x - width / 2 + (random.next() - 0.5) * radius * 0.8, z + 4 + each * h * 0.026, width, h * (0.006 + each * 0.0006),
                palette[2])
        }
        for _ in 0..<16 {
            canvas.rectangle(random.next() * w - 20, z + 3 + random.next() * h * 0.3, w * (0.05 + random.next() * 0.2), 1, palette[1])
        }
        canvas.rectangle(0, z, w, 1.5, palette[1])
    }

    private mutating func orbits(_ canvas: inout PosterCanvas, _ w: Double, _ h: Double) {
        let m = min(w, h)
        let (x, y) = (w * (0.3 + random.next() * 0.4), h * 0.4)
        let (r, tilt) = (m * (0.17 + random.next() * 0.09), -35 + random.next() * 50)
        for _ in 0..<46 {
            canvas.circle(
                random.next() * w, random.next() * h, random.next() * 0.9 + 0.3, palette[3], opacity: min(0.9, 0.25 + random.next() * 0.6))
        }
        let palette = palette
        func n(_ value: Double) -> String { PosterCanvas.number(value) }
        canvas.rotated(tilt, x, y) { canvas in
            for step in stride(from: 4, to: 0, by: -1) {
                let each = Double(step)
                canvas.raw(
                    "<ellipse cx=\"\(n(x))\" cy=\"\(n(y))\" rx=\"\(n(r * (1.25 + each * 0.5)))\" ry=\"\(n(r * (0.32 + each * 0.2)))\" fill=\"none\" stroke=\"\(step % 2 == 1 ? palette[1] : palette[2])\" stroke-width=\"\(step == 2 ? "2.4" : "1")\" opacity=\"\(step == 2 ? "1" : ".6")\"/>"
                )
            }
            canvas.circle(x, y, r, palette[1])
            canvas.area(
                "M\(n(x - r)) \(n(y))A\(n(r)) \(n(r)) 0 0 1 \(n(x + r)) \(n(y))A\(n(r)) \(n(r * 0.42)) 0 0 1 \(n(x - r)) \(n(y))",
                palette[2])
            canvas.line("M\(n(x - r * 1.75)) \(n(y))A\(n(r * 1.75)) \(n(r * 0.52)) 0 0 0 \(n(x + r * 1.75)) \(n(y))", palette[3], 2)
            canvas.circle(x + r * 1.5, y + r * 0.27, r * 0.13, palette[3])
        }
    }

    private mutating func horizon(_ canvas: inout PosterCanvas, _ w: Double, _ h: Double) {
        let (x, y, r) = (w * (0.35 + random.next() * 0.3), h * 0.58, min(w, h) * 0.3)
        canvas.circle(x, y - r * 0.15, r, palette[2])
        for step in 0..<6 {
            let each = Double(step)
            canvas.rectangle(0, y - r * 0.1 - each * r * 0.17, w, r * (0.085 - each * 0.012), palette[0])
        }
        canvas.rectangle(0, y, w, h, palette[0])
        canvas.rectangle(0, y, w, 2, palette[1])
        let lines = (-12...12).map { "M\(n(x + Double($0) * w * 0.04)) \(n(y))L\(n(x + Double($0) * w * 0.3)) \(n(h))" }.joined()
        canvas.line(lines, palette[1], 1, opacity: 0.75)
        for step in 1..<8 { canvas.rectangle(0, y + (h - y) * pow(Double(step) / 8, 2), w, 1, palette[1], opacity: 0.75) }
    }

    private mutating func blinds(_ canvas: inout PosterCanvas, _ w: Double, _ h: Double) {
        let (slat, x, y, r) = (h / 15, w * (0.35 + random.next() * 0.35), h * 0.36, min(w, h) * 0.34)
        let palette = palette
        func n(_ value: Double) -> String { PosterCanvas.number(value) }
        canvas.rectangle(0, 0, w, h, palette[1], opacity: 0.16)
        canvas.clipped("blinds") { canvas in
            for step in 0..<15 {
                canvas.rectangle(0, Double(step) * slat, w, slat * (0.86 - 0.56 * abs(Double(step) / 15 - 0.36)), palette[0])
            }
        } _: { canvas in
            canvas.circle(x, y, r, palette[1])
            canvas.area(
                "M\(n(x - r * 0.1)) \(n(h))L\(n(x - r * 0.62)) \(n(y + r * 1.02))L\(n(x - r * 0.3)) \(n(y + r * 0.62))V\(n(y + r * 0.12))H\(n(x - r * 0.62))V\(n(y - r * 0.02))H\(n(x - r * 0.36))L\(n(x - r * 0.25)) \(n(y - r * 0.5))H\(n(x + r * 0.25))L\(n(x + r * 0.36)) \(n(y - r * 0.02))H\(n(x + r * 0.62))V\(n(y + r * 0.12))H\(n(x + r * 0.3))V\(n(y + r * 0.62))L\(n(x + r)) \(n(y + r * 1.1))L\(n(x + r * 1.1)) \(n(h))z",
                palette[2])
        }
    }

    private mutating func spiral(_ canvas: inout PosterCanvas, _ w: Double, _ h: Double) {
        let (x, y, m, turn) = (w / 2, h * 0.4, hypot(w, h) * 0.62, random.next() > 0.5 ? 1.0 : -1.0)
        for step in stride(from: 15, to: 0, by: -1) {
            let side = m * pow(Double(step) / 15, 1.5)
            let fill = step % 2 == 1 ? palette[0] : step % 4 != 0 ? palette[1] : palette[2]
            canvas.rotated(turn * Double(step) * 9, x, y) { $0.rectangle(x - side / 2, y - side / 2, side, side, fill) }
        }
        canvas.circle(x, y, min(w, h) * 0.025, palette[3])
    }

    private mutating func discs(_ canvas: inout PosterCanvas, _ w: Double, _ h: Double) {
        let (r, x, y) = (min(w, h) * 0.34, w * 0.5, h * 0.38)
        let (apart, angle) = (r * (0.45 + random.next() * 0.25), random.next() * 3.1)
        let (dx, dy) = (cos(angle) * apart, sin(angle) * apart * 0.7)
        let palette = palette
        canvas.circle(x - dx, y - dy, r, palette[1])
        canvas.circle(x + dx, y + dy, r, palette[2])
        canvas.clipped("disc") {
            $0.circle(x - dx, y - dy, r, palette[0])
        } _: {
            $0.circle(x + dx, y + dy, r, palette[3])
        }
        if random.next() > 0.4 { canvas.rectangle(0, y - 0.6, w, 1.2, palette[3], opacity: 0.5) }
    }
}
