public import Kernel

extension Shape {
    /// What of a value is not as the shape says: a sentence for each, none when it fits. A member that the shape does not name is a fault.
    public func faults(in value: JSON, at pointer: String = "") -> [String] {
        func wrong(_ what: String) -> [String] { ["\(pointer.isEmpty ? "the value" : pointer) is no \(what): \(value.text.prefix(120))"] }
        switch self {
        case .any: return []
        case .optional(let shape), .named(_, let shape), .described(_, let shape): return shape.faults(in: value, at: pointer)
        case .nullable(let shape): return value.isNull ? [] : shape.faults(in: value, at: pointer)
        case .bool: return value.bool == nil ? wrong("boolean") : []
        case .integer(let range):
            guard let number = value.integer else { return wrong("integer") }
            return range.map { $0.contains(number) } ?? true ? [] : wrong("integer of the range")
        case .number:
            if case .number = value { return [] }
            return value.integer == nil ? wrong("number") : []
        case .string(let text):
            guard let string = value.string else { return wrong("text") }
            return text.faults(in: string).map { "\(pointer) \($0): \(string.prefix(120))" }
        case .list(let element, let count):
            guard let elements = value.array else { return wrong("list") }
            let faults = elements.enumerated().flatMap { element.faults(in: $1, at: "\(pointer)/\($0)") }
            return count.map { $0.contains(elements.count) } ?? true ? faults : faults + wrong("list of that length")
        case .map(let shape):
            guard let object = value.object else { return wrong("object") }
            return object.flatMap { shape.faults(in: $0.value, at: "\(pointer)/\($0.name)") }
        case .object(let fields): return Self.faults(of: fields, in: value, at: pointer) ?? wrong("object")
        case .oneOf(let shapes):
            let faults = shapes.map { $0.faults(in: value, at: pointer) }
            // The shape that comes nearest says what is wrong.
            return faults.min { $0.count < $1.count } ?? []
        }
    }

    private static func faults(of fields: [Field], in value: JSON, at pointer: String) -> [String]? {
        guard let object = value.object else { return nil }
        let members = Dictionary(object.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        var faults: [String] = []
        for field in fields {
            if let member = members[field.name] {
                faults += field.shape.faults(in: member, at: "\(pointer)/\(field.name)")
            } else if field.isRequired {
                faults.append("\(pointer)/\(field.name) is absent")
            }
        }
        let known = Set(fields.map(\.name))
        return faults + object.names.filter { !known.contains($0) }.map { "\(pointer)/\($0) is not declared" }
    }

    /// The same of the text of a parameter.
    func faults(inParameter text: String, _ name: String) -> [String] {
        switch bare {
        case .nullable(let shape): shape.faults(inParameter: text, name)
        case .integer: faults(in: Int64(text).map(JSON.integer) ?? .string(text), at: name)
        case .bool: ["true", "false", "1", "0"].contains(text) ? [] : ["\(name) is no boolean: \(text)"]
        // The literal + of an offset may come as a space.
        case .string(let form) where form.format == .dateTime: faults(in: .string(String(text.map { $0 == " " ? "+" : $0 })), at: name)
        default: faults(in: .string(text), at: name)
        }
    }
}

extension Shape.Text {
    func faults(in text: String) -> [String] {
        var faults: [String] = []
        if let length, !length.contains(text.unicodeScalars.count) { faults.append("has not the length \(length)") }
        if let values, !values.contains(text) { faults.append("is none of \(values.joined(separator: ", "))") }
        switch format {
        case .uuid: if ID<AnyEntity>(uuid: text) == nil { faults.append("is no id") }
        case .dateTime: if Timestamp(rfc3339: text) == nil { faults.append("is no time") }
        case nil: break
        }
        return faults
    }
}
