package import Kernel

package enum TextFilterEntity {}
package typealias TextFilterID = ID<TextFilterEntity>

/// A rule about what people write, as the team sets it.
package struct TextFilter: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Words of a list, in any text.
        case words
        /// Addresses of links, in any text.
        case links
        /// Mentions in one message.
        case mentions
        /// The same message again.
        case repeats
        /// Messages of one person within a time.
        case rate
        /// Names of files sent with a message.
        case files

        /// Whether it counts what its author sent before.
        var countsMessages: Bool { self == .repeats || self == .rate }
    }

    /// What happens to a text that a filter hits; several can be combined.
    package enum Action: String, Sendable, CaseIterable {
        /// Refused; the person gets the text back.
        case block
        /// A message is kept, hidden, until the team has decided. Other texts are refused.
        case hide
        /// A case for the team.
        case report
        case warn
        case mute
    }

    /// How a list of domains or of endings is meant.
    package enum Mode: String, Sendable, CaseIterable {
        /// What the list names is hit.
        case deny
        /// What the list does not name is hit.
        case allow
    }

    package var id: TextFilterID
    /// Unique; shown to the people whose text is refused.
    package var name: String
    package var kind: Kind
    package var isEnabled = true
    package var actions: [Action]
    /// Of a mute, in seconds.
    package var seconds: Int64 = 3600
    /// The category of a report, which gives its severity.
    package var category: String
    package var exemptRoles: [RowID] = []
    package var exemptChannels: [ConversationID] = []
    /// Words, domains, or endings of file names.
    package var list: [String] = []
    package var mode = Mode.deny
    /// Mentions that are allowed in a message; the same message, or messages, that are allowed within the time.
    package var count: Int64 = 5
    /// Seconds.
    package var within: Int64 = 60
    /// Whose rights its sanctions have.
    package var author: UserID?
    package var version: Int64 = 1

    package init(id: TextFilterID, name: String, kind: Kind, actions: [Action], category: String, author: UserID?) {
        (self.id, self.name, self.kind, self.actions) = (id, name, kind, actions)
        (self.category, self.author) = (category, author)
    }

    package func does(_ action: Action) -> Bool { isEnabled && actions.contains(action) }

    /// Whether a text is refused; only messages can be hidden.
    package func refuses(aMessage: Bool) -> Bool { does(.block) || (does(.hide) && !aMessage) }

    /// Limits of one filter and of all.
    package enum Limits {
        package static let filters = 100
        package static let name = 60
        package static let words = 10_000
        package static let word = 100
        /// Bytes of the whole list.
        package static let bytes = 256 << 10
        package static let exempt = 100
        package static let count: ClosedRange<Int64> = 1...200
        package static let within: ClosedRange<Int64> = 1...86_400
        package static let seconds: ClosedRange<Int64> = 60...31_536_000
        /// Former versions that are kept.
        package static let history = 20
    }
}

/// What a filter found in a text.
package struct FilterHit: Sendable, Hashable {
    package let filter: TextFilter
    /// The part of the text, or a number as words.
    package let found: String
    /// The scalars of the text; nil where the hit is not in it.
    package let range: ClosedRange<Int>?
    /// The element of the list.
    package let element: String?

    package static let foundLength = 80
}
