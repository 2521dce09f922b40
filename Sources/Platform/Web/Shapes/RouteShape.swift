/// What a route takes and answers: published in the API's description, and checked in the tests.
public struct RouteShape: Sendable {
    /// What an answer of success is.
    public struct Answer: Sendable {
        let status: Int
        /// The JSON of the body; nil for no body, or one that is no JSON.
        let body: Shape?
        /// The media type of the body; nil for no body.
        let media: String?
        /// Whether it carries the version of the resource as its `ETag`.
        var isTagged = false

        public static func json(_ status: Int, _ body: Shape) -> Answer { Answer(status: status, body: body, media: "application/json") }
        public static func ok(_ body: Shape) -> Answer { .json(200, body) }
        public static func created(_ body: Shape) -> Answer { .json(201, body) }
        public static func accepted(_ body: Shape) -> Answer { .json(202, body) }
        public static let noContent = Answer(status: 204, body: nil, media: nil)
        /// The reader has it already.
        public static let notModified = Answer(status: 304, body: nil, media: nil)
        /// Moved permanently, to the address in `Location`.
        public static let moved = Answer(status: 301, body: nil, media: nil)
        /// An error page for browsers.
        public static func page(_ status: Int) -> Answer { Answer(status: status, body: nil, media: "text/html") }
        /// The connection becomes a WebSocket.
        public static let webSocket = Answer(status: 101, body: nil, media: nil)
        /// - Parameter media: `*/*` for any.
        public static func bytes(_ media: String, status: Int = 200) -> Answer { Answer(status: status, body: nil, media: media) }
        /// Without a body.
        public static func empty(_ status: Int) -> Answer { Answer(status: status, body: nil, media: nil) }

        /// With the version of the resource as its `ETag`.
        public var tagged: Answer {
            var answer = self
            answer.isTagged = true
            return answer
        }
    }

    /// What a request carries beside its parameters.
    public enum Body: Sendable {
        case json(Shape)
        /// The same, which may be left out.
        case optionalJSON(Shape)
        /// Bytes of one of these media types.
        case bytes([String])

        var shape: Shape? {
            switch self {
            case .json(let shape), .optionalJSON(let shape): shape
            case .bytes: nil
            }
        }
    }

    /// A refusal that is specific to the route, beside those that every route of its kind may give.
    public struct Refusal: Sendable, Hashable {
        let status: Int
        let code: String

        public init(_ status: Int, _ code: String) { (self.status, self.code) = (status, code) }

        public static func forbidden(_ code: String) -> Refusal { Refusal(403, code) }
        public static func conflict(_ code: String) -> Refusal { Refusal(409, code) }
    }

    /// How the route treats repeated and concurrent changes.
    public enum Guard: Sendable, Hashable {
        /// It takes an `Idempotency-Key`.
        case idempotencyKey
        /// It takes `If-Match` with the version that was seen.
        case ifMatch
    }

    /// One line in English.
    public let summary: String
    let parameters: [Shape.Field]
    let query: [Shape.Field]
    let headers: [Shape.Field]
    let body: Body?
    let answers: [Answer]
    let refusals: [Refusal]
    let guards: Set<Guard>

    /// - Parameters:
    ///   - parameters: what the path's parameters are; those that are not named here are ids.
    ///   - headers: request headers that mean something to this route alone.
    ///   - refusals: beside those that every route of its kind may give.
    public init(
        _ summary: String, parameters: KeyValuePairs<String, Shape> = [:], query: KeyValuePairs<String, Shape> = [:],
        headers: KeyValuePairs<String, Shape> = [:], body: Body? = nil, answers: [Answer], refusals: [Refusal] = [],
        guards: Set<Guard> = []
    ) {
        (self.summary, self.body, self.answers, self.refusals, self.guards) = (summary, body, answers, refusals, guards)
        self.parameters = parameters.map { Shape.Field($0.key, $0.value) }
        self.query = query.map { Shape.Field($0.key, $0.value) }
        self.headers = headers.map { Shape.Field($0.key, $0.value) }
    }

    /// The shape of a path's parameter.
    func parameter(_ name: String) -> Shape { parameters.first(where: { $0.name == name })?.shape ?? .id }

    /// A list that is read by pages: its own filters, then `limit`, `cursor` and `count`.
    public static func list(
        _ summary: String, of item: Shape, parameters: KeyValuePairs<String, Shape> = [:], query: KeyValuePairs<String, Shape> = [:],
        refusals: [Refusal] = []
    ) -> RouteShape {
        RouteShape(
            summary, parameters: parameters.map { Shape.Field($0.key, $0.value) },
            query: query.map { Shape.Field($0.key, $0.value) } + pageQuery, answers: [.ok(.page(of: item))], refusals: refusals)
    }

    /// What a list finds as a file: the filters of the list without its pages, and a `format`.
    public static func file(_ summary: String, of list: RouteShape, format: Shape, answers: [Answer]) -> RouteShape {
        let filters = list.query.filter { field in !pageQuery.contains { $0.name == field.name } }
        return RouteShape(
            summary, parameters: list.parameters, query: [Shape.Field("format", format.optional)] + filters, answers: answers,
            refusals: list.refusals)
    }

    private init(_ summary: String, parameters: [Shape.Field], query: [Shape.Field], answers: [Answer], refusals: [Refusal]) {
        (self.summary, self.parameters, self.query, self.answers) = (summary, parameters, query, answers)
        (self.refusals, headers, body, guards) = (refusals, [], nil, [])
    }

    /// As every list takes them.
    static let pageQuery = [
        Shape.Field("limit", .integer(1...200).described("How many items, 50 unless said.").optional),
        Shape.Field("cursor", .string(max: 512).described("What the page before gave as `next`.").optional),
        Shape.Field("count", .bool.described("Whether to tell how many there are in all.").optional),
    ]
}

extension Shape {
    /// A person in a path or a body: an id, `me` or `u_<username>`.
    public static let userReference = Shape.string(1...200).described("An id, `me` or `u_<username>`.")
    /// A role in a path or a body: an id or `role_<name>`.
    public static let roleReference = Shape.string(1...200).described("An id or `role_<name>`.")
}
