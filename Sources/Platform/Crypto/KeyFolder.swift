internal import Glibc
internal import Kernel

/// The folder of the key file: private to its owner, its file replaced in one step.
struct KeyFolder {
    let path: String
    var file: String { path + "/keyring.json" }

    var holdsFile: Bool { access(file, F_OK) == 0 }

    /// Makes the folder (and those above it) if it is not there, and checks that it is ours alone.
    func prepare() throws(KeyringFault) {
        if mkdir(path, 0o700) != 0 && errno == ENOENT {
            try makeParents()
            _ = mkdir(path, 0o700)
        }
        var status = stat()
        guard stat(path, &status) == 0 else { throw fault("open the folder of the keys", path) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw KeyringFault("\(path) is no folder: FOYER_KEYS_DIR must name one") }
        try requirePrivate(status, path, "700")
    }

    private func makeParents() throws(KeyringFault) {
        var prefix = path.hasPrefix("/") ? "/" : ""
        for component in path.split(separator: "/").dropLast() {
            prefix += component + "/"
            guard mkdir(prefix, 0o755) == 0 || errno == EEXIST else { throw fault("make the folder", prefix) }
        }
    }

    /// Nil when there is no file yet.
    func read() throws(KeyringFault) -> KeyMaterial? {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        if descriptor < 0 && errno == ENOENT { return nil }
        guard descriptor >= 0 else { throw fault("read", file) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw fault("read", file) }
        try requirePrivate(status, file, "600")
        let bytes = try readAll(descriptor)
        do {
            if let material = KeyMaterial(json: try JSONParser.parse(own: bytes)) { return material }
        } catch {
            throw KeyringFault("\(file) is damaged (\(error.reason) at byte \(error.offset)): restore it from your backup")
        }
        throw KeyringFault("\(file) is not a key file of this version: restore it from your backup, or upgrade")
    }

    private func readAll(_ descriptor: Int32) throws(KeyringFault) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 8192)
        while bytes.count < 1 << 20 {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw fault("read", file) }
            if count == 0 { break }
            bytes += chunk.prefix(count)
        }
        return bytes
    }

    /// Writes beside the file, syncs, then puts it in place and syncs the folder.
    /// - Returns: false when `replacing` is false and there is a file by now.
    func write(_ material: KeyMaterial, replacing: Bool) throws(KeyringFault) -> Bool {
        let temporary = path + "/.keyring." + Hex.encode(Random.bytes(8))
        defer { unlink(temporary) }
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw fault("write", temporary) }
        defer { close(descriptor) }
        var rest = material.json.bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw fault("write", temporary) }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0 else { throw fault("write", temporary) }
        if replacing {
            guard rename(temporary, file) == 0 else { throw fault("write", file) }
        } else if link(temporary, file) != 0 {
            guard errno == EEXIST else { throw fault("write", file) }
            return false
        }
        try syncFolder()
        return true
    }

    private func syncFolder() throws(KeyringFault) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw fault("write", path) }
    }

    private func requirePrivate(_ status: stat, _ name: String, _ mode: String) throws(KeyringFault) {
        guard status.st_mode & 0o077 == 0 else {
            throw KeyringFault("\(name) can be read by other accounts of this machine: run “chmod \(mode) \(name)”")
        }
        guard status.st_uid == geteuid() || geteuid() == 0 else {
            throw KeyringFault("\(name) belongs to another account: run “chown” so that the server's own account owns it")
        }
    }

    private func fault(_ action: String, _ name: String) -> KeyringFault {
        KeyringFault("cannot \(action) \(name): \(String(cString: strerror(errno))). Check FOYER_KEYS_DIR and its permissions")
    }
}
