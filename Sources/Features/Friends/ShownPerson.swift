package import Database
package import Directory
package import Kernel

/// How the other features get from a path to a person: privacy settings and blocks are checked on the way.
extension Friendships {
    /// The person that a path names, where the reader may see their profile.
    ///
    /// - Throws: 404 for an unknown person, and for one who hides from this reader.
    package func shownPerson(
        _ reference: String, to scope: Scope, directory: MemberDirectory = MemberDirectory(), in transaction: Transaction
    ) throws -> UserID {
        let reader = try scope.requireUser()
        let person = try directory.resolve(reference, scope: scope, in: transaction)
        guard person != reader, !scope.can(.usersRead) else { return person }
        let access = try profiles(of: [person], for: reader, in: transaction)[person]
        guard access ?? .hidden != .hidden else { throw Problem.notFound }
        return person
    }

    /// The person that a path names, where the reader may see what they did.
    ///
    /// - Parameter refusal: thrown where the person shows their profile, but not their history.
    /// - Throws: 404 as `shownPerson`, else `refusal`.
    package func personShowingHistory(
        _ reference: String, to scope: Scope, orElse refusal: Problem, directory: MemberDirectory = MemberDirectory(),
        in transaction: Transaction
    ) throws -> UserID {
        let person = try shownPerson(reference, to: scope, directory: directory, in: transaction)
        if !scope.can(.usersRead), try !mayReadHistory(of: person, by: scope.requireUser(), in: transaction) { throw refusal }
        return person
    }
}
