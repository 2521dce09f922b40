public import Database
public import HTTP
public import Kernel

/// A request on its way through one operation: who asks, for what, with which body.
public struct Call: Sendable {
    public let request: HTTPRequest
    public let scope: Scope
    public let clock: WallClock
    let route: Route
    let parameters: [String: String]
    let idempotency: Idempotency

    /// What stands in the path at `{name}`.
    public func parameter(_ name: String) -> String {
        guard let value = parameters[name] else { preconditionFailure("\(route.path) has no parameter \(name)") }
        return value
    }

    /// The query string, to be read and finished by the operation.
    public var query: Query {
        get throws(Problem) { try Query(text: request.query ?? "") }
    }

    /// The body as it comes, on a route whose plan says so; it throws `HTTPBody.BodyError`, which is answered as the problem it is.
    public var bodyStream: HTTPBody {
        if let stream = request.bodyStream { return stream }
        let whole = HTTPBody()
        if !request.body.isEmpty { whole.append(request.body) }
        whole.finish()
        return whole
    }

    /// The JSON body without `request_id`, which belongs to idempotency; an absent body is an empty object.
    ///
    /// - Throws: 415 on another media type, 400 on what is not JSON.
    public func body() throws(Problem) -> JSON { try splitBody().body }

    /// The body, and the idempotency key that stood in it.
    private func splitBody() throws(Problem) -> (body: JSON, key: String?) {
        let parsed = try parsedBody()
        guard case .object(var object) = parsed else { return (parsed, nil) }
        let key = object["request_id"] ?? .null
        guard key.isNull || key.string.map(Self.isKey) ?? false else { throw .invalid("/request_id", "invalid", Self.keyForm) }
        object["request_id"] = nil
        return (.object(object), key.string)
    }

    /// What the peer says the body is, in lower case, without parameters; empty where it says nothing.
    public var mediaType: String {
        let type = request.headers["Content-Type"]?.lowercased() ?? ""
        return String(type.prefix { $0 != ";" }.filter { $0 != " " })
    }

    func parsedBody() throws(Problem) -> JSON {
        guard !request.body.isEmpty else { return .object([:]) }
        let media = mediaType
        guard media == "application/json" || media == "application/merge-patch+json" else {
            throw .unsupportedMediaType(LocalizedText(en: "Send JSON, as application/json.", fr: "Envoyez du JSON, en application/json."))
        }
        do {
            return try JSONParser.parse(request.body)
        } catch {
            throw .malformed(
                LocalizedText(
                    en: "The body is not valid JSON: \(error.reason) at byte \(error.offset).",
                    fr: "Le corps n’est pas du JSON valide (octet \(error.offset))."))
        }
    }

    /// Whether `If-Match` allows a change of this version. The tag is the version's number, so that a weak one means the same: proxies that compress
    /// an answer weaken its tag.
    ///
    /// - Throws: 412 when the reader's version is another one.
    public func checkIfMatch(version: Int64) throws(Problem) {
        assert(route.shape.guards.contains(.ifMatch), "\(route.path) does not declare that it takes If-Match")
        guard let header = request.headers["If-Match"], header.trimmed != "*" else { return }
        let tags = header.utf8.split(separator: UInt8(ascii: ",")).map { String(Substring($0)).trimmed }
        guard tags.contains(where: { Conditional.weak($0).hasSameBytes(as: "\"\(version)\"") }) else { throw .stale }
    }

    /// Runs one durable change: everything that `body` writes, and the memory of the answer under the request's idempotency key, in one transaction.
    ///
    /// The same key and body within a day gives the first answer again; another body is 422, a try still under way 409.
    public func mutate(_ database: any Database, _ body: @escaping @Sendable (Transaction) throws -> Reply) async throws -> Reply {
        assert(route.shape.guards.contains(.idempotencyKey), "\(route.path) does not declare that it takes an idempotency key")
        let limits = scope.key
        guard let key = try idempotencyKey() else {
            return try await database.write { transaction in
                try RequestNonces.spend(limits, in: transaction)
                return try body(transaction)
            }
        }
        return try await idempotency.once(
            key, in: database, language: scope.language, requestID: scope.requestID, at: clock.now(),
            before: { try RequestNonces.spend(limits, in: $0) }, body)
    }

    private func idempotencyKey() throws(Problem) -> Idempotency.Key? {
        let named = request.headers["Idempotency-Key"].map { $0.trimmed }
        if let named, !Self.isKey(named) { throw .malformed(Self.keyForm) }
        let (body, inBody) = try splitBody()
        guard let text = named ?? inBody else { return nil }
        return Idempotency.Key(
            principal: scope.principal, route: "\(request.method) \(request.path)", text: text,
            bodyHash: idempotency.fingerprint(target: request.target, body: body.bytes))
    }

    private static func isKey(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    private static let keyForm = LocalizedText(
        en: "An idempotency key has 1 to 255 printable characters.", fr: "Une clé d’idempotence compte de 1 à 255 caractères imprimables.")
}
