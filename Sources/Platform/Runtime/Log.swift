internal import Glibc
public import Kernel
internal import Synchronization

/// Structured log: one JSON object a line on standard error, written off the caller's thread.
///
/// The buffer is bounded (4 MiB): when the reader of the log stalls, lines are dropped and the next one written says how many. No secret may
/// be given to it; fields are names and values that the caller chose.
public final class Log: Sendable {
    public enum Level: String, Sendable, CaseIterable, Comparable {
        case debug, info, warning, error

        public static func < (left: Level, right: Level) -> Bool {
            allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
        }
    }

    private struct Buffer {
        var bytes: [UInt8] = []
        var dropped = 0
        var isFlushing = false
    }

    private static let limit = 4 << 20
    private let clock: WallClock
    private let minimum: Level
    private let descriptor: Int32
    private let buffer = Mutex(Buffer())

    public init(level: Level = .info, descriptor: Int32 = 2, clock: WallClock = .system) {
        (self.minimum, self.descriptor, self.clock) = (level, descriptor, clock)
    }

    /// A log that keeps nothing, for tests.
    public static let silent = Log(level: .error, descriptor: -1)

    public func debug(_ message: String, _ fields: @autoclosure () -> [(String, JSON)] = []) { write(.debug, message, fields) }
    public func info(_ message: String, _ fields: @autoclosure () -> [(String, JSON)] = []) { write(.info, message, fields) }
    public func warning(_ message: String, _ fields: @autoclosure () -> [(String, JSON)] = []) { write(.warning, message, fields) }
    public func error(_ message: String, _ fields: @autoclosure () -> [(String, JSON)] = []) { write(.error, message, fields) }

    public func isEnabled(_ level: Level) -> Bool { level >= minimum && descriptor >= 0 }

    private func write(_ level: Level, _ message: String, _ fields: () -> [(String, JSON)]) {
        guard isEnabled(level) else { return }
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("time")
        writer.string(clock.now().rfc3339)
        writer.name("level")
        writer.string(level.rawValue)
        writer.name("message")
        writer.string(message)
        for (name, value) in fields() {
            writer.name(name)
            writer.value(value)
        }
        writer.endObject()
        append(writer.bytes)
    }

    private func append(_ line: [UInt8]) {
        let mustFlush = buffer.withLock { buffer in
            guard buffer.bytes.count + line.count < Self.limit else {
                buffer.dropped += 1
                return false
            }
            buffer.bytes += line
            buffer.bytes.append(0x0A)
            defer { buffer.isFlushing = true }
            return !buffer.isFlushing
        }
        if mustFlush { LogThread.shared.enqueue(self) }
    }

    /// Writes what is buffered; called by the log's thread, and before the process ends.
    public func flush() {
        let (bytes, dropped) = buffer.withLock { buffer in
            defer { buffer = Buffer() }
            return (buffer.bytes, buffer.dropped)
        }
        Self.writeAll(bytes, to: descriptor)
        if dropped > 0 { warning("log lines were dropped", [("count", .integer(Int64(dropped)))]) }
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let count = Glibc.write(descriptor, buffer.baseAddress! + offset, buffer.count - offset)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return }
                offset += count
            }
        }
    }
}

/// The one thread that writes logs.
private final class LogThread: Sendable {
    static let shared = LogThread()
    private let thread = BlockingThread(named: "log", limit: 10_000)

    func enqueue(_ log: Log) {
        do { try thread.enqueue { log.flush() } } catch { log.flush() }
    }
}
