internal import Kernel
internal import Tabular

/// The fields of a title that a file can fill.
enum ImportField: String, CaseIterable, Sendable {
    case kind, title
    case titleEnglish = "title_en"
    case titleFrench = "title_fr"
    case originalTitle = "original_title"
    case originalLanguage = "original_language"
    case year
    case releasedOn = "released_on"
    case runtime = "runtime_min"
    case genres, directors, cast, keywords, countries, overview
    case overviewEnglish = "overview_en"
    case overviewFrench = "overview_fr"
    case imdb = "imdb_id"
    case tmdb = "tmdb_id"

    /// Folded names of columns that are mapped to the field.
    private var aliases: [String] {
        switch self {
        case .kind: ["kind", "type", "titletype", "title type"]
        case .title: ["title", "name", "titre", "nom", "primarytitle"]
        case .titleEnglish: ["title en", "english title", "titre anglais"]
        case .titleFrench: ["title fr", "french title", "titre francais"]
        case .originalTitle: ["original title", "title original", "titre original", "originaltitle"]
        case .originalLanguage: ["original language", "language", "langue"]
        case .year: ["year", "annee", "startyear"]
        case .releasedOn: ["released on", "release date", "date", "date de sortie"]
        case .runtime: ["runtime min", "runtime", "runtime mins", "duration", "duree", "runtimeminutes"]
        case .genres: ["genres", "genre"]
        case .directors: ["directors", "director", "realisateur", "realisateurs", "realisation", "creators", "creator"]
        case .cast: ["cast", "actors", "acteurs", "distribution"]
        case .keywords: ["keywords", "mots cles", "tags"]
        case .countries: ["countries", "country", "pays"]
        case .overview: ["overview", "synopsis", "resume", "description", "plot"]
        case .overviewEnglish: ["overview en"]
        case .overviewFrench: ["overview fr"]
        case .imdb: ["imdb id", "imdb", "const", "tconst"]
        case .tmdb: ["tmdb id", "tmdb"]
        }
    }

    /// The mapping that follows from the columns' names.
    static func mapping(of columns: [String]) -> [ImportField: String] {
        var mapping: [ImportField: String] = [:]
        for field in allCases {
            mapping[field] = columns.first { column in field.aliases.contains(TitleText.fold(column)) }
        }
        return mapping
    }
}

/// One row of a file: the texts of each column. A list has several.
struct ImportRow: Sendable {
    let cells: [String: [String]]

    /// Bytes of a column's name, with the names of the objects around it.
    private static let longestName = 100

    init(_ cells: [String: [String]]) { self.cells = cells }

    /// An object of a JSON file. Members of a nested object become columns such as `title_fr`. Nil for anything but an object.
    init?(_ json: JSON) {
        guard let object = json.object else { return nil }
        var cells: [String: [String]] = [:]
        func put(_ name: String, _ value: JSON) {
            guard cells.count < DelimitedText.mostColumns, name.utf8.count <= Self.longestName else { return }
            switch value {
            case .object(let members): for member in members.members.prefix(20) { put("\(name)_\(member.name)", member.value) }
            case .array(let elements): cells[name] = elements.prefix(100).compactMap(Self.text)
            default: if let text = Self.text(value) { cells[name] = [text] }
            }
        }
        for member in object.members.prefix(DelimitedText.mostColumns) { put(member.name, member.value) }
        self.cells = cells
    }

    private static func text(_ value: JSON) -> String? {
        switch value {
        case .string(let text) where text.utf8.count <= DelimitedText.longestCell: text.trimmed
        case .integer(let number): String(number)
        case .number(let number): String(number)
        default: nil
        }
    }

    var json: JSON {
        var object = JSONObject()
        for (name, texts) in cells.sorted(by: { $0.key < $1.key }) { object.append(name, .array(texts.map(JSON.string))) }
        return .object(object)
    }

    /// Reads what `json` wrote.
    init(stored json: JSON) {
        let members = (json.object ?? [:]).members.map { ($0.name, ($0.value.array ?? []).compactMap(\.string)) }
        cells = Dictionary(members, uniquingKeysWith: { first, _ in first })
    }
}
