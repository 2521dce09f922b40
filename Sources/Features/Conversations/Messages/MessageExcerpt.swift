internal import Database
internal import Directory
internal import Kernel
internal import Roles

/// The beginning of a message for a notification: with names for mentions, without Markdown, and without spoilers.
enum MessageExcerpt {
    static let length = 140

    /// - Parameter name: of a person (`<@id>`) or a role (`<@&id>`); nil for one that is not known.
    static func text(_ content: String, name: (String) -> String?) -> String {
        var text = ""
        for line in content.split(separator: "\n") {
            let line = line.drop { $0 == " " || $0 == ">" || $0 == "#" }
            guard !line.isEmpty, !line.hasPrefix("```") else { continue }
            if !text.isEmpty { text += " " }
            text += plain(line, name)
            if text.unicodeScalars.count > 2 * length { break }
        }
        return text.cut(to: length)
    }

    private static func plain(_ line: Substring, _ name: (String) -> String?) -> String {
        // Text between two pairs of bars is a spoiler.
        let bars = "||"
        let parts = line.split(separator: bars, omittingEmptySubsequences: false)
        let isClosed = parts.count % 2 == 1
        var shown = ""
        for (index, part) in parts.enumerated() {
            let isHidden = index % 2 == 1 && (isClosed || index < parts.count - 1)
            shown += isHidden ? "…" : index % 2 == 1 ? bars + part : String(part)
        }
        var text = ""
        var rest = Substring(shown)
        while let start = rest.firstRange(of: "<@") {
            text += rest[..<start.lowerBound]
            rest = rest[start.upperBound...]
            guard let end = rest.prefix(40).firstIndex(of: ">"), let found = name(String(rest[..<end])) else {
                text += "<@"
                continue
            }
            text += "@" + found
            rest = rest[rest.index(after: end)...]
        }
        text += rest
        return text.replacing("**", with: "").replacing("`", with: "").replacing("~~", with: "")
    }
}

extension ConversationsFeature {
    func excerpt(of message: MessageRecord, in transaction: Transaction) throws -> String {
        let people = try directory.members(message.targets.users, in: transaction)
        let roles = try RoleReference.summaries(of: message.targets.roles, in: transaction)
        return MessageExcerpt.text(try messages.content(of: message)) { reference in
            if reference == "everyone" { return reference }
            if reference.hasPrefix("&") {
                return RoleID(uuid: reference.dropFirst()).flatMap { roles[$0]?["name"]?.string }
            }
            let user = UserID(uuid: reference)
            return people.first { $0.id == user }.map(\.displayName)
        }
    }
}
