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
}
