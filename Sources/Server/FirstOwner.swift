internal import Accounts
internal import Glibc
internal import Kernel
internal import Runtime

/// How the first owner comes to be: from the settings, or by a link that only whoever started the program can read.
enum FirstOwner {
    /// Makes the owner that the settings name, before anybody can connect.
    ///
    /// - Throws: `StartFailure` when the name, the address or the password cannot be used.
    static func make(_ composition: Composition) async throws {
        let (settings, log) = (composition.infrastructure.settings, composition.infrastructure.log)
        guard let email = settings.text("owner-email"), let password = settings.text("owner-password") else { return }
        do {
            switch try await composition.accounts.makeOwner(email: email, username: settings["owner-username"], password: password) {
            case .made(let username): log.info("the owner was made from the settings", [("username", .string(username))])
            case .ignored: log.warning("owner-email and owner-password are ignored: this site has an owner")
            }
        } catch let problem as Problem {
            let faults = problem.faults.map { "\($0.pointer): \($0.detail(.english))" }.joined(separator: " ")
            throw StartFailure("The owner cannot be made from the settings: \(faults.isEmpty ? problem.detail(.english) : faults)")
        }
    }

    /// While there is no owner, gives out a set-up link that is valid for an hour: to the terminal, or, without one, to a file of mode 0600 whose path
    /// alone is logged.
    static func inviteBrowser(_ composition: Composition, url: String) async throws {
        guard let token = try await composition.accounts.issueSetUpToken() else { return forgetLink(composition.infrastructure.folder) }
        let link = "\(url)/setup#token=\(token)"
        if isatty(1) == 1 {
            Terminal.say("\nFoyer is ready. Make the owner’s account within the hour:\n\n    \(link)\n")
        } else {
            let file = linkFile(in: composition.infrastructure.folder)
            try writeSecretFile(file, link + "\n")
            composition.infrastructure.log.info("the set-up link is in a file", [("path", .string(file))])
        }
    }

    /// Removes the file of a link that was claimed, if there is one.
    static func forgetLink(_ folder: DataFolder) { unlink(linkFile(in: folder)) }

    private static func linkFile(in folder: DataFolder) -> String { folder.file("setup-url") }
}
