internal import Glibc
internal import Kernel

/// One thing that the owner can set: by flag, by environment or in the settings file, in this order of precedence.
public struct Setting: Sendable {
    public enum Kind: Sendable {
        case text
        case integer(ClosedRange<Int>)
        case boolean
        case choice([String])
        /// The address of a site, without a path; kept as browsers send it.
        case address
    }

    /// `data`: the flag is `--data`, the variable `FOYER_DATA`, the file's key `data`.
    public let name: String
    public let meaning: String
    public let fallback: String
    public let kind: Kind
    public let isSecret: Bool

    public init(_ name: String, _ fallback: String, _ meaning: String, kind: Kind = .text, isSecret: Bool = false) {
        (self.name, self.fallback, self.meaning, self.kind, self.isSecret) = (name, fallback, meaning, kind, isSecret)
    }

    public var flag: String { "--\(name)" }
    public var variable: String { "FOYER_" + String(name.uppercased().map { $0 == "-" ? "_" : $0 }) }

    /// - Returns: one sentence that says what is wrong, or nil.
    func fault(in value: String) -> String? {
        switch kind {
        case .text: return nil
        case .integer(let range):
            guard let number = Int(value), range.contains(number) else {
                return "must be a whole number from \(range.lowerBound) to \(range.upperBound), not “\(value)”"
            }
        case .boolean:
            guard value == "true" || value == "false" else { return "must be true or false, not “\(value)”" }
        case .address:
            do { _ = try WebAddress.normalised(value) } catch { return "\(error.sentence), not “\(value)”" }
        case .choice(let choices):
            guard choices.contains(value) else { return "must be one of \(choices.joined(separator: ", ")), not “\(value)”" }
        }
        return nil
    }
}

/// The settings in force, each with where it came from.
public struct Settings: Sendable {
    public enum Source: Sendable, Equatable {
        case fallback
        case file(String)
        case environment
        case flag
    }

    /// A sentence for the terminal; the program ends with exit code 2.
    public struct Fault: Error, Sendable, CustomStringConvertible {
        public let description: String

        public init(_ description: String) { self.description = description }
    }

    public let known: [Setting]
    /// What was given and means nothing, a sentence each, for the log.
    public private(set) var warnings: [String] = []
    private var values: [String: (text: String, source: Source)] = [:]

    /// - Parameters:
    ///   - flags: by name, without the dashes.
    ///   - file: its path, absent when none is used.
    public init(
        _ known: [Setting], flags: [String: String], environment: [String: String], file: String? = nil
    ) throws(Fault) {
        self.known = known
        let names = Dictionary(uniqueKeysWithValues: known.map { ($0.name, $0) })
        if let file {
            for (name, value) in try Self.read(file) {
                guard names[name] != nil else { throw Fault("\(file): there is no setting “\(name)”.") }
                values[name] = (value, .file(file))
            }
        }
        let variables = Dictionary(uniqueKeysWithValues: known.map { ($0.variable, $0.name) })
        for (variable, value) in environment where variable.hasPrefix("FOYER_") && !variable.hasPrefix("FOYER_TEST_") {
            // Not an error: the environment may add variables of its own, as Kubernetes does for a service named foyer.
            guard let name = variables[variable] else {
                warnings.append("There is no setting \(variable): it is ignored. `foyer config` lists them all.")
                continue
            }
            values[name] = (value, .environment)
        }
        for (name, value) in flags {
            guard names[name] != nil else { throw Fault("There is no option --\(name). `foyer serve --help` lists them all.") }
            values[name] = (value, .flag)
        }
        for setting in known {
            if let fault = values[setting.name].flatMap({ setting.fault(in: $0.text) }) {
                throw Fault("\(setting.flag) (\(setting.variable)) \(fault).")
            }
        }
        warnings.sort()
    }

    /// The value in force; an empty text where the setting has no default.
    public subscript(name: String) -> String {
        if let value = values[name] { return value.text }
        guard let setting = known.first(where: { $0.name == name }) else { preconditionFailure("no setting \(name)") }
        return setting.fallback
    }

    /// The same with another default for one setting.
    public func defaulting(_ name: String, to text: String) -> Settings {
        var settings = self
        if settings.values[name] == nil { settings.values[name] = (text, .fallback) }
        return settings
    }

    public func text(_ name: String) -> String? { self[name].isEmpty ? nil : self[name] }

    /// An address, as browsers send it; nil where none is set.
    public func address(_ name: String) -> String? {
        guard let text = text(name) else { return nil }
        do { return try WebAddress.normalised(text) } catch { preconditionFailure("\(name) is not an address") }
    }

    public func integer(_ name: String) -> Int {
        guard let value = Int(self[name]) else { preconditionFailure("\(name) is not a number") }
        return value
    }

    public func bool(_ name: String) -> Bool { self[name] == "true" }

    public func source(_ name: String) -> Source { values[name]?.source ?? .fallback }

    /// `name = value` lines, ended by LF or CRLF; `#` at the beginning or behind a space begins a remark; quotes around a value are taken off, and keep a `#`
    /// that stands between them.
    private static func read(_ path: String) throws(Fault) -> [(String, String)] {
        guard var bytes = readFile(path) else { throw Fault("The settings file \(path) cannot be read.") }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        var result: [(String, String)] = []
        // By bytes: CRLF is one character, and a mark behind a separator makes another one of it.
        for (number, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            let trimmed = trim(line)
            if trimmed.isEmpty || trimmed.first == UInt8(ascii: "#") { continue }
            let place = "\(path), line \(number + 1)"
            guard let equals = trimmed.firstIndex(of: UInt8(ascii: "=")) else { throw Fault("\(place): “name = value” is expected.") }
            let value = try value(trim(trimmed[(equals + 1)...]), place)
            guard let name = String(ownUTF8: trim(trimmed[..<equals])), let text = String(ownUTF8: value) else {
                throw Fault("\(place): this is not UTF-8.")
            }
            result.append((name, text))
        }
        return result
    }

    private static func value(_ bytes: ArraySlice<UInt8>, _ place: String) throws(Fault) -> ArraySlice<UInt8> {
        if bytes.first == UInt8(ascii: "\"") {
            guard let end = bytes.dropFirst().firstIndex(of: UInt8(ascii: "\"")) else {
                throw Fault("\(place): the value’s last quote is missing.")
            }
            let rest = trim(bytes[(end + 1)...])
            guard rest.isEmpty || rest.first == UInt8(ascii: "#") else {
                throw Fault("\(place): something follows the value’s last quote.")
            }
            return bytes[(bytes.startIndex + 1)..<end]
        }
        let remark = bytes.indices.first { index in
            bytes[index] == UInt8(ascii: "#") && (index == bytes.startIndex || isSpace(bytes[index - 1]))
        }
        return trim(bytes[..<(remark ?? bytes.endIndex)])
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }

    private static func trim(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes.drop(while: isSpace)
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return bytes
    }
}

/// The whole file, or nil when it cannot be read.
public func readFile(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var result: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = read(descriptor, &chunk, chunk.count)
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { return nil }
        if count == 0 { return result }
        result += chunk[..<count]
    }
}

/// The variables of the process.
public func processEnvironment() -> [String: String] {
    var result: [String: String] = [:]
    var entry = environ
    while let pointer = entry.pointee {
        let pair = String(cString: pointer).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if pair.count == 2 { result[String(pair[0])] = String(pair[1]) }
        entry += 1
    }
    return result
}
