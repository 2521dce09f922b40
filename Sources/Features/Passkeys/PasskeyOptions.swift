internal import Kernel

/// Whether the site has passkeys, and for which address.
package struct PasskeyOptions: Sendable {
    /// Why there are none.
    package enum Absence: Sendable {
        /// `public-url` is not set.
        case noAddress
        /// Its host is an IP address, which no passkey can be for.
        case numeric

        var sentence: LocalizedText {
            switch self {
            case .noAddress:
                LocalizedText(
                    en: "Passkeys need the site’s address: the owner sets it as public-url.",
                    fr: "Les clés d’accès ont besoin de l’adresse du site : le propriétaire l’indique dans public-url.")
            case .numeric:
                LocalizedText(
                    en: "Passkeys need a host name, such as foyer.example: this site is reached by an IP address.",
                    fr: "Les clés d’accès ont besoin d’un nom d’hôte, comme foyer.example : ce site a pour adresse une adresse IP.")
            }
        }
    }

    /// Nil with the reason in `absence`.
    package let relyingParty: RelyingParty?
    let absence: Absence

    /// Why a setting cannot be used.
    package struct Fault: Error {
        package let sentence: String
    }

    /// - Parameters:
    ///   - publicURL: as browsers send it in `Origin`; nil where it is not set.
    ///   - id: the setting `passkey-rp-id`; nil for the host of the address.
    ///   - isAddress: whether a host is an IP address.
    /// - Throws: a sentence when the setting does not go with the address.
    package init(publicURL: String?, id: String?, isAddress: (String) -> Bool) throws(Fault) {
        guard let publicURL else {
            if id != nil { throw Fault(sentence: "--passkey-rp-id needs --public-url: passkeys are for one address.") }
            (relyingParty, absence) = (nil, .noAddress)
            return
        }
        let host = Self.host(of: publicURL)
        guard !host.hasPrefix("["), !isAddress(host) else {
            if id != nil {
                throw Fault(sentence: "--passkey-rp-id cannot go with the IP address in --public-url: passkeys need a host name.")
            }
            (relyingParty, absence) = (nil, .numeric)
            return
        }
        let chosen = id?.lowercased() ?? host
        guard chosen == host || (host.hasSuffix(".\(chosen)") && chosen.utf8.contains(UInt8(ascii: "."))) else {
            throw Fault(sentence: "--passkey-rp-id must be \(host), the host of --public-url, or a domain above it, not “\(chosen)”.")
        }
        (relyingParty, absence) = (RelyingParty(id: chosen, origin: publicURL), .noAddress)
    }

    private static func host(of url: String) -> String {
        let authority = url.utf8.drop { $0 != UInt8(ascii: "/") }.drop { $0 == UInt8(ascii: "/") }.prefix { $0 != UInt8(ascii: "/") }
        if authority.first == UInt8(ascii: "[") { return "[" }
        return String(own: authority.prefix { $0 != UInt8(ascii: ":") })
    }

    /// - Throws: 409 that says why there are none.
    func required() throws(Problem) -> RelyingParty {
        guard let relyingParty else { throw PasskeyProblems.unavailable(absence) }
        return relyingParty
    }
}
