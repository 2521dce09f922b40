internal import FeatureKit

/// What this feature writes to the audit log.
let accountAuditActions: [AuditAction] = [
    AuditAction("auth.setup", target: "user", en: "{actor} set up the site", fr: "{actor} a installé le site"),
    AuditAction("auth.login", target: "user", en: "{actor} signed in", fr: "{actor} s’est connecté"),
    AuditAction("auth.logout", target: "user", en: "{actor} signed out", fr: "{actor} s’est déconnecté"),
    AuditAction("auth.register", target: "user", en: "{actor} joined", fr: "{actor} a rejoint le site"),
    AuditAction(
        "auth.password_forgotten", target: "user", en: "{actor} asked for a link to set a new password",
        fr: "{actor} a demandé un lien pour définir un nouveau mot de passe"),
    AuditAction(
        "auth.password_reset", target: "user", en: "{actor} set a new password by mail",
        fr: "{actor} a choisi un nouveau mot de passe par e-mail"),
    AuditAction(
        "auth.refresh_reuse", target: "user", en: "A spent token of {user} was used again: the session was ended",
        fr: "Un jeton déjà utilisé de {user} a resservi : la session a été fermée"),
    AuditAction("session.revoke", target: "session", en: "{actor} ended a session of {user}", fr: "{actor} a fermé une session de {user}"),
    AuditAction(
        "totp.begin", target: "user", en: "{actor} began to set up a second factor", fr: "{actor} a commencé à configurer un second facteur"
    ),
    AuditAction("totp.confirm", target: "user", en: "{actor} switched on a second factor", fr: "{actor} a activé un second facteur"),
    AuditAction("totp.remove", target: "user", en: "{actor} removed their second factor", fr: "{actor} a retiré son second facteur"),
    AuditAction(
        "totp.reset", target: "user", en: "{actor} took the second factor off {user}", fr: "{actor} a retiré le second facteur de {user}"),
    AuditAction("api_key.create", target: "api_key", en: "{actor} created the API key {name}", fr: "{actor} a créé la clé d’API {name}"),
    AuditAction("api_key.update", target: "api_key", en: "{actor} changed the API key {name}", fr: "{actor} a modifié la clé d’API {name}"),
    AuditAction(
        "api_key.rotate", target: "api_key", en: "{actor} gave an API key a new secret",
        fr: "{actor} a donné un nouveau secret à une clé d’API"),
    AuditAction("api_key.revoke", target: "api_key", en: "{actor} revoked the API key {name}", fr: "{actor} a révoqué la clé d’API {name}"),
    AuditAction("user.create", target: "user", en: "{actor} added {user}", fr: "{actor} a ajouté {user}"),
    AuditAction("user.update", target: "user", en: "{actor} changed the profile of {user}", fr: "{actor} a modifié le profil de {user}"),
    AuditAction(
        "user.email_change", target: "user", en: "{actor} asked to change their e-mail address",
        fr: "{actor} a demandé à changer d’adresse e-mail"),
    AuditAction(
        "user.password", target: "user", en: "{actor} changed the password of {user}", fr: "{actor} a changé le mot de passe de {user}"),
    AuditAction("user.delete", target: "user", en: "{actor} deleted {user}", fr: "{actor} a supprimé {user}"),
    AuditAction("user.restore", target: "user", en: "{actor} restored {user}", fr: "{actor} a rétabli {user}"),
    AuditAction(
        "user.disable", target: "user", en: "{actor} disabled the account of {user}", fr: "{actor} a désactivé le compte de {user}"),
    AuditAction("user.enable", target: "user", en: "{actor} enabled the account of {user}", fr: "{actor} a réactivé le compte de {user}"),
    AuditAction("user.ban", target: "user", en: "{actor} banned {user}", fr: "{actor} a banni {user}"),
    AuditAction("user.unban", target: "user", en: "{actor} lifted the ban on {user}", fr: "{actor} a levé le bannissement de {user}"),
    AuditAction(
        "user.bulk", target: "user", en: "{actor} acted upon many members at once", fr: "{actor} a agi sur plusieurs membres à la fois"),
    AuditAction("user.import", target: "user_import", en: "{actor} imported members", fr: "{actor} a importé des membres"),
    AuditAction("user.export", target: "user", en: "{actor} exported the list of members", fr: "{actor} a exporté la liste des membres"),
    AuditAction("user.leave", target: "user", en: "{actor} left the site", fr: "{actor} a quitté le site"),
    AuditAction("user.return", target: "user", en: "{actor} came back", fr: "{actor} est de retour"),
    AuditAction("registration.approve", target: "registration", en: "{actor} let {user} in", fr: "{actor} a accepté {user}"),
    AuditAction(
        "registration.refuse", target: "registration", en: "{actor} refused a request to join",
        fr: "{actor} a refusé une demande d’inscription"),
    AuditAction("invitation.create", target: "invitation", en: "{actor} created an invitation", fr: "{actor} a créé une invitation"),
    AuditAction("invitation.revoke", target: "invitation", en: "{actor} revoked an invitation", fr: "{actor} a révoqué une invitation"),
    AuditAction(
        "invitation.roles_left_out", target: "invitation", en: "Some roles of an invitation could not be given to {user}",
        fr: "Certains rôles d’une invitation n’ont pas pu être donnés à {user}"),
    AuditAction(
        "settings.update", target: "settings", en: "{actor} changed the site’s settings", fr: "{actor} a modifié les réglages du site"),
]
