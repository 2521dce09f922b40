internal import Synchronization

/// Which optional modules are off, in memory: asked by every route, topic and command of theirs.
public final class ModuleSwitches: Sendable {
    private struct State {
        var off: Set<String>
        /// The version of the settings that each was last switched with.
        var versions: [String: Int64] = [:]
    }

    private let state: Mutex<State>

    /// As the declarations say, before anybody switched.
    public init(_ declarations: [FeatureDeclaration] = []) {
        state = Mutex(State(off: Set(declarations.filter { $0.module == .optional(isOn: false) }.map(\.name))))
    }

    public func isOn(_ module: String) -> Bool { state.withLock { !$0.off.contains(module) } }

    /// - Parameter version: of the settings that say so; an older one changes nothing, whichever is told of first.
    public func set(_ module: String, isOn: Bool, version: Int64) {
        state.withLock { state in
            guard version >= state.versions[module] ?? 0 else { return }
            state.versions[module] = version
            if isOn { state.off.remove(module) } else { state.off.insert(module) }
        }
    }
}
