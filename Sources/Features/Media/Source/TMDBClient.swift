internal import HTTP
internal import Kernel
internal import Outbound
internal import Runtime

/// Requests to TMDB's API v3.
struct TMDBClient: Sendable {
    /// `https://api.themoviedb.org/3`
    let api: String
    let http: HTTPClient
    let pace: TMDBPace
    /// From 0 to 1, so that pauses differ.
    var random: @Sendable () -> Double = { Double.random(in: 0...1) }

    /// An answer with twenty parts of a long series has several megabytes.
    private static let mostBytes = 16 << 20
    private static let attempts = 3
    /// Pauses of one request.
    private static let mostPauses = 5
    /// Seconds of one pause; for a longer one the request fails, and the job waits.
    private static let longestPause = 60

    /// - Parameter path: `/movie/603`
    /// - Throws: `TMDBFault`, `QueueRefusal` or `CancellationError`.
    func get(_ path: String, _ query: [(String, String)] = [], key: String) async throws -> JSON {
        var (failures, pauses) = (0, 0)
        while true {
            try await pace.turn()
            do {
                let json = try await ask(path, query, key)
                pace.succeeded()
                return json
            } catch TMDBFault.limited(let seconds) {
                pace.pause(seconds: min(seconds, Self.longestPause))
                pauses += 1
                if pauses > Self.mostPauses || seconds > Self.longestPause { throw TMDBFault.limited(seconds) }
            } catch let fault as TMDBFault where fault.mayPass {
                pace.failed()
                failures += 1
                if failures >= Self.attempts { throw fault }
                try await Task.sleep(for: .milliseconds(Int64(Double(400 << failures) * (0.5 + random() / 2))))
            }
        }
    }

    private func ask(_ path: String, _ query: [(String, String)], _ key: String) async throws -> JSON {
        // The keys of version 4 are tokens for the header; those of version 3 go into the query.
        let isToken = key.hasPrefix("eyJ")
        let items = query + (isToken ? [] : [("api_key", key)])
        let text = items.map { "\($0.0)=\(PercentCoding.encode($0.1))" }.joined(separator: "&")
        var headers: HTTPHeaders = ["Accept": "application/json", "User-Agent": "Foyer"]
        if isToken { headers["Authorization"] = "Bearer \(key)" }
        let answer: HTTPClient.Response
        do {
            answer = try await http.send(
                HTTPClient.Request("GET", "\(api)\(path)\(text.isEmpty ? "" : "?")\(text)", headers: headers, responseLimit: Self.mostBytes)
            )
        } catch let failure as DeliveryFailure {
            try Task.checkCancellation()
            throw Self.fault(failure)
        }
        switch answer.status {
        case 200: break
        case 401, 403: throw TMDBFault.badKey
        case 404: throw TMDBFault.gone
        case 429: throw TMDBFault.limited(max(1, answer.headers["Retry-After"].flatMap { Int($0) } ?? 2))
        case 500...599: throw TMDBFault.failing(answer.status)
        default: throw TMDBFault.odd("status \(answer.status)")
        }
        do {
            let json = try JSONParser.parse(answer.body)
            guard json.object != nil else { throw TMDBFault.odd("no object") }
            return json
        } catch let fault as JSONParser.Fault {
            throw TMDBFault.odd("\(fault)".cut(to: 200))
        }
    }

    private static func fault(_ failure: DeliveryFailure) -> TMDBFault {
        switch failure.response {
        case .tooSlow: .tooSlow
        case .cut: .cut
        case .tooLarge: .tooBig
        case nil: .unreachable
        }
    }
}
