internal import Crypto
internal import Database
internal import Directory
internal import Jobs
internal import Kernel
internal import Runtime
internal import Web

/// `POST /auth/password/forgot` and `POST /auth/email/resend`: the same answer and the same work for every address.
///
/// The request is written down and answered; whose address it is is looked up later, away from the connection.
extension AccountsFeature {
    private enum Wish: String, Sendable {
        case reset, confirm

        var purpose: MailPurpose { self == .reset ? .reset : .register }
    }

    func forgotPassword(_ call: Call) async throws -> Reply { try await note(.reset, call) }

    func resendConfirmation(_ call: Call) async throws -> Reply { try await note(.confirm, call) }

    /// Whose mail is asked for.
    private enum Addressee: Sendable {
        case email(EmailAddress)
        /// Of somebody who asked to join: several may have asked with one address.
        case applicant(String)

        /// No username has an @.
        init(_ text: String) { self = EmailAddress(text).map { .email($0) } ?? .applicant(text) }

        var text: String {
            switch self {
            case .email(let email): email.text
            case .applicant(let username): username
            }
        }
    }

    private static func addressee(_ wish: Wish, _ body: JSON) throws(Problem) -> Addressee {
        var input = try Input(body)
        let username = wish == .confirm ? input.username() : nil
        let email = input.email("email", required: username == nil)
        try input.finish()
        if let username { return .applicant(username) }
        return .email(try input.required(email))
    }

    private func note(_ wish: Wish, _ call: Call) async throws -> Reply {
        try publicOrigin.checkIfPresent(call.request)
        guard sendsMail else { throw Self.mailIsOff }
        let (addressee, scope, now) = (try Self.addressee(wish, try call.body()), call.scope, clock.now())
        try limiter.spend(RateLimiter.Charge(.mailRequests, AddressBlock.of(scope.address)))
        // Beyond the limit nothing is written; the limit knows no more than the stranger does.
        guard mayMail(wish.purpose, addressee.text, asker: AddressBlock.of(scope.address)) else { return Self.noted }
        let id = ids.next(AnyEntity.self)
        try await database.write { [keyring, queue] transaction in
            try queue?.enqueue(Self.mailRequestJob, key: "asked", in: transaction)
            try transaction.execute(
                """
                INSERT INTO mail_wishes (id, kind, email_cipher, request_id, created_at)
                VALUES (\(id), \(wish.rawValue), \(keyring.fields.seal(addressee.text, column: Self.wishEmail, id: id.rawValue)), \(scope.requestID), \(now))
                """)
        }
        return Self.noted
    }

    /// Looks up whose addresses they are, and sends what they may get; what nobody may get is dropped.
    package func grantWishes() async throws {
        guard sendsMail else { return }
        while try await database.write({ [self] in try grantNext(in: $0) }) {}
    }

    /// - Returns: false when none is left.
    private func grantNext(in transaction: Transaction) throws -> Bool {
        let waiting = try transaction.row("SELECT id, kind, email_cipher, request_id FROM mail_wishes ORDER BY id LIMIT 1")
        guard let row = waiting else { return false }
        let id: RowID = row.id(0)
        // Of two nodes that saw it, one does it.
        guard try transaction.execute("DELETE FROM mail_wishes WHERE id = \(id)") == 1 else { return true }
        let text: String
        do { text = try keyring.fields.openText(row.blob(2), column: Self.wishEmail, id: id.rawValue) } catch { return true }
        let (now, addressee) = (clock.now(), Addressee(text))
        if row.text(1) == Wish.reset.rawValue, case .email(let email) = addressee,
            let member = try returning(email, at: now, in: transaction)
        {
            let secret = try mailTokens.issue(.reset, for: member.id.rawValue, blind: blind(email), at: now, in: transaction)
            try post(.reset(secret), member.locale, to: email.text, in: transaction)
            var scope = Scope(requestID: row.text(3))
            scope.userID = nil
            try record("auth.password_forgotten", on: member.id, payload: [:], scope: scope, in: transaction)
            return true
        }
        try confirmAgain(addressee, at: now, in: transaction)
        return true
    }

    /// Links as many as asked to join with the address lately: each admits only who it is for, and says who that is.
    private func confirmAgain(_ addressee: Addressee, at now: Timestamp, in transaction: Transaction) throws {
        let waiting =
            switch addressee {
            case .email(let email): try applicants.all(emailBlind: blind(email), in: transaction)
            case .applicant(let username): try [applicants.latest(username: username, in: transaction)].compactMap { $0 }
            }
        for applicant in waiting.filter({ $0.state == .unverified }).prefix(Self.linksAtOnce) {
            guard let email = try email(ofApplicant: applicant) else { continue }
            if try isMembers(email, in: transaction) {
                try post(.alreadyMember, applicant.locale, to: email.text, in: transaction)
                return
            }
            let secret = try mailTokens.issue(
                .register, for: applicant.id.rawValue, blind: applicant.emailBlind, at: now, in: transaction)
            try post(.confirmRegistration(secret, username: applicant.username), applicant.locale, to: email.text, in: transaction)
        }
    }

    private static let linksAtOnce = 3

    private func email(ofApplicant record: RegistrationRecord) throws -> EmailAddress? {
        EmailAddress(try keyring.fields.openText(record.emailCipher, column: Self.registrationEmail, id: record.id.rawValue))
    }

    /// Who has this address and may sign in, or come back by signing in.
    private func returning(_ email: EmailAddress, at now: Timestamp, in transaction: Transaction) throws -> Member? {
        try transaction.row(
            """
            SELECT \(sql: Member.columns) FROM users WHERE users.email_blind = \(blind(email))
            AND (users.deleted_at IS NULL OR users.left_at > \(graceStart(now)))
            """
        ).map(Member.init)
    }

    /// Whether the address is that of an account, deleted ones included.
    func isMembers(_ email: EmailAddress, in transaction: Transaction) throws -> Bool {
        try transaction.row("SELECT 1 FROM users WHERE email_blind = \(blind(email))") != nil
    }

    static let wishEmail = "mail_wishes.email"

    /// 202, whatever becomes of it.
    static let noted = Reply.json(202, ["state": "noted"])

    static let mailIsOff = Problem.conflict(
        "mail_off",
        LocalizedText(
            en: "This site cannot send mail. Ask its team.", fr: "Ce site ne peut pas envoyer d’e-mail. Adressez-vous à son équipe."))

    static let linkInvalid = Problem.forbidden(
        "link_invalid",
        LocalizedText(
            en: "This link is not valid any more: it was used, or it is too old. Ask for a new one.",
            fr: "Ce lien n’est plus valable : il a déjà servi, ou il est trop ancien. Demandez-en un nouveau."))
}
