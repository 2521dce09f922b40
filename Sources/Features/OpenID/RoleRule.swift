internal import Kernel

/// Gives a role to those whose claim has a value.
struct RoleRule: Sendable, Hashable {
    /// The name of the claim; dots lead into objects, as in `realm_access.roles`.
    let claim: String
    let value: String
    let role: RoleID

    static let limit = 50

    /// Whether the claims of somebody have the value: as the claim itself, or as an element of its list.
    func holds(in claims: JSONObject) -> Bool {
        guard let found = Self.find(claim, in: claims) else { return false }
        switch found {
        case .array(let elements): return elements.prefix(1000).contains { Self.text($0)?.hasSameBytes(as: value) ?? false }
        default: return Self.text(found)?.hasSameBytes(as: value) ?? false
        }
    }

    private static func text(_ value: JSON) -> String? {
        switch value {
        case .string(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        default: nil
        }
    }

    /// A claim may have dots in its own name, such as an address: the whole name comes first.
    private static func find(_ path: String, in claims: JSONObject) -> JSON? {
        if let whole = claims[path] { return whole }
        var place: JSON = .object(claims)
        for part in path.utf8.split(separator: UInt8(ascii: "."), maxSplits: 7, omittingEmptySubsequences: false) {
            guard let next = place[String(own: part)] else { return nil }
            place = next
        }
        return place
    }

    var json: JSON { ["claim": .string(claim), "value": .string(value), "role": JSON(role)] }

    init(claim: String, value: String, role: RoleID) { (self.claim, self.value, self.role) = (claim, value, role) }

    init?(stored: JSON) {
        guard let claim = stored["claim"]?.string, let value = stored["value"]?.string,
            let role = stored["role"]?.string.flatMap({ RoleID(uuid: $0) })
        else { return nil }
        self.init(claim: claim, value: value, role: role)
    }
}
