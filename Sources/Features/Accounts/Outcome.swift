internal import Synchronization

/// Carries what the last run of a transaction's body decided out of it; a body that ran twice leaves what the second did.
final class Outcome<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    init(_ value: Value) { state = Mutex(value) }

    func set(_ value: Value) { state.withLock { $0 = value } }

    var value: Value { state.withLock { $0 } }
}
