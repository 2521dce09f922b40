internal import Kernel

/// The metadata of a title's page.
struct TitlePage: Sendable {
    let record: TitleRecord
    let languages: ReadingLanguages
    /// `https://foyer.example`; empty where the owner named none.
    let site: String
    let siteName: String
    let makers: [String]
    let cast: [String]
    let genres: [String]

    /// The address in a language, below the site: `/films/stalker-0193…`; with a prefix, `/fr/films/stalker-0193…`.
    static func path(_ record: TitleRecord, _ languages: ReadingLanguages, isPrefixed: Bool = false) -> String {
        let slug = TitleText.slug(record.title(languages))
        return
            "\(isPrefixed ? "/\(languages.site.rawValue)" : "")/\(record.kind == .film ? "films" : "series")/\(slug.isEmpty ? "" : "\(slug)-")\(record.id.uuid)"
    }

    private var title: String { record.title(languages) }
    private var heading: String { record.year.map { "\(title) (\($0))" } ?? title }

    private var description: String {
        if let overview = record.overview(languages) { return overview.cut(to: 300) }
        return ([heading] + makers.prefix(3)).joined(separator: " · ")
    }

    private var picture: String {
        "\(site)/api/v1/media/\(record.id.uuid)/card.png?v=\(record.version)&lang=\(languages.site.rawValue)"
    }

    var head: String {
        let url = "\(site)\(Self.path(record, languages, isPrefixed: true))"
        var head = "<title>\(heading.asXML) · \(siteName.asXML)</title>"
        func meta(_ kind: String, _ name: String, _ content: String) {
            head += "<meta \(kind)=\"\(name)\" content=\"\(content.asXML)\">"
        }
        meta("name", "description", description)
        if record.isAdult { meta("name", "robots", "noindex") }
        head += "<link rel=\"canonical\" href=\"\(url.asXML)\">"
        for language in Language.allCases {
            let path = Self.path(record, ReadingLanguages(language.rawValue, language), isPrefixed: true)
            head += "<link rel=\"alternate\" hreflang=\"\(language.rawValue)\" href=\"\("\(site)\(path)".asXML)\">"
        }
        // Without a prefix the reader's browser says which language.
        head += "<link rel=\"alternate\" hreflang=\"x-default\" href=\"\("\(site)\(Self.path(record, languages))".asXML)\">"
        meta("property", "og:type", record.kind == .film ? "video.movie" : "video.tv_show")
        meta("property", "og:title", heading)
        meta("property", "og:description", description)
        meta("property", "og:site_name", siteName)
        meta("property", "og:locale", languages.site == .french ? "fr_FR" : "en_GB")
        if !site.isEmpty { meta("property", "og:url", url) }
        if !site.isEmpty {
            meta("property", "og:image", picture)
            meta("property", "og:image:type", "image/png")
            meta("property", "og:image:width", "1200")
            meta("property", "og:image:height", "630")
            meta("property", "og:image:alt", heading)
        }
        meta("name", "twitter:card", "summary_large_image")
        return head + "<script type=\"application/ld+json\">\(Self.inScript(structured(url)))</script>"
    }

    /// For readers without JavaScript.
    var content: String {
        let lines = [makers, cast].filter { !$0.isEmpty }.map { "<p>\($0.joined(separator: ", ").asXML)</p>" }.joined()
        return "<h1>\(heading.asXML)</h1><p>\(description.asXML)</p>\(lines)"
    }

    /// schema.org's `Movie` or `TVSeries`.
    private func structured(_ url: String) -> JSON {
        func people(_ names: [String]) -> JSON { .array(names.map { ["@type": "Person", "name": .string($0)] }) }
        var data: JSONObject = [
            "@context": "https://schema.org", "@type": record.kind == .film ? "Movie" : "TVSeries", "name": .string(title),
            "url": .string(url),
            "image": .string(picture), "inLanguage": .string(languages.site.rawValue),
        ]
        if record.originalTitle != title { data.append("alternateName", .string(record.originalTitle)) }
        if let overview = record.overview(languages) { data.append("description", .string(overview)) }
        if let day = record.releasedOn ?? record.year.map(String.init) {
            data.append(record.kind == .film ? "datePublished" : "startDate", .string(day))
        }
        if let minutes = record.runtime, record.kind == .film { data.append("duration", .string("PT\(minutes)M")) }
        if !genres.isEmpty { data.append("genre", .array(genres.map(JSON.string))) }
        if !makers.isEmpty { data.append(record.kind == .film ? "director" : "creator", people(makers)) }
        if !cast.isEmpty { data.append("actor", people(cast)) }
        return .object(data)
    }

    /// JSON in which no HTML parser finds the end of the script.
    static func inScript(_ json: JSON) -> String {
        json.text.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "<": text += "\\u003c"
            case ">": text += "\\u003e"
            case "&": text += "\\u0026"
            case "\u{2028}": text += "\\u2028"
            case "\u{2029}": text += "\\u2029"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
