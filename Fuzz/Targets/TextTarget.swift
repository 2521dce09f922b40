internal import HTTP
internal import Kernel

extension FuzzTarget {
    /// Short texts of fixed grammars: times, dates, ids, hexadecimal, languages.
    static let text = FuzzTarget(
        "text",
        files: [
            "Platform/Kernel/Timestamp.swift", "Platform/Kernel/ID.swift", "Platform/Kernel/LocalizedText.swift",
            "Platform/HTTP/HTTPDate.swift",
        ],
        words: [
            "2026-01-31T09:15:00.123Z", "+23:59", "-00:00", "T23:59:60Z", "9999-12-31", "0000-01-01", "Sun, 06 Nov 1994 08:49:37 GMT",
            ":60 GMT",
            "058f3a2b-1c4d-8e5f-8c00-000000000000", "fr", "en;q=0.5", ";q=", ",", "inf", "nan", "0x1p2",
        ]
    ) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        try checkTime(text)
        try checkDate(text)
        if let id = UserID(uuid: text) {
            try hold(id.uuid.isSame(as: text.lowercased()) && id.rawValue >= 0, "\(text) is read as \(id)")
            _ = id.timestamp.rfc3339
        }
        if let decoded = Hex.decode(text) { try hold(Hex.encode(decoded).isSame(as: text.lowercased()), "other hexadecimal") }
        try hold(Hex.decode(Hex.encode(bytes)) == bytes, "hexadecimal does not come back")
        let language = Language(acceptLanguage: text)
        try hold(language == .english || text.lowercased().contains("fr"), "French that nobody asked for")
        if let number = UInt64(text, radix: 36) {
            let time = Timestamp(milliseconds: Int64(bitPattern: number))
            try hold(!time.rfc3339.isEmpty, "a time without a text")
        }
    }

    private static func checkTime(_ text: String) throws(BrokenProperty) {
        guard let time = Timestamp(rfc3339: text) else { return }
        let written = time.rfc3339
        try hold(written.utf8.count == 24, "\(text) is written as \(written)")
        try hold(Timestamp(rfc3339: written) == time, "\(text), written as \(written), is another time")
    }

    private static func checkDate(_ text: String) throws(BrokenProperty) {
        guard let seconds = HTTPDate.parse(text) else { return }
        if text.hasSuffix(":60 GMT") {
            let before = String(text.dropLast(6)) + "59 GMT"
            try hold(HTTPDate.format(seconds - 1).isSame(as: before), "\(text) does not follow \(before)")
        } else {
            try hold(HTTPDate.format(seconds).isSame(as: text), "\(text) is read as \(HTTPDate.format(seconds))")
        }
    }
}
