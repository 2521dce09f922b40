/// A place in a topic's total order: `<epoch>:<offset>`.
///
/// Two positions compare only within one epoch; a reader whose epoch is gone takes a new snapshot.
public struct Position: Hashable, Sendable, CustomStringConvertible {
    public let epoch: String
    public let offset: Int64

    public init(epoch: String, offset: Int64) {
        (self.epoch, self.offset) = (epoch, offset)
    }

    public var description: String { "\(epoch):\(offset)" }

    /// Nil for everything that `description` does not make: one position has one text.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 64, let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let (epoch, digits) = (text[..<colon], text[text.utf8.index(after: colon)...])
        guard let offset = Int64(digits), offset >= 0, String(offset) == digits else { return nil }
        let isPlain = epoch.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        guard !epoch.isEmpty, isPlain else { return nil }
        self.init(epoch: String(epoch), offset: offset)
    }
}
