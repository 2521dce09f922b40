/// A short name for a device from what its browser says of itself: `Firefox, Linux`.
enum DeviceLabel {
    /// Looked for in this order: most browsers claim to be others, too.
    private static let browsers = [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"),
        ("python", "Python"),
    ]
    private static let systems = [
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
    ]

    static func text(for userAgent: String) -> String {
        let parts = [find(browsers, in: userAgent), find(systems, in: userAgent)].compactMap { $0 }
        return parts.isEmpty ? String(userAgent.prefix(40)) : parts.joined(separator: ", ")
    }

    private static func find(_ names: [(String, String)], in userAgent: String) -> String? {
        names.first { userAgent.contains($0.0) }?.1
    }
}
