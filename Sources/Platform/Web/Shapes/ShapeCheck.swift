public import HTTP
internal import Kernel

/// One request with its answer, as an observer of the tests sees it.
public struct Exchange: Sendable {
    public let route: Route
    let parameters: [String: String]
    public let request: HTTPRequest
    public let reply: Reply

    /// What of it the route's declared shape does not say: a sentence for each, none when all is as declared.
    ///
    /// An answer must be declared. A request that succeeded must be declared, since what was refused may be anything. What is declared must not be
    /// refused as unknown.
    public var faults: [String] {
        let shape = route.shape
        let found = answerFaults(shape) + (reply.status < 300 ? requestFaults(shape) : unknownFaults(shape))
        return found.map { "\(route.method) \(route.path), \(reply.status): \($0)" }
    }

    // MARK: The answer

    private func answerFaults(_ shape: RouteShape) -> [String] {
        let isPage = reply.status >= 400 && shape.answers.contains { $0.status == reply.status && $0.media == "text/html" }
        return reply.status >= 400 && !isPage ? problemFaults(shape) : successFaults(shape)
    }

    private func successFaults(_ shape: RouteShape) -> [String] {
        let media = reply.headers["Content-Type"].map { String($0.prefix { $0 != ";" }) }
        let sameStatus = shape.answers.filter { $0.status == reply.status }
        guard !sameStatus.isEmpty else { return ["the status is not declared"] }
        guard let answer = sameStatus.first(where: { $0.media == media || $0.media == "*/*" && media != nil }) else {
            return ["the media type \(media ?? "none") is not declared"]
        }
        var faults: [String] = []
        if answer.isTagged != (reply.headers["ETag"] != nil), reply.status != 304 {
            faults.append(answer.isTagged ? "the declared ETag is absent" : "the ETag is not declared")
        }
        if let body = answer.body { faults += jsonFaults(body, reply.body) }
        if answer.media == nil, !reply.body.isEmpty { faults.append("a body is not declared") }
        return faults
    }

    private func problemFaults(_ shape: RouteShape) -> [String] {
        guard reply.headers["Content-Type"] == "application/problem+json" else { return ["a refusal is no problem"] }
        do {
            let problem = try JSONParser.parse(reply.body)
            let refusal = RouteShape.Refusal(reply.status, problem["code"]?.string ?? "")
            let isDeclared = route.refusals.contains(refusal)
            return (isDeclared ? [] : ["the refusal \(refusal.code) is not declared"]) + ProblemShape.shape.faults(in: problem)
        } catch {
            return ["the problem is no JSON"]
        }
    }

    private func jsonFaults(_ shape: Shape, _ bytes: [UInt8]) -> [String] {
        do { return shape.faults(in: try JSONParser.parse(bytes)) } catch { return ["the body is no JSON"] }
    }

    // MARK: The request

    private func requestFaults(_ shape: RouteShape) -> [String] {
        var faults: [String] = []
        for name in route.parameterNames {
            faults += shape.parameter(name).faults(inParameter: parameters[name] ?? "", "{\(name)}")
        }
        let declared = Dictionary(shape.query.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
        for (name, value) in PercentCoding.decodeForm(request.query ?? "") ?? [] where !value.isEmpty {
            faults += declared[name].map { $0.faults(inParameter: value, "?\(name)") } ?? ["?\(name) is not declared"]
        }
        for field in shape.query where field.isRequired && !(request.query ?? "").contains(field.name) {
            faults.append("?\(field.name) is declared as required, and was not needed")
        }
        return faults + bodyFaults(shape)
    }

    private func bodyFaults(_ shape: RouteShape) -> [String] {
        guard !request.body.isEmpty else {
            if case .json? = shape.body { return ["the declared body was not needed"] }
            return []
        }
        if case .bytes? = shape.body { return [] }
        do {
            guard case .object(var body) = try JSONParser.parse(request.body) else { return ["the body is no object"] }
            body["request_id"] = nil
            guard let declared = shape.body?.shape else { return body.isEmpty ? [] : ["a body is not declared"] }
            return declared.faults(in: .object(body))
        } catch {
            return ["the body is no JSON"]
        }
    }

    /// Names that the description promises and the route does not know.
    private func unknownFaults(_ shape: RouteShape) -> [String] {
        // A long poll or a stream at the same path takes fewer parameters than the page.
        let asksForEvents = request.query?.contains("after=") ?? false
        guard reply.status == 422, !reply.body.isEmpty, !asksForEvents else { return [] }
        do {
            let problem = try JSONParser.parse(reply.body)
            let unknown = (problem["errors"]?.array ?? []).filter { $0["code"]?.string == "unknown" }.compactMap { $0["pointer"]?.string }
            let known = Set(shape.query.map { "?\($0.name)" }).union((shape.body?.shape?.memberNames ?? []).map { "/\($0)" })
            return unknown.filter(known.contains).map { "\($0) is declared, and unknown to the route" }
        } catch {
            return []
        }
    }
}

/// The body of every refusal (RFC 9457).
enum ProblemShape {
    static let fault = Shape.object(["pointer": .text, "code": .text, "detail": .text])

    /// Members that a code adds are described with it.
    static let shape = Shape.named(
        "Problem",
        .object([
            "type": .text, "title": .text, "status": .integer(400...599), "code": .text.described("Stable, for programs."),
            "detail": .text.described("For people, in the language of `Accept-Language`."), "request_id": .text,
            "errors": .list(of: fault).optional, "retry_after": .integer.described("Seconds.").optional,
            "methods": .list(of: .text).optional, "passkey": Shape.any.optional, "part": .text.optional, "address": .text.optional,
            "permission": .text.optional, "scope": .text.optional, "permissions": .list(of: .text).optional, "reason": .text.optionalOrNull,
            "banned_until": .timestamp.optionalOrNull, "until": .timestamp.optionalOrNull, "sanction_id": Shape.id.optional,
            "appeal_token": Shape.text.optional.described("Lets a banned person appeal."),
            "assignee": Shape.any.optional.described("Who has taken the case."),
            "rules_version": .integer.optional, "id": .text.optional,
            "filter": Shape.text.optional.described("The filter that refused the text."), "found": .text.optional,
            "heirs": .list(of: .text).optional, "topic": .text.optional,
            "position": Shape.integer.optional.described("Where in an expression the fault is, in characters."),
            "length": .integer.optional,
        ]))
}
