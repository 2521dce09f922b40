internal import Database
public import HTTP
public import Kernel
public import Runtime
public import Transport

/// The whole HTTP side as one value: routes, middleware, static files. `main` and the tests build the same one.
///
/// Order: request id → static files where no route is → authentication → rate limit → routing → permission → operation → one answer, one log line.
public final class Application: HTTPResponder {
    public struct Options: Sendable {
        public var base = "/api/v1"
        public var limits = Limits()
        /// Where proxies are whose `X-Forwarded-For` is believed.
        public var trustedProxies: [NetworkBlock] = []
        /// Sends HSTS; set when the site is reached over TLS.
        public var isSecure = false
        /// Hides what is remembered of requests and answers in the database.
        public var idempotencyCipher: any IdempotencyCipher = NoIdempotencyCipher()
        /// Sees each request that found a route, with its answer, before anything is done to it: the tests hold both to what the route declares.
        public var inspector: (@Sendable (Exchange) -> Void)?

        public init() {}
    }

    public struct Limits: Sendable {
        public var perUser = RateLimiter.Budget.steady("user", burst: 3000, perSecond: 1000)
        public var perKey = RateLimiter.Budget.steady("api_key", burst: 300, perSecond: 100)
        public var perAddress = RateLimiter.Budget.steady("address", burst: 1000, perSecond: 200)
        public var isOn = true

        public init() {}
    }

    private let options: Options
    private let router: Router
    private let authenticator: any Authenticator
    private let observer: (any RequestObserver)?
    private let meter: (any RequestMeter)?
    private let files: StaticFiles?
    private let log: Log
    private let clock: WallClock
    private let idempotency: Idempotency
    private let limiter: RateLimiter
    private let addresses: ClientAddress
    private let durations: Histogram

    public init(
        routes: [Route], authenticator: any Authenticator, observer: (any RequestObserver)? = nil, meter: (any RequestMeter)? = nil,
        files: StaticFiles? = nil, log: Log, metrics: Metrics, clock: WallClock = .system, options: Options = Options()
    ) {
        (self.options, self.authenticator, self.observer, self.files) = (options, authenticator, observer, files)
        self.meter = meter
        (self.log, self.clock, limiter) = (log, clock, RateLimiter(clock: clock))
        addresses = ClientAddress(trusting: options.trustedProxies, log: log)
        router = Router(routes, base: options.base)
        idempotency = Idempotency(idempotencyCipher: options.idempotencyCipher)
        durations = metrics.histogram("foyer_http_request_duration_seconds", "Time from a request's last byte to its answer.")
    }

    public func respond(to request: HTTPRequest) async -> HTTPOutcome {
        let start = monotonicNanoseconds()
        let origin = origin(of: request)
        var trace = Trace(route: "-", scope: nil)
        var reply = await ContentCoding.apply(to: answer(request, origin, &trace), for: request)
        secure(&reply, request, isAPI: trace.isAPI, requestID: origin.requestID)
        if let limit = trace.limit {
            reply.headers["RateLimit-Policy"] = limit.policy
            reply.headers["RateLimit"] = limit.state
        }
        if request.method == .head, reply.takeover == nil {
            reply.headers["Content-Length"] = String(reply.body.count)
            reply.body = []
        }
        note(request, reply, trace, origin, nanoseconds: monotonicNanoseconds() - start)
        let response = HTTPResponse(status: reply.status, headers: reply.headers, body: reply.body)
        switch reply.takeover {
        case nil: return .response(response)
        case .webSocket(let acceptor): return .upgrade(headers: reply.headers, acceptor)
        case .stream(let acceptor): return .stream(response, acceptor)
        }
    }

    public func plan(for head: HTTPRequest) -> BodyPlan {
        guard case .match(let match) = router.find(head.method, head.pathSegments) else { return BodyPlan() }
        return match.route.body
    }

    private struct Trace {
        var route: String
        var scope: Scope?
        var isAPI = true
        var problem: Problem?
        /// The RateLimit fields (IETF draft 11), when a limit was looked at.
        var limit: (policy: String, state: String)?
    }

