// The load generator: one process, one epoll loop, one result line of JSON on standard output.
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net.h"

static const char *usage =
    "usage: generate SCENARIO --port P --server PID [options]\n"
    "  of a fleet: N sockets whose people and tokens are in FILE\n"
    "    status     --list FILE --connections N --rate R [--burst B [--primer]] [--stars N] [--site-watchers N] [--sample FILE] [--passive] [--apart] | --bare\n"
    "    silence    --list FILE --connections N [--site-watchers N] [--tls]\n"
    "    arrivals   --list FILE --connections N --seconds S [--site-watchers N]\n"
    "    storm      --list FILE --connections N --rate R [--full-speed] [--site-watchers N]\n"
    "    sign-in    --list REFRESH_TOKENS --connections N --sample FILE    FILE gets the access tokens\n"
    "    xmpp       --connections N --rate R --path DOMAIN [--list PADDING]\n"
    "  requests, with one --token\n"
    "    requests   --connections N [--path PATH]\n"
    "    pace       --connections N --rate R [--path PATH]\n"
    "    writes     --connections N --list FILE\n"
    "    sends      --connections N --list CONVERSATIONS\n"
    "    hostile    --connections N --path trickle|unread|streams|flood\n"
    "  the transport alone\n"
    "    echo       --connections N\n"
    "    handshakes [--resumed]\n"
    "    silent     --connections N\n";

enum { flag_primer = 1000, flag_full_speed, flag_tls, flag_bare, flag_resumed, flag_passive, flag_nobody };

static void parse(int count, char **arguments, Scenario *scenario) {
    static const struct option options[] = {
        {"port", required_argument, 0, 'p'}, {"server", required_argument, 0, 's'}, {"token", required_argument, 0, 't'},
        {"connections", required_argument, 0, 'c'}, {"rate", required_argument, 0, 'r'}, {"seconds", required_argument, 0, 'd'},
        {"path", required_argument, 0, 'u'}, {"list", required_argument, 0, 'l'}, {"sample", required_argument, 0, 'f'},
        {"burst", required_argument, 0, 'b'}, {"stars", required_argument, 0, '*'}, {"site-watchers", required_argument, 0, 'w'},
        {"bare", no_argument, 0, flag_bare}, {"resumed", no_argument, 0, flag_resumed}, {"primer", no_argument, 0, flag_primer},
        {"full-speed", no_argument, 0, flag_full_speed}, {"tls", no_argument, 0, flag_tls},
        {"passive", no_argument, 0, flag_passive}, {"apart", no_argument, 0, flag_nobody}, {0, 0, 0, 0},
    };
    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
        switch (option) {
        case 'p': scenario->target.port = atoi(optarg); break;
        case 's': scenario->target.server = atoi(optarg); break;
        case 't': scenario->target.token = optarg; break;
        case 'c': scenario->connections = atoi(optarg); break;
        case 'r': scenario->rate = atoi(optarg); break;
        case 'd': scenario->target.seconds = atoi(optarg); break;
        case 'u': scenario->path = optarg; break;
        case 'l': scenario->list = optarg; break;
        case 'f': scenario->sample = optarg; break;
        case 'b': scenario->burst = atoi(optarg); break;
        case '*': scenario->stars = atoi(optarg); break;
        case 'w': scenario->site_watchers = atoi(optarg); break;
        case flag_bare: scenario->is_bare = true; break;
        case flag_resumed: scenario->is_resumed = true; break;
        case flag_primer: scenario->has_primer = true; break;
        case flag_full_speed: scenario->at_full_speed = true; break;
        case flag_nobody: scenario->keeps_nobody = true; break;
        case flag_passive: scenario->is_passive = true; break;
        case flag_tls: scenario->over_tls = true; break;
        default: exit((fputs(usage, stderr), 2));
        }
    }
}

int main(int count, char **arguments) {
    Scenario scenario = {
        .target = {.host_header = "127.0.0.1", .token = "", .seconds = 5}, .connections = 1, .rate = 5, .burst = 1,
        .path = "/api/v1/users/me"};
    parse(count, arguments, &scenario);
    const char *name = optind < count ? arguments[optind] : "";
    Target target = scenario.target;
    int connections = scenario.connections;
    if (target.port <= 0 || target.server <= 0 || connections <= 0 || target.seconds <= 0 || scenario.rate <= 0 || scenario.burst <= 0) {
        fputs(usage, stderr);
        return 2;
    }
    raise_descriptor_limit();
    if (!strcmp(name, "status") && (scenario.list || scenario.is_bare)) return run_status(&scenario);
    if (!strcmp(name, "silence") && scenario.list) return run_silence(&scenario);
    if (!strcmp(name, "arrivals") && scenario.list) return run_arrivals(&scenario);
    if (!strcmp(name, "storm") && scenario.list) return run_storm(&scenario);
    if (!strcmp(name, "sign-in") && scenario.list && scenario.sample) return run_sign_in(&scenario);
    if (!strcmp(name, "xmpp")) return run_xmpp(&scenario);
    if (!strcmp(name, "requests")) return run_requests(target, connections, scenario.path);
    if (!strcmp(name, "pace")) return run_pace(target, connections, scenario.rate, scenario.path);
    if (!strcmp(name, "writes") && scenario.list) return run_writes(target, connections, scenario.list);
    if (!strcmp(name, "sends") && scenario.list) return run_sends(target, connections, scenario.list);
    if (!strcmp(name, "hostile")) return run_hostile(target, connections, scenario.path);
    if (!strcmp(name, "echo")) return run_echo(target, connections);
    if (!strcmp(name, "handshakes")) return run_handshakes(target, scenario.is_resumed);
    if (!strcmp(name, "silent")) return run_silent(target, connections);
    fputs(usage, stderr);
    return 2;
}
