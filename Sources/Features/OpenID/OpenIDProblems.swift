internal import Kernel

/// Why a sign-in with a provider does not go on. The code leads the page of the app to its words.
enum OpenIDProblems {
    /// The provider said that the person, or itself, did not want to.
    static let declined = Problem(
        403, "openid_declined",
        LocalizedText(en: "The sign-in was cancelled at the provider.", fr: "La connexion a été annulée chez le fournisseur."))

    static let expired = Problem(
        403, "openid_expired",
        LocalizedText(
            en: "This sign-in was used already, or it took too long. Start again.",
            fr: "Cette connexion a déjà servi ou a trop duré. Recommencez."))

    /// What the provider sent is not what it should be; the cause is for the log alone.
    static func refused(_ cause: String) -> Problem {
        var problem = Problem(
            403, "openid_refused",
            LocalizedText(
                en: "The provider’s answer could not be accepted. If it happens again, tell the site’s team.",
                fr: "La réponse du fournisseur n’a pas pu être acceptée. Si cela se reproduit, signalez-le à l’équipe du site."))
        problem.cause = cause
        return problem
    }

    static func unreachable(_ cause: String) -> Problem {
        var problem = Problem(
            503, "openid_unreachable",
            LocalizedText(
                en: "The provider does not answer. Try again in a moment.",
                fr: "Le fournisseur ne répond pas. Réessayez dans un moment."), retryAfter: 30)
        problem.cause = cause
        return problem
    }

    static let addressExists = Problem(
        409, "openid_address_exists",
        LocalizedText(
            en: "There is an account with your address already. Sign in to it first, then connect the provider in your settings.",
            fr: "Un compte existe déjà avec votre adresse. Connectez-vous-y d’abord, puis associez le fournisseur dans vos paramètres."))

    static let identityTaken = Problem.conflict(
        "identity_taken",
        LocalizedText(
            en: "This account of the provider is connected to another member.",
            fr: "Ce compte du fournisseur est associé à un autre membre."))

    static let alreadyLinked = Problem.conflict(
        "already_linked",
        LocalizedText(
            en: "Your account is connected to this provider already. Disconnect it first.",
            fr: "Votre compte est déjà associé à ce fournisseur. Dissociez-le d’abord."))

    static let lastWayIn = Problem.conflict(
        "last_way_in",
        LocalizedText(
            en: "This is your only way to sign in. Set a password or connect another provider first.",
            fr: "C’est votre seul moyen de connexion. Définissez un mot de passe ou associez un autre fournisseur d’abord."))

    static let otherSession = Problem(
        403, "openid_other_session",
        LocalizedText(
            en: "You signed out, or in as somebody else, in the meantime. Start again from your settings.",
            fr: "Vous vous êtes déconnecté, ou connecté à un autre compte, entre-temps. Recommencez depuis vos paramètres."))

    static let publicURLMissing = Problem.conflict(
        "public_url_missing",
        LocalizedText(
            en: "Set FOYER_PUBLIC_URL first: the provider sends people back to it.",
            fr: "Définissez d’abord FOYER_PUBLIC_URL : le fournisseur y renvoie les personnes."))

    static let ownerOnly = Problem.forbidden(
        "owner_only",
        LocalizedText(
            en: "Only an owner may decide to trust a provider’s addresses or its second factor.",
            fr: "Seul un propriétaire peut faire confiance aux adresses ou au second facteur d’un fournisseur."))

    static let tooMany = Problem.conflict(
        "too_many_providers",
        LocalizedText(
            en: "A site has at most \(ProviderTable.limit) providers.", fr: "Un site a au plus \(ProviderTable.limit) fournisseurs."))

    static func taken(_ field: String) -> Problem {
        let detail = LocalizedText(en: "Another provider has this already.", fr: "Un autre fournisseur l’a déjà.")
        return .conflict("provider_exists", detail, faults: [Problem.Fault("/\(field)", "taken", detail)])
    }

    static let waiting = Problem(
        423, "pending_approval",
        LocalizedText(
            en: "The site’s team has not answered your request yet.", fr: "L’équipe du site n’a pas encore répondu à votre demande."))

    static let unverified = Problem(
        423, "email_unverified",
        LocalizedText(
            en: "Your e-mail address has not been confirmed yet. Open the link in the mail that we sent you.",
            fr: "Votre adresse e-mail n’est pas encore confirmée. Ouvrez le lien du message que nous vous avons envoyé."))

    static let notAccepted = Problem(
        423, "registration_refused",
        LocalizedText(en: "Your request to join was not accepted.", fr: "Votre demande d’inscription n’a pas été acceptée."))

    static let closed = Problem.forbidden(
        "registration_closed",
        LocalizedText(
            en: "This site does not take new members by itself. Ask its team.",
            fr: "Ce site n’accepte pas d’inscription libre. Adressez-vous à son équipe."))

    static let needsFactor = Problem(
        401, "otp_required",
        LocalizedText(
            en: "Give the code of your authenticator app, or a recovery code, too.",
            fr: "Indiquez aussi le code de votre application d’authentification, ou un code de secours."))
}