    private func answer(_ request: HTTPRequest, _ origin: Origin, _ trace: inout Trace) async -> Reply {
        let outcome = router.find(request.method, request.pathSegments)
        if case .none = outcome, !router.knowsInOtherCase(request.pathSegments), let reply = files?.reply(to: request, base: options.base) {
            trace.isAPI = false
            trace.route = "static"
            return reply
        }
        let reply: Reply
        do {
            reply = try await operate(outcome, request, origin, &trace)
        } catch {
            let problem = Self.problem(from: error)
            trace.problem = problem
            if problem.status == 429 { await Self.holdBack() }
            reply = Reply(problem, language: origin.language, requestID: origin.requestID)
        }
        if let inspector = options.inspector, case .match(let match) = outcome {
            inspector(Exchange(route: match.route, parameters: match.parameters, request: request, reply: reply))
        }
        return reply
    }

    private func operate(_ outcome: Router.Outcome, _ request: HTTPRequest, _ origin: Origin, _ trace: inout Trace) async throws -> Reply {
        if case .match(let match) = outcome { trace.route = match.route.label }
        let scope: Scope
        do {
            scope = try await self.scope(of: request, origin, outcome)
        } catch let problem as Problem where problem.status == 401 {
            // Credentials that do not hold count as those of nobody: guessing has its limit, too.
            try limit(origin.guest(PermissionSet()), origin, &trace)
            throw problem
        }
        trace.scope = scope
        try limit(scope, origin, &trace)
        switch outcome {
        case .none:
            if scope.userID == nil && request.rawPath.utf8.starts(with: options.base.utf8) { throw Problem.unauthenticated }
            throw Problem.notFound
        case .wrongMethod(let allowed):
            let list = (allowed.contains(.get) ? allowed + [.head, .options] : allowed + [.options]).map(\.rawValue).joined(separator: ", ")
            if request.method == .options { return Reply(status: 204, headers: ["Allow": list]) }
            var reply = Reply(Self.methodNotAllowed, language: origin.language, requestID: origin.requestID)
            reply.headers["Allow"] = list
            return reply
        case .match(let match):
            return try await perform(match, request, scope)
        }
    }

    private func perform(_ match: Router.Match, _ request: HTTPRequest, _ scope: Scope) async throws -> Reply {
        let changes = scope.key?.nonce != nil && ![.get, .head, .options].contains(request.method)
        do {
            switch match.route.access {
            case .anyone: break
            case .signedIn:
                _ = try scope.requireUser()
                if let access = match.route.ownAccess { _ = try scope.requireOwn(access) }
            case .ownOr(let permission):
                _ = try scope.requireUser()
                if let access = match.route.ownAccess, !scope.can(permission) { _ = try scope.requireOwn(access) }
            case .withoutAPIKey: _ = try scope.requireWithoutAPIKey()
            case .may(let permission): try scope.require(permission)
            }
            let call = Call(
                request: request, scope: scope, clock: clock, route: match.route, parameters: match.parameters, idempotency: idempotency)
            if match.route.shape.query.isEmpty {
                var query = try call.query
                try query.finish()
            }
            if changes, !match.route.shape.guards.contains(.idempotencyKey) { try await authenticator.spendNonce(of: scope) }
            return try await match.route.handler(call)
        } catch {
            let problem = Self.problem(from: error)
            // What was refused is not to be sent again either, when it might be accepted.
            let isSettled = (400..<500).contains(problem.status) && problem.status != 429 && problem.code != "in_flight"
            if changes, isSettled, match.route.shape.guards.contains(.idempotencyKey) { try await authenticator.spendNonce(of: scope) }
            if let action = match.route.action, scope.userID != nil, problem.status == 403 || problem.status == 409 {
                await observer?.denied(action: action, target: match.parameters["id"], problem: problem, scope: scope)
            }
            throw problem
        }
    }

    /// Credentials that do not hold are 401 before anything else is looked at, except on the routes that are there to get new ones.
    private func scope(of request: HTTPRequest, _ origin: Origin, _ outcome: Router.Outcome) async throws -> Scope {
        if case .match(let match) = outcome, !match.route.looksAtCredentials { return origin.guest(PermissionSet()) }
        if case .match(let match) = outcome, match.route.access == .anyone {
            do {
                return try await authenticator.authenticate(request, origin)
            } catch let problem as Problem where problem.status == 401 || problem.status == 403 {
                return try await authenticator.guest(origin)
            }
        }
        return try await authenticator.authenticate(request, origin)
    }

