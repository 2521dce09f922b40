internal import FeatureKit
package import Kernel

extension Permission {
    package static let voiceJoin = Permission(known: "voice.join")
    package static let voiceModerate = Permission(known: "voice.moderate")
    package static let voiceSpeak = Permission(
        declaring: Definition(
            "voice.speak", en: "Speak in calls", fr: "Parler dans les appels", heldBy: ["member"]))
    package static let voiceVideo = Permission(
        declaring: Definition(
            "voice.video", en: "Show a camera or a screen in calls", fr: "Montrer une caméra ou un écran dans les appels",
            heldBy: ["member"]))
}

let voicePermissions: [Permission] = [.voiceSpeak, .voiceVideo]
