public import Bus
public import Kernel

/// Which topics exist, who may listen to them, and on which fields a subscription may filter.
public struct TopicRule: Sendable {
    /// `users`, or `user:` for every topic that begins so.
    public let name: String
    public let isPrefix: Bool
    /// The fields that a filter may name.
    public let filterFields: Set<String>
    /// The fields that are found by a part of their words.
    public let wordFields: Set<String>
    /// The permission that a filter on a field needs in addition to the topic's, for fields that reveal something of people.
    public let fieldPermissions: [String: Permission]
    /// Whether its events may be compressed: not where a secret and words of others may stand in one event.
    public let compresses: Bool
    /// Whether its events outlive the process.
    public let durability: Durability
    /// The topic that this one is a part of, by a value of one of its fields; nil for a topic of its own.
    public let part: Part?
    /// Loads into memory what `check` reads of a topic, when it is not there; nil for a check that reads nothing but the scope.
    ///
    /// Awaited before a subscription is made, resumed or checked again. The owner of the index calls `gateway.rightsChanged(users:)` when it changes.
    public let prepare: (@Sendable (_ scope: Scope, _ argument: String) async throws -> Void)?
    /// Which of the people that a filter names this reader may follow; nil: all of them. It must read memory only.
    public private(set) var visible: (@Sendable (_ scope: Scope, _ people: [UserID]) -> [UserID])?
    /// Throws the reason why this reader may not listen. Called again whenever their rights change, so it must read memory only.
    public private(set) var check: @Sendable (_ scope: Scope, _ argument: String, _ filter: TopicFilter) throws(Problem) -> Void

    /// A topic whose name is short for a filter of another: `presence:role:<id>` for `presence` with that `role`.
    public struct Part: Sendable {
        public let topic: String
        public let field: String

        public init(of topic: String, by field: String) { (self.topic, self.field) = (topic, field) }
    }

    /// - Parameter name: ends with `:` for a family of topics; the rest of the topic is then the check's `argument`.
    public init(
        _ name: String, filterFields: Set<String> = [], wordFields: Set<String> = [], fieldPermissions: [String: Permission] = [:],
        compresses: Bool = true,
        durability: Durability = .durable, part: Part? = nil,
        prepare: (@Sendable (_ scope: Scope, _ argument: String) async throws -> Void)? = nil,
        check: @escaping @Sendable (_ scope: Scope, _ argument: String, _ filter: TopicFilter) throws(Problem) -> Void
    ) {
        (self.name, self.isPrefix, self.filterFields) = (name, name.hasSuffix(":"), filterFields)
        (self.wordFields, self.fieldPermissions, self.compresses, self.check) = (wordFields, fieldPermissions, compresses, check)
        (self.durability, self.part, self.prepare) = (durability, part, prepare)
    }

    /// A topic for those that hold one permission.
    public init(_ name: String, requires permission: Permission, filterFields: Set<String> = [], compresses: Bool = true) {
        self.init(name, filterFields: filterFields, compresses: compresses) { scope, _, _ throws(Problem) in try scope.require(permission) }
    }

    /// The same rule, limited to the people whom the reader may follow; the others are left out of a filter without an error.
    ///
    /// The owner of the data that `visible` reads calls `gateway.rightsChanged(users:)` when a person hides.
    public func showing(_ visible: @escaping @Sendable (_ scope: Scope, _ people: [UserID]) -> [UserID]) -> TopicRule {
        var rule = self
        rule.visible = visible
        return rule
    }

    /// The same rule, of a topic that does not exist while the condition does not hold.
    public func available(while isOn: @escaping @Sendable () -> Bool) -> TopicRule {
        var rule = self
        rule.check = { [name, check] scope, argument, filter throws(Problem) in
            guard isOn() else { throw TopicRules.unknownTopic(name + argument) }
            try check(scope, argument, filter)
        }
        return rule
    }

    /// - Throws: the reason why this reader may not listen so: to this topic, or by one of these fields.
    func admit(_ scope: Scope, _ argument: String, _ filter: TopicFilter) throws(Problem) {
        try check(scope, argument, filter)
        for clause in filter.clauses { if let permission = fieldPermissions[clause.field] { try scope.require(permission) } }
    }

    /// The filter without the people of whom this reader may not hear.
    func narrowed(_ filter: TopicFilter, for scope: Scope) -> TopicFilter {
        guard let visible, let people = filter.people else { return filter }
        let shown = visible(scope, people.ids)
        return shown.count == people.count ? filter : filter.naming(WatchedPeople(shown))
    }

    /// The part after the prefix, or nil when the topic is another rule's.
    func argument(of topic: String) -> String? {
        if isPrefix { return topic.hasPrefix(name) && topic.utf8.count > name.utf8.count ? String(topic.dropFirst(name.count)) : nil }
        return topic == name ? "" : nil
    }
}

/// All the rules of a site.
public struct TopicRules: Sendable {
    private let exact: [String: TopicRule]
    /// The longest prefix first: `presence:role:` before `presence:`.
    private let prefixes: [TopicRule]

