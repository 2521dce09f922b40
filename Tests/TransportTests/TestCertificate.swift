import Glibc
import Testing

/// A folder that goes with the test.
func withFolder(_ body: (_ folder: String) async throws -> Void) async throws {
    var template = Array("/tmp/foyer-tls-XXXXXX".utf8CString)
    let folder = String(cString: try #require(mkdtemp(&template)))
    do {
        try await body(folder)
    } catch {
        try await shell("rm -r \(folder)")
        throw error
    }
    try await shell("rm -r \(folder)")
}

/// A certificate for 127.0.0.1, signed by itself, in a folder that goes with the test.
func withCertificate(_ body: (_ certificate: String, _ key: String) async throws -> Void) async throws {
    try await withFolder { folder in
        let (certificate, key) = ("\(folder)/cert.pem", "\(folder)/key.pem")
        try await issueCertificate(certificate, key)
        try await body(certificate, key)
    }
}

/// - Parameter names: as in a subjectAltName; the first one's value is the subject's too.
func issueCertificate(_ certificate: String, _ key: String, names: String = "IP:127.0.0.1") async throws {
    let first = names.split(separator: ",")[0].split(separator: ":")[1]
    try await shell(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=\(first)' "
            + "-addext 'subjectAltName=\(names)' -keyout \(key) -out \(certificate) 2>&1")
}

/// What a command writes.
/// - Parameter mayFail: whether a status other than 0 is fine.
@discardableResult func shell(_ command: String, mayFail: Bool = false) async throws -> [UInt8] {
    try await onThread {
        guard let pipe = popen(command, "r") else { throw TestClient.Failure(call: "popen", code: errno) }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = fread(&buffer, 1, buffer.count, pipe)
            if count == 0 { break }
            output += buffer[..<count]
        }
        let status = pclose(pipe)
        guard mayFail || status == 0 else {
            throw TestClient.Failure(call: "\(command): \(String(decoding: output, as: UTF8.self))", code: status)
        }
        return output
    }
}
