package import FeatureKit
internal import Kernel

extension VoiceFeature {
    /// Its part of the register of personal data.
    package static let personalData: [PersonalData] = [
        PersonalData(
            "calls", ["caller_id", "callee_id", "ended_by"], en: "Calls: with whom and when, never their content",
            fr: "Appels : avec qui et quand, jamais leur contenu", retention: .days(Int(retentionDays))),
        PersonalData(
            "voice_sessions", ["user_id", "session_id"], en: "Time in calls and measured quality",
            fr: "Durée des appels et qualité mesurée", retention: .days(Int(retentionDays))),
    ]
}
