package import Database
package import Kernel
internal import Web

/// The limits that a role sets for the files of its holders, in bytes; nil for a limit that it does not set.
package struct RoleLimits: Sendable, Hashable {
    /// Of each file.
    package var fileBytes: Int64?
    /// Of all files of one person together.
    package var quotaBytes: Int64?

    package init(fileBytes: Int64? = nil, quotaBytes: Int64? = nil) { (self.fileBytes, self.quotaBytes) = (fileBytes, quotaBytes) }

    /// Up to a petabyte, which JavaScript still reads as an exact number.
    static let range: ClosedRange<Int64> = 0...(1 << 50)

    static let shape = Shape.object(["file_bytes": .integer.orNull, "quota_bytes": .integer.orNull]).orNull
    static let input = Shape.object([
        "file_bytes": Shape.integer(range).optionalOrNull, "quota_bytes": Shape.integer(range).optionalOrNull,
    ]).optionalOrNull

    /// Null when the role sets no limit.
    var json: JSON {
        fileBytes == nil && quotaBytes == nil ? .null : ["file_bytes": JSON(fileBytes), "quota_bytes": JSON(quotaBytes)]
    }

    init(_ json: JSON?) { self.init(fileBytes: json?["file_bytes"]?.integer, quotaBytes: json?["quota_bytes"]?.integer) }

    /// A merge patch of `limits`.
    struct Patch: Sendable {
        private var clears = false
        /// Nil: not in the patch. Null in the patch: clear it.
        private var file: Int64??
        private var quota: Int64??

        init() {}

        init(_ input: inout Input) {
            guard let value = input.raw("limits"), !value.isNull else {
                clears = true
                return
            }
            do {
                var inner = try Input(value, at: "/limits")
                if inner.has("file_bytes") { file = .some(inner.integer("file_bytes", RoleLimits.range)) }
                if inner.has("quota_bytes") { quota = .some(inner.integer("quota_bytes", RoleLimits.range)) }
                try inner.finish()
            } catch {
                input.take(error.faults)
            }
        }

        func apply(to limits: inout RoleLimits) {
            if clears { limits = RoleLimits() }
            if let file { limits.fileBytes = file }
            if let quota { limits.quotaBytes = quota }
        }
    }
}

extension RolesFeature {
    /// The limits of a person: each from the highest active role that sets it.
    package func limits(of user: UserID, at now: Timestamp, in transaction: Transaction) throws -> RoleLimits {
        var limits = RoleLimits()
        for (_, role) in try AssignmentStore.shown(of: [user], at: now, in: transaction)[user] ?? [] {
            limits.fileBytes = limits.fileBytes ?? role.limits.fileBytes
            limits.quotaBytes = limits.quotaBytes ?? role.limits.quotaBytes
        }
        return limits
    }
}