    public init(_ rules: [TopicRule]) {
        precondition(!rules.contains { $0.name == Self.durable }, "\(Self.durable) is no topic: it names the place in all of them")
        exact = Dictionary(uniqueKeysWithValues: rules.filter { !$0.isPrefix }.map { ($0.name, $0) })
        prefixes = rules.filter(\.isPrefix).sorted { $0.name.utf8.count > $1.name.utf8.count }
    }

    /// What `positions` names the one place in all durable topics.
    static let durable = "durable"

    /// The topics that are kept in memory alone.
    var volatile: [VolatileTopics] {
        (Array(exact.values) + prefixes).compactMap { rule in
            if case .volatile(let budget) = rule.durability { VolatileTopics(rule.name, budget: budget) } else { nil }
        }
    }

    private func rule(of topic: String) -> TopicRule? { exact[topic] ?? prefixes.first { $0.argument(of: topic) != nil } }

    func isDurable(_ topic: String) -> Bool { rule(of: topic)?.durability == .durable }

    /// Whether something is to be loaded before the topic's rule can be asked.
    func needsPreparation(_ topic: String) -> Bool { rule(of: topic)?.prepare != nil }

    /// Loads what the rules of some topics read. A topic that cannot be loaded for a reason of the reader's is left for its rule to refuse.
    /// - Throws: what is not the reader's fault: the database does not answer.
    func prepare(_ scope: Scope, _ topics: some Sequence<String>) async throws {
        for topic in topics {
            guard let rule = rule(of: topic), let argument = rule.argument(of: topic) else { continue }
            do { try await rule.prepare?(scope, argument) } catch let problem as Problem where problem.status < 500 { continue }
        }
    }

    /// Reads the filter and asks the topic's rule.
    ///
    /// - Returns: what is listened to, which for a part of another topic is that one with a filter.
    /// - Throws: 404 for a topic that does not exist, 422 for a filter, 401 or 403 from the rule.
    func admit(_ scope: Scope, to topic: String, filter: JSON?) throws(Problem) -> SubscriptionRequest {
        let (rule, argument, admitted) = try readFilter(of: topic, filter)
        try rule.admit(scope, argument, admitted)
        guard let part = rule.part else { return SubscriptionRequest(topic: topic, filter: rule.narrowed(admitted, for: scope)) }
        var fields = filter?.object ?? [:]
        fields[part.field] = .string(argument)
        return try admit(scope, to: part.topic, filter: .object(fields))
    }

    private func readFilter(of topic: String, _ filter: JSON?) throws(Problem) -> (TopicRule, argument: String, TopicFilter) {
        guard let rule = rule(of: topic), let argument = rule.argument(of: topic) else { throw Self.unknownTopic(topic) }
        return (rule, argument, try TopicFilter(filter, fields: rule.filterFields, words: rule.wordFields))
    }

    static func unknownTopic(_ topic: String) -> Problem {
        Problem(404, "unknown_topic", LocalizedText(en: "There is no topic “\(topic)”.", fr: "Le sujet « \(topic) » n’existe pas."))
    }

    /// Asks for what was listened to before.
    func readmit(_ scope: Scope, _ old: GatewaySession.Subscription) throws(Problem) -> GatewaySession.Subscription {
        if rule(of: old.topic)?.part != nil {
            let admitted = try admit(scope, to: old.topic, filter: nil)
            return GatewaySession.Subscription(id: old.id, topic: admitted.topic, filter: admitted.filter)
        }
        return try narrowed(scope, old)
    }

    /// The same before it is known whom the aliases stand for: the topic that ends with one is asked for again with the id.
    ///
    /// A rule that reads an index is asked once that is loaded.
    /// - Returns: the wish, whose aliases are few.
    func admitAliases(_ scope: Scope, to topic: String, filter: JSON?) throws(Problem) -> TopicAliases {
        guard !needsPreparation(topic) else {
            _ = try readFilter(of: topic, filter)
            return TopicAliases(topic: topic, filter: filter)
        }
        do {
            _ = try admit(scope, to: topic, filter: filter)
        } catch {
            guard error.code == Problem.notFound.code, TopicAliases.endsWithAlias(topic) else { throw error }
            _ = try readFilter(of: topic, filter)
        }
        return TopicAliases(topic: topic, filter: filter)
    }

    /// Asks again for what is listened to, and leaves out the people of whom the reader may not hear any more.
    func narrowed(_ scope: Scope, _ old: GatewaySession.Subscription) throws(Problem) -> GatewaySession.Subscription {
        try check(scope, topic: old.topic, filter: old.filter)
        guard let narrowed = rule(of: old.topic)?.narrowed(old.filter, for: scope), narrowed != old.filter else { return old }
        return GatewaySession.Subscription(id: old.id, topic: old.topic, filter: narrowed)
    }

    /// A topic that nobody may listen to is not compressed either.
    func compresses(_ topic: String) -> Bool {
        rule(of: topic)?.compresses ?? false
    }

    /// Asks again for a subscription that was admitted before.
    func check(_ scope: Scope, topic: String, filter: TopicFilter) throws(Problem) {
        guard let rule = rule(of: topic), let argument = rule.argument(of: topic) else { throw .notFound }
        try rule.admit(scope, argument, filter)
    }
}
