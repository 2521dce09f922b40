internal import Testing
public import Web

/// Holds every request that a test sends, and its answer, to what the route declares.
public enum ShapeInspector {
    @Sendable public static func inspect(_ exchange: Exchange) {
        for fault in exchange.faults { Issue.record("\(fault)") }
    }
}

extension Application.Options {
    /// Those of a site under test: its requests are held to what the routes declare.
    public static var inspected: Application.Options {
        var options = Application.Options()
        options.inspector = ShapeInspector.inspect
        return options
    }
}
