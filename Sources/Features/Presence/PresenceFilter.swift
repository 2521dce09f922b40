internal import Directory
internal import Kernel
internal import Web

/// What of the presences a reader wants: the same words for the snapshot, its streams and a subscription.
struct PresenceFilter: Sendable {
    /// Shown statuses that are wanted.
    let statuses: Set<ShownStatus>
    /// An id, or `role_<name>`.
    let role: String?
    /// Ids, `me` or `u_<username>`.
    let people: [String]?
    /// A part of a name or of an activity's name, folded.
    let text: String?
    private let part: [UInt8]?
    /// As the query says it, for a subscription.
    private let status: JSONObject

    init(_ query: inout Query) {
        role = query.string("role")
        people = query.list("user_id", maximum: 200)
        text = query.string("text", maximum: 100)?.searchFold
        part = text.map { Array($0.utf8) }
        let names = query.list("status", maximum: ShownStatus.allCases.count)
        let online = query.bool("online")
        var wanted = Set(ShownStatus.allCases)
        var status = JSONObject()
        if let names {
            wanted = Set(names.compactMap(ShownStatus.init(rawValue:)))
            if wanted.count < Set(names).count {
                let list = ShownStatus.allCases.map(\.rawValue).joined(separator: ", ")
                query.fail("status", "choice", LocalizedText(en: "Of these: \(list).", fr: "Parmi ces valeurs : \(list)."))
            }
            status.append("in", .array(names.map { .string($0) }))
        }
        if let online {
            wanted = wanted.filter { ($0 != .offline) == online }
            status.append(online ? "!=" : "=", .string(ShownStatus.offline.rawValue))
        }
        (statuses, self.status) = (wanted, status)
    }

    /// Whether nobody absent can be among the answer.
    var wantsPresent: Bool { !statuses.contains(.offline) }

    func admits(_ status: ShownStatus) -> Bool { statuses.contains(status) }

    /// - Parameter name: both names, folded.
    func admits(_ view: PresenceView, name: String) -> Bool {
        guard admits(view.status) else { return false }
        guard let part else { return true }
        return name.contains(bytes: part) || view.searchedActivity?.contains(bytes: part) ?? false
    }

    /// The same as a subscription's filter; nil for everything.
    var json: JSON? {
        var filter = JSONObject()
        if !status.isEmpty { filter.append("status", .object(status)) }
        if let role { filter.append("role", .string(role)) }
        if let people { filter.append("user_id", ["in": .array(people.map { .string($0) })]) }
        if let text { filter.append("text", .string(text)) }
        return filter.isEmpty ? nil : .object(filter)
    }
}

extension PresenceView {
    /// The name of what they do, as a search compares it.
    var searchedActivity: String? { activityName?.searchFold }
}
