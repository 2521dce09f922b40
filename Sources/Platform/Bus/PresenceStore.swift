public import Kernel

/// What the nodes of a site share of liveness: a lease for each open connection, judged by the store's clock alone.
///
/// A node by itself needs none: its own leases are all there are. With several, each holds and renews the leases of its own connections, and
/// hears of everybody's. A lease is over when the store has said so, to all, once; a node that dies falls silent, and its leases end in time.
/// A call that throws may have been done or not; each can be repeated.
public protocol PresenceStore: Sendable {
    /// Milliseconds for which a lease stands after it was held or renewed.
    var term: Int64 { get }
    /// The most leases that one call takes or gives.
    var batch: Int { get }

    /// Tells `reader` of all that happens from now on, this node's own doings too, in an order that is the same for every reader.
    ///
    /// It is called on any thread, one call after the other; it must not block, nor call the store.
    func attach(_ reader: @escaping @Sendable (PresenceNews) -> Void)

    /// Begins leases, or changes those that stand; either way their term begins again.
    /// - Returns: those for which there is no room; the node may try again later.
    func hold(_ leases: [PresenceLease]) async throws -> [PresenceLease.ID]

    /// Lets the term of leases begin again.
    /// - Returns: those that do not stand: they ended, or were never held. What is still connected is to be held anew.
    func renew(_ leases: [PresenceLease.ID]) async throws -> [PresenceLease.ID]

    /// Ends leases; what does not stand is passed over.
    func end(_ leases: [PresenceLease.ID], _ reason: PresenceLease.End) async throws

    /// Ends the leases whose term is over. Every node calls this about once a second; each lease ends once, whoever comes first.
    func expire() async throws

    /// A page of the leases that stand, by id; less than a `batch` is the last page.
    ///
    /// Who attached before the first page, and applies what was heard since then to what the pages gave, in that order, has exactly what stands.
    func leases(after last: PresenceLease.ID?) async throws -> [PresenceLease]

    /// Takes or keeps the place of the one node that speaks for all: whose engine's changes are published and recorded.
    ///
    /// Whoever is told true may speak until `milliseconds` after it asked, by its own uptime; the store gives the place to nobody else before.
    func lead(_ node: NodeID, for milliseconds: Int64) async throws -> Bool
}

/// A process among those that share a site, drawn anew at each start: whoever comes back is another one, and nothing goes by names.
public struct NodeID: Hashable, Comparable, Sendable {
    public let rawValue: UInt64

    public init(rawValue: UInt64) { self.rawValue = rawValue }

    public static func random() -> NodeID { NodeID(rawValue: .random(in: .min ... .max)) }
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// One open connection, as the nodes share it.
public struct PresenceLease: Hashable, Sendable {
    public struct ID: Hashable, Comparable, Sendable {
        public let node: NodeID
        /// Never used twice by a node.
        public let connection: UInt64

        public init(node: NodeID, connection: UInt64) { (self.node, self.connection) = (node, connection) }

        public static func < (left: Self, right: Self) -> Bool {
            left.node == right.node ? left.connection < right.connection : left.node < right.node
        }
    }

    public enum End: String, Sendable {
        /// The peer left: it may be back in a moment.
        case left
        /// Its node heard nothing of it any more.
        case silent
        /// The session ended: logout, revocation.
        case ended
        /// The person may not be here: ban, disable.
        case barred
        /// Nobody renewed it: its node died, or is cut off.
        case expired
    }

    public let id: ID
    public let user: UserID
    /// What the person signed in to; nil for a key.
    public let session: SessionID?
    /// Nobody touches the device.
    public var isIdle: Bool

    public init(id: ID, user: UserID, session: SessionID? = nil, isIdle: Bool = false) {
        (self.id, self.user, self.session, self.isIdle) = (id, user, session, isIdle)
    }
}

/// What happened to leases.
public enum PresenceNews: Sendable, Hashable {
    /// These stand now, and are as they are here.
    case held([PresenceLease])
    /// Their nodes still hold them.
    case renewed([PresenceLease.ID])
    case ended([PresenceLease.ID], PresenceLease.End)
    /// Something may have been missed: what stands is to be listed anew.
    case interrupted
}
