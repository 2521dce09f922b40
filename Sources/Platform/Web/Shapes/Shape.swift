internal import Kernel

/// What a JSON value, a path parameter or a query parameter may be: published in the API's description, and checked in the tests against what
/// is really sent and answered.
public indirect enum Shape: Sendable, Equatable {
    /// Any JSON value.
    case any
    case bool
    case integer(ClosedRange<Int64>?)
    case number
    case string(Text)
    case list(Shape, count: ClosedRange<Int>?)
    case object([Field])
    /// An object whose members have any name, and this shape.
    case map(Shape)
    /// One of these, at least.
    case oneOf([Shape])
    case nullable(Shape)
    /// A member that may be absent.
    case optional(Shape)
    /// A component of the description, defined once beside the view that writes it.
    case named(String, Shape)
    case described(String, Shape)

    /// What a text must be.
    public struct Text: Sendable, Equatable {
        /// In Unicode scalars.
        var length: ClosedRange<Int>?
        var format: Format?
        var values: [String]?
        var example: String?
    }

    /// A form that texts have, as JSON Schema names it.
    public enum Format: String, Sendable {
        case uuid
        case dateTime = "date-time"
    }

    /// A member of an object, or a parameter.
    public struct Field: Sendable, Equatable {
        let name: String
        let shape: Shape

        init(_ name: String, _ shape: Shape) { (self.name, self.shape) = (name, shape) }

        var isRequired: Bool { !shape.isOptional }
    }
}

extension Shape {
    /// A text without a bound of its own.
    public static let text = Shape.string(Text())
    public static let integer = Shape.integer(nil)
    /// The id of a resource, as a UUID.
    public static let id = Shape.named("Id", .string(Text(format: .uuid, example: RowID(rawValue: 1_496_000_000_000_000_000).uuid)))
    /// RFC 3339, UTC, with milliseconds.
    public static let timestamp = Shape.named("Timestamp", .string(Text(format: .dateTime, example: "2026-01-31T09:15:00.000Z")))

    /// A text of so many Unicode scalars.
    public static func string(_ length: ClosedRange<Int>) -> Shape { .string(Text(length: length)) }
    public static func string(max: Int) -> Shape { .string(Text(length: 0...max)) }

    public static func choice(_ values: String...) -> Shape { .choice(values) }
    public static func choice(_ values: [String]) -> Shape { .string(Text(values: values)) }

    /// One of the raw values of an enumeration.
    public static func choice<Choice: RawRepresentable<String> & CaseIterable>(_ type: Choice.Type) -> Shape {
        .string(Text(values: Choice.allCases.map(\.rawValue)))
    }

    public static func list(of element: Shape) -> Shape { .list(element, count: nil) }
    public static func list(of element: Shape, _ count: ClosedRange<Int>) -> Shape { .list(element, count: count) }

    public static func object(_ members: KeyValuePairs<String, Shape>) -> Shape { .object(members.map { Field($0.key, $0.value) }) }

    /// A page of a list.
    public static func page(of item: Shape) -> Shape {
        .object([
            "items": .list(of: item), "next": .text.orNull.described("The cursor of the next page; null at the end."),
            "total": .integer.optional.described("With `count=true`."),
        ])
    }

    /// The whole of a list that has no pages.
    public static func whole(of item: Shape) -> Shape {
        .object(["items": .list(of: item), "next": .nullable(.text), "total": .integer.optional])
    }

    public var orNull: Shape { .nullable(self) }
    public var optional: Shape { .optional(self) }
    /// Null says the same as a member that is absent.
    public var optionalOrNull: Shape { .optional(.nullable(self)) }

    public func described(_ text: String) -> Shape {
        if case .optional(let shape) = self { return .optional(.described(text, shape)) }
        return .described(text, self)
    }

    /// This object with more members, or with others of the same name.
    public func with(_ members: KeyValuePairs<String, Shape>) -> Shape { merging(.object(members)) }

    /// This object with the members of another.
    public func merging(_ other: Shape) -> Shape {
        let more = other.fields
        return .object(fields.filter { field in !more.contains { $0.name == field.name } } + more)
    }

    /// This object, each of whose members may be left out.
    public var patch: Shape { .object(fields.map { Field($0.name, $0.isRequired ? $0.shape.optional : $0.shape) }) }

    private var fields: [Field] {
        guard case .object(let fields) = bare else { preconditionFailure("only an object has members") }
        return fields
    }

    var isOptional: Bool { if case .optional = self { true } else { false } }

    /// Without its name, its description and whether it may be absent.
    var bare: Shape {
        switch self {
        case .optional(let shape), .named(_, let shape), .described(_, let shape): shape.bare
        default: self
        }
    }

    /// The names of the members that any object of this shape can have.
    var memberNames: Set<String> {
        switch bare {
        case .object(let fields): Set(fields.map(\.name))
        case .oneOf(let shapes): shapes.dropFirst().reduce(into: shapes.first?.memberNames ?? []) { $0.formIntersection($1.memberNames) }
        case .nullable(let shape): shape.memberNames
        default: []
        }
    }
}
