import Kernel
import SiteSupport
import Testing

/// The conversations as a device keeps them: read once, then changed by events only.
struct ModelClient {
    struct Message: Equatable {
        var id = ""
        var author = ""
        var content = ""
        var kind = ""
        var version: Int64 = 0
        var isDeleted = false
        var isPinned = false
        var calls = false
        var reactions: [String: Int64] = [:]
    }

    struct Place: Equatable {
        var name: String?
        var members: [String] = []
        var readSeq: Int64 = 0
        var messages: [Int64: Message] = [:]
        var receipts: [String: Int64] = [:]
    }

    let talker: TestUser
    let channel: String
    var places: [String: Place] = [:]
    /// The last offset of the outbox whose events it took.
    var position: Int64 = 0
    /// Conversations that events named and that it has not read yet.
    private var isNew: Set<String> = []

    var me: String { talker.id.uuid }

    init(_ talker: TestUser, channel: String) { (self.talker, self.channel) = (talker, channel) }

    // MARK: Reading

    /// Everything, read from the server.
    func fresh() async throws -> [String: Place] {
        var places: [String: Place] = [:]
        for item in try await talker.items("/conversations?limit=200") {
            let id = item["id"]?.string ?? ""
            places[id] = try await read(id, item)
        }
        places[channel] = try await read(channel, try await talker.conversation(channel))
        return places
    }

    private func read(_ id: String, _ item: JSON) async throws -> Place {
        var place = Place()
        place.take(item)
        place.readSeq = item["read_seq"]?.integer ?? 0
        for message in try await talker.items("/conversations/\(id)/messages?limit=200") { place.take(message, isFresh: true, me) }
        for receipt in try await talker.items("/conversations/\(id)/receipts") {
            // A receipt at 0 is the same as none.
            if let seq = receipt["read_seq"]?.integer, seq > 0 { place.receipts[receipt["user_id"]?.string ?? ""] = seq }
        }
        // The counts of the server must be those of its messages.
        #expect(item["unread"] == .integer(place.unread(for: me)), "unread of \(id)")
        #expect(item["mentions"] == .integer(place.mentions(for: me)), "mentions of \(id)")
        #expect(item["last_seq"] == .integer(Int64(place.messages.count)), "a place is empty in \(id)")
        #expect(item["gaps"] == .integer(Int64(place.messages.values.filter { $0.isDeleted || $0.kind == "system" }.count)))
        return place
    }

    /// Reads everything, and follows events from then on.
    mutating func start() async throws {
        position = try await talker.site.offset
        (places, isNew) = (try await fresh(), [])
    }

    /// Takes the missed events, and reads new conversations.
    mutating func catchUp() async throws {
        let head = try await talker.site.offset
        for event in try await talker.delivered(after: position) { apply(event.type, event.members) }
        for event in try await talker.site.events(after: position, on: "conversation:\(channel)") { apply(event.type, event.members) }
        position = head
        for id in isNew.sorted() {
            let answer = try await talker.send("GET", "/conversations/\(id)")
            places[id] = answer.status == 200 ? try await read(id, answer.json) : nil
        }
        isNew = []
    }

    // MARK: Events

    private mutating func apply(_ type: String, _ event: JSON) {
        let id = (event["conversation_id"] ?? event["message"]?["conversation_id"] ?? event["conversation"]?["id"])?.string ?? ""
        if type == "conversation.left" {
            (places[id], _) = (nil, isNew.remove(id))
            return
        }
        if type == "receipt.hidden" {
            for place in places.keys { places[place]?.receipts[event["user_id"]?.string ?? ""] = nil }
            return
        }
        guard places[id] != nil, type != "conversation.created" else {
            if type.hasPrefix("conversation.") || type.hasPrefix("message.") { isNew.insert(id) }
            return
        }
        let me = me
        switch type {
        case "conversation.updated": places[id]?.take(event["conversation"] ?? .null)
        case "message.created": places[id]?.take(event["message"] ?? .null, isFresh: true, me)
        case "message.updated", "message.deleted": places[id]?.take(event["message"] ?? .null, isFresh: false, me)
        case "reaction.changed":
            places[id]?.react(event["message_id"]?.string ?? "", event["reactions"])
        case "read.updated": places[id]?.readSeq = event["read_seq"]?.integer ?? 0
        case "receipt.updated":
            for receipt in event["receipts"]?.array ?? [] {
                let user = receipt["user_id"]?.string ?? ""
                guard user != me else { continue }
                let known = places[id]?.receipts[user] ?? 0
                places[id]?.receipts[user] = max(known, receipt["read_seq"]?.integer ?? 0)
            }
        default: break
        }
    }
}

extension ModelClient.Place {
    mutating func take(_ conversation: JSON) {
        // An event of the person's own settings has no kind.
        guard conversation["kind"] != nil else { return }
        name = conversation["name"]?.string
        members = (conversation["members"]?.array ?? []).compactMap { $0["id"]?.string }.sorted()
        let there = Set(members)
        receipts = receipts.filter { there.contains($0.key) }
    }

    /// - Parameter isFresh: whether it includes the reactions.
    mutating func take(_ json: JSON, isFresh: Bool, _ me: String) {
        let seq = json["seq"]?.integer ?? 0
        var message = messages[seq] ?? ModelClient.Message()
        guard let version = json["version"]?.integer, version >= message.version else { return }
        let mentions = json["mentions"]
        message.id = json["id"]?.string ?? ""
        (message.author, message.content) = (json["author_id"]?.string ?? "", json["content"]?.string ?? "")
        (message.kind, message.version) = (json["kind"]?.string ?? "", version)
        (message.isDeleted, message.isPinned) = (json["deleted_at"] != .null, json["pinned_at"] != .null)
        message.calls = mentions?["everyone"] == true || mentions?["users"]?.array?.contains { $0["id"]?.string == me } == true
        if isFresh { message.reactions = Self.reactions(json["reactions"]) }
        if message.isDeleted { message.reactions = [:] }
        messages[seq] = message
    }

    mutating func react(_ id: String, _ reactions: JSON?) {
        guard let seq = messages.first(where: { $0.value.id == id })?.key, messages[seq]?.isDeleted == false else { return }
        messages[seq]?.reactions = Self.reactions(reactions)
    }

    private static func reactions(_ json: JSON?) -> [String: Int64] {
        (json?.array ?? []).reduce(into: [:]) { $0[$1["emoji"]?.string ?? ""] = $1["count"]?.integer }
    }

    private func waiting(for me: String) -> [ModelClient.Message] {
        messages.filter { $0.key > readSeq }.values.filter { $0.kind == "text" && $0.author != me && !$0.isDeleted }
    }

    func unread(for me: String) -> Int64 { Int64(waiting(for: me).count) }
    func mentions(for me: String) -> Int64 { Int64(waiting(for: me).filter(\.calls).count) }
}
