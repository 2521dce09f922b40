internal import Kernel

/// An address that mail can be sent to, folded, so that two spellings of one mailbox are one value.
struct EmailAddress: Sendable, Hashable {
    let text: String

    /// One `@`, a local part of 1–64 bytes without spaces or quotes, and a host name with a dot (or `localhost`); 254 bytes at most.
    init?(_ raw: String) {
        let folded = raw.trimmed.lowercased()
        let parts = folded.split(separator: "@", omittingEmptySubsequences: false)
        guard folded.utf8.count <= 254, parts.count == 2, Self.isLocalPart(parts[0]), Self.isHost(parts[1]) else { return nil }
        text = folded
    }

    private static func isLocalPart(_ part: Substring) -> Bool {
        let special: Set<Character> = ["\"", "(", ")", ",", ":", ";", "<", ">", "[", "]", "\\"]
        return (1...64).contains(part.utf8.count) && !part.hasPrefix(".") && !part.hasSuffix(".") && !part.contains("..")
            && part.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F && !$0.properties.isWhitespace }
            && !part.contains(where: special.contains)
    }

    /// RFC 1123 §2.1, with letters of any script in the labels.
    private static func isHost(_ host: Substring) -> Bool {
        if host == "localhost" { return true }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        return labels.count >= 2
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                    && label.unicodeScalars.allSatisfy { $0 == "-" || $0.properties.isAlphabetic || $0.properties.numericType != nil }
            }
    }
}

extension Input {
    /// An e-mail address; what is wrong with it is noted.
    mutating func email(_ name: String, required: Bool = false) -> EmailAddress? {
        guard let text = string(name, length: 1...254, required: required) else { return nil }
        guard let address = EmailAddress(text) else {
            fail(name, "invalid", LocalizedText(en: "This is not an e-mail address.", fr: "Ce n’est pas une adresse e-mail."))
            return nil
        }
        return address
    }
}
