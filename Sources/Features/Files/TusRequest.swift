internal import Crypto
internal import HTTP
internal import Kernel
internal import Web

/// The header fields of tus 1.0.0 (tus.io, protocol 1.0.0).
enum Tus {
    static let version = "1.0.0"
    static let extensions = "creation,expiration,termination,checksum"
    static let algorithms = RunningDigest.Algorithm.allCases.map(\.rawValue).joined(separator: ",")
    /// The longest `Upload-Metadata`, in bytes.
    private static let metadataLimit = 4096

    /// - Throws: 412 unless the client speaks this version.
    static func require(_ call: Call) throws(Problem) {
        guard call.request.headers["Tus-Resumable"]?.trimmed.hasSameBytes(as: version) ?? false else {
            throw Problem(
                412, "tus_version",
                LocalizedText(
                    en: "Send Tus-Resumable: \(version), the version of tus that this server supports.",
                    fr: "Envoyez Tus-Resumable: \(version), la version de tus utilisée ici."))
        }
    }

    /// The number of bytes in a header field.
    ///
    /// - Throws: 400 without such a number.
    static func bytes(_ name: String, _ call: Call) throws(Problem) -> Int64 {
        let text = call.request.headers[name]?.trimmed ?? ""
        guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(text) else {
            throw .malformed(
                LocalizedText(en: "\(name) must be a number of bytes.", fr: "\(name) doit être un nombre d’octets."))
        }
        return number
    }

    /// The name of the file in `Upload-Metadata`. Everything else in it is ignored: the type is found from the bytes.
    static func fileName(_ call: Call) throws(Problem) -> String {
        guard let field = call.request.headers["Upload-Metadata"] else { return FileName.fallback }
        guard field.utf8.count <= metadataLimit else { throw malformedMetadata }
        for pair in field.utf8.split(separator: UInt8(ascii: ",")) {
            let halves = pair.split(separator: UInt8(ascii: " "))
            guard let key = halves.first, halves.count <= 2 else { throw malformedMetadata }
            guard key.elementsEqual("filename".utf8) || key.elementsEqual("name".utf8), halves.count == 2 else { continue }
            guard let bytes = decode(Substring(halves[1])), let name = String(client: bytes) else { throw malformedMetadata }
            return FileName.clean(name)
        }
        return FileName.fallback
    }

    /// The checksum that the bytes of a request must have.
    struct Checksum: Sendable {
        let digest: RunningDigest
        let expected: [UInt8]
    }

    /// - Throws: 400 for an unknown algorithm.
    static func checksum(_ call: Call) throws(Problem) -> Checksum? {
        guard let field = call.request.headers["Upload-Checksum"] else { return nil }
        let halves = field.utf8.split(separator: UInt8(ascii: " "))
        guard halves.count == 2, let algorithm = RunningDigest.Algorithm(rawValue: String(Substring(halves[0]))),
            let expected = decode(Substring(halves[1]))
        else {
            throw .malformed(
                LocalizedText(
                    en: "Upload-Checksum must name \(algorithms) and a value in Base64.",
                    fr: "Upload-Checksum doit nommer \(algorithms) et une valeur en Base64."))
        }
        return Checksum(digest: RunningDigest(algorithm), expected: expected)
    }

    /// An answer with the version of tus, which every answer states.
    static func reply(_ status: Int, _ headers: HTTPHeaders = [:]) -> Reply {
        var reply = Reply(status: status, headers: headers)
        reply.headers["Tus-Resumable"] = version
        return reply
    }

    private static let malformedMetadata = Problem.malformed(
        LocalizedText(
            en: "Upload-Metadata must be pairs of a key and a value in Base64, of up to \(metadataLimit) bytes.",
            fr: "Upload-Metadata doit être une suite de clés et de valeurs en Base64, de \(metadataLimit) octets au plus."))

    /// Base64 of RFC 4648 §4.
    private static func decode(_ text: Substring) -> [UInt8]? {
        let digits = text.utf8.filter { $0 != UInt8(ascii: "=") }.map { byte -> UInt8 in
            byte == UInt8(ascii: "+") ? UInt8(ascii: "-") : byte == UInt8(ascii: "/") ? UInt8(ascii: "_") : byte
        }
        guard text.utf8.count <= metadataLimit else { return nil }
        return Base64URL.decode(String(own: digits))
    }
}
