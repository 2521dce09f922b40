internal import Kernel

/// Reads TMDB's descriptions. What is of the wrong type, out of range or no valid text is left out; without a title there is no description.
struct TMDBReader {
    /// The parts of a description that one request asks for; a series adds seasons up to TMDB's limit of twenty.
    static let filmParts = [
        "credits", "keywords", "videos", "alternative_titles", "translations", "release_dates", "external_ids", "watch/providers",
    ]
    static let seriesParts = [
        "aggregate_credits", "keywords", "videos", "alternative_titles", "translations", "content_ratings", "external_ids",
        "watch/providers",
    ]
    static let mostParts = 20

    private let json: JSON
    private let kind: TitleKind

    /// - Throws: `odd` for what does not describe the title with this number.
    static func title(_ json: JSON, _ kind: TitleKind, number: String) throws(TMDBFault) -> SourceTitle {
        guard json["id"]?.integer.map(String.init) == number else { throw .odd("another id") }
        return try TMDBReader(json: json, kind: kind).title(number)
    }

    private func title(_ number: String) throws(TMDBFault) -> SourceTitle {
        let name = kind == .film ? "title" : "name"
        var title = SourceTitle(kind: kind, number: number)
        title.language = json["original_language"]?.string.flatMap { ReadingLanguages.isTag($0) ? $0.lowercased() : nil } ?? ""
        guard let original = Self.name(json["original_\(name)"]) ?? Self.name(json[name]) else { throw .odd("no title") }
        title.original = original
        if let english = Self.name(json[name]) { title.titles["en"] = english }
        if let english = Self.prose(json["overview"]) { title.overviews["en"] = english }
        readTranslations(name, into: &title)
        title.releasedOn = Self.day(json[kind == .film ? "release_date" : "first_air_date"])
        title.runtime = Self.minutes(kind == .film ? json["runtime"] : json["episode_run_time"]?[0])
        title.isAdult = json["adult"]?.bool ?? false
        title.popularity = min(max(json["popularity"]?.decimal ?? 0, 0), 100_000)
        (title.poster, title.backdrop) = (Self.path(json["poster_path"]), Self.path(json["backdrop_path"]))
        title.collection = Self.name(json["belongs_to_collection"]?["name"])
        let countries = Self.list(json["production_countries"], 10).compactMap { Self.country($0["iso_3166_1"]) }
        title.countries = countries.isEmpty ? Self.list(json["origin_country"], 10).compactMap(Self.country) : countries
        readGenres(into: &title)
        readPeople(into: &title)
        readLists(into: &title)
        readReleases(into: &title)
        if kind == .series { readSeries(into: &title) }
        return title
    }

    private func readTranslations(_ name: String, into title: inout SourceTitle) {
        for each in Self.list(json["translations"]?["translations"], 200) {
            guard let language = each["iso_639_1"]?.string, ["en", "fr", title.language].contains(language),
                ReadingLanguages.isTag(language)
            else { continue }
            // French as in France, English as in the United States; Canadian French beside it.
            let country = each["iso_3166_1"]?.string
            let isMain = country == (language == "en" ? "US" : language.uppercased()) || language != "en" && language != "fr"
            let tag = isMain ? language : language == "fr" && country == "CA" ? "fr-CA" : nil
            guard let tag else { continue }
            if let text = Self.name(each["data"]?[name]) { title.titles[tag] = text }
            if let text = Self.prose(each["data"]?["overview"]) { title.overviews[tag] = text }
        }
    }

    private func readGenres(into title: inout SourceTitle) {
        for genre in Self.list(json["genres"], 30) {
            for id in Self.genres[genre["id"]?.integer ?? 0] ?? [] where !title.genres.contains(id) { title.genres.append(id) }
        }
        title.genres = Array(title.genres.prefix(TitleEdit.mostGenres))
    }

