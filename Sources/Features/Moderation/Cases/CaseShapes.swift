internal import Friends
internal import Kernel
internal import Sanctions
internal import Web

/// What the routes of reports, cases and appeals take and answer.
enum CaseShapes {
    private static let card = UserCards.shape.orNull

    private static let report = Shape.named(
        "OwnReport",
        .object([
            "id": .id, "target_type": .choice(CaseTarget.self), "target_id": .id, "category": .choice(ReportCategory.self),
            "text": .text.orNull, "state": .choice("open", "decided"), "created_at": .timestamp,
        ]))

    private static let complaint = Shape.object([
        "category": .choice(ReportCategory.self), "text": Shape.string(max: ModerationFeature.reportTextLength).optionalOrNull,
    ])

    static let reportSomething = RouteShape(
        "Report a person or a message; a second report of the same target answers the first one.",
        body: .json(complaint.with(["target_type": .choice(Reportable.self), "target_id": .string(1...200)])),
        answers: [.created(report), .ok(report)], refusals: [.init(404, "not_found")], guards: [.idempotencyKey])

    static let reportMessage = RouteShape(
        "Report a message.", body: .json(complaint), answers: [.created(report), .ok(report)], guards: [.idempotencyKey])

    static let ownReports = RouteShape.list("List one’s own reports, the newest first.", of: report)

    private static let line = Shape.object([
        "id": .id, "kind": .choice(CaseFilter.Kind.self), "target_type": .choice(CaseTarget.self), "target_id": .id,
        "subject_id": Shape.id.orNull, "subject": card, "state": .choice(Case.State.self),
        "severity": Shape.integer(1...4).described("4 is the gravest."),
        "category": Shape.text.described("The gravest category of the reports; of an appeal, the kind of the sanction."),
        "report_count": .integer,
        "assignee": card.described("The person who works on it."), "taken_at": .timestamp.orNull, "opened_at": .timestamp,
        "due_at": .timestamp, "overdue": .bool, "decided_at": .timestamp.orNull, "decided_by": card,
        "outcome": Shape.choice(Case.Outcome.self).orNull, "reason": .text.orNull, "merged_into": Shape.id.orNull, "version": .integer,
    ])

    private static let escalation = Shape.object([
        "counted": .integer, "count": .integer, "within_s": .integer,
        "fires": Shape.bool.described("Whether one more sanction triggers it."),
        "result_kind": .choice(SanctionKind.self), "duration_s": .integer.orNull,
    ])

    private static let appeal = SanctionShapes.appealFields.with([
        "user_id": .id, "decided_by": card, "sanction": SanctionShapes.sanction.orNull, "evidence": .list(of: .any),
        "may_decide": Shape.bool.described("False for the issuer of the sanction, unless nobody else can decide."),
    ])

    static let whole = Shape.named(
        "Case",
        line.with([
            "reports": .list(
                of: .object([
                    "id": .id, "case_id": .id, "reporter": card, "category": .choice(ReportCategory.self), "text": .text.orNull,
                    "filter": Shape.text.orNull.described("The automatic filter that reported, where no person did."),
                    "created_at": .timestamp,
                ])),
            "evidence": Shape.list(of: .object(["case_id": .id, "at": .timestamp, "content": .any]))
                .described("The reported content at the time of the report."),
            "notes": .list(of: .object(["id": .id, "author": card, "text": .text, "created_at": .timestamp])),
            "acts": .list(
                of: .object([
                    "kind": .choice(CaseActKind.self), "outcome": .choice("done", "gone"), "sanction_id": Shape.id.orNull,
                    "message_id": Shape.id.orNull, "undone_at": .timestamp.orNull,
                ])),
            "merged": .list(of: .id),
            "target": .object([
                "exists": .bool, "hidden": .bool, "conversation_id": Shape.id.orNull, "deleted_at": .timestamp.orNull, "deleted_by": card,
                "by_author": .bool, "edited_at": .timestamp.orNull,
            ]),
            "sanctions": .list(of: SanctionShapes.sanction), "next_warning": escalation.orNull, "appeal": appeal.orNull,
        ]))

    static let list = RouteShape.list(
        "List the cases, the gravest first, then those due first.", of: .named("CaseLine", line),
        query: [
            "state": Shape.choice(Case.State.self).optional, "severity": Shape.integer(1...4).optional,
            "category": Shape.choice(ReportCategory.self).optional,
            "assignee": Shape.text.described("A person, or `none`.").optional, "overdue": Shape.bool.optional,
            "user": Shape.userReference.described("The person it is about.").optional, "kind": Shape.choice(CaseFilter.Kind.self).optional,
        ])

    static let read = RouteShape("Read a case.", answers: [.ok(whole).tagged])

    private static let closed: [RouteShape.Refusal] = [
        .conflict("case_decided"), .conflict("case_merged"), .conflict("case_taken"), .forbidden("own_report"),
    ]

