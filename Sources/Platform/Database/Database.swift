/// A relational database: transactions whose bodies run, start to end, on a thread of the driver's own.
///
/// A body is synchronous and touches nothing but its transaction, so it may run again (a retry after a deadlock). What it returns has been
/// committed and is durable when `write` returns; a thrown error rolls everything back.
public protocol Database: Sendable {
    var dialect: Dialect { get }

    /// A consistent read, on the connections and within the deadline of its lane.
    ///
    /// - Throws: `DatabaseError.timedOut` when the deadline passed, `unavailable` when the lane's queue is full.
    func read<Result: Sendable>(_ lane: ReadLane, _ body: @escaping @Sendable (Transaction) throws -> Result) async throws -> Result

    /// A durable change. SQLite: one writer commits all that wait with one fsync, a SAVEPOINT each. PostgreSQL: READ COMMITTED, so what
    /// must not change under a decision is locked first (`Transaction.lock`).
    func write<Result: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Result) async throws -> Result

    /// Called after each commit that flushed deferred writes, on the driver's thread: wakes the relay.
    func onCommit(_ body: @escaping @Sendable () -> Void)

    /// Finishes what waits, each within its deadline, then closes. Calls after it throw 503.
    func close() async

    /// Gives up what runs and what waits: those calls throw `unavailable`. A COMMIT under way is finished, or its outcome is not known.
    func abort()
}

extension Database {
    /// A read of a request.
    public func read<Result: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Result) async throws -> Result {
        try await read(.requests, body)
    }

    /// Whether other processes may change what is stored; an SQLite file belongs to one process.
    public var isShared: Bool { dialect == .postgres }
}

public enum Dialect: Sendable {
    case sqlite
    case postgres
}

/// What a driver gives to a transaction: the two ways to run a statement. Confined to the driver's thread.
public protocol StatementRunner: AnyObject {
    /// - Returns: the rows of a query or of `RETURNING`.
    func rows(_ sql: SQL) throws(DatabaseError) -> [Row]
    /// - Returns: how many rows changed.
    func run(_ sql: SQL) throws(DatabaseError) -> Int
    /// Takes the deadline off this transaction.
    func liftDeadline() throws(DatabaseError)
}

extension StatementRunner {
    public func liftDeadline() throws(DatabaseError) {}
}

/// One transaction, alive only inside the body that receives it.
///
/// A statement that failed has spoilt it: every later statement throws the same error and nothing is committed, even when the body swallows the error. That is
/// PostgreSQL's rule, kept on SQLite too; where a conflict is expected, say `ON CONFLICT DO NOTHING`.
public final class Transaction {
    public let dialect: Dialect
    private let runner: any StatementRunner
    /// What is written at the end of the commit group. Reverts with the transaction.
    public private(set) var deferred: [any DeferredWrite] = []
    /// What runs once the transaction is committed.
    private var committedActions: [@Sendable () -> Void] = []
    /// The first statement's error.
    public private(set) var failure: DatabaseError?

    public init(dialect: Dialect, runner: any StatementRunner) {
        (self.dialect, self.runner) = (dialect, runner)
    }

    public func rows(_ sql: SQL) throws(DatabaseError) -> [Row] {
        if let failure { throw failure }
        do throws(DatabaseError) { return try runner.rows(sql) } catch {
            failure = error
            throw error
        }
    }

    /// The first row, or nil.
    public func row(_ sql: SQL) throws(DatabaseError) -> Row? { try rows(sql).first }

    @discardableResult
    public func execute(_ sql: SQL) throws(DatabaseError) -> Int {
        if let failure { throw failure }
        do throws(DatabaseError) { return try runner.run(sql) } catch {
            failure = error
            throw error
        }
    }

    /// Lets this transaction take as long as it needs: for migrations.
    public func liftDeadline() throws(DatabaseError) { try runner.liftDeadline() }

    /// Keeps a write for the end of the commit group, where sequence numbers are given out.
    public func atCommit(_ write: some DeferredWrite) { deferred.append(write) }

    /// Keeps an action for the time after COMMIT and before the caller's answer; it runs once, on the driver's thread, and must not block.
    ///
    /// It does not run where the transaction is rolled back, nor for a try that is repeated: the try that is committed keeps its own. Where a connection is lost
    /// during COMMIT the outcome is not known, and it does not run either.
    public func afterCommit(_ action: @escaping @Sendable () -> Void) { committedActions.append(action) }

    /// What the body kept for the time after COMMIT, out of its hands.
    public func takeCommittedActions() -> [@Sendable () -> Void] {
        defer { committedActions = [] }
        return committedActions
    }

    /// What the body kept, out of its hands.
    public func takeDeferred() -> [any DeferredWrite] {
        defer { deferred = [] }
        return deferred
    }

    /// Writes what a commit group left for its end, one kind at a time; a kind may leave more of another.
    public func flush(_ writes: [any DeferredWrite]) throws {
        var waiting = writes
        while let first = waiting.min(by: { type(of: $0).order < type(of: $1).order }) {
            let kind: any DeferredWrite.Type = type(of: first)
            let isOfKind = { (write: any DeferredWrite) in ObjectIdentifier(type(of: write)) == ObjectIdentifier(kind) }
            try kind.flush(waiting.filter(isOfKind), in: self)
            if let failure { throw failure }
            waiting.removeAll(where: isOfKind)
            waiting += takeDeferred()
        }
        precondition(committedActions.isEmpty, "a deferred write keeps nothing for the time after COMMIT")
    }
}

/// A row whose place in a sequence is given out last, just before COMMIT, to all rows of a group together.
public protocol DeferredWrite: Sendable {
    /// Lower ones are written first. The same order in every transaction keeps two of them from waiting for each other's sequence.
    static var order: Int { get }
    /// Writes the rows of one kind of a whole group. `writes` are all of the receiver's type.
    static func flush(_ writes: [any DeferredWrite], in transaction: Transaction) throws
}

extension DeferredWrite {
    public static var order: Int { 0 }
}

/// What went wrong in the database, in the words both drivers share.
public enum DatabaseError: Error, Sendable, Hashable {
    /// A unique index: `constraint` names the index (PostgreSQL) or `table.column, …` (SQLite).
    case unique(constraint: String)
    case foreignKey
    case check(constraint: String)
    case notNull
    /// A serialisation failure or a deadlock: the whole transaction is tried again.
    case retry
    /// The writers' queue is full, or the database is closed or out of reach.
    case unavailable(String)
    case diskFull
    /// The database, or its disk, takes no writes.
    case readOnly(String)
    /// The server is there, and cannot be used: a sentence that says why and what to do.
    case unsuitable(String)
    /// The deadline of the call passed.
    case timedOut(String)
    /// Anything else: our bug, or the disk's.
    case other(code: Int, message: String)

    public var isUnique: Bool { if case .unique = self { true } else { false } }
}
