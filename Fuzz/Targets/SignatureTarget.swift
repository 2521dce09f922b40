internal import HTTP
internal import Kernel

@testable internal import Accounts

extension FuzzTarget {
    /// `Signature-Input`, `Signature` and `Content-Digest` (RFC 9421, RFC 9530): what is taken has one spelling, and what is signed is what stands there.
    static let signatures = FuzzTarget(
        "signatures",
        files: ["Features/Accounts/Keys/RequestSignature.swift", "Features/Accounts/Keys/StructuredFields.swift"],
        words: [
            "sig1=", "(\"@method\"", ";created=", ";keyid=\"fk_", ";nonce=\"", ";alg=\"hmac-sha256\"", ":AAAA:", "sha-256=:", ", ", "\"",
        ]
    ) { bytes in
        let lines = bytes.split(separator: 0x0A, maxSplits: 2, omittingEmptySubsequences: false).map { Array($0) }
        var request = HTTPRequest(method: .get, target: "/api/v1/users?x=1")
        for (name, line) in zip(["Signature-Input", "Signature", "Content-Digest"], lines) {
            request.headers.append(name, String(decoding: line, as: UTF8.self))
        }
        for line in lines {
            guard line.allSatisfy({ (0x20...0x7E).contains($0) }), let text = String(validating: line, as: UTF8.self) else { continue }
            if let value = StructuredFields.bytes(text) {
                try hold(encoded(value) == line, "\(text) is not the one spelling of its bytes")
            }
            if let members = StructuredFields.members(text) {
                try hold(Set(members.map(\.name)).count == members.count, "a member stands twice in \(text)")
                let whole = members.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
                try hold(whole.filter { $0 != " " } == text.filter { $0 != " " }, "\(text) is taken as \(whole)")
            }
        }
        // A signature over no secret of ours never holds, whatever it says.
        do {
            let now = Timestamp(milliseconds: 1_800_000_000_000)
            let signature = try RequestSignature(request, authority: "site.test", at: now)
            try hold(signature.expiresAt >= now, "a signature that has ended is taken")
            try hold(RequestSignature.nonceSizes.contains(signature.nonce.utf8.count), "a nonce of another length is taken")
            try hold(!signature.isValid("fs_of nobody"), "a signature holds that nobody made")
        } catch is RequestSignature.Fault {}
    }

    private static func encoded(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = Array(bytes[start..<min(start + 3, bytes.count)])
            let number = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 { text.append(place <= group.count ? alphabet[number >> (18 - 6 * place) & 63] : UInt8(ascii: "=")) }
        }
        return [UInt8(ascii: ":")] + text + [UInt8(ascii: ":")]
    }
}
