package import Kernel
package import Runtime

/// Where files are stored, and how many bytes members may upload unless a role sets another limit.
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
            "The folder of uploaded files, which are encrypted; by default files in the data folder. The nodes of one site share it."),
        Setting(
            "file-bytes", "104857600", "How many bytes one uploaded file may have, unless a role sets another limit.",
            kind: .integer(0...(1 << 50))),
        Setting(
            "file-quota", "2147483648", "How many bytes all files of one member may have together, unless a role sets another limit.",
            kind: .integer(0...(1 << 50))),
    ]
}

/// The fixed limits of files, and the problems that a request beyond a limit gets.
package enum FileLimits {
    /// Files of a message.
    package static let perMessage = 10
    /// Uploads and unsent files of one person: also empty ones cost a row and a folder.
    static let unsent = 100
    /// Requests that may bring one upload.
    static let parts = 4000
    /// The largest picture, in bytes, whose metadata is removed and that gets a preview: both need the whole picture in memory.
    static let picture: Int64 = 32 << 20
    /// Pictures in memory at once.
    static let picturesAtOnce = 4
    /// Milliseconds after which an upload without progress, or an unsent file, is removed.
    static let patience: Int64 = 24 * 3_600_000
    /// No upload begins that would leave less than this free on the disk, in bytes.
    static let spare: Int64 = 64 << 20
    /// The longer side of a preview, in pixels.
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
                en: "There is no room left for this file: all your files together may have up to \(words(quota, .english)).",
                fr: "Il ne reste plus assez de place pour ce fichier : vos fichiers peuvent occuper \(words(quota, .french)) en tout."))
    }

    static let tooManyUploads = Problem.conflict(
        "too_many_uploads",
        LocalizedText(
            en: "You may have at most \(unsent) uploads and unsent files. Send or remove some first.",
            fr: "Vous pouvez avoir au plus \(unsent) fichiers en cours d’envoi ou non envoyés. Envoyez ou retirez-en d’abord."))
    static let tooManyParts = Problem.conflict(
        "too_many_parts",
        LocalizedText(en: "An upload may take at most \(parts) requests.", fr: "Un envoi comporte au plus \(parts) requêtes."))
    static let wrongOffset = Problem.conflict(
        "wrong_offset",
        LocalizedText(
            en: "The upload is at another offset. Ask for it with HEAD.", fr: "L’envoi en est à un autre point. Demandez-le avec HEAD."))
    static let fileSent = Problem.conflict(
        "file_sent",
        LocalizedText(
            en: "This file was sent. Delete its message to remove it.",
            fr: "Ce fichier a été envoyé. Supprimez son message pour le retirer."))
    static let checksumMismatch = Problem(
        460, "checksum_mismatch",
        LocalizedText(
            en: "The bytes do not match their checksum. Send them again.",
            fr: "Les octets ne correspondent pas à leur somme de contrôle. Renvoyez-les."))
    static let diskFull = Problem(
        503, "disk_full",
        LocalizedText(
            en: "The server’s disk is full. Nothing was changed.", fr: "Le disque du serveur est plein. Rien n’a été modifié."),
        retryAfter: 60)

    package static func unknownFile(_ index: Int) -> Problem {
        .invalid(
            "/attachments/\(index)", "unknown_file",
            LocalizedText(
                en: "This is not a file that you uploaded and have not sent yet.",
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
