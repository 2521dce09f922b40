internal import Kernel
internal import Mail
internal import Notifications

/// The texts of notices of alerts, and the bodies of their webhooks.
enum AlertWords {
    /// A value with its unit.
    static func value(_ value: Double, _ metric: AlertMetric?) -> LocalizedText {
        let number = { (value: Double, digits: Int) in LiveView.number(value, digits: digits).text }
        let (text, unit): (String, String) =
            switch metric?.kind {
            case .ratio: (number(value * 100, 2), " %")
            case .duration: (number(value, value < 10 ? 1 : 0), " ms")
            case .bytes: (number(value / 1e6, 0), " MB")
            default: (number(value, 2), "")
            }
        let french = String(text.map { $0 == "." ? "," : $0 })
        return LocalizedText(en: text + (unit == " %" ? "%" : unit), fr: french + (unit == " MB" ? " Mo" : unit))
    }

    /// The rule's name, with the series in brackets.
    private static func name(_ rule: AlertRule, _ place: AlertTable.Place) -> String {
        place.series.isEmpty ? rule.name : "\(rule.name) (\(place.series))"
    }

    // MARK: In the centre

    static func notification(
        _ kind: AlertNotices.Kind, _ rule: AlertRule, _ place: AlertTable.Place, _ value: LocalizedText?, to person: UserID
    ) -> NotificationDraft {
        let key = kind == .resolved ? "alert.resolved" : "alert.firing"
        return NotificationDraft(
            to: person, kind: key, groupKey: "\(key):\(rule.id):\(place.series)",
            url: "/panel/alerts",
            arguments: [
                "alert": .string(name(rule, place)), "is": .string(kind.rawValue), "value_en": JSON(value?.english),
                "value_fr": JSON(value?.french),
            ])
    }

    static let kinds = [
        NotificationKind("alert.firing") { text in
            let name = text["alert"]
            switch text["is"] {
            case "flapping":
                return LocalizedText(
                    en: "Alert “\(name)” changes again and again", fr: "L’alerte « \(name) » change sans cesse")
            case "digest": return LocalizedText(en: "Alert “\(name)” is steady again", fr: "L’alerte « \(name) » est de nouveau stable")
            default:
                let (english, french) = (text["value_en"], text["value_fr"])
                return LocalizedText(
                    en: "Alert “\(name)” is firing\(english.isEmpty ? "" : ": \(english)")",
                    fr: "L’alerte « \(name) » est déclenchée\(french.isEmpty ? "" : " : \(french)")")
            }
        },
        NotificationKind("alert.resolved") { text in
            LocalizedText(en: "Alert “\(text["alert"])” is resolved", fr: "L’alerte « \(text["alert"]) » est résolue")
        },
    ]

    // MARK: By mail

    static func letter(
        _ kind: AlertNotices.Kind, _ rule: AlertRule, _ place: AlertTable.Place, _ value: LocalizedText?, _ state: AlertState,
        _ language: Language, site: String
    ) -> MailText {
        let name = name(rule, place)
        let subject: LocalizedText
        var paragraphs: [LocalizedText] = []
        switch kind {
        case .firing:
            subject = LocalizedText(en: "Alert: \(name)", fr: "Alerte : \(name)")
            paragraphs = [
                LocalizedText(
                    en: "The alert “\(name)” is firing\(value.map { ": \($0.english)" } ?? "").",
                    fr: "L’alerte « \(name) » est déclenchée\(value.map { " : \($0.french)" } ?? "").")
            ]
        case .resolved:
            subject = LocalizedText(en: "Resolved: \(name)", fr: "Résolue : \(name)")
            paragraphs = [LocalizedText(en: "The alert “\(name)” is resolved.", fr: "L’alerte « \(name) » est résolue.")]
        case .flapping:
            subject = LocalizedText(en: "Alert: \(name) changes again and again", fr: "Alerte : \(name) change sans cesse")
            paragraphs = [
                LocalizedText(
                    en: "The alert “\(name)” fires and is resolved again and again. A message will follow once it is steady.",
                    fr: "L’alerte « \(name) » se déclenche et se résout sans cesse. Un message suivra quand elle sera stable.")
            ]
        case .digest:
            subject = LocalizedText(en: "Alert: \(name) is steady again", fr: "Alerte : \(name) est de nouveau stable")
            let isFiring = state.phase == .firing
            paragraphs = [
                LocalizedText(
                    en: "The alert “\(name)” has not changed for half an hour. It is \(isFiring ? "firing" : "not firing").",
                    fr:
                        "L’alerte « \(name) » n’a pas changé depuis une demi-heure. Elle \(isFiring ? "est déclenchée" : "n’est pas déclenchée")."
                )
            ]
        }
        paragraphs.append(LocalizedText(en: "Condition: \(rule.expression)", fr: "Condition : \(rule.expression)"))
        return MailText(
            language, subject: subject, paragraphs,
            link: (LocalizedText(en: "See the alerts", fr: "Voir les alertes"), "\(site)/panel/alerts"))
    }

    // MARK: By webhook

    /// The event of the site, and the type of an alert's own webhook.
    static let eventType = "analytics.alert"

    /// The members of the event `analytics.alert`.
    static func event(
        _ kind: AlertNotices.Kind, _ rule: AlertRule, _ place: AlertTable.Place, _ state: AlertState, _ value: Double?, at now: Timestamp
    ) -> JSONObject {
        // A firing that ends with its rule has not been stepped to `resolved`.
        let isCut = kind == .resolved && state.phase != .resolved
        return [
            "alert_id": JSON(rule.id), "name": .string(rule.name), "series": .string(place.series),
            "state": .string(isCut ? AlertState.Phase.resolved.rawValue : state.phase.rawValue),
            "severity": .string(rule.severity.rawValue), "value": LiveView.number(value, digits: 6),
            "since": JSON(isCut ? now : state.since),
        ]
    }

    static func webhook(
        _ kind: AlertNotices.Kind, _ rule: AlertRule, _ place: AlertTable.Place, _ state: AlertState, _ value: Double?, _ id: RowID,
        at now: Timestamp, site: String
    ) -> JSON {
        var data = event(kind, rule, place, state, value, at: now)
        data.append("id", JSON(id))
        data.append("expression", .string(rule.expression))
        data.append("kind", .string(kind.rawValue))
        data.append("url", .string("\(site)/panel/alerts"))
        return ["type": .string(eventType), "timestamp": JSON(now), "data": .object(data)]
    }
}
