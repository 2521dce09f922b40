import Glibc
import Kernel
import Synchronization

/// A server that answers as TMDB’s documentation says, with faults on demand. One thread a connection.
final class TMDBPeer: Sendable {
    struct Reply: Sendable {
        var status = 200
        var headers: [(String, String)] = [("Content-Type", "application/json")]
        var body: [UInt8] = []
        /// Fewer bytes than the headers promise.
        var isCut = false
        var delay = 0
    }

    struct State: Sendable {
        var requests: [String] = []
        /// Replaces the answer to a path; by its beginning.
        var faults: [String: Reply] = [:]
        /// Requests allowed a second; beyond, 429.
        var allowed: Int?
        var taken: [Int64] = []
        var refusals: [Int64] = []
        var films = 0
        /// Added to the overview of every film.
        var edition = 1
        var gone: Set<String> = []
        var changed: [String] = []
        var series: [String: JSON] = [:]
        var picture: [UInt8] = []
        var castNumber = 900
    }

    static let key = "0123456789abcdef0123456789abcdef"
    private static let token = "eyJ0oken-of-version-4-with-dots"

    let port: Int
    private let listener: Int32
    private let state = Mutex(State())

    var url: String { "http://127.0.0.1:\(port)" }
    var requests: [String] { state.withLock { $0.requests } }
    var refusals: Int { state.withLock { $0.refusals.count } }
    func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }
    func count(_ part: String) -> Int { requests.count { $0.contains(part) } }

    struct Failure: Error {}

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound, listen(listener, 128) == 0 else { throw Failure() }
        (self.listener, port) = (listener, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// Serves while the body runs.
    static func with(_ body: (TMDBPeer) async throws -> Void) async throws {
        let peer = try TMDBPeer()
        PeerThread.start { [peer] in peer.serve() }
        defer { shutdown(peer.listener, Int32(SHUT_RDWR)) }
        try await body(peer)
    }

    private func serve() {
        while true {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { return }
            PeerThread.start { [self] in
                answer(client)
                close(client)
            }
        }
    }

    private func answer(_ client: Int32) {
        var (head, buffer): ([UInt8], [UInt8]) = ([], [UInt8](repeating: 0, count: 8192))
        while head.count < 16_384, !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            let count = recv(client, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            head += buffer[..<count]
        }
        let target = String(decoding: head.split(separator: 0x20).dropFirst().first ?? [], as: UTF8.self)
        let hasToken = String(decoding: head, as: UTF8.self).contains("Authorization: Bearer \(Self.token)")
        let reply = reply(to: target, hasToken)
        if reply.delay > 0 { usleep(UInt32(reply.delay) * 1000) }
        var text = "HTTP/1.1 \(reply.status) X\r\nContent-Length: \(reply.body.count + (reply.isCut ? 100 : 0))\r\nConnection: close\r\n"
        for (name, value) in reply.headers { text += "\(name): \(value)\r\n" }
        var bytes = (Array("\(text)\r\n".utf8) + reply.body)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
        shutdown(client, Int32(SHUT_WR))
        _ = recv(client, &buffer, buffer.count, 0)
    }

    private func reply(to target: String, _ hasToken: Bool) -> Reply {
        state.withLock { state in
            state.requests.append(target)
            let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
            let (path, query) = (parts.first ?? "", parts.count > 1 ? parts[1] : "")
            if path.hasPrefix("/t/p/") { return Self.picture(path, state) }
            let now = WallClock.system.uptime().milliseconds
            if let allowed = state.allowed {
                state.taken.removeAll { $0 <= now - 1000 }
                guard state.taken.count < allowed else {
                    state.refusals.append(now)
                    return Reply(status: 429, headers: [("Retry-After", "1")], body: Array("{}".utf8))
                }
                state.taken.append(now)
            }
            guard query.contains("api_key=\(Self.key)") || hasToken else {
                return Self.json(["status_code": 7, "status_message": "Invalid API key", "success": false], status: 401)
            }
            let name = String(path.dropFirst("/3".utf8.count))
            if let fault = state.faults.first(where: { name == $0.key }) { return fault.value }
            return Self.answer(name, query, state)
        }
    }

    private static func picture(_ path: String, _ state: State) -> Reply {
        path.contains("missing")
            ? Reply(status: 404) : Reply(status: 200, headers: [("Content-Type", "image/jpeg")], body: state.picture)
    }

    static func json(_ json: JSON, status: Int = 200) -> Reply { Reply(status: status, body: json.bytes) }

    private static func answer(_ path: String, _ query: String, _ state: State) -> Reply {
        let parts = path.split(separator: "/").map(String.init)
        let page = query.split(separator: "&").first { $0.hasPrefix("page=") }.flatMap { Int($0.dropFirst(5)) } ?? 1
        guard parts.count == 2 else { return json(["status_code": 34], status: 404) }
        switch (parts[0], parts[1]) {
        case (_, "changes"):
            return json(list(state.changed.compactMap { Int64($0) }, page: page, perPage: 100))
        case (_, "popular"), (_, "top_rated"), (_, "upcoming"), (_, "on_the_air"):
            let ids = parts[0] == "movie" ? (0..<Int64(state.films)).map { $0 + 1 } : state.series.keys.compactMap { Int64($0) }.sorted()
            return json(list(ids, page: page, perPage: 20))
        case ("movie", let id):
            guard let number = Int64(id), (1...Int64(max(1, state.films))).contains(number), !state.gone.contains(id) else {
                return json(["status_code": 34, "status_message": "not found", "success": false], status: 404)
            }
            return json(film(number, state))
        case ("tv", let id):
            guard let series = state.series[id] else { return json(["status_code": 34], status: 404) }
            return json(series)
        default: return json(["status_code": 34], status: 404)
        }
    }

    private static func list(_ ids: [Int64], page: Int, perPage: Int) -> JSON {
        let shown = ids.dropFirst((page - 1) * perPage).prefix(perPage)
        return [
            "page": JSON(page), "results": .array(shown.map { ["id": .integer($0), "adult": false] }),
            "total_pages": JSON((ids.count + perPage - 1) / perPage), "total_results": JSON(ids.count),
        ]
    }

    private static func film(_ number: Int64, _ state: State) -> JSON {
        [
            "id": .integer(number), "title": .string("Film \(number)"), "original_title": .string("Le film \(number)"),
            "original_language": "fr", "overview": .string("Overview \(number), edition \(state.edition)."),
            "release_date": .string("\(1950 + number % 70)-06-15"), "runtime": .integer(90 + number % 60), "adult": false,
            "popularity": .number(Double(number) / 3), "poster_path": .string("/poster\(number % 7).jpg"), "backdrop_path": .null,
            "genres": [["id": 18, "name": "Drama"], ["id": 10767, "name": "Talk"]],
            "production_countries": [["iso_3166_1": "FR", "name": "France"]], "belongs_to_collection": .null,
            "credits": [
                "cast": [
                    ["id": .integer(Int64(state.castNumber)), "name": "Anna One", "character": "Herself", "profile_path": .null],
                    ["id": .integer(2000 + number), "name": .string("Actor \(number)"), "character": "A guard"],
                ],
                "crew": [["id": .integer(3000 + number % 40), "name": .string("Maker \(number % 40)"), "job": "Director"]],
            ],
            "keywords": ["keywords": [["id": 1, "name": "sea"]]],
            "videos": ["results": [["site": "YouTube", "key": "abc_DEF-1", "name": "Trailer", "type": "Trailer"]]],
            "alternative_titles": ["titles": [["iso_3166_1": "DE", "title": .string("Der Film \(number)")]]],
            "translations": [
                "translations": [
                    ["iso_639_1": "fr", "iso_3166_1": "FR", "data": ["title": .string("Le film \(number)"), "overview": "Résumé."]],
                    ["iso_639_1": "fr", "iso_3166_1": "CA", "data": ["title": .string("La vue \(number)"), "overview": ""]],
                ]
            ],
            "release_dates": [
                "results": [
                    [
                        "iso_3166_1": "FR",
                        "release_dates": [["certification": "12", "release_date": "1999-07-01T00:00:00.000Z", "type": 3]],
                    ]
                ]
            ],
            "external_ids": ["imdb_id": .string("tt9\(String(1_000_000 + number))")],
            "watch/providers": ["results": ["FR": ["flatrate": [["provider_name": "A service"]]]]],
        ]
    }

    /// A series of one season; episodes as (number at the source, place).
    static func series(_ number: Int64, _ episodes: [(id: Int64, number: Int64)], season: Int64 = 1) -> JSON {
        let list: [JSON] = episodes.map { each in
            [
                "id": .integer(each.id), "episode_number": .integer(each.number), "name": .string("Part \(each.id)"),
                "overview": .string("About part \(each.id)."),
                "air_date": "2001-02-03", "runtime": 45,
            ]
        }
        return .object(
            [
                "id": .integer(number), "name": .string("Series \(number)"), "original_name": .string("Series \(number)"),
                "original_language": "en", "overview": "", "first_air_date": "2001-02-03", "number_of_seasons": 1, "in_production": true,
                "genres": [["id": 10765, "name": "Sci-Fi & Fantasy"]], "poster_path": "/missing.jpg",
                "seasons": [
                    ["season_number": .integer(season), "name": "Season", "episode_count": JSON(episodes.count), "air_date": "2001-02-03"]
                ],
                "season/\(season)": ["name": "Saison", "overview": "", "episodes": .array(list)],
            ])
    }
}

private enum PeerThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    static func start(_ body: @escaping @Sendable () -> Void) {
        var id = pthread_t()
        let box = Unmanaged.passRetained(Body(body))
        pthread_create(
            &id, nil,
            { context in
                context.map { Unmanaged<Body>.fromOpaque($0).takeRetainedValue().run() }
                return nil
            }, box.toOpaque())
        pthread_detach(id)
    }
}
