internal import Kernel

/// Reads expressions, in English and in French:
///
/// ```
/// rule    := or ["by" dimension] [("for" | "pendant") duration]
/// or      := and {("or" | "ou") and}        and := not {("and" | "et") not}
/// not     := ("not" | "non") not | "(" or ")" | compare
/// compare := sum (">" | ">=" | "<" | "<=" | "==" | "!=") sum
/// sum     := product {("+" | "-") product}  product := factor {("*" | "/") factor}
/// factor  := number [unit] | metric ["{" labels "}"] ["[" duration "]"] ["offset" duration] | "(" sum ")"
/// ```
struct AlertParser {
    let tokens: [AlertToken]
    var place = 0
    private var depth = 0

    /// Units: how many of the base (milliseconds, bytes, one), and of what.
    static let units: [String: (scale: Double, kind: AlertMetric.Kind)] = [
        "ms": (1, .duration), "s": (1000, .duration), "m": (60_000, .duration), "min": (60_000, .duration), "h": (3_600_000, .duration),
        "j": (86_400_000, .duration), "d": (86_400_000, .duration), "k": (1000, .number), "mb": (1e6, .bytes), "mo": (1e6, .bytes),
        "gb": (1e9, .bytes), "go": (1e9, .bytes), "kb": (1000, .bytes), "ko": (1000, .bytes),
    ]

    /// Characters of an expression, and parentheses in one another.
    static let (longest, deepest) = (500, 20)

    static func parse(_ text: String) throws(AlertFault) -> AlertExpression {
        var parser = AlertParser(tokens: try AlertScanner.tokens(text))
        return try parser.rule()
    }

    private init(tokens: [AlertToken]) { self.tokens = tokens }

    var token: AlertToken { tokens[place] }

    mutating func takeWord(_ words: String...) -> Bool {
        guard case .word(let word) = token.kind, words.contains(word) else { return false }
        place += 1
        return true
    }

    mutating func takeSign(_ sign: String) -> Bool {
        guard token.kind == .sign(sign) else { return false }
        place += 1
        return true
    }

    mutating func expect(_ sign: String) throws(AlertFault) {
        guard takeSign(sign) else { throw fault("expected", en: "“\(sign)” is expected here.", fr: "« \(sign) » est attendu ici.") }
    }

    func fault(_ code: String, en english: String, fr french: String) -> AlertFault {
        AlertFault(code, token.position, token.length, en: english, fr: french)
    }

    // MARK: Conditions

    private mutating func rule() throws(AlertFault) -> AlertExpression {
        let condition = try any()
        var dimension: Segment.Dimension?
        if takeWord("by", "par") {
            guard case .word(let word) = token.kind, let found = Self.dimension(word) else {
                throw fault(
                    "dimension", en: "role, device, version or region is expected.", fr: "role, appareil, version ou region est attendu.")
            }
            place += 1
            dimension = found
        }
        var duration: Int64 = 0
        if takeWord("for", "pendant") { duration = try self.duration(1000...AlertExpression.longestDuration) }
        guard token.kind == .end else {
            throw fault("unexpected", en: "This does not belong here.", fr: "Ceci n’a pas sa place ici.")
        }
        if let dimension, let term = condition.terms.first(where: { !$0.metric.labels.contains(dimension.rawValue) }) {
            throw AlertFault(
                "dimension", 0, en: "\(term.metric.rawValue) is not known by \(dimension.rawValue).",
                fr: "\(term.metric.rawValue) n’est pas connu par \(dimension.rawValue).")
        }
        return AlertExpression(condition: condition, dimension: dimension, duration: duration)
    }

    private static func dimension(_ word: String) -> Segment.Dimension? {
        Segment.Dimension(rawValue: word) ?? (word == "appareil" ? .device : nil)
    }

