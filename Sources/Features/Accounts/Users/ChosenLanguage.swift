internal import Database
internal import Kernel

/// The table `chosen_languages`: people whose language is their own choice and not the default of whoever made the account.
///
/// Only such a language is worth more than that of the browser on a new device.
enum ChosenLanguage {
    static func isOwn(of user: UserID, in transaction: Transaction) throws -> Bool {
        try transaction.row("SELECT 1 FROM chosen_languages WHERE user_id = \(user)") != nil
    }

    static func note(_ user: UserID, in transaction: Transaction) throws {
        try transaction.execute("INSERT INTO chosen_languages (user_id) VALUES (\(user)) ON CONFLICT (user_id) DO NOTHING")
    }
}
