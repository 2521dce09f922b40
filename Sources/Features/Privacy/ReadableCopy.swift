internal import Kernel

/// A person's data as one HTML page without other files.
struct ReadableCopy {
    /// The titles of the features by their names.
    let titles: [String: LocalizedText]
    let language: Language

    func page(of bytes: [UInt8]) throws -> [UInt8] {
        let data = try JSONParser.parse(own: bytes)
        let title = LocalizedText(en: "Your data", fr: "Vos données")(language)
        var html = """
            <!doctype html><html lang="\(language.rawValue)"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>\(title)</title><style>
            body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
            h2{margin-top:2.5rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;
            border-bottom:1px solid #8884;overflow-wrap:anywhere}th{font-weight:600}dt{font-weight:600}dd{margin:0 0 .5rem}
            @media(prefers-color-scheme:dark){body{background:#14161c;color:#eee}}
            </style><h1>\(title)</h1>

            """
        for member in data.object?.members ?? [] {
            guard let part = member.value.object else { continue }
            html += "<h2>\(Self.escaped(titles[member.name]?(language) ?? member.name))</h2>\n"
            html += Self.list(part)
        }
        return Array((html + "</html>\n").utf8)
    }

    private static func list(_ object: JSONObject) -> String {
        var html = "<dl>"
        for member in object.members { html += "<dt>\(words(member.name))</dt><dd>\(value(member.value))</dd>" }
        return html + "</dl>\n"
    }

    private static func value(_ json: JSON) -> String {
        switch json {
        case .null: "–"
        case .array(let elements): elements.isEmpty ? "–" : table(elements)
        case .object(let object): list(object)
        case .string(let text): escaped(text)
        default: escaped(json.text)
        }
    }

    /// Objects as rows; other lists as they are.
    private static func table(_ elements: [JSON]) -> String {
        let objects = elements.compactMap(\.object)
        guard objects.count == elements.count, let first = objects.first else { return elements.map(value).joined(separator: ", ") }
        var html = "<table><thead><tr>" + first.names.map { "<th>\(words($0))</th>" }.joined() + "</tr></thead><tbody>"
        for object in objects {
            html += "<tr>" + first.names.map { "<td>\(object[$0].map(value) ?? "")</td>" }.joined() + "</tr>"
        }
        return html + "</tbody></table>"
    }

    /// `created_at` as “created at”.
    private static func words(_ name: String) -> String {
        escaped(name.utf8.split(separator: UInt8(ascii: "_")).map { String(Substring($0)) }.joined(separator: " "))
    }

    private static func escaped(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): result += Array("&amp;".utf8)
            case UInt8(ascii: "<"): result += Array("&lt;".utf8)
            case UInt8(ascii: ">"): result += Array("&gt;".utf8)
            case UInt8(ascii: "\""): result += Array("&quot;".utf8)
            default: result.append(byte)
            }
        }
        return String(own: result)
    }
}