    private func readPeople(into title: inout SourceTitle) {
        let credits = json[kind == .film ? "credits" : "aggregate_credits"]
        for each in Self.list(credits?["cast"], 60) {
            let role = each["character"] ?? each["roles"]?[0]?["character"]
            if let credit = Self.credit(each, role: Self.name(role) ?? "") { title.cast.append(credit) }
        }
        var crew: [SourceTitle.Credit] = []
        for each in Self.list(json["created_by"], 10) { if let credit = Self.credit(each, role: "creator") { crew.append(credit) } }
        let ranks = ["Director": 0, "Screenplay": 1, "Writer": 1, "Novel": 2, "Producer": 3, "Original Music Composer": 4]
        let told = Self.list(credits?["crew"], 2000).compactMap { each -> (Int, SourceTitle.Credit)? in
            let job = each["job"]?.string ?? each["jobs"]?[0]?["job"]?.string
            guard let job, let rank = ranks[job] else { return nil }
            return Self.credit(each, role: Self.jobs[job] ?? "").map { (rank, $0) }
        }
        crew += told.enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }.map(\.element.1)
        var seen: Set<SourceTitle.Credit> = []
        title.crew = crew.filter { seen.insert($0).inserted }.prefix(30).map { $0 }
    }

    private func readLists(into title: inout SourceTitle) {
        let keywords = json["keywords"]?["keywords"] ?? json["keywords"]?["results"]
        title.keywords = Self.unique(Self.list(keywords, 60).compactMap { Self.name($0["name"]) }).prefix(30).map { $0 }
        let others = json["alternative_titles"]?["titles"] ?? json["alternative_titles"]?["results"]
        title.others = Self.unique(Self.list(others, 100).compactMap { Self.name($0["title"]) })
            .filter { $0 != title.original && !title.titles.values.contains($0) }.prefix(40).map { $0 }
        for video in Self.list(json["videos"]?["results"], 60) {
            guard let site = video["site"]?.string, ["YouTube", "Vimeo"].contains(site), let key = Self.token(video["key"]) else {
                continue
            }
            let isKnown = title.videos.contains { $0.site == site && $0.key == key }
            guard !isKnown, title.videos.count < 20 else { continue }
            title.videos.append(
                SourceTitle.Video(site: site, key: key, name: Self.name(video["name"]) ?? site, kind: Self.name(video["type"]) ?? "Clip"))
        }
        let kinds = [("flatrate", "stream"), ("free", "free"), ("ads", "ads"), ("rent", "rent"), ("buy", "buy")]
        for (country, offers) in (json["watch/providers"]?["results"]?.object?.members ?? []).prefix(300) {
            guard ["FR", "BE", "CH", "CA", "US", "GB"].contains(country) else { continue }
            for (field, kind) in kinds {
                for offer in Self.list(offers[field], 10) {
                    guard let name = Self.name(offer["provider_name"]) else { continue }
                    let provider = SourceTitle.Provider(country: country, kind: kind, name: name)
                    if !title.providers.contains(provider) { title.providers.append(provider) }
                }
            }
        }
        if let imdb = json["external_ids"]?["imdb_id"]?.string ?? json["imdb_id"]?.string, Self.isIMDb(imdb) {
            title.externals["imdb"] = imdb
        }
        if let tvdb = json["external_ids"]?["tvdb_id"]?.integer, tvdb > 0 { title.externals["tvdb"] = String(tvdb) }
        if let wikidata = Self.token(json["external_ids"]?["wikidata_id"]) { title.externals["wikidata"] = wikidata }
    }

    private func readReleases(into title: inout SourceTitle) {
        func add(_ country: String?, _ day: String?, _ certificate: String?) {
            guard let country, !title.releases.contains(where: { $0.country == country }), day != nil || certificate != nil else { return }
            title.releases.append(SourceTitle.Release(country: country, day: day, certificate: certificate ?? ""))
        }
        for each in Self.list(json["release_dates"]?["results"], 200) {
            let dates = Self.list(each["release_dates"], 20)
            // 3 is the release in cinemas.
            let shown = dates.first { $0["type"]?.integer == 3 } ?? dates.first
            let certificate = dates.compactMap { Self.certificate($0["certification"]) }.first
            add(Self.country(each["iso_3166_1"]), Self.day(shown?["release_date"]), certificate)
        }
        for each in Self.list(json["content_ratings"]?["results"], 200) {
            add(Self.country(each["iso_3166_1"]), nil, Self.certificate(each["rating"]))
        }
    }

    private func readSeries(into title: inout SourceTitle) {
        title.seasonCount = json["number_of_seasons"]?.integer.flatMap { (0...999).contains($0) ? Int($0) : nil }
        if json["in_production"]?.bool == false, let day = Self.day(json["last_air_date"]) { title.endedYear = CalendarDate(day)?.year }
        for each in Self.list(json["seasons"], 200) {
            guard let number = each["season_number"]?.integer, (0...999).contains(number),
                !title.seasons.contains(where: { $0.number == Int(number) })
            else { continue }
            let count = min(max(each["episode_count"]?.integer ?? 0, 0), 2000)
            var season = SourceTitle.Season(number: Int(number), airedOn: Self.day(each["air_date"]), count: Int(count))
            season.titles["en"] = Self.name(each["name"])
            season.overviews["en"] = Self.prose(each["overview"])
            if let told = json["season/\(number)"] { season.episodes = Self.episodes(told) }
            title.seasons.append(season)
        }
    }

    /// The episodes in a season's description.
    static func episodes(_ json: JSON) -> [SourceTitle.Episode] {
        var (episodes, numbers): ([SourceTitle.Episode], Set<Int>) = ([], [])
        for each in list(json["episodes"], 2000) {
            guard let id = each["id"]?.integer, id > 0, let number = each["episode_number"]?.integer, (0...9999).contains(number),
                numbers.insert(Int(number)).inserted
            else { continue }
            var episode = SourceTitle.Episode(
                externalID: String(id), number: Int(number), airedOn: day(each["air_date"]), runtime: minutes(each["runtime"]))
            episode.titles["en"] = name(each["name"])
            episode.overviews["en"] = prose(each["overview"])
            episodes.append(episode)
        }
        return episodes
    }

    // MARK: Values

    private static func list(_ json: JSON?, _ most: Int) -> ArraySlice<JSON> { (json?.array ?? []).prefix(most) }

    /// One line that may be a name; nil for anything else.
    static func name(_ json: JSON?) -> String? {
        guard let text = json?.string, text.utf8.count <= 4 * TitleEdit.longestTitle else { return nil }
        let name = text.trimmed.nfc.cut(to: TitleEdit.longestTitle)
        return NameText.fault(in: name) == nil ? name : nil
    }

    static func prose(_ json: JSON?) -> String? {
        guard let text = json?.string, text.utf8.count <= 8 * TitleEdit.longestOverview else { return nil }
        let allowed = text.trimmed.unicodeScalars.filter { scalar in
            scalar == "\n" || scalar.properties.generalCategory != .control
        }
        let prose = String(String.UnicodeScalarView(allowed)).nfc.cut(to: TitleEdit.longestOverview)
        return prose.isEmpty ? nil : prose
    }

    /// The day of a date or a time.
    static func day(_ json: JSON?) -> String? {
        guard let text = json?.string, text.utf8.count <= 40 else { return nil }
        let day = String(own: Array(text.utf8.prefix(10)))
        return CalendarDate(day) == nil ? nil : day
    }

    private static func minutes(_ json: JSON?) -> Int? { json?.integer.flatMap { (1...6000).contains($0) ? Int($0) : nil } }

    private static func country(_ json: JSON?) -> String? {
        guard let text = json?.string, text.utf8.count == 2, text.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else { return nil }
        return text
    }

    private static func certificate(_ json: JSON?) -> String? { name(json).flatMap { $0.utf8.count <= 20 ? $0 : nil } }

    /// A picture's path at the source: a slash, then letters, digits and a few signs.
    static func path(_ json: JSON?) -> String? {
        guard let text = json?.string, (6...100).contains(text.utf8.count), text.hasPrefix("/"), !text.contains("..") else { return nil }
        return text.utf8.dropFirst().allSatisfy(isTokenByte) ? text : nil
    }

    private static func token(_ json: JSON?) -> String? {
        guard let text = json?.string, (1...60).contains(text.utf8.count), text.utf8.allSatisfy(isTokenByte) else { return nil }
        return text
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func isIMDb(_ text: String) -> Bool {
        text.hasPrefix("tt") && (7...14).contains(text.utf8.count) && text.utf8.dropFirst(2).allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func credit(_ json: JSON, role: String) -> SourceTitle.Credit? {
        guard let id = json["id"]?.integer, id > 0, let name = name(json["name"]) else { return nil }
        return SourceTitle.Credit(number: String(id), name: name.cut(to: 120), role: role.cut(to: 200), photo: path(json["profile_path"]))
    }

    private static func unique(_ texts: [String]) -> [String] {
        var seen: Set<ByteKey> = []
        return texts.filter { seen.insert(ByteKey($0)).inserted }
    }

    private static let jobs = [
        "Director": "director", "Screenplay": "writer", "Writer": "writer", "Novel": "author", "Producer": "producer",
        "Original Music Composer": "composer",
    ]

    /// TMDB's numbers of genres. Those that the site does not have, such as talk shows, are left out.
    private static let genres: [Int64: [String]] = [
        28: ["action"], 12: ["adventure"], 16: ["animation"], 35: ["comedy"], 80: ["crime"], 99: ["documentary"], 18: ["drama"],
        10751: ["family"], 14: ["fantasy"], 36: ["history"], 27: ["horror"], 10402: ["music"], 9648: ["mystery"], 10749: ["romance"],
        878: ["science-fiction"], 53: ["thriller"], 10752: ["war"], 37: ["western"], 10759: ["action", "adventure"], 10762: ["family"],
        10765: ["science-fiction", "fantasy"], 10766: ["drama"], 10768: ["war"],
    ]
}

extension JSON {
    /// A number of either kind.
    var decimal: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number) where number.isFinite: number
        default: nil
        }
    }
}
