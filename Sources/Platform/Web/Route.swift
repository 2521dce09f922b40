public import HTTP
public import Kernel
internal import Transport

/// Who may call a route; a route cannot be made without saying so.
public enum Access: Sendable, Hashable {
    /// Anybody, signed in or not.
    case anyone
    /// Anybody who is signed in; an API key that has `self.read`, or `self.write` for what changes something.
    case signedIn
    /// Anybody who is signed in themselves: an API key is refused.
    case withoutAPIKey
    /// The holders of the permission, guests included when the guest role has it.
    case may(Permission)
    /// One's own object, or any with the permission: the router asks for a person, the operation checks which. An API key needs the permission, or
    /// what it needs for `signedIn`.
    case ownOr(Permission)
}

/// One line of the route table.
public struct Route: Sendable {
    public typealias Handler = @Sendable (Call) async throws -> Reply

    public let method: HTTPMethod
    /// Under the base path, with parameters in braces: `/users/{id}/roles`; with two slashes in front, at the root.
    public let path: String
    public let access: Access
    /// What it takes and answers. Parameters of a query that it does not declare are refused before it runs, where it declares none.
    public let shape: RouteShape
    /// What the audit log calls it; a denied or failed try is recorded under this name. Nil for reads.
    public let action: String?
    /// Whether it matters who asks; where not, it is answered even when the database cannot say.
    let looksAtCredentials: Bool
    /// How much of a body it takes, and whether as it comes (`Call.bodyStream`).
    let body: BodyPlan
    public let handler: Handler
    /// Nil for a route that is always there.
    private var condition: (@Sendable () -> Bool)?

    /// Whether it is there at this moment.
    var isAvailable: Bool { condition?() ?? true }

    /// The same route, not found while the condition does not hold.
    public func available(while isOn: @escaping @Sendable () -> Bool) -> Route {
        var route = self
        route.condition = isOn
        return route
    }

    /// Whether it is nothing of the person's own, so that an API key needs no more than any scope.
    let takesAnyKey: Bool
    /// What an API key needs where the route asks for no permission; nil for nothing beside a scope at all.
    var ownAccess: OwnAccess? { takesAnyKey ? nil : method == .get || method == .head ? .read : .write }

    /// The path as metrics and logs name it.
    var label: String { path.hasPrefix("//") ? String(path.dropFirst()) : path }

    /// - Parameters:
    ///   - takesAnyKey: true for what is nothing of the person's own, on a route that asks for no permission.
    ///   - looksAtCredentials: false only for what is the same for anyone.
    ///   - bodyAtMost: bytes of a body that is gathered first; nil for the server's limit.
    ///   - streamsUpTo: bytes of a body that the operation reads as it comes (`Call.bodyStream`); nil for one that is gathered first.
    public init(
        _ method: HTTPMethod, _ path: String, _ access: Access, _ shape: RouteShape, action: String? = nil, takesAnyKey: Bool = false,
        looksAtCredentials: Bool = true, streamsUpTo bodyLimit: Int? = nil, bodyAtMost gathered: Int? = nil, handler: @escaping Handler
    ) {
        self.takesAnyKey = takesAnyKey
        body = BodyPlan(limit: bodyLimit ?? gathered, streams: bodyLimit != nil)
        precondition(looksAtCredentials || access == .anyone, "\(path) asks who it is")
        self.looksAtCredentials = looksAtCredentials
        self.shape = shape
        (self.method, self.path, self.access, self.action, self.handler) = (method, path, access, action, handler)
    }
}

/// Finds the route of a path; a literal segment wins over a parameter.
struct Router: Sendable {
    struct Match: Sendable {
        let route: Route
        let parameters: [String: String]
    }

    enum Outcome: Sendable {
        case match(Match)
        /// The path exists with these methods.
        case wrongMethod(allowed: [HTTPMethod])
        case none
    }

    private final class Node: Sendable {
        let literals: [String: Node]
        let parameter: (name: String, node: Node)?
        let routes: [HTTPMethod: Route]

        init(_ routes: [(segments: ArraySlice<Substring>, route: Route)]) {
            var here: [HTTPMethod: Route] = [:]
            var literals: [String: [(segments: ArraySlice<Substring>, route: Route)]] = [:]
            var parameters: [(segments: ArraySlice<Substring>, route: Route)] = []
            var parameterName = ""
            for (segments, route) in routes {
                guard let first = segments.first else {
                    precondition(here[route.method] == nil, "\(route.method) \(route.path) stands twice")
                    here[route.method] = route
                    continue
                }
                if first.hasPrefix("{") {
                    let name = String(first.dropFirst().dropLast())
                    precondition(parameterName.isEmpty || parameterName == name, "\(route.path): a place has one parameter name")
                    parameterName = name
                    parameters.append((segments.dropFirst(), route))
                } else {
                    literals[String(first), default: []].append((segments.dropFirst(), route))
                }
            }
            self.routes = here
            self.literals = literals.mapValues(Node.init)
            self.parameter = parameters.isEmpty ? nil : (parameterName, Node(parameters))
        }
    }

    private let root: Node

    init(_ routes: [Route], base: String) {
        root = Node(
            routes.map { route in
                let path = route.path.hasPrefix("//") ? String(route.path.dropFirst()) : base + route.path
                return (path.split(separator: "/")[...], route)
            })
    }

    func find(_ method: HTTPMethod, _ segments: [String]) -> Outcome {
        var parameters: [String: String] = [:]
        guard let node = Self.walk(root, segments[...], &parameters) else { return .none }
        let wanted: HTTPMethod = method == .head && node.routes[.head] == nil ? .get : method
        if let route = node.routes[wanted], route.isAvailable { return .match(Match(route: route, parameters: parameters)) }
        let allowed = node.routes.values.filter(\.isAvailable).map(\.method)
        return allowed.isEmpty ? .none : .wrongMethod(allowed: allowed.sorted { $0.rawValue < $1.rawValue })
    }

    /// Whether a path of the server's is meant, in capitals: paths are case-sensitive, so that it is nothing, and the web app must not answer for it.
    func knowsInOtherCase(_ segments: [String]) -> Bool {
        var parameters: [String: String] = [:]
        let lower = segments.map { $0.lowercased() }
        return lower != segments && Self.walk(root, lower[...], &parameters) != nil
    }

    private static func walk(_ node: Node, _ segments: ArraySlice<String>, _ parameters: inout [String: String]) -> Node? {
        guard let first = segments.first else { return node.routes.isEmpty ? nil : node }
        if let next = node.literals[first], let found = walk(next, segments.dropFirst(), &parameters) { return found }
        guard let (name, next) = node.parameter, !first.isEmpty, let found = walk(next, segments.dropFirst(), &parameters) else {
            return nil
        }
        parameters[name] = first
        return found
    }
}
