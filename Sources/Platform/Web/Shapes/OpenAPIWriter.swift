internal import HTTP
internal import Kernel

/// Writes the routes as an OpenAPI 3.1 document.
struct OpenAPIWriter {
    let base: String
    private var schemas = SchemaWriter()

    init(base: String) { self.base = base }

    mutating func document(version: String, _ routes: [Route]) -> JSON {
        var paths = JSONObject()
        for route in routes {
            let path = route.path.hasPrefix("//") ? String(route.path.dropFirst()) : base + route.path
            var item = paths[path]?.object ?? [:]
            item[route.method.rawValue.lowercased()] = operation(route)
            paths[path] = .object(item)
        }
        let problem = schemas.schema(ProblemShape.shape)
        precondition(problem["$ref"] != nil, "the problem is a component")
        let components = schemas.components.sorted { $0.key < $1.key }
        return [
            "openapi": "3.1.0",
            "info": ["title": "Foyer", "version": .string(version), "description": .string(Self.description)],
            "servers": [["url": "/"]], "tags": .array(Set(routes.map(Self.tag)).sorted().map { ["name": .string($0)] }),
            "paths": .object(paths),
            "components": [
                "schemas": .object(components.reduce(into: JSONObject()) { $0.append($1.key, $1.value) }),
                "securitySchemes": Self.securitySchemes,
            ],
        ]
    }

    private static let description = """
        Ids are UUIDs, times are RFC 3339 in UTC. Every refusal is a problem (RFC 9457). A PATCH is a JSON merge patch (RFC 7396). \
        `x-permission` names the permission that a call needs; with `x-own` it is not needed for what is one’s own.
        """

    private static let securitySchemes: JSON = [
        "bearer": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "The access token of a session."],
        "apiKey": ["type": "http", "scheme": "bearer", "bearerFormat": "fk_…", "description": "An API key."],
        "cookie": [
            "type": "apiKey", "in": "cookie", "name": "__Host-foyer",
            "description": "The session of a browser. Over plain HTTP the cookie has a name of its own for each site.",
        ],
        "csrf": [
            "type": "apiKey", "in": "header", "name": "X-Foyer-CSRF",
            "description": "What `GET /auth/session` gives as `csrf`; needed with the cookie by what changes something.",
        ],
    ]

    // MARK: One operation

    private mutating func operation(_ route: Route) -> JSON {
        let shape = route.shape
        var object: JSONObject = [
            "operationId": .string(Self.operationID(route)), "summary": .string(shape.summary), "tags": [.string(Self.tag(route))],
        ]
        switch route.access {
        case .anyone, .signedIn, .withoutAPIKey: break
        case .may(let permission): object.append("x-permission", .string(permission.key))
        case .ownOr(let permission):
            object.append("x-permission", .string(permission.key))
            object.append("x-own", true)
        }
        object.append("security", Self.security(route))
        let parameters = parameters(route, shape)
        if !parameters.isEmpty { object.append("parameters", .array(parameters)) }
        if let body = shape.body { object.append("requestBody", requestBody(body, shape)) }
        object.append("responses", responses(route, shape))
        return .object(object)
    }

    private static func operationID(_ route: Route) -> String {
        let words = route.path.split(separator: "/").map { String($0.filter { !"{}.".contains($0) }).replacing("-", with: "_") }
        return ([route.method.rawValue.lowercased()] + (route.path.hasPrefix("//") ? ["root"] : []) + words).joined(separator: "_")
    }

    private static func tag(_ route: Route) -> String {
        let first = String(route.path.split(separator: "/").first ?? "")
        return route.path.hasPrefix("//") ? "site" : first.filter { $0 != "." }
    }

    private static func security(_ route: Route) -> JSON {
        guard route.access != .anyone else { return [] }
        let cookie: JSON = route.method == .get ? ["cookie": []] : ["cookie": [], "csrf": []]
        return .array([["bearer": []], cookie] + (route.access == .withoutAPIKey ? [] : [["apiKey": []]]))
    }

    private mutating func parameters(_ route: Route, _ shape: RouteShape) -> [JSON] {
        var list: [JSON] = []
        func add(_ place: String, _ name: String, _ schema: JSON, isRequired: Bool) {
            list.append(["name": .string(name), "in": .string(place), "required": .bool(isRequired), "schema": schema])
        }
        for name in route.parameterNames { add("path", name, schemas.schema(shape.parameter(name)), isRequired: true) }
        for field in shape.query { add("query", field.name, schemas.schema(field.shape), isRequired: field.isRequired) }
        for field in shape.headers { add("header", field.name, schemas.schema(field.shape), isRequired: field.isRequired) }
        if shape.guards.contains(.idempotencyKey) {
            add("header", "Idempotency-Key", ["type": "string", "minLength": 1, "maxLength": 255], isRequired: false)
        }
        if shape.guards.contains(.ifMatch) { add("header", "If-Match", ["type": "string"], isRequired: false) }
        return list
    }

    private mutating func requestBody(_ body: RouteShape.Body, _ shape: RouteShape) -> JSON {
        switch body {
        case .json(let json): return ["required": true, "content": content(json, shape)]
        case .optionalJSON(let json): return ["required": false, "content": content(json, shape)]
        case .bytes(let media):
            return ["required": true, "content": .object(media.reduce(into: JSONObject()) { $0.append($1, [:]) })]
        }
    }

    private mutating func content(_ json: Shape, _ shape: RouteShape) -> JSON {
        let takesKey = shape.guards.contains(.idempotencyKey)
        let key = Shape.Field("request_id", .string(1...255).described("The same as the header `Idempotency-Key`.").optional)
        return ["application/json": ["schema": schemas.schema(takesKey ? json.adding(key) : json, isInput: true)]]
    }

    private mutating func responses(_ route: Route, _ shape: RouteShape) -> JSON {
        var responses = JSONObject()
        for answer in shape.answers {
            let status = String(answer.status)
            var response = responses[status]?.object ?? ["description": .string(HTTPResponseHead.reason(answer.status))]
            if let media = answer.media {
                var content = response["content"]?.object ?? [:]
                content.append(media, answer.body.map { ["schema": schemas.schema($0)] } ?? [:])
                response["content"] = .object(content)
            }
            if answer.isTagged { response["headers"] = ["ETag": ["schema": ["type": "string"]]] }
            responses[status] = .object(response)
        }
        let problem = schemas.schema(ProblemShape.shape)
        for (status, codes) in Dictionary(grouping: route.refusals, by: \.status).sorted(by: { $0.key < $1.key }) {
            let list = codes.map { "`\($0.code)`" }.sorted().joined(separator: ", ")
            responses[String(status)] = [
                "description": .string(list), "content": ["application/problem+json": ["schema": problem]],
            ]
        }
        return .object(responses)
    }
}

extension Shape {
    /// The object, or each of its kinds, with one more member.
    func adding(_ field: Field) -> Shape {
        switch self {
        case .object(let fields): .object(fields + [field])
        case .oneOf(let shapes): .oneOf(shapes.map { $0.adding(field) })
        case .described(let text, let shape): .described(text, shape.adding(field))
        case .named(_, let shape): shape.adding(field)
        default: self
        }
    }
}
