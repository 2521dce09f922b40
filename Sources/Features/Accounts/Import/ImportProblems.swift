internal import Kernel
internal import Tabular

/// Problems of imports of members.
enum ImportProblems {
    static let empty = Problem(
        422, "empty_file", LocalizedText(en: "This file contains no members.", fr: "Ce fichier ne contient aucun membre."))

    static let tooManyRows = Problem(
        422, "too_many_rows",
        LocalizedText(
            en: "A file has at most \(AccountsFeature.mostImportedRows) members: split it into several files.",
            fr: "Un fichier compte \(AccountsFeature.mostImportedRows) membres au plus : répartissez-les en plusieurs fichiers."))

    static let tooManyOpen = Problem.conflict(
        "open_imports",
        LocalizedText(
            en: "You have \(AccountsFeature.mostOpenImports) imports that are not over, which is the limit. Cancel one.",
            fr: "Vous avez \(AccountsFeature.mostOpenImports) importations qui ne sont pas terminées, ce qui est la limite. Annulez-en une."
        ))

    static let tooManyNames = invalidFile(
        LocalizedText(en: "At most \(DelimitedText.mostColumns) columns.", fr: "\(DelimitedText.mostColumns) colonnes au plus."))

    static func longName(_ number: Int) -> Problem {
        invalidFile(
            LocalizedText(
                en: "Element \(number) of the list has a name of more than \(DelimitedText.longestName) characters.",
                fr: "L’élément \(number) de la liste a un nom de plus de \(DelimitedText.longestName) caractères."))
    }

    static func noObject(_ number: Int) -> Problem {
        invalidFile(
            LocalizedText(en: "Element \(number) of the list is not an object.", fr: "L’élément \(number) de la liste n’est pas un objet."))
    }

    static func table(_ fault: DelimitedText.Fault) -> Problem {
        switch fault {
        case .empty: empty
        case .openQuote(let line):
            invalidFile(
                LocalizedText(
                    en: "A quoted cell on line \(line) is not closed.", fr: "Une cellule entre guillemets n’est pas fermée, ligne \(line).")
            )
        case .tooManyColumns(let line):
            invalidFile(
                LocalizedText(
                    en: "Line \(line) has more than \(DelimitedText.mostColumns) columns.",
                    fr: "La ligne \(line) a plus de \(DelimitedText.mostColumns) colonnes."))
        }
    }

    static func list(_ fault: JSONRecords.Fault) -> Problem {
        switch fault {
        case .notAList:
            invalidFile(
                LocalizedText(en: "A list of objects is expected in JSON.", fr: "Une liste d’objets est attendue en JSON."))
        case .malformed(let number):
            invalidFile(
                LocalizedText(en: "Element \(number) of the list is not JSON.", fr: "L’élément \(number) de la liste n’est pas du JSON."))
        }
    }

    private static func invalidFile(_ detail: LocalizedText) -> Problem { Problem(422, "invalid_file", detail) }

    static let started = Problem.conflict(
        "import_started",
        LocalizedText(en: "This import is running or over.", fr: "Cette importation est en cours ou terminée."))

    static let checking = Problem.conflict(
        "import_checking",
        LocalizedText(en: "The rows are still being checked.", fr: "Les lignes sont encore en cours de vérification."))

    static func mapping(_ name: String) -> Problem {
        .invalid(
            "/mapping/\(name.cut(to: 40).asPointerPart)", "mapping",
            LocalizedText(en: "There is no such field, or no such column.", fr: "Ce champ ou cette colonne n’existe pas."))
    }

    static func invalidRows(_ count: Int) -> Problem {
        Problem(
            422, "invalid_rows",
            LocalizedText(
                en: "\(count) rows are invalid. Correct them, or set skip_invalid to true.",
                fr: "\(count) lignes sont incorrectes. Corrigez-les, ou mettez skip_invalid à true."))
    }

    static let nothing = Problem(
        422, "nothing_to_import", LocalizedText(en: "No row can be imported.", fr: "Aucune ligne ne peut être importée."))

    // Why an import that was begun came to nothing.

    static let authorGone = RowFault(
        nil, "permission_denied",
        LocalizedText(
            en: "The person who began the import may not add members any more.",
            fr: "La personne qui a lancé l’importation ne peut plus ajouter de membres."))

    static let nameTaken = RowFault(
        nil, "name_taken",
        LocalizedText(
            en: "A username or an e-mail address was taken meanwhile. Nobody was added; bring the file again.",
            fr: "Un nom d’utilisateur ou une adresse e-mail a été pris entre-temps. Personne n’a été ajouté ; renvoyez le fichier."))

    static let roleRefused = RowFault(
        nil, "role_refused",
        LocalizedText(
            en: "A role of the file may not be given any more. Nobody was added.",
            fr: "Un rôle du fichier ne peut plus être donné. Personne n’a été ajouté."))
}
