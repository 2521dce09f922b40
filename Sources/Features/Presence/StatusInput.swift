internal import Directory
internal import Kernel

/// A wish to change what one shows, read and checked; what it does not name stays.
struct StatusInput: Sendable {
    private enum Wish: String, CaseIterable { case online, idle, dnd, invisible, offline }

    /// What a field is to become.
    private enum Field<Value: Sendable>: Sendable {
        case keep
        case set(Value?)
    }

    private var status: ChosenPresence.Status?
    private var message = Field<String>.keep
    private var emoji = Field<String>.keep
    private var expiresAt = Field<Timestamp>.keep
    private var activity = Field<JSONObject>.keep
    /// Seconds that a device's clock may be ahead of ours.
    private static let clockDifference: Int64 = 60

    /// Whether this device is without input; gateway only.
    let idle: Bool?

    /// - Parameter allowsIdle: whether the frame may say that the device is idle.
    /// - Throws: 422 with every fault.
    init(_ body: JSON, at now: Timestamp, allowsIdle: Bool = false) throws(Problem) {
        var input = try Input(body)
        // `offline` is how a person says that they want to be seen as absent.
        let wish = input.choice("status", Wish.self)
        status = wish.flatMap { $0 == .offline ? .invisible : ChosenPresence.Status(rawValue: $0.rawValue) }
        if input.has("status_message") { message = .set(input.name("status_message", length: 0...128).nonEmpty) }
        if input.has("status_emoji") { emoji = .set(input.name("status_emoji", length: 0...32).nonEmpty) }
        if input.has("status_expires_at") {
            let time = input.time("status_expires_at")
            if let time, time <= now {
                input.fail(
                    "status_expires_at", "past", LocalizedText(en: "A time to come is expected.", fr: "Une date à venir est attendue."))
            }
            expiresAt = .set(time)
        }
        try Self.readActivity(&input, &activity, now)
        idle = allowsIdle ? input.bool("idle") : nil
        try input.finish()
    }

    private static func readActivity(_ input: inout Input, _ activity: inout Field<JSONObject>, _ now: Timestamp) throws(Problem) {
        if input.has("activity_name") {
            let name = input.name("activity_name", length: 0...128).nonEmpty
            activity = .set(name.map { ["name": .string($0), "started_at": JSON(now)] })
        }
        guard input.has("activity") else { return }
        guard let value = input.raw("activity"), !value.isNull else {
            activity = .set(nil)
            return
        }
        var inner: Input
        do {
            inner = try Input(value, at: "/activity")
        } catch {
            for fault in error.faults { input.fail("activity", fault.code, fault.detail) }
            return
        }
        var object = JSONObject()
        object.append("name", JSON(inner.name("name", length: 1...128, required: true)))
        object.append("kind", JSON(inner.name("kind", length: 0...32).nonEmpty))
        object.append("icon", JSON(inner.icon("icon", length: 0...512).nonEmpty))
        object.append("details", JSON(inner.name("details", length: 0...256).nonEmpty))
        let start = inner.time("started_at") ?? now
        if start > now.adding(seconds: Self.clockDifference) {
            inner.fail("started_at", "future", LocalizedText(en: "This is in the future.", fr: "Cette date est dans le futur."))
        }
        object.append("started_at", JSON(min(start, now)))
        try inner.finish()
        activity = .set(object)
    }

    /// Whether it wishes for anything that is stored.
    var isChoice: Bool {
        if status != nil { return true }
        if case .set = message { return true }
        if case .set = emoji { return true }
        if case .set = expiresAt { return true }
        if case .set = activity { return true }
        return false
    }

    /// What is to be stored; nil when that changes nothing.
    func choice(over before: ChosenPresence, at now: Timestamp) -> ChosenPresence? {
        var after = applied(to: before)
        guard after != before else { return nil }
        // The version is public: what nobody may see must not move it.
        let isHidden = after.status == .invisible
        after.frozen = isHidden ? before.shownMessage : nil
        after.apparentStatus = isHidden ? (before.status == .invisible ? before.apparentStatus : before.status) : nil
        if !isHidden { after.version = max(before.version + 1, now.milliseconds) }
        return after
    }

    private func applied(to old: ChosenPresence) -> ChosenPresence {
        var new = old
        if let status { new.status = status }
        if case .set(let text) = message {
            new.message = text
            // A new message does not take over the old one's end.
            if text != old.message { new.messageExpiresAt = nil }
        }
        if case .set(let text) = emoji { new.emoji = text }
        if case .set(let time) = expiresAt { new.messageExpiresAt = time }
        if new.message == nil && new.emoji == nil { new.messageExpiresAt = nil }
        if case .set(let activity) = activity {
            // The same activity again goes on since when it began.
            let isSame = activity?.count == 2 && activity?["name"] != nil && activity?["name"] == old.activity?["name"]
            if !isSame { new.activity = activity }
        }
        return new
    }
}

extension String? {
    fileprivate var nonEmpty: String? { self?.isEmpty ?? true ? nil : self }
}
