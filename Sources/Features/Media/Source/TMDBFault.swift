internal import Kernel

/// Why a request to TMDB failed.
enum TMDBFault: Error, Sendable, Hashable {
    case badKey
    /// The title does not exist, or no longer.
    case gone
    /// Seconds to wait.
    case limited(Int)
    /// A status that says that the fault is on TMDB's side.
    case failing(Int)
    /// An answer that does not follow TMDB's documentation.
    case odd(String)
    case cut
    case tooBig
    case tooSlow
    case unreachable
    /// No request is sent for a moment, because the last ones failed.
    case resting

    var code: String {
        switch self {
        case .badKey: "bad_key"
        case .gone: "gone"
        case .limited: "limited"
        case .failing: "failing"
        case .odd: "odd_answer"
        case .cut: "cut_answer"
        case .tooBig: "too_big"
        case .tooSlow: "too_slow"
        case .unreachable: "unreachable"
        case .resting: "resting"
        }
    }

    /// Whether it concerns only one title, and not the source as a whole.
    var isOfOneTitle: Bool {
        switch self {
        case .gone, .odd, .cut, .tooBig: true
        case .badKey, .limited, .failing, .tooSlow, .unreachable, .resting: false
        }
    }

    /// Whether the same request may succeed in a moment.
    var mayPass: Bool {
        switch self {
        case .failing, .cut, .tooSlow, .unreachable: true
        case .badKey, .gone, .limited, .odd, .tooBig, .resting: false
        }
    }

    /// The text of a fault in the panel, by its code.
    static func words(_ code: String) -> LocalizedText {
        switch code {
        case "bad_key": LocalizedText(en: "TMDB refuses this key. Enter another one.", fr: "TMDB refuse cette clé. Saisissez-en une autre.")
        case "gone": LocalizedText(en: "TMDB no longer has this title.", fr: "TMDB n’a plus ce titre.")
        case "limited":
            LocalizedText(
                en: "TMDB asks for a pause. The import continues by itself.",
                fr: "TMDB demande une pause. L’importation reprend d’elle-même.")
        case "failing":
            LocalizedText(
                en: "TMDB answers with an error. The import continues by itself.",
                fr: "TMDB répond par une erreur. L’importation reprend d’elle-même.")
        case "odd_answer": LocalizedText(en: "TMDB’s answer cannot be read.", fr: "La réponse de TMDB est illisible.")
        case "cut_answer": LocalizedText(en: "TMDB’s answer was cut off.", fr: "La réponse de TMDB est incomplète.")
        case "too_big": LocalizedText(en: "TMDB’s answer is too large.", fr: "La réponse de TMDB est trop volumineuse.")
        case "too_slow":
            LocalizedText(
                en: "TMDB takes too long to answer. The import continues by itself.",
                fr: "TMDB met trop de temps à répondre. L’importation reprend d’elle-même.")
        default:
            LocalizedText(
                en: "TMDB cannot be reached. The import continues by itself.",
                fr: "TMDB est injoignable. L’importation reprend d’elle-même.")
        }
    }
}
