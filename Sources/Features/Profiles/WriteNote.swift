internal import Database
internal import Directory
internal import Friends
internal import Kernel
internal import Runtime
internal import Web

/// `PUT /users/{id}/note`
extension ProfilesFeature {
    /// The most people about whom one person has notes.
    static let noteLimit = 2000

    func writeNote(_ call: Call) async throws -> Reply {
        let owner = try call.scope.requireUser()
        var input = try Input(try call.body())
        let note = input.string("note", length: 0...ProfileShapes.noteLength)
        let nickname = input.name("nickname", length: 0...ProfileShapes.nicknameLength)
        try input.finish()
        let written = PrivateNote(note: note?.isEmpty == true ? nil : note, nickname: nickname?.isEmpty == true ? nil : nickname)
        let (reference, scope, now) = (call.parameter("id"), call.scope, clock.now())
        return try await call.mutate(database) { [self] transaction in
            let user = try friendships.shownPerson(reference, to: scope, directory: directory, in: transaction)
            guard user != owner else { throw Self.aboutYourself }
            try limiter.spend(RateLimiter.Charge(.notes, owner.uuid))
            try directory.lock(owner, in: transaction)
            let before = try notes.note(by: owner, of: user, in: transaction)
            if written.isEmpty {
                try notes.delete(by: owner, of: user, in: transaction)
            } else if written != before {
                if before.isEmpty, try notes.count(by: owner, in: transaction) >= Self.noteLimit { throw Self.tooMany }
                try notes.put(written, by: owner, of: user, at: now, in: transaction)
            }
            return .json(200, .object(written.json))
        }
    }

    private static let aboutYourself = Problem.invalid(
        "/user", "self", LocalizedText(en: "A note is about another person.", fr: "Une note concerne une autre personne."))

    private static let tooMany = Problem.conflict(
        "note_limit",
        LocalizedText(
            en: "You have notes about \(noteLimit) people, which is the limit.",
            fr: "Vous avez des notes sur \(noteLimit) personnes, ce qui est la limite."))
}

extension RateLimiter.Budget {
    /// Notes that one person writes.
    fileprivate static let notes = steady("notes", burst: 60, perSecond: 0.5)
}
