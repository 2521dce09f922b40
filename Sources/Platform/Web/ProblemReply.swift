internal import HTTP
public import Kernel

extension Reply {
    /// The problem as `application/problem+json` (RFC 9457) in the reader's language; its private cause stays here.
    public init(_ problem: Problem, language: Language, requestID: String) {
        var object: JSONObject = [
            "type": .string("urn:foyer:problem:\(problem.code)"), "title": .string(HTTPResponseHead.reason(problem.status)),
            "status": JSON(problem.status), "request_id": .string(requestID),
        ]
        problem.emit(&object, in: language)
        self.init(status: problem.status, headers: ["Content-Type": "application/problem+json"], body: JSON.object(object).bytes)
        if let seconds = problem.retryAfter { headers["Retry-After"] = String(seconds) }
        if problem.status == 401 { headers["WWW-Authenticate"] = "Bearer" }
    }
}
