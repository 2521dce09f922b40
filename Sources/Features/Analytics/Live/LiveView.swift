internal import Kernel

/// Measures as the API shows them. Unknown values are null, never 0.
enum LiveView {
    /// - Parameter filter: nil for all requests.
    static func window(_ placed: PlacedWindow, _ filter: MeasureFilter?) -> JSON {
        var object = JSONObject()
        object.append("start", JSON(Timestamp(milliseconds: placed.start)))
        object = object.merging(totals(placed.window?.totals(filter), hasMembers: filter?.hasMembers ?? true))
        let whole = filter == nil ? placed.window : nil
        object.append("sessions", JSON(whole?.sessions))
        object.append("sockets", JSON(whole?.sockets))
        object.append("signups", JSON(whole.map { $0.events["user.created"] ?? 0 }))
        object.append("events", whole.map { events($0.events) } ?? .null)
        object.append("partial", .bool(placed.isPartial))
        return .object(object)
    }

    static func totals(_ totals: MeasureTotals?, hasMembers: Bool = true) -> JSONObject {
        [
            "requests": JSON(totals?.requests), "errors": JSON(totals?.errors), "client_errors": JSON(totals?.clientErrors),
            "error_rate": number(totals?.errorRate, digits: 6), "latency": latency(totals),
            "active_users": hasMembers ? JSON(totals?.members.count) : .null,
        ]
    }

    /// Milliseconds.
    static func latency(_ totals: MeasureTotals?) -> JSON {
        [
            "mean": number(totals?.mean), "p50": number(totals?.quantile(0.5)), "p95": number(totals?.quantile(0.95)),
            "p99": number(totals?.quantile(0.99)),
        ]
    }

    static func events(_ events: [String: Int]) -> JSON {
        var object = JSONObject()
        for (type, count) in events.sorted(by: { $0.key < $1.key }) { object.append(type, JSON(count)) }
        return .object(object)
    }

    static func endpoints(_ endpoints: [EndpointKey: MeasureTotals]) -> JSON {
        let ordered = endpoints.sorted { left, right in
            (right.value.requests, left.key.route, left.key.method) < (left.value.requests, right.key.route, right.key.method)
        }
        return .array(
            ordered.map { key, totals in
                var object: JSONObject = ["method": .string(key.method), "route": .string(key.route)]
                for (name, value) in self.totals(totals) where name != "active_users" { object.append(name, value) }
                return .object(object)
            })
    }

    /// The number of answers between each two bounds, in milliseconds; the last has no upper bound.
    static func histogram(_ totals: MeasureTotals) -> JSON {
        var (rows, below): ([JSON], Int) = ([], 0)
        for bound in bounds {
            let count = totals.latency.count(below: bound * 1000)
            rows.append(["below": number(bound), "count": JSON(count - below)])
            below = count
        }
        rows.append(["below": .null, "count": JSON(totals.latency.count - below)])
        return .array(rows)
    }

    static let bounds: [Double] = [1, 2, 3, 4, 6, 8, 12, 16, 24, 40, 80, 250, 1000]

    /// Rounded to a number of decimals.
    static func number(_ value: Double?, digits: Int = 3) -> JSON {
        guard let value, value.isFinite else { return .null }
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() && abs(rounded) < 1e15 ? .integer(Int64(rounded)) : .number(rounded)
    }
}

extension JSONObject {
    /// The members of both objects.
    func merging(_ others: JSONObject) -> JSONObject {
        var all = self
        for (name, value) in others { all.append(name, value) }
        return all
    }
}
