internal import Kernel

/// The kind of device that a `User-Agent` names, by a few rules of our own.
enum ClientClass: String, Sendable, CaseIterable {
    case desktop, mobile, tablet, bot, other

    init(userAgent: String) {
        let agent = Array(userAgent.utf8).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        if agent.isEmpty {
            self = .other
        } else if Self.has(agent, Self.bots) {
            self = .bot
        } else if Self.has(agent, ["ipad", "tablet", "kindle", "silk/", "playbook"])
            || Self.has(agent, ["android"]) && !Self.has(agent, ["mobile"])
        {
            self = .tablet
        } else if Self.has(agent, ["mobile", "iphone", "ipod", "android", "windows phone"]) {
            self = .mobile
        } else if Self.has(agent, ["windows nt", "macintosh", "x11", "linux", "cros "]) {
            self = .desktop
        } else {
            self = .other
        }
    }

    /// Parts of the names of crawlers, of libraries and of automated browsers.
    private static let bots: [StaticString] = [
        "bot", "crawl", "spider", "slurp", "headless", "phantomjs", "lighthouse", "facebookexternalhit", "preview", "monitor", "scrap",
        "archiver", "feedfetcher", "python", "curl/", "wget/", "go-http", "okhttp", "libwww", "java/", "http-client", "httpclient",
    ]

    private static func has(_ agent: [UInt8], _ words: [StaticString]) -> Bool {
        words.contains { word in
            word.withUTF8Buffer { word in
                guard agent.count >= word.count else { return false }
                return (0...agent.count - word.count).contains { start in
                    (0..<word.count).allSatisfy { agent[start + $0] == word[$0] }
                }
            }
        }
    }

    /// The version that a client names: at most 40 letters, digits and `._/-`; nil for anything else.
    static func version(_ text: String?) -> String? {
        guard let text, (1...40).contains(text.utf8.count) else { return nil }
        let isPlain = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || "._/-".utf8.contains(byte)
        }
        return isPlain ? text : nil
    }
}
