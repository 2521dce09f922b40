internal import Kernel

/// What is refused around passkeys.
enum PasskeyProblems {
    /// 409 where the site has no address that passkeys could be for.
    static func unavailable(_ reason: PasskeyOptions.Absence) -> Problem {
        .conflict("passkeys_unavailable", reason.sentence)
    }

    static let challenge = Problem.invalid(
        "/credential", "challenge_invalid",
        LocalizedText(
            en: "This took too long, or was sent twice. Begin again.",
            fr: "Cela a pris trop de temps, ou a été envoyé deux fois. Recommencez.")
    )

    /// A registration that is not accepted.
    static func refused(_ fault: WebAuthnFault) -> Problem {
        var problem: Problem
        switch fault {
        case .key:
            problem = .invalid(
                "/credential", "algorithm_refused",
                LocalizedText(
                    en: "This device makes keys of a kind that this site does not take.",
                    fr: "Cet appareil crée des clés d’un type que ce site n’accepte pas."))
        case .attestation:
            problem = .invalid(
                "/credential", "attestation_refused",
                LocalizedText(
                    en: "This device tells of itself in a way that this site does not take.",
                    fr: "Cet appareil se présente d’une façon que ce site n’accepte pas."))
        case .notVerified:
            problem = .invalid(
                "/credential", "not_verified",
                LocalizedText(
                    en: "The device did not check who you are. Set up a screen lock or a PIN on it, then try again.",
                    fr: "L’appareil n’a pas vérifié votre identité. Configurez-y un verrouillage ou un code PIN, puis réessayez."))
        default:
            problem = .invalid(
                "/credential", "credential_invalid",
                LocalizedText(
                    en: "This passkey could not be checked. Try again.", fr: "Cette clé d’accès n’a pas pu être vérifiée. Réessayez."))
        }
        problem.cause = "webauthn: \(fault)"
        return problem
    }

    static let tooMany = Problem.conflict(
        "too_many_passkeys",
        LocalizedText(
            en: "You have \(Passkey.maximumCount) passkeys, which is the limit. Remove one first.",
            fr: "Vous avez \(Passkey.maximumCount) clés d’accès, ce qui est la limite. Retirez-en une d’abord."))

    static let registered = Problem.conflict(
        "already_registered",
        LocalizedText(en: "This passkey is registered already.", fr: "Cette clé d’accès est déjà enregistrée."))

    static let lastWayIn = Problem.conflict(
        "last_way_in",
        LocalizedText(
            en: "Without this passkey you could not sign in any more. Set a password or add another passkey first.",
            fr: "Sans cette clé d’accès, vous ne pourriez plus vous connecter. Choisissez d’abord un mot de passe ou ajoutez une autre clé."
        ))

    /// 401, the same for a passkey that is not known and for one that does not prove what it should.
    static func invalid(_ cause: String) -> Problem {
        Problem(
            401, "passkey_invalid",
            LocalizedText(
                en: "This passkey is not known here, or could not be checked. Try again, or sign in another way.",
                fr: "Cette clé d’accès est inconnue ici, ou n’a pas pu être vérifiée. Réessayez, ou connectez-vous autrement."),
            cause: "passkey: \(cause)")
    }

    /// 401 for a counter that went back: somebody may have a copy.
    static let copied = Problem(
        401, "passkey_copied",
        LocalizedText(
            en: "This passkey seems to have been copied, so it is refused. Sign in another way, then remove it.",
            fr: "Cette clé d’accès semble avoir été copiée ; elle est refusée. Connectez-vous autrement, puis retirez-la."))
}
