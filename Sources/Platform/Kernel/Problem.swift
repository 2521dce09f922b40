/// The one error that a client may see (RFC 9457): a stable code, a status, a safe text in both languages, and a private cause that
/// is logged and never sent.
public struct Problem: Error, Sendable {
    /// One fault of the input.
    public struct Fault: Sendable, Hashable {
        /// RFC 6901, e.g. `/email`; a query parameter is `?name`.
        public let pointer: String
        public let code: String
        public let detail: LocalizedText

        public init(_ pointer: String, _ code: String, _ detail: LocalizedText) {
            (self.pointer, self.code, self.detail) = (pointer, code, detail)
        }
    }

    public let status: Int
    public let code: String
    public let detail: LocalizedText
    public var faults: [Fault] = []
    /// Seconds.
    public var retryAfter: Int?
    /// Members beside the standard ones, e.g. the permission that a 403 names.
    public var extensions: [(String, JSON)] = []
    /// For the log only.
    public var cause: String?

    public init(
        _ status: Int, _ code: String, _ detail: LocalizedText, faults: [Fault] = [], retryAfter: Int? = nil,
        extensions: [(String, JSON)] = [], cause: String? = nil
    ) {
        (self.status, self.code, self.detail, self.faults) = (status, code, detail, faults)
        (self.retryAfter, self.extensions, self.cause) = (retryAfter, extensions, cause)
    }
}

extension Problem {
    /// Adds the members that tell a peer of it in their language: those that an answer and a frame have in common.
    public func emit(_ object: inout JSONObject, in language: Language) {
        object.append("code", .string(code))
        object.append("detail", .string(detail(language)))
        if !faults.isEmpty {
            let told: [JSON] = faults.map {
                ["pointer": .string($0.pointer), "code": .string($0.code), "detail": .string($0.detail(language))]
            }
            object.append("errors", .array(told))
        }
        if let retryAfter { object.append("retry_after", JSON(retryAfter)) }
        for (name, value) in extensions { object.append(name, value) }
    }
}

extension Problem {
    public static func malformed(_ detail: LocalizedText) -> Problem { Problem(400, "malformed", detail) }

    public static let unauthenticated = Problem(
        401, "unauthenticated", LocalizedText(en: "Sign in to go on.", fr: "Connectez-vous pour continuer."))

    /// 403: what is asked for is readable, but the permission is missing.
    public static func forbidden(_ permission: Permission) -> Problem {
        Problem(
            403, "permission_denied",
            LocalizedText(
                en: "This needs the permission “\(permission.key)”.", fr: "Cette action demande la permission « \(permission.key) »."),
            extensions: [("permission", .string(permission.key))])
    }

    public static func forbidden(_ code: String, _ detail: LocalizedText) -> Problem { Problem(403, code, detail) }

    /// 403: what a person does themselves, and no program in their name.
    public static let apiKeyRefused = Problem(
        403, "api_key_refused",
        LocalizedText(
            en: "An API key cannot do this. Sign in yourself.", fr: "Une clé d’API ne peut pas faire cela. Connectez-vous vous-même."))

    /// 403 for an API key whose scopes do not name what it asks for.
    public static func keyScopeMissing(_ access: OwnAccess) -> Problem {
        Problem(
            403, "key_scope_missing",
            LocalizedText(
                en: "This API key does not have the scope “\(access.rawValue)”.",
                fr: "Cette clé d’API n’a pas la portée « \(access.rawValue) »."), extensions: [("scope", .string(access.rawValue))])
    }

    /// 404, the same whether the thing is absent or not readable.
    public static let notFound = Problem(
        404, "not_found", LocalizedText(en: "There is nothing here.", fr: "Il n’y a rien ici."))

    public static func conflict(_ code: String, _ detail: LocalizedText, faults: [Fault] = []) -> Problem {
        Problem(409, code, detail, faults: faults)
    }

    public static let stale = Problem(
        412, "stale_version",
        LocalizedText(
            en: "Somebody changed this in the meantime. Load it again, then repeat your change.",
            fr: "Quelqu’un a modifié cet élément entre-temps. Rechargez-le, puis refaites votre modification."))

    public static func invalid(_ faults: [Fault]) -> Problem {
        Problem(
            422, "invalid", LocalizedText(en: "Some fields are invalid.", fr: "Certains champs sont invalides."), faults: faults)
    }

    public static func invalid(_ pointer: String, _ code: String, _ detail: LocalizedText) -> Problem {
        invalid([Fault(pointer, code, detail)])
    }

    public static func unavailable(retryAfter: Int, cause: String? = nil) -> Problem {
        Problem(
            503, "unavailable",
            LocalizedText(en: "The server is busy. Try again in a moment.", fr: "Le serveur est occupé. Réessayez dans un instant."),
            retryAfter: retryAfter, cause: cause)
    }

    public static func tooManyRequests(retryAfter: Int) -> Problem {
        Problem(
            429, "rate_limited",
            LocalizedText(en: "Too many requests. Try again in \(retryAfter) s.", fr: "Trop de demandes. Réessayez dans \(retryAfter) s."),
            retryAfter: retryAfter)
    }

    public static func internalError(_ cause: String) -> Problem {
        Problem(
            500, "internal_error",
            LocalizedText(
                en: "Something went wrong on our side. Nothing was changed.",
                fr: "Une erreur est survenue de notre côté. Rien n’a été modifié."),
            cause: cause)
    }
}
