internal import Kernel

/// What may be a password: long enough, and not one of those that everybody tries first.
enum Password {
    static let minimum = 8
    static let maximum = 200

    private static let common: Set<String> = [
        "password", "password1", "password12", "password123", "passw0rd", "motdepasse", "12345678", "123456789", "1234567890", "11111111",
        "00000000", "qwertyui", "qwertyuiop", "qwerty123", "azertyui", "azertyuiop", "azerty123", "iloveyou", "abcdefgh", "abcd1234",
        "football", "baseball", "sunshine", "princess", "superman", "trustno1", "letmein1", "welcome1", "admin123", "changeme",
    ]

    /// Reads a new password; what is wrong with it is noted in `input`.
    ///
    /// - Parameter names: the person's own names, which are no password either.
    static func read(_ input: inout Input, _ field: String = "password", required: Bool = true, names: [String?] = []) -> String? {
        guard let password = input.string(field, length: minimum...maximum, required: required, trimmed: false) else { return nil }
        let folded = password.lowercased()
        guard !common.contains(folded), Set(folded).count > 2, !names.contains(where: { $0?.lowercased() == folded }) else {
            input.fail(
                field, "too_common",
                LocalizedText(
                    en: "This password is among the first that anybody would try.",
                    fr: "Ce mot de passe est parmi les premiers que l’on essaierait."))
            return nil
        }
        return password
    }
}