    static let take = RouteShape(
        "Take a case; when somebody else has taken it, the refusal names them.", answers: [.ok(whole).tagged], refusals: closed,
        guards: [.idempotencyKey, .ifMatch])
    static let release = RouteShape(
        "Put back a case that one has taken.", answers: [.ok(whole).tagged], refusals: closed, guards: [.idempotencyKey, .ifMatch])

    static let note = RouteShape(
        "Write a note for the team.", body: .json(.object(["text": .string(1...ModerationFeature.noteLength)])),
        answers: [.ok(whole).tagged], refusals: [.conflict("too_many_notes")], guards: [.idempotencyKey])

    private static let acts = Shape.list(
        of: SanctionShapes.order.patch.with(["kind": .choice(CaseActKind.self)]), 1...CaseAct.most)
    private static let decision = Shape.object([
        "acts": acts,
        "reason": Shape.string(1...SanctionLimits.reason).optionalOrNull.described(
            "The reason of the acts that have none of their own."),
    ])
    private static let decisionRefusals: [RouteShape.Refusal] =
        closed + SanctionShapes.manageRefusals + [.conflict("use_appeal"), .conflict("nothing_to_hide"), .conflict("about_nobody")]

    static let decide = RouteShape(
        "Decide a case: all acts in one transaction.", body: .json(decision), answers: [.ok(whole).tagged], refusals: decisionRefusals,
        guards: [.idempotencyKey, .ifMatch])

    static let decideMany = RouteShape(
        "Make the same decision on several cases, each in its own transaction.",
        body: .json(decision.with(["cases": .list(of: .string(1...200), 1...ModerationFeature.many)])),
        answers: [
            .ok(
                .object([
                    "items": .list(of: .object(["id": .text, "status": .integer, "code": .text.orNull, "detail": .text.orNull]))
                ]))
        ], guards: [.ifMatch])

    static let merge = RouteShape(
        "Merge a case into another.", body: .json(.object(["into": .string(1...100)])), answers: [.ok(whole).tagged],
        refusals: closed + [.conflict("cannot_merge")], guards: [.idempotencyKey, .ifMatch])
    static let split = RouteShape(
        "Undo a merge.", answers: [.ok(whole).tagged], refusals: [.conflict("cannot_split")],
        guards: [.idempotencyKey, .ifMatch])

    static let appealSanction = RouteShape(
        "Appeal against a sanction of one’s own, once.",
        body: .json(
            .object([
                "text": .string(1...Appeal.textLength),
                "token": Shape.string(1...100).optionalOrNull.described("The `appeal_token` of the refused sign-in."),
            ])),
        answers: [.created(SanctionShapes.ownAppeal)],
        refusals: [
            .init(401, "unauthenticated"), .forbidden("key_scope_missing"), .conflict("already_appealed"), .conflict("sanction_ended"),
            .conflict("too_late"),
        ], guards: [.idempotencyKey])

    static let decideAppeal = RouteShape(
        "Answer an appeal.",
        body: .json(
            .object([
                "accept": .bool, "reason": .string(1...SanctionLimits.reason),
                "expires_at": Shape.timestamp.optionalOrNull.described(
                    "With `accept`: an earlier end of the sanction, instead of ending it now."),
            ])),
        answers: [.ok(whole).tagged],
        refusals: closed + SanctionShapes.manageRefusals + [.forbidden("own_sanction")], guards: [.idempotencyKey, .ifMatch])

    // MARK: Rules

    private static let rule = Shape.object([
        "id": .id, "kind": .choice(EscalationTrigger.self), "count": .integer(2...100), "within_s": .integer(ModerationFeature.within),
        "result_kind": .choice(EscalationResult.self), "duration_s": Shape.integer(SanctionLimits.seconds).orNull,
    ])
    private static let rules = Shape.object(["items": .list(of: rule)])

    static let readEscalations = RouteShape("List the escalation rules.", answers: [.ok(rules)])
    static let writeEscalations = RouteShape(
        "Replace the escalation rules.",
        body: .json(
            .object([
                "items": .list(
                    of: rule.with([
                        "id": Shape.string(max: 100).optionalOrNull, "duration_s": Shape.integer(SanctionLimits.seconds).optionalOrNull,
                    ]),
                    0...ModerationFeature.rules)
            ])),
        answers: [.ok(rules)], guards: [.idempotencyKey])

    static let preview = RouteShape(
        "List a person’s sanctions in force, and the escalation that one more sanction would cause.",
        query: ["user": Shape.userReference, "kind": Shape.choice(SanctionKind.self).optional],
        answers: [
            .ok(
                .object([
                    "user_id": .id, "in_force": .list(of: SanctionShapes.sanction), "escalation": escalation.orNull,
                ]))
        ], refusals: [.init(404, "not_found")])
}
