internal import FeatureKit
package import Runtime

/// Every setting of the program; `foyer config` prints this table with the values in force.
package let knownSettings: [Setting] = siteSettings + Composition.declarations.flatMap(\.settings)

/// Those of the platform, and of the features that are older than the declarations.
private let siteSettings: [Setting] = [
    Setting("data", "data", "The folder of this site: database, files, heads of the audit log."),
    Setting("listen", "127.0.0.1:8080", "HOST:PORT to listen on; the host is an IP address or localhost; port 0 takes a free one."),
    Setting(
        "tls-cert", "",
        "The certificate chain, PEM: the server then speaks HTTPS; read again when it changes. Several, for several names, with commas between."
    ),
    Setting("tls-key", "", "The certificate’s private key, PEM; several in the same order."),
    Setting("redirect-listen", "", "HOST:PORT of plain HTTP, such as 0.0.0.0:80, that sends browsers on to public-url."),
    Setting(
        "acme-folder", "", "The folder of a certificate authority’s tokens, served by redirect-listen below /.well-known/acme-challenge/."),
    Setting(
        "public-url", "", "The address that browsers use, such as https://foyer.example, without a path; by default what is listened on.",
        kind: .address),
    Setting("database-url", "", "postgres://… for PostgreSQL; without it, SQLite in the data folder.", isSecret: true),
    Setting(
        "keys-dir", "",
        "The folder of the keys (signing, encryption), 0600; by default the data folder’s name followed by .keys, beside it."),
    Setting("owner-email", "", "With owner-password: makes the first owner at start, without a browser."),
    Setting("owner-password", "", "See owner-email; ignored once there is an owner.", isSecret: true),
    Setting("owner-username", "owner", "The username of the owner made by owner-email."),
    Setting(
        "registration", "closed",
        "Who may make an account until the panel says otherwise: open (anybody), invitation, approval (the team decides) or closed.",
        kind: .choice(["open", "invitation", "approval", "closed"])),
    Setting(
        "leave-grace", "30", "Days during which members who left may come back by signing in; then they are erased.",
        kind: .integer(1...3650)),
    Setting(
        "smtp-url", "", "The mail server: smtp://user:password@host:587 or smtps://…:465; without it no mail is sent. Needs public-url.",
        isSecret: true),
    Setting(
        "smtp-tls", "required", "For smtp://: required (STARTTLS or nothing is sent) or none (a server on this machine).",
        kind: .choice(["required", "none"])),
    Setting("smtp-ca", "", "A file with the certificate authority of the mail server, PEM; by default the system’s authorities."),
    Setting("mail-from", "", "Who mails are from: Foyer <foyer@foyer.example>; needed with smtp-url."),
    Setting("web", "", "The folder of the built web app; by default web/dist beside the program, or in the current folder."),
    Setting("loops", "0", "Event loops, one thread each; 0 for one a processor core.", kind: .integer(0...64)),
    Setting("io-uring", "true", "Writes to many sockets with one system call, where the kernel allows io_uring.", kind: .boolean),
    Setting(
        "max-connections", "50000",
        "Connections at once, as far as the system’s limit of open files goes; one more is answered 503.", kind: .integer(10...1_000_000)),
    Setting(
        "max-connections-per-address", "0",
        "Connections at once from one address; 0 for no limit, as behind a proxy, where all come from its address.",
        kind: .integer(0...1_000_000)),
    Setting(
        "trusted-proxies", "",
        "The proxies whose X-Forwarded-For is believed: addresses or networks, with commas between, such as 127.0.0.1,10.0.0.0/8."),
    Setting(
        "outbound-allow", "",
        "Private addresses or networks that the server may send requests to for webhooks, with commas between, such as 127.0.0.1,10.0.0.0/8; by default none."
    ),
    Setting(
        "snippet-origins", "",
        "The sites whose pages may report visits with the site snippet, with commas between, such as https://www.example.com; beside public-url."
    ),
    Setting("rate-limit", "true", "Limits requests per member, per API key and per address.", kind: .boolean),
    Setting("rate-limit-user", "1000", "Requests a second, in the long run, for one member.", kind: .integer(1...1_000_000)),
    Setting("rate-limit-key", "100", "Requests a second, in the long run, with one API key.", kind: .integer(1...1_000_000)),
    Setting(
        "rate-limit-address", "200", "Requests a second, in the long run, from one address that is not signed in.",
        kind: .integer(1...1_000_000)),
    Setting("idle-after", "300", "Seconds without input after which a member is shown as idle.", kind: .integer(10...86_400)),
    Setting(
        "presence-grace", "20", "Seconds during which a lost connection may come back before the member is shown offline.",
        kind: .integer(0...600)),
    Setting(
        "heartbeat", "25", "Seconds between the heartbeats of a socket; twice that without any sign and it is closed.",
        kind: .integer(5...300)),
    Setting(
        "websocket-compression", "true",
        "Compresses events on sockets whose clients offer permessage-deflate; never what is one person’s alone.",
        kind: .boolean),
    Setting("shutdown-timeout", "10", "Seconds that requests under way get to finish when the program stops.", kind: .integer(0...300)),
    Setting("log-level", "info", "The least serious lines to log.", kind: .choice(["debug", "info", "warning", "error"])),
]
