internal import Kernel

/// Why something of moderation is refused.
enum ModerationProblems {
    static let kickIsOver = Problem.conflict(
        "kick_is_over",
        LocalizedText(en: "A kick is over when it is done.", fr: "Une expulsion est terminée dès qu’elle a eu lieu."))
}
