/// How much of somebody a reader without `users.read` may see.
package enum ProfileAccess: Sendable, Hashable {
    /// As if there were nobody.
    case hidden
    /// Names and what is written, as if the person were always away.
    case withoutPresence
    case whole
}
