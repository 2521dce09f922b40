internal import Kernel

/// The orders in which titles are listed.
enum TitleSort: String, CaseIterable, Sendable {
    case popularity
    case title
    case released
    case rating
    case trending
}

/// The orders of the table. Titles have one order for each language of the site.
enum OrderName: Int, CaseIterable {
    case popularity
    case englishTitle
    case frenchTitle
    case released
    case rating
    case trending

    init(_ sort: TitleSort, _ language: Language) {
        switch sort {
        case .popularity: self = .popularity
        case .title: self = language == .french ? .frenchTitle : .englishTitle
        case .released: self = .released
        case .rating: self = .rating
        case .trending: self = .trending
        }
    }
}

/// The sort key of a title: a value, then the id. Numbers sort from the highest down, texts from A to Z.
struct OrderKey: Sendable {
    enum Value: Sendable {
        case number(Double)
        case text(String)
    }

    let value: Value
    let id: MediaID

    /// Whether it sorts before another key of the same order.
    func precedes(_ other: OrderKey) -> Bool {
        switch (value, other.value) {
        case (.number(let one), .number(let two)) where one != two: one > two
        case (.text(let one), .text(let two)) where !one.hasSameBytes(as: two): one.utf8.lexicographicallyPrecedes(two.utf8)
        default: id < other.id
        }
    }

    /// The key in a cursor.
    var json: [JSON] {
        switch value {
        case .number(let number): [.string(String(number.bitPattern, radix: 36)), JSON(id)]
        case .text(let text): [.string(text), JSON(id)]
        }
    }

    /// Nil for a cursor of another list.
    init?(_ keys: [JSON], isText: Bool) {
        guard keys.count == 2, let text = keys[0].string, let id = keys[1].string.flatMap({ MediaID(uuid: $0) }) else { return nil }
        if isText {
            value = .text(text)
        } else {
            guard text.utf8.count <= 13, let bits = UInt64(text, radix: 36) else { return nil }
            let number = Double(bitPattern: bits)
            guard number.isFinite else { return nil }
            value = .number(number)
        }
        self.id = id
    }

    init(_ value: Value, _ id: MediaID) { (self.value, self.id) = (value, id) }
}
