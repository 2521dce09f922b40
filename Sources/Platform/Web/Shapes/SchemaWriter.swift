internal import Kernel

/// Writes shapes as JSON Schema (2020-12), and gathers the components that they name.
struct SchemaWriter {
    private(set) var components: [String: JSON] = [:]
    private var shapes: [String: Shape] = [:]

    /// - Parameter isInput: what a request carries has no other members; an answer may get more.
    mutating func schema(_ shape: Shape, isInput: Bool = false) -> JSON {
        switch shape {
        case .any: return [:]
        case .bool: return ["type": "boolean"]
        case .number: return ["type": "number"]
        case .integer(let range):
            var object: JSONObject = ["type": "integer"]
            if let range {
                object.append("minimum", .integer(range.lowerBound))
                if range.upperBound < .max { object.append("maximum", .integer(range.upperBound)) }
            }
            return .object(object)
        case .string(let text): return .object(Self.schema(text))
        case .list(let element, let count):
            var object: JSONObject = ["type": "array", "items": schema(element, isInput: isInput)]
            if let count {
                object.append("minItems", JSON(count.lowerBound))
                object.append("maxItems", JSON(count.upperBound))
            }
            return .object(object)
        case .map(let shape): return ["type": "object", "additionalProperties": schema(shape, isInput: isInput)]
        case .object(let fields): return .object(schema(fields, isInput: isInput))
        case .oneOf(let shapes): return ["anyOf": .array(shapes.map { schema($0, isInput: isInput) })]
        case .nullable(let shape): return nullable(schema(shape, isInput: isInput))
        case .optional(let shape): return schema(shape, isInput: isInput)
        case .described(let text, let shape):
            var object = schema(shape, isInput: isInput).object ?? [:]
            object["description"] = .string(text)
            return .object(object)
        case .named(let name, let shape): return reference(name, shape)
        }
    }

    private static func schema(_ text: Shape.Text) -> JSONObject {
        var object: JSONObject = ["type": "string"]
        if let length = text.length {
            if length.lowerBound > 0 { object.append("minLength", JSON(length.lowerBound)) }
            object.append("maxLength", JSON(length.upperBound))
        }
        if let format = text.format { object.append("format", .string(format.rawValue)) }
        if let values = text.values { object.append("enum", .array(values.map(JSON.string))) }
        if let example = text.example { object.append("examples", [.string(example)]) }
        return object
    }

    private mutating func schema(_ fields: [Shape.Field], isInput: Bool) -> JSONObject {
        var properties = JSONObject()
        for field in fields { properties.append(field.name, schema(field.shape, isInput: isInput)) }
        var object: JSONObject = ["type": "object", "properties": .object(properties)]
        let required = fields.filter(\.isRequired).map { JSON.string($0.name) }
        if !required.isEmpty { object.append("required", .array(required)) }
        if isInput { object.append("additionalProperties", false) }
        return object
    }

    private func nullable(_ schema: JSON) -> JSON {
        guard var object = schema.object, let type = object["type"]?.string else { return ["anyOf": [schema, ["type": "null"]]] }
        object["type"] = [.string(type), "null"]
        if let values = object["enum"]?.array { object["enum"] = .array(values + [.null]) }
        return .object(object)
    }

    private mutating func reference(_ name: String, _ shape: Shape) -> JSON {
        if let known = shapes[name] {
            precondition(known == shape, "two components are named \(name)")
        } else {
            shapes[name] = shape
            components[name] = schema(shape)
        }
        return ["$ref": .string("#/components/schemas/\(name)")]
    }
}
