import Glibc
import Kernel

@testable import Server

/// `docs/permissions.md`, as the tests read it.
struct PermissionTable: Sendable {
    let lines: [PermissionLine]
    /// What is sent, by route and `with`; what is not here is sent without a body.
    private let bodies: [String: String]

    static let path = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/docs/permissions.md"

    /// - Throws: a sentence that names the line which cannot be read.
    init() throws {
        guard let file = fopen(Self.path, "r") else { throw TableFault("\(Self.path) is missing") }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        try self.init(String(decoding: bytes[..<count], as: UTF8.self))
    }

    init(_ text: String) throws {
        // Puts what features declare into the registry.
        _ = Composition.declarations
        var (lines, bodies, header): ([PermissionLine], [String: String], [String]) = ([], [:], [])
        for (index, row) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard row.hasPrefix("|") else {
                header = []
                continue
            }
            let cells = row.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmed }
            if header.isEmpty {
                header = cells
            } else if header[0] == "route", !cells[0].hasPrefix("-") {
                guard cells.count == header.count else { throw TableFault("line \(index + 1): \(cells.count) cells, not \(header.count)") }
                if header.last == "body" {
                    guard bodies.updateValue(cells[2].unquoted, forKey: "\(cells[0].unquoted) \(cells[1])") == nil else {
                        throw TableFault("line \(index + 1): sent twice")
                    }
                } else {
                    lines.append(try PermissionLine(cells, number: index + 1))
                }
            }
        }
        (self.lines, self.bodies) = (lines, bodies)
    }

    func body(of line: PermissionLine) -> String? { bodies["\(line.method) \(line.path) \(line.with)"] }

    /// What stands under “What is sent” and belongs to no line.
    var orphans: [String] { bodies.keys.filter { key in !lines.contains { "\($0.method) \($0.path) \($0.with)" == key } }.sorted() }
}

/// Who asks: a column of the table.
enum Column: String, CaseIterable, Sendable {
    case guest, member, staff, mod, admin, owner
}

/// Of whom, or of which role, the thing is that is asked for.
enum Whose: String, Sendable {
    case nobody = ""
    case own, below, equal, above, system, one, absent
}

/// One line of the table.
struct PermissionLine: Sendable {
    let number: Int
    let method: String
    /// As the server names it: `/users/{id}`.
    let path: String
    /// With its `?`, or empty.
    let query: String
    let with: String
    let whose: [Whose]
    /// Those that a refusal may name.
    let permissions: [Permission]
    let isForAnyone: Bool
    let isInPerson: Bool
    let cells: [Column: Cell]

    init(_ cells: [String], number: Int) throws {
        self.number = number
        let words = cells[0].unquoted.split(separator: " ").map(String.init)
        guard words.count == 2, cells.count == 4 + Column.allCases.count else {
            throw TableFault("line \(number) is no line of this table")
        }
        method = words[0]
        path = String(words[1].prefix { $0 != "?" })
        query = String(words[1].dropFirst(path.count))
        with = cells[1]
        if cells[2] == "other" {
            whose = [.below, .equal, .above]
        } else {
            guard let one = Whose(rawValue: cells[2]) else { throw TableFault("line \(number): there is no “\(cells[2])”") }
            whose = [one]
        }
        var needs = cells[3].split(separator: ",").map { $0.trimmed }
        isInPerson = needs.contains("in person")
        isForAnyone = needs == ["anyone"]
        needs.removeAll { ["in person", "anyone", "signed in"].contains($0) }
        permissions = try needs.flatMap { $0.split(separator: "+") }.map { key in
            guard let permission = Permission(key: key.trimmed) else { throw TableFault("line \(number): there is no “\(key.trimmed)”") }
            return permission
        }
        var read: [Column: Cell] = [:]
        for (column, text) in zip(Column.allCases, cells[4...]) {
            guard let cell = Cell(text) else { throw TableFault("line \(number): “\(text)” means nothing") }
            read[column] = cell
        }
        self.cells = read
    }

    func cell(_ column: Column) -> Cell { cells[column] ?? .nobody }

    var name: String { "\(method) \(path)\(query)\(with.isEmpty ? "" : " with \(with)")" }
}

/// What a cell says.
enum Cell: Hashable, Sendable {
    /// There is nobody of whom it could be said.
    case nobody
    case status(Int)
    /// A permission is missing.
    case missing
    case refusal(Int, code: String)

    private static let words = [
        "rank": Cell.refusal(403, code: "rank_too_low"), "self": .refusal(403, code: "not_yourself"),
        "owner role": .refusal(403, code: "owner_role"), "not yours": .refusal(403, code: "not_your_key"),
        "expired": .refusal(403, code: "openid_expired"), "system": .refusal(409, code: "system_role"), "403": .missing, "—": .nobody,
    ]

    init?(_ text: String) {
        if let word = Self.words[text] {
            self = word
        } else if let status = Int(text) {
            self = .status(status)
        } else {
            return nil
        }
    }

    var isDone: Bool { if case .status(let status) = self { (200..<300).contains(status) } else { false } }
}

struct TableFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = "docs/permissions.md: \(description)" }
}

extension StringProtocol {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    fileprivate var unquoted: String { String(filter { $0 != "`" }) }
}
