internal import Directory
internal import Kernel

/// Usernames that are made from other names.
enum MemberName {
    static func isUsername(_ text: String) -> Bool { MemberDirectory.isUsername(text) }

    /// “Léa Dubois” becomes `lea.dubois`; what has no letter becomes `member`.
    static func suggestion(from name: String) -> String {
        var (bytes, isGap) = ([UInt8](), false)
        for byte in name.searchFold.utf8 {
            let isKept =
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "_")
            guard isKept else {
                isGap = !bytes.isEmpty
                continue
            }
            if isGap { bytes.append(UInt8(ascii: ".")) }
            isGap = false
            bytes.append(byte)
            if bytes.count >= 27 { break }
        }
        return bytes.count < 2 ? "member" : String(own: bytes)
    }

}

/// The notations of password hashes that can be verified.
enum PasswordHashText {
    /// Bounds on what verifying one may cost: 256 MiB and ten passes.
    private static let (mostMemory, mostPasses) = (262_144, 10)

    /// `$argon2id$v=19$m=65536,t=2,p=1$…$…`
    static func isKnown(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false).map { String(Substring($0)) }
        guard text.utf8.count <= 127, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), parts.count == 6, parts[0].isEmpty,
            parts[1] == "argon2id", parts[2] == "v=19"
        else { return false }
        let costs = parts[3].split(separator: ",").compactMap { pair -> Int? in Int(pair.dropFirst(2)) }
        guard costs.count == 3, parts[3].hasPrefix("m="), (8...mostMemory).contains(costs[0]), (1...mostPasses).contains(costs[1]),
            costs[2] == 1
        else { return false }
        return parts[4].utf8.count >= 11 && parts[5].utf8.count >= 16
    }
}
