internal import FuzzTargets

/// Outside of `main.swift`, so that the C callback, which can capture nothing, reaches it.
enum Chosen {
    /// The target that the first argument names.
    static let target = FuzzTarget.all.first { $0.name == CommandLine.arguments.dropFirst().first }
}
