package import Kernel
package import Runtime

/// Where files lie and how many bytes people may upload where their roles say nothing.
package struct FileOptions: Sendable {
    package var folder: String
    /// Of one file.
    package var fileBytes: Int64 = 100 << 20
    /// Of all files of one person.
    package var quotaBytes: Int64 = 2 << 30

    package init(folder: String) { self.folder = folder }

    package static let settings = [
        Setting(
            "files-dir", "",
            "The folder of what members upload, sealed; by default files in the data folder. Nodes of one site share it."),
        Setting(
            "file-bytes", "104857600", "Bytes of one file that a member may upload, unless a role says otherwise.",
            kind: .integer(0...(1 << 50))),
        Setting(
            "file-quota", "2147483648", "Bytes of all files of one member together, unless a role says otherwise.",
            kind: .integer(0...(1 << 50))),
    ]
}

/// What is said beyond the limits of files.
package enum FileLimits {
    /// Files of a message.
    package static let perMessage = 10
    /// Uploads of a person that are under way.
    static let uploads = 100
    /// Requests that one upload may come in.
    static let parts = 4000
    /// Bytes of a picture whose metadata is removed and of which a preview is made, as it is in memory meanwhile.
    static let picture: Int64 = 32 << 20
    /// Milliseconds that an upload waits for more, and a file for its message.
    static let patience: Int64 = 24 * 3_600_000
    /// Bytes that stay free on the disk.
    static let spare: Int64 = 64 << 20
    /// Pixels of a preview, of its longer side.
    static let previewSide = 800

    static func fileTooLarge(_ limit: Int64) -> Problem {
        Problem(
            413, "file_too_large",
            LocalizedText(
                en: "This file is too large: you may send files of up to \(words(limit, .english)).",
                fr: "Ce fichier est trop volumineux : vous pouvez envoyer des fichiers jusqu’à \(words(limit, .french))."))
    }

    static func overQuota(_ quota: Int64) -> Problem {
        Problem(
            413, "quota_exceeded",
            LocalizedText(
                en: "There is no room left for this file: your files may take \(words(quota, .english)) together.",
                fr: "Il ne reste plus assez de place pour ce fichier : vos fichiers peuvent occuper \(words(quota, .french)) en tout."))
    }

    static let tooManyUploads = Problem.conflict(
        "too_many_uploads",
        LocalizedText(
            en: "At most \(uploads) uploads are under way at once.", fr: "Au plus \(uploads) envois de fichiers peuvent être en cours."))
    static let tooManyParts = Problem.conflict(
        "too_many_parts",
        LocalizedText(en: "An upload comes in at most \(parts) parts.", fr: "Un envoi comporte au plus \(parts) parties."))
    static let wrongOffset = Problem.conflict(
        "wrong_offset",
        LocalizedText(en: "The upload is at another place. Ask where with HEAD.", fr: "L’envoi en est à un autre endroit."))
    static let fileSent = Problem.conflict(
        "file_sent",
        LocalizedText(en: "This file was sent: delete the message.", fr: "Ce fichier a été envoyé : supprimez le message."))
    static let checksumMismatch = Problem(
        460, "checksum_mismatch",
        LocalizedText(en: "The bytes changed on the way. Send them again.", fr: "Les octets ont été altérés en chemin. Renvoyez-les."))
    static let diskFull = Problem(
        503, "disk_full",
        LocalizedText(
            en: "The server’s disk is full. Nothing was changed.", fr: "Le disque du serveur est plein. Rien n’a été modifié."),
        retryAfter: 60)

    package static func unknownFile(_ index: Int) -> Problem {
        .invalid(
            "/attachments/\(index)", "unknown_file",
            LocalizedText(
                en: "This is no file that you uploaded and have not sent yet.",
                fr: "Ce n’est pas un fichier que vous avez téléversé et pas encore envoyé."))
    }

    private static func words(_ bytes: Int64, _ language: Language) -> String {
        let isFrench = language == .french
        let units = isFrench ? ["octets", "Ko", "Mo", "Go", "To"] : ["bytes", "KB", "MB", "GB", "TB"]
        var (number, unit) = (Double(bytes), 0)
        while number >= 1024, unit < units.count - 1 { (number, unit) = (number / 1024, unit + 1) }
        let tenths = Int((number * 10).rounded())
        let text = tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10)\(isFrench ? "," : ".")\(tenths % 10)"
        return "\(text) \(units[unit])"
    }
}
