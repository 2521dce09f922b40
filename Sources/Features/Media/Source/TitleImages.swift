internal import Crypto
internal import Database
internal import Glibc
internal import HTTP
internal import Images
internal import Kernel
internal import Outbound
internal import Runtime

/// Posters and backdrops of the source, fetched by the server, scaled down and stored in a folder. Browsers never send requests to the source.
struct TitleImages: Sendable {
    let database: any Database
    let clock: WallClock
    /// `https://image.tmdb.org/t/p`
    let site: String
    let folder: ImageFolder
    let http = HTTPClient(threads: 3, limit: 64, admits: { _ in true })
    let maker = PictureMaker(depth: 32)
    /// Bytes of all pictures; a title beyond keeps its drawn poster.
    let most: Int64

    private static let mostBytesOfOne = 5 << 20

    enum Part: String, CaseIterable, Sendable {
        case poster, backdrop

        /// The source's size, and the longest sides of ours.
        var sizes: (source: String, small: Int, large: Int) {
            switch self {
            case .poster: ("w780", 513, 1000)
            case .backdrop: ("w1280", 640, 1280)
            }
        }
    }

    /// Fetches the missing pictures of a title. A picture that the source does not have, or that cannot be read, is not asked for again until its path changes.
    ///
    /// - Returns: false when the source failed or the folder is full: later may do better.
    func fetch(_ title: MediaID) async throws -> Bool {
        let missing = try await database.read { transaction -> [(part: Part, path: String)] in
            guard let row = try transaction.row("SELECT poster_path, backdrop_path FROM media WHERE id = \(title)") else { return [] }
            let had = Dictionary(
                try transaction.rows("SELECT part, path FROM media_images WHERE media_id = \(title)").map { ($0.text(0), $0.text(1)) },
                uniquingKeysWith: { first, _ in first })
            return Part.allCases.enumerated().compactMap { place, part in
                row.optionalText(place).flatMap { path in had[part.rawValue] == path ? nil : (part, path) }
            }
        }
        for (part, path) in missing {
            guard try await hasRoom() else { return false }
            let answer: HTTPClient.Response
            do {
                answer = try await http.send(
                    HTTPClient.Request(
                        "GET", "\(site)/\(part.sizes.source)\(path)", headers: ["User-Agent": "Foyer"], responseLimit: Self.mostBytesOfOne))
            } catch let failure as DeliveryFailure {
                try Task.checkCancellation()
                guard failure.response == .tooLarge else { return false }
                try await keep(part, path, nil, of: title)
                continue
            }
            guard answer.status == 200 else {
                if answer.status == 429 || answer.status >= 500 { return false }
                try await keep(part, path, nil, of: title)
                continue
            }
            try await keep(part, path, try? await make(answer.body, part), of: title)
        }
        return true
    }

    private func hasRoom() async throws -> Bool {
        try await database.read { try $0.row("SELECT COALESCE(SUM(bytes), 0) FROM media_images")?.int64(0) ?? 0 } < most
    }

    private func make(_ bytes: [UInt8], _ part: Part) async throws -> (small: [UInt8], large: [UInt8]) {
        (
            try await maker.preview(of: bytes, side: part.sizes.small).webP,
            try await maker.preview(of: bytes, side: part.sizes.large).webP
        )
    }

    private func keep(_ part: Part, _ path: String, _ made: (small: [UInt8], large: [UInt8])?, of title: MediaID) async throws {
        var names: (small: String, large: String)?
        if let made {
            let (small, large) = (ImageFolder.name(of: made.small), ImageFolder.name(of: made.large))
            try await folder.write(made.small, as: small)
            try await folder.write(made.large, as: large)
            names = (small, large)
        }
        let (now, bytes) = (clock.now(), (made?.small.count ?? 0) + (made?.large.count ?? 0))
        try await database.write { [names] transaction in
            // The title may have another path by now: the daily upkeep compares them.
            try transaction.execute(
                """
                INSERT INTO media_images (media_id, part, path, small, large, bytes, fetched_at)
                SELECT id, \(part.rawValue), \(path), \(names?.small), \(names?.large), \(bytes), \(now) FROM media WHERE id = \(title)
                ON CONFLICT (media_id, part) DO UPDATE SET path = excluded.path, small = excluded.small, large = excluded.large,
                    bytes = excluded.bytes, fetched_at = excluded.fetched_at
                """)
            guard names != nil else { return }
            try transaction.execute("UPDATE media SET version = version + 1 WHERE id = \(title)")
            MediaChange.note(title, in: transaction)
        }
    }

