// The load generator: one process, one epoll loop, one result line of JSON on standard output.
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net.h"

static const char *usage =
    "usage: generate broadcast --port P --server PID --token T --writer T --connections N [--rate R] [--seconds S] [--bare] [--sample FILE]\n"
    "       generate requests  --port P --server PID --token T --connections N [--seconds S] [--path PATH]\n"
    "       generate pace      --port P --server PID --token T --connections N --rate R [--seconds S] [--path PATH]\n"
    "       generate hostile   --port P --server PID --token T --connections N [--seconds S] --path trickle|unread|streams|flood\n"
    "       generate echo      --port P --server PID --connections N [--seconds S]\n"
    "       generate handshakes --port P --server PID [--resumed] [--seconds S]\n"
    "       generate silent    --port P --server PID --connections N\n"
    "       generate writes    --port P --server PID --token T --connections N [--seconds S] --list FILE\n";

int main(int count, char **arguments) {
    static const struct option options[] = {
        {"port", required_argument, 0, 'p'}, {"server", required_argument, 0, 's'}, {"token", required_argument, 0, 't'},
        {"connections", required_argument, 0, 'c'}, {"rate", required_argument, 0, 'r'}, {"seconds", required_argument, 0, 'd'},
        {"path", required_argument, 0, 'u'}, {"list", required_argument, 0, 'l'}, {"bare", no_argument, 0, 'b'},
        {"resumed", no_argument, 0, 'R'},
        {"sample", required_argument, 0, 'f'}, {"writer", required_argument, 0, 'w'}, {0, 0, 0, 0},
    };
    Target target = {.host_header = "127.0.0.1", .token = "", .writer = "", .seconds = 5};
    int connections = 1, rate = 5, option;
    bool is_bare = false, is_resumed = false;
    const char *path = "/api/v1/users/me", *list = NULL, *sample = NULL;
    while ((option = getopt_long(count, arguments, "", options, NULL)) != -1) {
        switch (option) {
        case 'p': target.port = atoi(optarg); break;
        case 's': target.server = atoi(optarg); break;
        case 't': target.token = optarg; break;
        case 'w': target.writer = optarg; break;
        case 'c': connections = atoi(optarg); break;
        case 'r': rate = atoi(optarg); break;
        case 'd': target.seconds = atoi(optarg); break;
        case 'u': path = optarg; break;
        case 'l': list = optarg; break;
        case 'b': is_bare = true; break;
        case 'R': is_resumed = true; break;
        case 'f': sample = optarg; break;
        default: fputs(usage, stderr); return 2;
        }
    }
    const char *scenario = optind < count ? arguments[optind] : "";
    if (target.port <= 0 || target.server <= 0 || connections <= 0 || target.seconds <= 0 || rate <= 0) {
        fputs(usage, stderr);
        return 2;
    }
    raise_descriptor_limit();
    if (!strcmp(scenario, "broadcast")) return run_broadcast(target, connections, rate, is_bare, sample);
    if (!strcmp(scenario, "requests")) return run_requests(target, connections, path);
    if (!strcmp(scenario, "pace")) return run_pace(target, connections, rate, path);
    if (!strcmp(scenario, "hostile")) return run_hostile(target, connections, path);
    if (!strcmp(scenario, "echo")) return run_echo(target, connections);
    if (!strcmp(scenario, "handshakes")) return run_handshakes(target, is_resumed);
    if (!strcmp(scenario, "silent")) return run_silent(target, connections);
    if (!strcmp(scenario, "writes") && list) return run_writes(target, connections, list);
    fputs(usage, stderr);
    return 2;
}