    /// A key has a limit of its own within that of its person, so that one program cannot use up what the person has.
    private func limit(_ scope: Scope, _ origin: Origin, _ trace: inout Trace) throws {
        guard options.limits.isOn else { return }
        var limits: [(budget: RateLimiter.Budget, subject: String)] = []
        if let key = scope.key { limits.append((options.limits.perKey, String(key.id.rawValue))) }
        if let user = scope.userID {
            limits.append((options.limits.perUser, String(user.rawValue)))
        } else {
            limits.append((options.limits.perAddress, AddressBlock.of(origin.address)))
        }
        var fields: (policy: [String], state: [String]) = ([], [])
        for (budget, subject) in limits {
            let verdict = limiter.take(budget, subject)
            fields.policy.append("\"\(budget.purpose)\";q=\(budget.burst);w=\(max(1, Int(budget.secondsToRefill.rounded(.up))))")
            fields.state.append("\"\(budget.purpose)\";r=\(verdict.remaining);t=\(max(1, verdict.retryAfter))")
            trace.limit = (fields.policy.joined(separator: ", "), fields.state.joined(separator: ", "))
            guard verdict.isAllowed else { throw Problem.tooManyRequests(retryAfter: verdict.retryAfter) }
        }
    }

    /// Who does not wait is made to: a connection has one answer at a time, so that a flood of refusals is none. Each waits another time, so that
    /// those who were refused together do not come back together.
    private static func holdBack() async {
        do {
            try await Task.sleep(for: .milliseconds(Int.random(in: 50...150)))
        } catch {
            // The peer has gone.
        }
    }

    private static let methodNotAllowed = Problem(
        405, "method_not_allowed",
        LocalizedText(en: "This address does not take that method.", fr: "Cette adresse n’accepte pas cette méthode."))

    /// Any error as the one problem a client may see; what is not a problem already is ours, or the database's.
    public static func problem(from error: any Error) -> Problem {
        switch error {
        case let problem as Problem: problem
        case DatabaseError.unavailable(let cause): .unavailable(retryAfter: 1, cause: cause)
        case DatabaseError.timedOut(let cause):
            Problem(
                503, "timed_out",
                LocalizedText(
                    en: "This took too long, and nothing was changed. Ask for less, or try again in a moment.",
                    fr: "Cela a pris trop de temps, et rien n’a été modifié. Demandez-en moins, ou réessayez dans un instant."),
                retryAfter: 5, cause: cause)
        case DatabaseError.readOnly(let cause):
            Problem(
                503, "read_only",
                LocalizedText(
                    en: "The server cannot save anything at the moment. Nothing was changed.",
                    fr: "Le serveur ne peut rien enregistrer pour le moment. Rien n’a été modifié."),
                retryAfter: 5, cause: cause)
        case DatabaseError.retry: .unavailable(retryAfter: 1, cause: "the transaction kept losing against others")
        case DatabaseError.diskFull:
            Problem(
                503, "disk_full",
                LocalizedText(
                    en: "The server’s disk is full. Nothing was changed.", fr: "Le disque du serveur est plein. Rien n’a été modifié."),
                retryAfter: 60)
        case let cut as HTTPBody.BodyError: cut.problem
        case is QueueRefusal: .unavailable(retryAfter: 1, cause: "a queue is full")
        case is CancellationError: .unavailable(retryAfter: 1, cause: "cancelled")
        default: .internalError("\(error)")
        }
    }
}

extension Application {
    private func origin(of request: HTTPRequest) -> Origin {
        Origin(
            requestID: RequestID.accept(request.headers["X-Request-Id"]), address: addresses.find(request),
            userAgent: String((request.headers["User-Agent"] ?? "").unicodeScalars.prefix(300)),
            language: Language(acceptLanguage: request.headers["Accept-Language"]))
    }

