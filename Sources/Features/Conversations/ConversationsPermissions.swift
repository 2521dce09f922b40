internal import FeatureKit
package import Kernel

extension Permission {
    package static let chatRead = Permission(known: "chat.read")
    package static let chatWrite = Permission(known: "chat.write")
    package static let chatModerate = Permission(known: "chat.moderate")
    package static let chatMentionEveryone = Permission(known: "chat.mention_everyone")
    package static let channelsManage = Permission(known: "channels.manage")
    package static let conversationsCreate = Permission(
        declaring: Definition(
            "conversations.create", en: "Begin conversations with other members", fr: "Commencer des conversations avec d’autres membres",
            heldBy: ["member"]))
}

let conversationsPermissions: [Permission] = [.conversationsCreate]

/// What this feature writes to the audit log.
let conversationsAuditActions: [AuditAction] = [
    AuditAction(
        "message.delete", target: "message", en: "{actor} deleted a message of {user}", fr: "{actor} a supprimé un message de {user}"),
    AuditAction("channel.create", target: "channel", en: "{actor} created a channel", fr: "{actor} a créé un salon"),
    AuditAction("channel.update", target: "channel", en: "{actor} changed a channel", fr: "{actor} a modifié un salon"),
    AuditAction("channel.delete", target: "channel", en: "{actor} deleted a channel", fr: "{actor} a supprimé un salon"),
    AuditAction(
        "channel.order", target: "channel", en: "{actor} changed the order of the channels", fr: "{actor} a changé l’ordre des salons"),
    AuditAction(
        "channel.overwrite", target: "channel", en: "{actor} changed who may do what in a channel",
        fr: "{actor} a modifié les droits dans un salon"),
    AuditAction(
        "channel_category.create", target: "channel_category", en: "{actor} created a category of channels",
        fr: "{actor} a créé une catégorie de salons"),
    AuditAction(
        "channel_category.update", target: "channel_category", en: "{actor} changed a category of channels",
        fr: "{actor} a modifié une catégorie de salons"),
    AuditAction(
        "channel_category.delete", target: "channel_category", en: "{actor} deleted a category of channels",
        fr: "{actor} a supprimé une catégorie de salons"),
]
