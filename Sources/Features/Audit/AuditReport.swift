package import Kernel

/// What a verification found.
package struct AuditReport: Sendable {
    package var entries = 0
    package var chains = 0
    package var signatures = 0
    /// How many heads kept outside the database were found again in it.
    package var heads = 0
    /// The first `faultLimit` of them.
    package private(set) var faults: [AuditFault] = []
    package private(set) var faultCount = 0
    package static let faultLimit = 100

    package var isSound: Bool { faultCount == 0 }

    mutating func add(_ kind: AuditFault.Kind, chain: Int64, seq: Int64? = nil, entry: AuditEntryID? = nil) {
        faultCount += 1
        if faults.count < Self.faultLimit { faults.append(AuditFault(kind: kind, chainID: chain, seq: seq, entryID: entry)) }
    }

    /// For a terminal: the sum, then a line for each fault.
    package var lines: [String] {
        let sum = "\(entries) entries in \(chains) chains, \(signatures) signatures, \(heads) heads kept outside the database"
        guard !isSound else { return ["The audit log is sound: \(sum)."] }
        let rest = faultCount > faults.count ? ["… and \(faultCount - faults.count) more."] : []
        return ["The audit log was tampered with, or damaged: \(faultCount) faults in \(sum)."] + faults.map { "  \($0)" } + rest
    }
}

/// One place where the chain does not hold.
package struct AuditFault: Sendable, Hashable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        /// The entry's fields are not those that its hash was made of.
        case altered
        /// Numbers from this one to the other, included, are not there.
        case missing(through: Int64)
        /// The entry was made after another one than that which stands before it now.
        case doesNotFollow
        /// Not made with one of this site's keys.
        case badSignature
        /// The last entry bears no signature: it was put there without the key.
        case unsignedEnd
        /// The database itself, or a head kept outside it, knows of a later entry.
        case cutTail(known: Int64)
        /// Another entry was there when the head was kept outside the database.
        case notTheHeadKept
        /// A line of the file of heads cannot be read, or is not signed by this site.
        case damagedHead(String)
        /// A line of a bundle cannot be read, is not where it belongs, or the signature over all of them does not hold.
        case damagedBundle(line: Int)
    }

    package let kind: Kind
    package let chainID: Int64
    package let seq: Int64?
    package let entryID: AuditEntryID?

    package var description: String {
        var place = "chain \(chainID)"
        if let seq { place += ", number \(seq)" }
        if let entryID { place += ", entry \(entryID.uuid)" }
        return "\(place): \(what)"
    }

    private var what: String {
        switch kind {
        case .altered: "the entry was changed after it was written"
        case .missing(let last): last == seq ? "the entry is missing" : "the entries up to number \(last) are missing"
        case .doesNotFollow: "the entry does not follow the one before it: one of the two was changed, moved, put in or taken out"
        case .badSignature: "the signature is not this site's"
        case .unsignedEnd: "the last entry bears no signature: it was written without this site's key"
        case .cutTail(let known): "the end was cut off: there was an entry number \(known)"
        case .notTheHeadKept: "this is not the entry that the file of heads tells of: the chain was written anew"
        case .damagedBundle(let line): "line \(line) of the file is damaged, or the file is not whole"
        case .damagedHead(let place): "\(place) is not a head that this site signed"
        }
    }
}
