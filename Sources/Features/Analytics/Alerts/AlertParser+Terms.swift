internal import Kernel

/// Numbers, metrics with their labels, and durations.
extension AlertParser {
    func number(_ number: Double, _ unit: String) throws(AlertFault) -> Typed {
        if unit.isEmpty { return Typed(value: .number(number), kind: .number) }
        if unit == "%" { return Typed(value: .number(number / 100), kind: .ratio) }
        guard let known = Self.units[unit] else {
            throw fault("unit", en: "There is no unit “\(unit.cut(to: 20))”.", fr: "L’unité « \(unit.cut(to: 20)) » n’existe pas.")
        }
        return Typed(value: .number(number * known.scale), kind: known.kind)
    }

    mutating func term(_ metric: AlertMetric) throws(AlertFault) -> AlertTerm {
        var labels: [AlertLabel] = []
        if takeSign("{") {
            repeat { labels.append(try label(of: metric)) } while takeSign(",")
            try expect("}")
        }
        let segments = labels.filter { Segment.Dimension(rawValue: $0.name) != nil }
        if segments.count > 1 || !segments.isEmpty && segments.count < labels.count {
            throw fault(
                "labels", en: "One label at a time: segments are measured singly.",
                fr: "Une étiquette à la fois : les segments sont mesurés séparément.")
        }
        var window: Int64?
        if takeSign("[") {
            window = try duration(5000...AlertExpression.longestWindow)
            try expect("]")
        }
        let offset = takeWord("offset", "decalage") ? try duration(5000...AlertExpression.longestOffset) : 0
        if metric.isGauge, offset > AlertExpression.longestWindow {
            throw fault(
                "offset", en: "Of \(metric.rawValue) only two hours are known.",
                fr: "De \(metric.rawValue), seules deux heures sont connues.")
        }
        return AlertTerm(metric: metric, labels: labels, window: window, offset: offset)
    }

    mutating func label(of metric: AlertMetric) throws(AlertFault) -> AlertLabel {
        guard case .word(let word) = token.kind, let name = Self.labelName(word), metric.labels.contains(name) else {
            let known = metric.labels.sorted().joined(separator: ", ")
            throw known.isEmpty
                ? fault("label", en: "\(metric.rawValue) has no labels.", fr: "\(metric.rawValue) n’a pas d’étiquettes.")
                : fault("label", en: "One of: \(known).", fr: "L’une de ces étiquettes : \(known).")
        }
        place += 1
        if takeWord("in", "dans") {
            try expect("(")
            var values: Set<String> = []
            repeat { values.insert(try labelValue()) } while takeSign(",")
            try expect(")")
            return AlertLabel(name: name, isNegated: false, values: values)
        }
        let isNegated = token.kind == .sign("!=")
        guard isNegated || token.kind == .sign("=") || token.kind == .sign("==") else {
            throw fault("expected", en: "=, != or in is expected here.", fr: "=, != ou dans est attendu ici.")
        }
        place += 1
        return AlertLabel(name: name, isNegated: isNegated, values: [try labelValue()])
    }

    static func labelName(_ word: String) -> String? {
        switch word {
        case "appareil": "device"
        case "methode": "method"
        default: word
        }
    }

    mutating func labelValue() throws(AlertFault) -> String {
        switch token.kind {
        case .word(let text), .text(let text):
            place += 1
            return text
        default:
            throw fault("value", en: "A value in quotation marks is expected here.", fr: "Une valeur entre guillemets est attendue ici.")
        }
    }

    /// Milliseconds.
    mutating func duration(_ range: ClosedRange<Int64>) throws(AlertFault) -> Int64 {
        guard case .number(let number, let unit) = token.kind, let known = Self.units[unit], known.kind == .duration else {
            throw fault("duration", en: "A duration such as 1m is expected here.", fr: "Une durée telle que 1m est attendue ici.")
        }
        let milliseconds = number * known.scale
        guard milliseconds <= Double(range.upperBound), range.contains(Int64(milliseconds)) else {
            throw fault(
                "duration", en: "From \(Self.words(range.lowerBound)) to \(Self.words(range.upperBound)).",
                fr: "De \(Self.words(range.lowerBound)) à \(Self.words(range.upperBound)).")
        }
        place += 1
        return Int64(milliseconds)
    }

    static func words(_ milliseconds: Int64) -> String {
        milliseconds >= 3_600_000
            ? "\(milliseconds / 3_600_000)h" : milliseconds >= 60_000 ? "\(milliseconds / 60_000)m" : "\(milliseconds / 1000)s"
    }
}
