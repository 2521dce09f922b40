import Database

/// Tables that exercise every type and every constraint.
let conformanceTables = [
    Migration(
        "0001_conformance",
        [
            """
            CREATE TABLE parents (id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE, age BIGINT, CONSTRAINT old_enough CHECK (age >= 0))
            """,
            "CREATE TABLE children (id BIGINT PRIMARY KEY, parent_id BIGINT NOT NULL REFERENCES parents(id))",
            """
            CREATE TABLE types (id BIGINT PRIMARY KEY, n BIGINT, r DOUBLE PRECISION, t TEXT, b BYTEA, f BOOLEAN NOT NULL DEFAULT FALSE, j JSONB)
            """,
            "CREATE TABLE counters (id BIGINT PRIMARY KEY, value BIGINT NOT NULL)",
            "CREATE TABLE sequence_head (id BIGINT PRIMARY KEY, next BIGINT NOT NULL)",
            "CREATE TABLE sequence (seq BIGINT PRIMARY KEY, label TEXT NOT NULL)",
            "INSERT INTO counters (id, value) VALUES (1, 0)",
            "INSERT INTO sequence_head (id, next) VALUES (1, 1)",
        ])
]

/// A deferred write that takes the next number of a gapless sequence.
struct Numbered: DeferredWrite {
    let label: String

    static func flush(_ writes: [any DeferredWrite], in transaction: Transaction) throws {
        let count = writes.count
        let head = try transaction.row("UPDATE sequence_head SET next = next + \(count) WHERE id = 1 RETURNING next")
        var seq = (head?.int64(0) ?? 0) - Int64(count)
        for case let write as Numbered in writes {
            if write.label == "poison" { throw Refusal() }
            try transaction.execute("INSERT INTO sequence (seq, label) VALUES (\(seq), \(write.label))")
            seq += 1
        }
    }
}

struct Refusal: Error {}
