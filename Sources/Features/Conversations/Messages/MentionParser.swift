internal import Kernel

/// Finds the mentions in a message: `<@id>` a person, `<@&id>` a role, `<@everyone>`; none in code, and none in lines that quote.
///
/// It works on the bytes and looks at each a bounded number of times.
struct MentionParser {
    private let bytes: [UInt8]
    private(set) var targets = MessageTargets()

    /// The mentions in the text, whether or not their targets exist and the author may use them.
    static func targets(in text: String) -> MessageTargets {
        var parser = MentionParser(bytes: Array(text.utf8))
        parser.parse()
        return parser.targets
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func parse() {
        var index = 0
        var fence: (mark: UInt8, count: Int)?
        while index < bytes.count {
            let end = bytes[index...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            let start = bytes[index..<end].firstIndex { $0 != UInt8(ascii: " ") } ?? end
            let mark = start < end ? bytes[start] : 0
            let run = length(of: mark, from: start, to: end)
            let isFence = (mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~")) && run >= 3 && start - index < 4
            if let open = fence {
                if isFence, mark == open.mark, run >= open.count { fence = nil }
                index = end + 1
            } else if isFence {
                fence = (mark, run)
                index = end + 1
            } else if mark == UInt8(ascii: ">") {
                index = end + 1
            } else {
                index = parseText(from: index)
            }
        }
    }

    /// Reads on to the end of the line, or of the code that begins in it.
    ///
    /// - Returns: where the next line begins.
    private mutating func parseText(from first: Int) -> Int {
        var index = first
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") {
            switch bytes[index] {
            case UInt8(ascii: "\\"): index += 2
            case UInt8(ascii: "`"):
                let count = length(of: UInt8(ascii: "`"), from: index, to: bytes.count)
                index = endOfCode(count, from: index + count) ?? index + count
            case UInt8(ascii: "<"): index = parseMention(at: index)
            default: index += 1
            }
        }
        return index + 1
    }

    /// The place after the backticks that close the code; nil if none do before an empty line.
    private func endOfCode(_ count: Int, from first: Int) -> Int? {
        var index = first
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "`") else {
                if bytes[index] == UInt8(ascii: "\n"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\n") { return nil }
                index += 1
                continue
            }
            let run = length(of: UInt8(ascii: "`"), from: index, to: bytes.count)
            if run == count { return index + run }
            index += run
        }
        return nil
    }

    private mutating func parseMention(at first: Int) -> Int {
        guard first + 1 < bytes.count, bytes[first + 1] == UInt8(ascii: "@"),
            let end = bytes[first..<min(first + 48, bytes.count)].firstIndex(of: UInt8(ascii: ">"))
        else { return first + 1 }
        let isRole = bytes[first + 2] == UInt8(ascii: "&")
        let name = String(own: bytes[(first + (isRole ? 3 : 2))..<end])
        if isRole, let role = RoleID(uuid: name) {
            if !targets.roles.contains(role) { targets.roles.append(role) }
        } else if !isRole, let user = UserID(uuid: name) {
            if !targets.users.contains(user) { targets.users.append(user) }
        } else if !isRole, name.hasSameBytes(as: "everyone") {
            targets.everyone = true
        } else {
            return first + 1
        }
        return end + 1
    }

    private func length(of mark: UInt8, from first: Int, to end: Int) -> Int {
        var index = first
        while index < end, bytes[index] == mark { index += 1 }
        return index - first
    }
}
