public import Kernel

/// One row of a result, its values copied out of the driver.
///
/// Readers trap on a column of another type or on an unexpected NULL: the statement is ours, so that is our bug.
public struct Row: Sendable {
    public let values: [SQLValue]

    public init(values: [SQLValue]) { self.values = values }

    public func isNull(_ column: Int) -> Bool { values[column] == .null }

    public func int64(_ column: Int) -> Int64 {
        switch values[column] {
        case .integer(let value): return value
        case .boolean(let value): return value ? 1 : 0
        case let other: preconditionFailure("column \(column) is \(other), not an integer")
        }
    }

    public func int(_ column: Int) -> Int { Int(int64(column)) }

    public func bool(_ column: Int) -> Bool { int64(column) != 0 }

    public func double(_ column: Int) -> Double {
        switch values[column] {
        case .real(let value): return value
        case .integer(let value): return Double(value)
        case let other: preconditionFailure("column \(column) is \(other), not a number")
        }
    }

    public func text(_ column: Int) -> String {
        guard case .text(let value) = values[column] else { preconditionFailure("column \(column) is \(values[column]), not a text") }
        return value
    }

    public func blob(_ column: Int) -> [UInt8] {
        guard case .blob(let value) = values[column] else { preconditionFailure("column \(column) is \(values[column]), not bytes") }
        return value
    }

    public func id<Entity>(_ column: Int, _ kind: Entity.Type = Entity.self) -> ID<Entity> { ID(rawValue: int64(column)) }

    public func time(_ column: Int) -> Timestamp { Timestamp(milliseconds: int64(column)) }

    public func optionalInt64(_ column: Int) -> Int64? { isNull(column) ? nil : int64(column) }
    public func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
    public func optionalBlob(_ column: Int) -> [UInt8]? { isNull(column) ? nil : blob(column) }
    public func optionalTime(_ column: Int) -> Timestamp? { isNull(column) ? nil : time(column) }
    public func optionalID<Entity>(_ column: Int, _ kind: Entity.Type = Entity.self) -> ID<Entity>? { isNull(column) ? nil : id(column) }
}
