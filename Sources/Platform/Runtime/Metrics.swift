internal import Synchronization

/// The process's measurements in Prometheus' text format (version 0.0.4).
public final class Metrics: Sendable {
    private struct Collector: Sendable {
        let name: String
        let kind: String
        let help: String
        let samples: @Sendable () -> [(labels: String, value: Double)]
    }

    private let collectors = Mutex<[Collector]>([])

    public init() {}

    /// A counter that the caller raises.
    public func counter(_ name: String, _ help: String) -> Counter {
        let counter = Counter()
        register(name, "counter", help) { [(labels: "", value: Double(counter.value))] }
        return counter
    }

    /// A value that is read when it is asked for.
    public func gauge(_ name: String, _ help: String, _ read: @escaping @Sendable () -> Double) {
        register(name, "gauge", help) { [(labels: "", value: read())] }
    }

    /// Several values under one name, each with its labels: `route="/users",status="200"`.
    public func register(
        _ name: String, _ kind: String, _ help: String, _ samples: @escaping @Sendable () -> [(labels: String, value: Double)]
    ) {
        collectors.withLock { $0.append(Collector(name: name, kind: kind, help: help, samples: samples)) }
    }

    /// Durations by route.
    public func histogram(_ name: String, _ help: String) -> Histogram {
        let histogram = Histogram()
        register(name, "histogram", help) { histogram.samples() }
        return histogram
    }

    public func render() -> String {
        var text = ""
        for collector in collectors.withLock({ $0 }) {
            text += "# HELP \(collector.name) \(collector.help)\n# TYPE \(collector.name) \(collector.kind)\n"
            for (labels, value) in collector.samples() {
                let (suffix, plain) = Self.split(labels)
                let number = value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
                text += "\(collector.name)\(suffix)\(plain.isEmpty ? "" : "{\(plain)}") \(number)\n"
            }
        }
        return text
    }

    /// A label text may begin with `_bucket|`, `_sum|` or `_count|`, which goes behind the name.
    private static func split(_ labels: String) -> (suffix: String, labels: String) {
        guard let bar = labels.firstIndex(of: "|") else { return ("", labels) }
        return (String(labels[..<bar]), String(labels[labels.index(after: bar)...]))
    }
}

public final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    public init() {}
    public var value: Int { count.load(ordering: .relaxed) }
    public func add(_ delta: Int = 1) { count.add(delta, ordering: .relaxed) }
}

/// Durations in buckets from 0.5 ms to 10 s, per label.
public final class Histogram: Sendable {
    public static let bounds: [Double] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private struct Series {
        var buckets = [Int](repeating: 0, count: bounds.count + 1)
        var sum = 0.0
        var count = 0
    }

    private let series = Mutex<[String: Series]>([:])

    /// - Parameter labels: from a closed set (matched templates, not paths), so that the number of series stays bounded.
    public func observe(seconds: Double, labels: String) {
        let index = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        series.withLock { all in
            all[labels, default: Series()].buckets[index] += 1
            all[labels]?.sum += seconds
            all[labels]?.count += 1
        }
    }

    func samples() -> [(labels: String, value: Double)] {
        var result: [(labels: String, value: Double)] = []
        for (labels, series) in series.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            var total = 0
            for (index, count) in series.buckets.enumerated() {
                total += count
                let bound = index < Self.bounds.count ? "\(Self.bounds[index])" : "+Inf"
                result.append((labels: "_bucket|\(labels),le=\"\(bound)\"", value: Double(total)))
            }
            result.append((labels: "_sum|\(labels)", value: series.sum))
            result.append((labels: "_count|\(labels)", value: Double(series.count)))
        }
        return result
    }
}
