internal import Kernel

/// Refusals of moderation.
enum ModerationProblems {
    static let kickIsOver = Problem.conflict(
        "kick_is_over",
        LocalizedText(
            en: "A kick cannot be lifted: it is over at once.", fr: "Une expulsion ne peut pas être levée : elle prend fin aussitôt."))
}