    private mutating func any() throws(AlertFault) -> AlertCondition {
        var parts = [try all()]
        while takeWord("or", "ou") { parts.append(try all()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func all() throws(AlertFault) -> AlertCondition {
        var parts = [try not()]
        while takeWord("and", "et") { parts.append(try not()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func not() throws(AlertFault) -> AlertCondition {
        try enter()
        defer { depth -= 1 }
        if takeWord("not", "non") { return .not(try not()) }
        if token.kind == .sign("("), holdsCondition() {
            place += 1
            let inner = try any()
            try expect(")")
            return inner
        }
        return try compare()
    }

    private mutating func enter() throws(AlertFault) {
        depth += 1
        guard depth <= Self.deepest else {
            throw fault("too_deep", en: "Too many parentheses in one another.", fr: "Trop de parenthèses imbriquées.")
        }
    }

    /// Whether the parentheses that begin here hold a comparison, and no sum.
    private func holdsCondition() -> Bool {
        var (open, index) = (0, place)
        while index < tokens.count {
            switch tokens[index].kind {
            case .sign("("): open += 1
            case .sign(")"):
                open -= 1
                if open == 0 { return false }
            case .sign(let sign): if AlertComparison(rawValue: sign) != nil { return true }
            case .end: return false
            default: break
            }
            index += 1
        }
        return false
    }

    private mutating func compare() throws(AlertFault) -> AlertCondition {
        let left = try sum()
        guard case .sign(let sign) = token.kind, let comparison = AlertComparison(rawValue: sign) else {
            throw fault(
                "comparison", en: "A comparison is expected here: > >= < <= == !=", fr: "Une comparaison est attendue ici : > >= < <= == !="
            )
        }
        place += 1
        let start = token
        let right = try sum()
        guard Self.fits(left, right) else {
            throw AlertFault(
                "unit", start.position, start.length, en: "\(Self.needs(left.kind, .english))", fr: "\(Self.needs(left.kind, .french))")
        }
        return .compare(left.value, comparison, right.value)
    }

    // MARK: Values

    struct Typed {
        let value: AlertValue
        let kind: AlertMetric.Kind
    }

    private static func fits(_ left: Typed, _ right: Typed) -> Bool {
        if left.kind == right.kind { return true }
        switch (left.kind, right.kind) {
        case (.count, .number), (.number, .count): return true
        // A share, 0.05: a number above 1 was meant as percent, and would never hold.
        case (.ratio, .number): return isShare(right.value)
        case (.number, .ratio): return isShare(left.value)
        default: return false
        }
    }

    private static func isShare(_ value: AlertValue) -> Bool { if case .number(let number) = value { abs(number) <= 1 } else { true } }

    private static func needs(_ kind: AlertMetric.Kind, _ language: Language) -> String {
        let text =
            switch kind {
            case .ratio: LocalizedText(en: "A percentage such as 1% is expected here.", fr: "Un pourcentage tel que 1% est attendu ici.")
            case .duration:
                LocalizedText(en: "A duration such as 500ms is expected here.", fr: "Une durée telle que 500ms est attendue ici.")
            case .bytes: LocalizedText(en: "A size such as 200MB is expected here.", fr: "Une taille telle que 200Mo est attendue ici.")
            case .count, .number:
                LocalizedText(en: "A number without a unit is expected here.", fr: "Un nombre sans unité est attendu ici.")
            }
        return text(language)
    }

    private mutating func sum() throws(AlertFault) -> Typed {
        var left = try product()
        while token.kind == .sign("+") || token.kind == .sign("-") {
            let isSum = token.kind == .sign("+")
            let at = token
            place += 1
            let right = try product()
            guard Self.fits(left, right) else { throw Self.mismatch(at) }
            let kind = left.kind == .number ? right.kind : left.kind
            left = Typed(value: isSum ? .add(left.value, right.value) : .subtract(left.value, right.value), kind: kind)
        }
        return left
    }

    private mutating func product() throws(AlertFault) -> Typed {
        var left = try factor()
        while token.kind == .sign("*") || token.kind == .sign("/") {
            let isProduct = token.kind == .sign("*")
            let at = token
            place += 1
            let right = try factor()
            guard let kind = isProduct ? Self.product(left.kind, right.kind) : Self.quotient(left.kind, right.kind) else {
                throw Self.mismatch(at)
            }
            left = Typed(value: isProduct ? .multiply(left.value, right.value) : .divide(left.value, right.value), kind: kind)
        }
        return left
    }

    private static func product(_ left: AlertMetric.Kind, _ right: AlertMetric.Kind) -> AlertMetric.Kind? {
        switch (left, right) {
        case (.number, let other), (let other, .number), (.ratio, let other), (let other, .ratio): other
        default: nil
        }
    }

    private static func quotient(_ left: AlertMetric.Kind, _ right: AlertMetric.Kind) -> AlertMetric.Kind? {
        if left == right { return left == .number ? .number : .ratio }
        return right == .number || right == .ratio ? left : nil
    }

    static func mismatch(_ token: AlertToken) -> AlertFault {
        AlertFault(
            "unit", token.position, token.length, en: "The two sides are of different units.", fr: "Les deux côtés n’ont pas la même unité."
        )
    }

    private mutating func factor() throws(AlertFault) -> Typed {
        try enter()
        defer { depth -= 1 }
        switch token.kind {
        case .number(let number, let unit):
            let typed = try self.number(number, unit)
            place += 1
            return typed
        case .sign("("):
            place += 1
            let inner = try sum()
            try expect(")")
            return inner
        case .word(let word):
            guard let metric = AlertMetric(word: word) else {
                throw fault(
                    "metric", en: "There is no metric “\(word.cut(to: 40))”.", fr: "La métrique « \(word.cut(to: 40)) » n’existe pas.")
            }
            place += 1
            let term = try self.term(metric)
            return Typed(value: .metric(term), kind: metric.kind)
        default: throw fault("expected", en: "A metric or a number is expected here.", fr: "Une métrique ou un nombre est attendu ici.")
        }
    }
}
