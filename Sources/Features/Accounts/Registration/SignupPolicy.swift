internal import Database
internal import Directory
internal import Kernel
internal import Roles
internal import Sanctions

/// How somebody may come in at this moment, with what they brought.
struct SignupPolicy: Sendable {
    let invitation: InvitationRecord?
    let needsApproval: Bool
    /// The version of the rules that they accepted; nil where there are none.
    let acceptedRules: Int64?
}

/// What somebody at the door says beside who they are.
struct SignupRequest: Sendable {
    let invitation: String?
    let rulesVersion: Int64?
    let message: String?

    init(_ input: inout Input) {
        invitation = input.string("invitation", length: 1...200)
        rulesVersion = input.integer("rules_version", 1...Int64.max)
        message = input.string("message", length: 0...1000)
    }
}

extension AccountsFeature {
    /// The mode in force: what the panel said last, else what the program was started with.
    func registrationMode(in transaction: Transaction) throws -> AccountPolicy.Registration {
        try settings.value(Self.modeSetting, in: transaction).flatMap(AccountPolicy.Registration.init(rawValue:)) ?? policy.registration
    }

    static let modeSetting = "registration_mode"

    /// Whether the door opens, without going through it.
    ///
    /// - Throws: 403 when it is closed to who knocks so; 409 when the rules changed meanwhile; 422 when they were not accepted.
    func signupPolicy(_ request: SignupRequest, in transaction: Transaction) throws -> SignupPolicy {
        let mode = try registrationMode(in: transaction)
        guard mode != .closed else { throw Self.registrationClosed }
        let invitation = try request.invitation.map { try usableInvitation($0, in: transaction) }
        let door = try sanctions.measures.door(at: clock.now(), in: transaction)
        guard (mode != .invitation && door != .invitation) || invitation != nil else { throw Self.invitationRequired }
        let rules = try SiteRules.current(in: transaction)
        if let rules, request.rulesVersion != rules.version {
            guard request.rulesVersion != nil else { throw Problem.invalid("/rules_version", "required", Self.acceptText) }
            throw Problem(409, "rules_changed", Self.rulesChangedText, extensions: [("rules_version", .integer(rules.version))])
        }
        // Whoever was invited was answered for by somebody of the team.
        return SignupPolicy(
            invitation: invitation, needsApproval: (mode == .approval || door == .approval) && invitation == nil,
            acceptedRules: rules?.version)
    }

    /// Whether somebody who knocked before may go in now without the team: the door, or their invitation, is as open as it was.
    func isStillOpen(to record: RegistrationRecord, in transaction: Transaction) throws -> Bool {
        guard !record.needsApproval else { return false }
        switch try registrationMode(in: transaction) {
        case .open: return true
        case .closed: return false
        case .invitation, .approval:
            guard let id = record.invitationID, let invitation = try invitations.find(id, in: transaction) else { return false }
            return try stands(invitation, in: transaction)
        }
    }

    static let registrationClosed = Problem.forbidden(
        "registration_closed",
        LocalizedText(
            en: "This site does not take new members by itself. Ask its team.",
            fr: "Ce site n’accepte pas d’inscription libre. Adressez-vous à son équipe."))

    private static let invitationRequired = Problem.forbidden(
        "invitation_required",
        LocalizedText(
            en: "This site can be joined by invitation only. Ask a member of its team for a link.",
            fr: "On rejoint ce site uniquement sur invitation. Demandez un lien à son équipe."))

    private static let acceptText = LocalizedText(
        en: "Read the site’s rules and accept them.", fr: "Lisez le règlement du site et acceptez-le.")

    static let rulesChangedText = LocalizedText(
        en: "The site’s rules have changed meanwhile. Read them again.", fr: "Le règlement du site a changé entre-temps. Relisez-le.")
}
