package import Kernel

/// The limits of what a request for a sanction says.
package enum SanctionLimits {
    /// How long a temporary sanction may last, in seconds.
    package static let seconds: ClosedRange<Int64> = 1...3_153_600_000
    /// Characters.
    package static let (reason, note, link) = (500, 2000, 500)
    /// Links of the evidence.
    package static let links = 20
}

extension Input {
    /// `evidence`: links, none when it is left out.
    package mutating func sanctionEvidence() -> [String] {
        let links = strings("evidence", count: 0...SanctionLimits.links, length: 1...SanctionLimits.link) ?? []
        for (index, link) in links.enumerated() where !link.hasPrefix("https://") && !link.hasPrefix("http://") {
            fail(
                "evidence", at: index, "invalid",
                LocalizedText(en: "Link \(index + 1) is not a web address.", fr: "Le lien \(index + 1) n’est pas une adresse web."))
        }
        return links
    }
}
