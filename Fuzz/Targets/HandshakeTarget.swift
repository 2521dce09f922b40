internal import HTTP

extension FuzzTarget {
    /// The fields of an opening handshake: an acceptance answers only what was offered.
    static let handshake = FuzzTarget(
        "handshake",
        files: [
            "Platform/HTTP/WebSocketHandshake.swift", "Platform/HTTP/WebSocketExtension.swift", "Platform/HTTP/WebSocketCompression.swift",
            "Platform/HTTP/SHA1.swift",
        ],
        words: [
            "permessage-deflate", "; ", "server_max_window_bits", "client_max_window_bits", "=15", "=\"10\"", "server_no_context_takeover",
            "client_no_context_takeover", ", ", "\\",
        ]
    ) { bytes in
        // One line a field; a line that begins with an exclamation mark is the key.
        let lines = bytes.split(separator: 0x0A, maxSplits: 8).map { String(decoding: $0, as: UTF8.self) }
        var request = HTTPRequest(method: .get, target: "/")
        request.headers = ["Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"]
        let key = lines.first { $0.hasPrefix("!") }.map { String($0.dropFirst()) } ?? "dGhlIHNhbXBsZSBub25jZQ=="
        request.headers.append("Sec-WebSocket-Key", key)
        let offers = lines.filter { !$0.hasPrefix("!") }
        for offer in offers { request.headers.append("Sec-WebSocket-Extensions", offer) }
        do {
            let acceptance = try WebSocketHandshake.accept(request, compresses: true)
            let answer = acceptance.headers["Sec-WebSocket-Extensions"]
            try hold((answer != nil) == (acceptance.compression != nil), "an answer without an agreement")
            try hold(answer == nil || offers.contains { $0.lowercased().contains("permessage-deflate") }, "an answer without an offer")
            let bits = answer.map { $0.contains("server_max_window_bits") } ?? false
            try hold(!bits || offers.contains { $0.lowercased().contains("server_max_window_bits") }, "a window that was not asked for")
            try hold((acceptance.compression?.largestMessage ?? 256) >= 256, "a window below 256 bytes")
            try hold(acceptance.headers["Sec-WebSocket-Accept"]?.utf8.count == 28, "a proof that is not 20 bytes")
        } catch let refusal as WebSocketHandshake.Refusal {
            try hold([400, 426].contains(refusal.response.status), "refused with \(refusal.response.status)")
        }
    }
}
