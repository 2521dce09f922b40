package import Crypto
internal import Glibc
internal import Kernel

/// Checks the hashes, order and signatures of a bundle from the file alone. The fingerprints identify the keys.
package struct AuditBundleVerifier {
    package private(set) var report = AuditReport()
    /// Of the keys that signed it, sorted.
    package private(set) var fingerprints: [String] = []
    /// Entries that the bundle has without their content.
    package private(set) var hidden = 0

    private var keys: [String: Ed25519PublicKey] = [:]
    private var used: Set<String> = []
    private let digest = RunningDigest(.sha256)
    private var number = 0
    private var isSigned = false
    private var last: (chain: Int64, seq: Int64, hash: String, isSigned: Bool, entry: AuditEntryID?)?

    package init() {}

    /// Of the keys with which a site signs and signed.
    package static func fingerprints(of keyring: Keyring) -> [String] {
        keyring.auditPublicKeys.values.map(AuditBundle.fingerprint).sorted()
    }

    /// - Throws: when the file cannot be read.
    package static func verify(path: String) throws -> AuditBundleVerifier {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw HeadsFile.Failure(description: "\(path) cannot be opened: \(String(cString: strerror(errno)))") }
        defer { close(file) }
        var verifier = AuditBundleVerifier()
        var (buffer, rest) = ([UInt8](repeating: 0, count: 1 << 20), [UInt8]())
        while true {
            let count = read(file, &buffer, buffer.count)
            guard count >= 0 else { throw HeadsFile.Failure(description: "\(path) cannot be read: \(String(cString: strerror(errno)))") }
            if count == 0 { break }
            rest += buffer[..<count]
            var start = 0
            while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                verifier.take(Array(rest[start..<end]))
                start = end + 1
            }
            rest.removeFirst(start)
        }
        verifier.finish(isWhole: rest.isEmpty)
        return verifier
    }

    package mutating func take(_ line: [UInt8]) {
        number += 1
        // The signature is the last line, and its digest is finished.
        guard !isSigned else { return damaged() }
        let json: JSON
        do { json = try JSONParser.parse(own: line) } catch { return damaged() }
        if number == 1 {
            readKeys(json)
        } else if let hash = json["digest"]?.string {
            return readEnding(json, hash)
        } else {
            check(json)
        }
        digest.append(line + [UInt8(ascii: "\n")])
    }

    package mutating func finish(isWhole: Bool) {
        endOfChain()
        if !isSigned || !isWhole { damaged() }
        fingerprints = used.compactMap { keys[$0] }.map(AuditBundle.fingerprint).sorted()
    }

    private mutating func damaged() { report.add(.damagedBundle(line: number), chain: last?.chain ?? 0) }

    private mutating func readKeys(_ json: JSON) {
        guard json["format"]?.string == AuditBundle.format else { return damaged() }
        for member in json["public_keys"]?.object?.members ?? [] {
            guard let bytes = member.value.string.flatMap({ Hex.decode($0) }) else { return damaged() }
            do { keys[member.name] = try Ed25519PublicKey(bytes) } catch { return damaged() }
        }
    }

    private mutating func readEnding(_ json: JSON, _ hash: String) {
        let found = digest.finish()
        isSigned = true
        guard Hex.encode(found) == hash, isValid(json["signature"]?.string, AuditBundle.signedMessage(found), json["key_id"]?.string) else {
            report.add(.damagedBundle(line: number), chain: last?.chain ?? 0)
            return
        }
    }

    private mutating func isValid(_ signature: String?, _ message: [UInt8], _ keyID: String?) -> Bool {
        guard let signature = signature.flatMap({ Hex.decode($0) }), let keyID, let key = keys[keyID], key.isValid(signature, for: message)
        else { return false }
        used.insert(keyID)
        return true
    }

    private mutating func check(_ json: JSON) {
        guard let chain = json["chain_id"]?.integer, let seq = json["seq"]?.integer,
            let id = json["id"]?.string.flatMap({ Int64($0) }).map(AuditEntryID.init(rawValue:)), let hash = json["hash"]?.string,
            let previous = json["previous_hash"]?.string, let hashBytes = Hex.decode(hash), let previousBytes = Hex.decode(previous)
        else { return damaged() }
        report.entries += 1
        if last?.chain != chain {
            endOfChain()
            report.chains += 1
        } else if let last, seq != last.seq &+ 1 {
            report.add(seq > last.seq ? .missing(through: seq - 1) : .doesNotFollow, chain: chain, seq: seq, entry: id)
        } else if last?.hash != previous {
            report.add(.doesNotFollow, chain: chain, seq: seq, entry: id)
        }
        if json["action"] == nil {
            hidden += 1
        } else if Self.content(json, id).map({ AuditHash.hash(of: $0, chainID: chain, seq: seq, previous: previousBytes) }) != hashBytes {
            report.add(.altered, chain: chain, seq: seq, entry: id)
        }
        let signature = json["signature"]?.string
        if signature != nil {
            report.signatures += 1
            let message = AuditHash.signedMessage(chainID: chain, seq: seq, hash: hashBytes)
            if !isValid(signature, message, json["key_id"]?.string) { report.add(.badSignature, chain: chain, seq: seq, entry: id) }
        }
        last = (chain, seq, hash, signature != nil, id)
    }

    private mutating func endOfChain() {
        if let last, !last.isSigned { report.add(.unsignedEnd, chain: last.chain, seq: last.seq, entry: last.entry) }
    }

    /// Nil when its time or result is not what the hash would cover.
    private static func content(_ json: JSON, _ id: AuditEntryID) -> AuditContent? {
        let content = AuditContent(
            id: id, actor: json["actor_user_id"]?.string.flatMap { Int64($0) }.map(UserID.init(rawValue:)),
            action: json["action"]?.string ?? "", targetType: json["target_type"]?.string, targetID: json["target_id"]?.string,
            payload: json["payload"]?.string ?? "", isSuccess: json["result"]?.string == "success", reason: json["reason"]?.string,
            ip: json["ip"]?.string, userAgent: json["user_agent"]?.string, requestID: json["request_id"]?.string)
        let isUnchanged = json["timestamp"]?.integer == content.timestamp.milliseconds && json["result"]?.string == content.result
        return isUnchanged ? content : nil
    }

    /// For a terminal.
    package var lines: [String] {
        let sum =
            "\(report.entries) entries in \(report.chains) chains, \(hidden) of them without their content, \(report.signatures) signatures"
        guard report.isSound else {
            return ["The bundle was tampered with, or damaged: \(report.faultCount) faults in \(sum)."] + report.faults.map { "  \($0)" }
        }
        return ["The bundle is sound: \(sum).", "Signed by \(fingerprints.joined(separator: ", "))."]
    }
}
