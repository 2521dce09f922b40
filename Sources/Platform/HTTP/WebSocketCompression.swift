/// permessage-deflate (RFC 7692) as agreed with a client.
///
/// Neither side carries its window from one message to the next: a connection owns no memory for it, a message is compressed once for all
/// its receivers, and none can be guessed from the length of another.
public struct WebSocketCompression: Sendable, Equatable {
    /// The client keeps two to the power of this many bytes of what it expands, at most 15.
    let windowBits: UInt8

    /// What a message may hold to be sent compressed: within it no distance passes the client's window.
    public var largestMessage: Int { windowBits == 15 ? Int.max : 1 << Int(windowBits) }

    /// Takes the first offer that it understands whole, as a server.
    /// - Returns: nil when there is none; then nothing is compressed.
    static func accept(_ offers: [WebSocketExtension]) -> (agreed: WebSocketCompression, answer: String)? {
        for offer in offers where ASCII.lowercased(offer.name) == "permessage-deflate" {
            guard let parameters = Parameters(offer) else { continue }
            var answer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
            if let bits = parameters.serverWindowBits { answer += "; server_max_window_bits=\(bits)" }
            return (WebSocketCompression(windowBits: parameters.serverWindowBits ?? 15), answer)
        }
        return nil
    }

    /// An offer's parameters, of which each may stand once, with a value where the RFC gives it one.
    private struct Parameters {
        private(set) var serverWindowBits: UInt8?

        init?(_ offer: WebSocketExtension) {
            var seen: Set<String> = []
            for parameter in offer.parameters {
                let name = ASCII.lowercased(parameter.name)
                guard seen.insert(name).inserted else { return nil }
                switch (name, parameter.value) {
                case ("server_no_context_takeover", nil), ("client_no_context_takeover", nil), ("client_max_window_bits", nil): break
                case ("client_max_window_bits", let value?): guard Self.bits(value) != nil else { return nil }
                case ("server_max_window_bits", let value?):
                    guard let bits = Self.bits(value) else { return nil }
                    serverWindowBits = bits
                default: return nil
                }
            }
        }

        /// 8 to 15, without leading zeros or signs.
        private static func bits(_ value: String) -> UInt8? {
            guard let bits = UInt8(value), (8...15).contains(bits), String(bits) == value else { return nil }
            return bits
        }
    }
}
