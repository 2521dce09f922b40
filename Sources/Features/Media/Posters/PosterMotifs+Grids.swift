internal import Glibc

/// The drawings that repeat a small shape.
extension PosterArt {
    private func n(_ value: Double) -> String { PosterCanvas.number(value) }

    mutating func windows(_ canvas: inout PosterCanvas, _ w: Double, _ h: Double) {
        let q = w > h ? w / 14 : w / 6
        for row in 0..<Int((h * 0.72 / q).rounded(.up)) {
            for column in 0..<Int((w / q).rounded(.up)) {
                let (x, y, lot) = (Double(column) * q, Double(row) * q, random.next())
                canvas.rectangle(
                    x + q * 0.14, y + q * 0.14, q * 0.72, q * 0.72, lot < 0.13 ? palette[2] : lot < 0.42 ? palette[1] : palette[3],
                    opacity: lot < 0.42 ? nil : 0.1)
                if lot < 0.07 {
                    canvas.circle(x + q / 2, y + q * 0.5, q * 0.14, palette[0])
                    canvas.rectangle(x + q * 0.32, y + q * 0.62, q * 0.36, q * 0.24, palette[0])
                } else if lot < 0.3 {
                    canvas.rectangle(x + q * 0.14, y + q * 0.14, q * 0.72, q * (0.1 + random.next() * 0.4), palette[0], opacity: 0.35)
                }
            }
        }
    }

    mutating func tiles(_ canvas: inout PosterCanvas, _ w: Double, _ h: Double) {
        let q = w > h ? w / 10 : w / 4
        for y in stride(from: 0, to: h * 0.72, by: q) {
            for x in stride(from: 0, to: w, by: q) {
                let shape = Int(random.next() * 6)
                let fill = [palette[1], palette[2], palette[3]][Int(random.next() * 2.4)]
                let turn = Double(Int(random.next() * 4) * 90)
                let path: String? =
                    switch shape {
                    case 0, 1: "M\(n(x)) \(n(y))H\(n(x + q))A\(n(q)) \(n(q)) 0 0 1 \(n(x)) \(n(y + q))z"
                    case 3: "M\(n(x)) \(n(y + q))V\(n(y))L\(n(x + q)) \(n(y + q))z"
                    case 4: "M\(n(x)) \(n(y + q / 2))A\(n(q / 2)) \(n(q / 2)) 0 0 1 \(n(x + q)) \(n(y + q / 2))z"
                    default: nil
                    }
                canvas.rotated(turn, x + q / 2, y + q / 2) { canvas in
                    if let path { canvas.area(path, fill) } else if shape == 2 { canvas.circle(x + q / 2, y + q / 2, q * 0.36, fill) }
                }
            }
        }
    }

    mutating func waves(_ canvas: inout PosterCanvas, _ w: Double, _ h: Double) {
        let (phase, rise, length) = (random.next() * 6, h * 0.05, w * (0.45 + random.next() * 0.3))
        for step in 0..<16 {
            let y = h * (0.1 + Double(step) * 0.042)
            var path = "M-5 \(n(y))"
            for x in stride(from: -5, through: w + 8, by: w / 18) {
                let bell = exp(-pow((x - w * 0.5) / (w * 0.42), 2)) * (0.5 + Double(step) / 16)
                path += "L\(n(x)) \(n(y + sin(x / length * 6.28 + phase + Double(step) * 0.24) * rise * bell))"
            }
            canvas.line(path, step % 5 == 2 ? palette[2] : palette[1], step % 5 == 2 ? 3.4 : 1.7)
        }
    }

    mutating func rays(_ canvas: inout PosterCanvas, _ w: Double, _ h: Double) {
        let (x, y, m) = (w * (0.4 + random.next() * 0.2), h * 0.36, hypot(w, h))
        var path = ""
        for step in 0..<18 {
            let (angle, width) = (Double(step) / 18 * 6.283 + random.next() * 0.08, 0.07 + random.next() * 0.07)
            path +=
                "M\(n(x)) \(n(y))L\(n(x + cos(angle) * m)) \(n(y + sin(angle) * m))L\(n(x + cos(angle + width) * m)) \(n(y + sin(angle + width) * m))z"
        }
        canvas.area(path, palette[1])
        canvas.circle(x, y, min(w, h) * 0.25, palette[2])
        canvas.circle(x + w * 0.03, y - h * 0.012, min(w, h) * 0.215, palette[0])
        var ground = "M0 \(n(h))"
        for step in 0...16 {
            ground += "L\(n(Double(step) * w / 16)) \(n(h * (step % 2 == 1 ? 0.56 + random.next() * 0.16 : 0.78)))"
        }
        canvas.area("\(ground)V\(n(h))z", palette[0])
    }

    mutating func hills(_ canvas: inout PosterCanvas, _ w: Double, _ h: Double) {
        canvas.circle(w * (0.25 + random.next() * 0.5), h * 0.27, min(w, h) * 0.17, palette[1])
        for (step, (fill, opacity)) in [(palette[2], 0.55), (palette[1], 0.5), (palette[2], nil), (palette[3], 0.16)].enumerated() {
            let y = h * (0.4 + Double(step) * 0.1)
            let (phase, length) = (random.next() * 6, 1.5 + random.next() * 1.6)
            var path = "M0 \(n(h))"
            for each in 0...24 {
                let x = Double(each)
                path +=
                    "L\(n(x * w / 24)) \(n(y + sin(x / 24 * 6.28 * length * 0.6 + phase) * h * 0.05 + sin(x * 0.9 + phase) * h * 0.008))"
            }
            canvas.area("\(path)V\(n(h))z", palette[0])
            canvas.area("\(path)V\(n(h))z", fill, opacity: opacity)
        }
    }

    mutating func dots(_ canvas: inout PosterCanvas, _ w: Double, _ h: Double) {
        let q = w > h ? w / 36 : w / 15
        let (x0, y0, r) = (w * (0.3 + random.next() * 0.4), h * 0.36, min(w, h) * 0.5)
        for y in stride(from: q / 2, to: h * 0.74, by: q) {
            for x in stride(from: q / 2, to: w, by: q) {
                let far = hypot(x - x0, y - y0) / r
                canvas.circle(x, y, q * 0.5 * max(0.1, 1.05 - far), far < 0.34 ? palette[2] : palette[1])
            }
        }
    }
}
