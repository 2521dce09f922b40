internal import HTTP
public import Kernel

extension Reply {
    /// The problem as `application/problem+json` (RFC 9457) in the reader's language; its private cause stays here.
    public init(_ problem: Problem, language: Language, requestID: String) {
        var object: JSONObject = [
            "type": .string("urn:foyer:problem:\(problem.code)"), "title": .string(HTTPResponseHead.reason(problem.status)),
            "status": JSON(problem.status), "code": .string(problem.code), "detail": .string(problem.detail(language)),
            "request_id": .string(requestID),
        ]
        if !problem.faults.isEmpty {
            object.append(
                "errors",
                .array(
                    problem.faults.map {
                        ["pointer": .string($0.pointer), "code": .string($0.code), "detail": .string($0.detail(language))]
                    }))
        }
        if let seconds = problem.retryAfter { object.append("retry_after", JSON(seconds)) }
        for (name, value) in problem.extensions { object.append(name, value) }
        self.init(status: problem.status, headers: ["Content-Type": "application/problem+json"], body: JSON.object(object).bytes)
        if let seconds = problem.retryAfter { headers["Retry-After"] = String(seconds) }
        if problem.status == 401 { headers["WWW-Authenticate"] = "Bearer" }
    }
}
