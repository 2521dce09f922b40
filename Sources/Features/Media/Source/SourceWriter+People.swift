internal import Database
internal import Kernel

/// Cast and crew.
extension SourceWriter {
    func writePeople(_ title: SourceTitle, _ id: MediaID, at now: Timestamp, in transaction: Transaction) throws {
        let parts = [("cast", title.cast), ("crew", title.crew)].filter { !$0.1.isEmpty }
        for (part, credits) in parts {
            let former: [PersonID] = try transaction.rows(
                "SELECT DISTINCT person_id FROM credits WHERE media_id = \(id) AND part = \(part)"
            ).map { $0.id(0) }
            let names = Dictionary(
                try transaction.rows(
                    """
                    SELECT people.name, people.id FROM credits JOIN people ON people.id = credits.person_id
                    WHERE credits.media_id = \(id) AND credits.part = \(part)
                    """
                ).map { (ByteKey(TitleText.fold($0.text(0))), $0.id(1, CataloguePerson.self)) }, uniquingKeysWith: { first, _ in first })
            try transaction.execute("DELETE FROM credits WHERE media_id = \(id) AND part = \(part)")
            var rows = RowBatch("INSERT INTO credits (media_id, part, place, person_id, role) VALUES ", in: transaction)
            for (place, credit) in credits.enumerated() {
                let person = try person(credit, here: names[ByteKey(TitleText.fold(credit.name))], at: now, in: transaction)
                try rows.add("(\(id), \(part), \(place), \(person), \(credit.role))")
            }
            try rows.finish()
            for person in former { try forget(person, in: transaction) }
        }
    }

    /// The person with the source's number; else somebody of that name who was already in the title and has no number; else somebody new.
    private func person(_ credit: SourceTitle.Credit, here: PersonID?, at now: Timestamp, in transaction: Transaction) throws -> PersonID {
        let row = try transaction.row(
            "SELECT person_id FROM people_external WHERE source = \(Self.tmdb) AND external_id = \(credit.number)")
        if let row {
            let id: PersonID = row.id(0)
            try transaction.execute(
                """
                UPDATE people SET name = \(credit.name), photo_path = \(credit.photo)
                WHERE id = \(id) AND (name <> \(credit.name) OR COALESCE(photo_path, '') <> \(credit.photo ?? ""))
                """)
            return id
        }
        var known: PersonID?
        if let here {
            let numbered = try transaction.row("SELECT 1 FROM people_external WHERE source = \(Self.tmdb) AND person_id = \(here)")
            if numbered == nil { known = here }
        }
        let id = known ?? ids.next()
        if known == nil {
            try transaction.execute(
                "INSERT INTO people (id, name, photo_path, created_at) VALUES (\(id), \(credit.name), \(credit.photo), \(now))")
        }
        try transaction.execute(
            "INSERT INTO people_external (source, external_id, person_id) VALUES (\(Self.tmdb), \(credit.number), \(id))")
        return id
    }

    /// Deletes a person who is in no title any longer, such as one that was merged into another at the source.
    private func forget(_ person: PersonID, in transaction: Transaction) throws {
        guard try transaction.row("SELECT 1 FROM credits WHERE person_id = \(person) LIMIT 1") == nil else { return }
        try transaction.execute("DELETE FROM people_external WHERE person_id = \(person)")
        try transaction.execute("DELETE FROM people_texts WHERE person_id = \(person)")
        try transaction.execute("DELETE FROM people WHERE id = \(person)")
    }
}
