/// The opening handshake's checks and its one computation (RFC 6455, 4.2).
public enum WebSocketHandshake {
    /// Why an upgrade is refused: the whole response to give.
    public struct Refusal: Error, Sendable {
        public let response: HTTPResponse
    }

    /// What is agreed with the client.
    public struct Acceptance: Sendable {
        /// The fields of the 101 response, without those the application adds.
        public var headers: HTTPHeaders
        public var compression: WebSocketCompression?
    }

    public static func accept(_ request: HTTPRequest, compresses: Bool = false) throws(Refusal) -> Acceptance {
        guard request.isWebSocketUpgrade, !request.hasBody else { throw refusal(400, "this is not a WebSocket handshake") }
        guard request.headers.values("Sec-WebSocket-Version") == ["13"] else {
            var response = HTTPResponse(HTTPFailure(426, "WebSocket version 13 is spoken here"))
            response.headers.append("Sec-WebSocket-Version", "13")
            throw Refusal(response: response)
        }
        let keys = request.headers.values("Sec-WebSocket-Key")
        guard keys.count == 1, let key = keys.first, Base64.decode(key)?.count == 16 else {
            throw refusal(400, "Sec-WebSocket-Key must be 16 bytes in base64")
        }
        var acceptance = Acceptance(
            headers: ["Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": acceptValue(for: key)])
        let offers: [WebSocketExtension]
        do throws(WebSocketExtension.Malformed) {
            offers = try WebSocketExtension.list(request.headers.values("Sec-WebSocket-Extensions"))
        } catch {
            throw refusal(400, "Sec-WebSocket-Extensions is not a list of extensions")
        }
        if compresses, let (agreed, answer) = WebSocketCompression.accept(offers) {
            acceptance.compression = agreed
            acceptance.headers.append("Sec-WebSocket-Extensions", answer)
        }
        return acceptance
    }

    /// What proves that a server read the key.
    public static func acceptValue(for key: String) -> String {
        Base64.encode(SHA1.digest(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)))
    }

    private static func refusal(_ status: Int, _ text: String) -> Refusal {
        Refusal(response: HTTPResponse(HTTPFailure(status, text)))
    }
}
