package import Database
package import Kernel
internal import Web

/// What a role says of the files of its holders, in bytes; nil where it says nothing.
package struct RoleLimits: Sendable, Hashable {
    /// Of one file.
    package var fileBytes: Int64?
    /// Of all files of one person.
    package var quotaBytes: Int64?

    package init(fileBytes: Int64? = nil, quotaBytes: Int64? = nil) { (self.fileBytes, self.quotaBytes) = (fileBytes, quotaBytes) }

    /// A petabyte: more fits in no number that every client can read.
    static let range: ClosedRange<Int64> = 0...(1 << 50)

    static let shape = Shape.object(["file_bytes": .integer.orNull, "quota_bytes": .integer.orNull]).orNull
    static let input = Shape.object([
        "file_bytes": Shape.integer(Int64(0)...(1 << 50)).optionalOrNull, "quota_bytes": Shape.integer(Int64(0)...(1 << 50)).optionalOrNull,
    ]).optionalOrNull

    /// Null where nothing is limited.
    var json: JSON {
        fileBytes == nil && quotaBytes == nil ? .null : ["file_bytes": JSON(fileBytes), "quota_bytes": JSON(quotaBytes)]
    }

    init(_ json: JSON?) { self.init(fileBytes: json?["file_bytes"]?.integer, quotaBytes: json?["quota_bytes"]?.integer) }

    /// What a merge patch of `limits` says.
    struct Patch: Sendable {
        private var clears = false
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
    /// What a person's active roles say of their files: of each limit, the word of the highest role that has one.
    package func limits(of user: UserID, at now: Timestamp, in transaction: Transaction) throws -> RoleLimits {
        var limits = RoleLimits()
        for (_, role) in try AssignmentStore.shown(of: [user], at: now, in: transaction)[user] ?? [] {
            limits.fileBytes = limits.fileBytes ?? role.limits.fileBytes
            limits.quotaBytes = limits.quotaBytes ?? role.limits.quotaBytes
        }
        return limits
    }
}
