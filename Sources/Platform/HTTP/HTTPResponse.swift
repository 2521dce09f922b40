/// An answer with its whole body; how it is framed is the connection's business.
public struct HTTPResponse: Sendable {
    public var status: Int
    /// Content-Length, Transfer-Encoding, Connection and Date are the connection's: set here, they are left out (but see `HTTPResponseHead`).
    public var headers: HTTPHeaders
    public var body: [UInt8]

    public init(status: Int = 200, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A short plain text.
    public init(status: Int, text: String) {
        self.init(status: status, headers: ["Content-Type": "text/plain; charset=utf-8"], body: Array(text.utf8))
    }

    /// Why a request was refused before any handler saw it, in the form of the API's problems (RFC 9457).
    public init(_ failure: HTTPFailure) {
        let title = HTTPResponseHead.reason(failure.status)
        let code = failure.status == 400 ? "malformed" : title.lowercased().split(separator: " ").joined(separator: "_")
        let id = String(UInt64.random(in: .min ... .max), radix: 36)
        let name = String(repeating: "0", count: 13 - id.utf8.count) + id
        let text = """
            {"type":"urn:foyer:problem:\(code)","title":"\(title)","status":\(failure.status),"code":"\(code)",\
            "detail":"\(failure.reason)","request_id":"\(name)"}
            """
        self.init(
            status: failure.status, headers: ["Content-Type": "application/problem+json", "X-Request-Id": name], body: Array(text.utf8))
    }
}
