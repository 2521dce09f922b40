extension Route {
    /// Every refusal that this route may give: those of its kind, and its own.
    var refusals: Set<RouteShape.Refusal> {
        var all = Set(shape.refusals)
        for (status, code) in [(400, "malformed"), (422, "invalid"), (429, "rate_limited")] { all.insert(.init(status, code)) }
        // What `Application.problem(from:)` makes of a server that is busy, or cannot write.
        for code in ["unavailable", "timed_out", "read_only", "disk_full"] { all.insert(.init(503, code)) }
        if access != .anyone {
            for code in ["unauthenticated", "invalid_token", "invalid_key", "signature_required", "signature_invalid", "nonce_used"] {
                all.insert(.init(401, code))
            }
            for code in ["permission_denied", "csrf", "api_key_refused", "key_scope_missing", "address_not_allowed"] {
                all.insert(.init(403, code))
            }
        }
        // With an API key whose person may not come in.
        if looksAtCredentials { all.formUnion([.init(423, "banned"), .init(423, "disabled")]) }
        if path.contains("{") { all.insert(.init(404, "not_found")) }
        if shape.body != nil {
            for (status, code) in [(408, "request_timeout"), (413, "content_too_large"), (415, "unsupported_media_type")] {
                all.insert(.init(status, code))
            }
        }
        if shape.guards.contains(.idempotencyKey) {
            for (status, code) in [(409, "in_flight"), (409, "already_done"), (422, "idempotency_key_reused")] {
                all.insert(.init(status, code))
            }
        }
        if shape.guards.contains(.ifMatch) { all.insert(.init(412, "stale_version")) }
        return all
    }

    /// The names of the parameters in the path, in their order.
    var parameterNames: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }
}