    /// Removes files that no title uses, older than a day.
    func sweep() async throws {
        let used = try await database.read(.heavy) { transaction in
            Set(
                try transaction.rows(
                    "SELECT small FROM media_images WHERE small IS NOT NULL UNION SELECT large FROM media_images WHERE large IS NOT NULL"
                )
                .map { $0.text(0) })
        }
        try await folder.removeAll(except: used)
    }
}

/// The folder of fetched pictures. A file is named by the digest of its bytes, and never changes.
struct ImageFolder: Sendable {
    private let parent: String
    private var path: String { "\(parent)/pictures" }
    private let workers = FairWorkers(named: "pictures", threads: 2, limit: 256)

    /// - Parameter parent: the folder in which this one is made; it is made, too, if it does not exist.
    init(in parent: String) { self.parent = parent }

    struct Failure: Error, CustomStringConvertible { let description: String }

    static func name(of bytes: [UInt8]) -> String {
        Hex.encode(SHA256.digest(bytes).prefix(16))
    }

    static func isName(_ name: String) -> Bool {
        name.utf8.count == 32 && name.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    private func file(_ name: String) -> (folder: String, file: String) {
        let folder = "\(path)/\(String(own: Array(name.utf8.prefix(2))))"
        return (folder, "\(folder)/\(name).webp")
    }

    func write(_ bytes: [UInt8], as name: String) async throws {
        let (folder, file) = file(name)
        try await workers.run(for: .server) { [parent, path] in
            // A file that is there already counts as new, so that no sweep removes it before its row is written.
            guard utimes(file, nil) != 0 else { return }
            for folder in [parent, path, folder] where mkdir(folder, 0o700) != 0 && errno != EEXIST {
                throw Failure(description: "cannot make \(folder)")
            }
            let temporary = "\(file).\(UInt64.random(in: 0...(.max)))"
            let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw Failure(description: "cannot write \(file)") }
            var offset = 0
            while offset < bytes.count {
                let count = bytes[offset...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                offset += count
            }
            // An incomplete file must not get the final name.
            let isWhole = offset == bytes.count && fsync(descriptor) == 0
            Glibc.close(descriptor)
            guard isWhole, rename(temporary, file) == 0 else {
                unlink(temporary)
                throw Failure(description: "cannot write \(file)")
            }
        }
    }

    /// Nil for a picture that is not there.
    func read(_ name: String, for origin: WorkOrigin) async throws -> [UInt8]? {
        guard Self.isName(name) else { return nil }
        let file = file(name).file
        return try await workers.run(for: origin) { readFile(file) }
    }

    /// Removes unused files that are older than a day: a new file is in use only a moment after it is written.
    func removeAll(except used: Set<String>) async throws {
        let path = path
        try await workers.run(for: .server) {
            let old = time(nil) - 86_400
            for folder in Self.names(in: path) where folder.utf8.count == 2 {
                for entry in Self.names(in: "\(path)/\(folder)") {
                    var status = stat()
                    let file = "\(path)/\(folder)/\(entry)"
                    // A temporary file that a crash left has a longer name.
                    let isUsed = entry.hasSuffix(".webp") && used.contains(String(own: Array(entry.utf8.dropLast(5))))
                    guard !isUsed, stat(file, &status) == 0, status.st_mtim.tv_sec < old else { continue }
                    unlink(file)
                }
            }
        }
    }

    private static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }
}
