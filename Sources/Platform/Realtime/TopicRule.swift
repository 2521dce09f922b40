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
    /// Whether its events may be compressed: not where a secret and words of others may stand in one event.
    public let compresses: Bool
    /// Throws the reason why this reader may not listen; asked again whenever their rights change.
    public let check: @Sendable (_ scope: Scope, _ argument: String, _ filter: TopicFilter) throws(Problem) -> Void

    /// - Parameter name: ends with `:` for a family of topics; the rest of the topic is then the check's `argument`.
    public init(
        _ name: String, filterFields: Set<String> = [], wordFields: Set<String> = [], compresses: Bool = true,
        check: @escaping @Sendable (_ scope: Scope, _ argument: String, _ filter: TopicFilter) throws(Problem) -> Void
    ) {
        (self.name, self.isPrefix, self.filterFields) = (name, name.hasSuffix(":"), filterFields)
        (self.wordFields, self.compresses, self.check) = (wordFields, compresses, check)
    }

    /// A topic for those that hold one permission.
    public init(_ name: String, requires permission: Permission, filterFields: Set<String> = [], compresses: Bool = true) {
        self.init(name, filterFields: filterFields, compresses: compresses) { scope, _, _ throws(Problem) in try scope.require(permission) }
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
        exact = Dictionary(uniqueKeysWithValues: rules.filter { !$0.isPrefix }.map { ($0.name, $0) })
        prefixes = rules.filter(\.isPrefix).sorted { $0.name.utf8.count > $1.name.utf8.count }
    }

    /// Reads the filter and asks the topic's rule.
    /// - Throws: 404 for a topic that does not exist, 422 for a filter, 401 or 403 from the rule.
    func admit(_ scope: Scope, to topic: String, filter: JSON?) throws(Problem) -> TopicFilter {
        for rule in exact[topic].map({ [$0] }) ?? prefixes {
            guard let argument = rule.argument(of: topic) else { continue }
            let filter = try TopicFilter(filter, fields: rule.filterFields, words: rule.wordFields)
            try rule.check(scope, argument, filter)
            return filter
        }
        throw Problem(
            404, "unknown_topic", LocalizedText(en: "There is no topic “\(topic)”.", fr: "Le sujet « \(topic) » n’existe pas."))
    }

    /// A topic that nobody may listen to is not compressed either.
    func compresses(_ topic: String) -> Bool {
        if let rule = exact[topic] { return rule.compresses }
        return prefixes.first { $0.argument(of: topic) != nil }?.compresses ?? false
    }

    /// Asks again for a subscription that was admitted before.
    func check(_ scope: Scope, topic: String, filter: TopicFilter) throws(Problem) {
        for rule in exact[topic].map({ [$0] }) ?? prefixes {
            guard let argument = rule.argument(of: topic) else { continue }
            return try rule.check(scope, argument, filter)
        }
        throw .notFound
    }
}