    private func secure(_ reply: inout Reply, _ request: HTTPRequest, isAPI: Bool, requestID: String) {
        reply.headers["X-Request-Id"] = requestID
        reply.headers["X-Content-Type-Options"] = "nosniff"
        if isAPI && !reply.headers.contains("Cache-Control") { reply.headers["Cache-Control"] = "no-store" }
        reply.headers["Referrer-Policy"] = "same-origin"
        if !reply.headers.contains("Cross-Origin-Resource-Policy") { reply.headers["Cross-Origin-Resource-Policy"] = "same-origin" }
        if !reply.headers.contains("Content-Security-Policy") {
            reply.headers["Content-Security-Policy"] =
                isAPI ? "default-src 'none'; frame-ancestors 'none'" : StaticFiles.contentSecurityPolicy
        }
        // Of this host alone: what the owner serves beside it is not ours to decide.
        if options.isSecure { reply.headers["Strict-Transport-Security"] = "max-age=31536000" }
    }

    private func note(_ request: HTTPRequest, _ reply: Reply, _ trace: Trace, _ origin: Origin, nanoseconds: UInt64) {
        let seconds = Double(nanoseconds) / 1e9
        durations.observe(
            seconds: seconds, labels: "method=\"\(Self.label(request.method))\",route=\"\(trace.route)\",status=\"\(reply.status)\"")
        meter?.note(measure(request, reply, trace, origin, nanoseconds))
        if let scope = trace.scope, scope.userID != nil {
            observer?.answered(request, route: trace.route, status: reply.status, scope: scope, at: clock.now())
        }
        let isFailure = reply.status >= 500 && reply.status != 503
        guard log.isEnabled(isFailure ? .error : .info), trace.isAPI || log.isEnabled(.debug) else { return }
        var fields: [(String, JSON)] = [
            ("trace_id", .string(origin.requestID)), ("user_id", JSON(trace.scope?.userID)),
            ("action", .string("\(request.method) \(trace.route)")),
            ("status", JSON(reply.status)), ("duration_ms", .number((seconds * 100_000).rounded() / 100)), ("ip", .string(origin.address)),
        ]
        if let problem = trace.problem {
            fields.append(("code", .string(problem.code)))
            if let cause = problem.cause { fields.append(("cause", .string(cause))) }
        }
        if isFailure { log.error("request", fields) } else { log.info("request", fields) }
    }

    private func measure(
        _ request: HTTPRequest, _ reply: Reply, _ trace: Trace, _ origin: Origin, _ nanoseconds: UInt64
    ) -> RequestMeasure {
        RequestMeasure(
            method: Self.label(request.method), route: trace.route == "-" ? "unmatched" : trace.route, status: reply.status,
            nanoseconds: nanoseconds, isWait: nanoseconds > 500_000_000 && (request.query?.contains("wait=") ?? false),
            user: trace.scope?.userID, session: trace.scope?.sessionID, rank: trace.scope?.rank ?? .min, userAgent: origin.userAgent,
            client: request.headers["X-Foyer-Client"], at: clock.now())
    }

    /// The methods we serve; any other token is one label, so that a peer cannot make series.
    private static func label(_ method: HTTPMethod) -> String { knownMethods.contains(method) ? method.rawValue : "other" }
    private static let knownMethods: Set<HTTPMethod> = [.get, .head, .post, .put, .patch, .delete, .options]
}

/// The name of one request in logs, audit entries and events.
enum RequestID {
    /// The client's, when it is `[A-Za-z0-9_-]{8,64}`, else a new one.
    static func accept(_ text: String?) -> String {
        if let text, (8...64).contains(text.utf8.count), text.utf8.allSatisfy(isAllowed) { return text }
        let bits = UInt128(UInt64.random(in: .min ... .max)) << 64 | UInt128(UInt64.random(in: .min ... .max))
        return String(bits, radix: 36)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

extension HTTPBody.BodyError {
    var problem: Problem {
        switch status {
        case 408:
            Problem(408, "request_timeout", LocalizedText(en: "The body took too long.", fr: "Le corps a mis trop de temps à arriver."))
        case 413: .contentTooLarge
        default: .malformed(LocalizedText(en: "The body broke off.", fr: "Le corps s’est interrompu."))
        }
    }
}
