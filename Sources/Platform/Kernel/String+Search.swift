extension String {
    /// Whether these bytes stand in it, one after the other; nothing is folded.
    public func contains(bytes part: [UInt8]) -> Bool {
        guard let first = part.first else { return true }
        var text = self
        return text.withUTF8 { text in
            guard text.count >= part.count else { return false }
            return (0...text.count - part.count).contains { start in
                text[start] == first && text[start..<start + part.count].elementsEqual(part)
            }
        }
    }
}
