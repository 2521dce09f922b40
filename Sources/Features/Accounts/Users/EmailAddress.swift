internal import Kernel
@_spi(_Unicode) internal import Swift

/// An address that mail can be sent to, folded, so that two spellings of one mailbox are one value: the host as A-labels.
struct EmailAddress: Sendable, Hashable {
    let text: String

    /// One `@`, a local part of 1–64 bytes without spaces or quotes, and a host name with a dot (or `localhost`); 254 bytes at most.
    init?(_ raw: String) {
        guard raw.utf8.count <= 1000 else { return nil }
        let parts = raw.trimmed.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, let host = DomainName(parts[1]) else { return nil }
        let local = String(String.UnicodeScalarView(parts[0].lowercased()._nfc))
        guard Self.isLocalPart(local), local.utf8.count + 1 + host.text.utf8.count <= 254 else { return nil }
        text = "\(local)@\(host.text)"
    }

    private static func isLocalPart(_ part: String) -> Bool {
        let special: Set<Character> = ["\"", "(", ")", ",", ":", ";", "<", ">", "[", "]", "\\"]
        return (1...64).contains(part.utf8.count) && !part.hasPrefix(".") && !part.hasSuffix(".") && !part.contains("..")
            && part.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F && !$0.properties.isWhitespace }
            && !part.contains(where: special.contains)
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
