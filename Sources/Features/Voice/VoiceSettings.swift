internal import Runtime

/// What the owner sets for calls.
let voiceSettings = [
    Setting("ring-seconds", "45", "Seconds that a call rings before it is missed.", kind: .integer(1...300)),
    Setting(
        "turn-urls", "",
        "STUN and TURN servers for calls, with commas between, such as stun:turn.foyer.example:3478,turn:turn.foyer.example:3478; by default none."
    ),
    Setting("turn-secret", "", "The static-auth-secret of coturn, from which credentials of minutes are made.", isSecret: true),
]
