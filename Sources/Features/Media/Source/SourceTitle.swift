internal import Crypto
internal import Kernel

/// A title as a source describes it, checked and cut to what the site stores.
struct SourceTitle: Sendable {
    struct Credit: Sendable, Hashable {
        /// The person's number at the source.
        let number: String
        let name: String
        let role: String
        let photo: String?
    }

    struct Episode: Sendable, Hashable {
        let externalID: String
        let number: Int
        let airedOn: String?
        let runtime: Int?
        /// By language.
        var titles: [String: String] = [:]
        var overviews: [String: String] = [:]
    }

    struct Season: Sendable, Hashable {
        let number: Int
        let airedOn: String?
        let count: Int
        var titles: [String: String] = [:]
        var overviews: [String: String] = [:]
        /// Empty where the source gave the season without its episodes.
        var episodes: [Episode] = []
    }

    struct Release: Sendable, Hashable {
        let country: String
        let day: String?
        let certificate: String
    }

    struct Provider: Sendable, Hashable {
        let country: String
        let kind: String
        let name: String
    }

    struct Video: Sendable, Hashable {
        let site: String
        let key: String
        let name: String
        let kind: String
    }

    let kind: TitleKind
    /// At the source.
    let number: String
    var original = ""
    var language = ""
    /// By language.
    var titles: [String: String] = [:]
    var overviews: [String: String] = [:]
    var releasedOn: String?
    var endedYear: Int?
    var runtime: Int?
    var countries: [String] = []
    var isAdult = false
    var popularity = 0.0
    var poster: String?
    var backdrop: String?
    var collection: String?
    var genres: [String] = []
    var keywords: [String] = []
    var others: [String] = []
    var cast: [Credit] = []
    var crew: [Credit] = []
    var releases: [Release] = []
    var providers: [Provider] = []
    var videos: [Video] = []
    /// Numbers at other sources.
    var externals: [String: String] = [:]
    var seasonCount: Int?
    var seasons: [Season] = []

    var year: Int? { releasedOn.flatMap(CalendarDate.init)?.year }

    /// Equal for equal descriptions. The popularity is left out, because it changes daily.
    var digest: String {
        var parts = [
            "1", original, language, releasedOn ?? "", "\(endedYear ?? 0)", "\(runtime ?? 0)", countries.joined(separator: ","),
            "\(isAdult)", poster ?? "", backdrop ?? "", collection ?? "", genres.joined(separator: ","),
            keywords.joined(separator: "\u{1}"),
            others.joined(separator: "\u{1}"), "\(seasonCount ?? 0)",
        ]
        for texts in [titles, overviews, externals] { for (name, text) in texts.sorted(by: { $0.key < $1.key }) { parts += [name, text] } }
        for credit in cast + crew { parts += [credit.number, credit.name, credit.role, credit.photo ?? ""] }
        for each in releases { parts += [each.country, each.day ?? "", each.certificate] }
        for each in providers { parts += [each.country, each.kind, each.name] }
        for each in videos { parts += [each.site, each.key, each.name, each.kind] }
        for season in seasons {
            parts += ["\(season.number)", season.airedOn ?? "", "\(season.count)"]
            for texts in [season.titles, season.overviews] {
                for (name, text) in texts.sorted(by: { $0.key < $1.key }) { parts += [name, text] }
            }
            for episode in season.episodes {
                parts += [episode.externalID, "\(episode.number)", episode.airedOn ?? "", "\(episode.runtime ?? 0)"]
                for texts in [episode.titles, episode.overviews] {
                    for (name, text) in texts.sorted(by: { $0.key < $1.key }) { parts += [name, text] }
                }
            }
        }
        return Base64URL.encode(SHA256.digest(parts.joined(separator: "\u{0}")))
    }
}
