/// What the owner decides about accounts and sessions.
package struct AccountPolicy: Sendable {
    /// Who may make an account without being added.
    package enum Registration: String, Sendable, CaseIterable {
        case open
        /// Whoever has a link.
        case invitation
        /// Whoever the team accepts, or has invited.
        case approval
        case closed
    }

    /// What `DELETE /users/{id}` does without `hard`.
    package enum Deletion: String, Sendable, CaseIterable { case soft, hard }

    /// Until the panel says otherwise.
    package var registration: Registration = .closed
    package var deletion: Deletion = .soft
    /// `https://foyer.example`, without a trailing slash; nil: whatever host the request was sent to.
    package var publicURL: String?
    /// The site is reached over TLS: cookies are Secure and bear the `__Host-` prefix.
    package var isSecure = false
    /// Seconds that an access token lasts.
    package var accessLifetime: Int64 = 600
    /// Seconds that a session lasts after its last use.
    package var sessionLifetime: Int64 = 30 * 86_400

    /// Seconds during which somebody who left may come back by signing in.
    package var leaveGrace: Int64 = 30 * 86_400

    package init() {}
}
