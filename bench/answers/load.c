/* A load generator over kept-alive connections: sends prepared requests and times the replies.

   load --port P --requests FILE --connections N --seconds S          a closed loop: the next after the reply
   load --port P --requests FILE --connections N --seconds S --once   one request each, spread over S seconds

   FILE begins with a line "LEARNERS REQUESTS WALKS"; then for each learner as many requests, each as a line with its
   length and the bytes of it. Connection i sends the requests of the learners i, i + N, i + 2 N, ... in turn, and of
   each learner one request after the other. In each of them the empty UUID becomes a fresh one (the Idempotency-Key).

   Where WALKS is 1, each answer goes to the place that the learner has come to, whose number replaces the eight zeros
   behind "presentations/". The place is told by the "next" of the reply to the answer before; where that has none,
   the first request of the learner asks for it. Such requests are no answers, and are counted under "nexts".

   The last line of the output is one JSON object; times are in milliseconds. A reply with another status than
   201 is counted under "refused", and the first of them is shown on the standard error. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { KEY = 36, DIGITS = 8, STATUSES = 600, REPLY = 1 << 18, PATIENCE_SECONDS = 30 };

static const char EMPTY_KEY[] = "00000000-0000-0000-0000-000000000000";
static const char PLACE[] = "presentations/00000000/";

struct request {
    char *bytes;
    size_t length;
    char *key;   /* where the UUID goes, or NULL */
    char *place; /* where the number goes, or NULL */
};

struct learner {
    struct request *requests;
    unsigned long place; /* 0: to be asked for */
};

struct connection {
    int socket;
    size_t first;                  /* its first learner */
    unsigned long turn;            /* how often it has answered */
    struct learner *learner;       /* whose request is under way */
    const struct request *request; /* NULL: none is under way */
    bool asks_next;                /* the request is for the place, and no answer */
    size_t sent, received;
    uint64_t begun;
    char *reply;
};

struct latencies {
    uint32_t *micros;
    size_t count, room;
};

static struct {
    const char *requests;
    int port;
    size_t connections;
    double seconds;
    bool once;
} options = {.connections = 1, .seconds = 1};

static struct learner *learners;
static size_t learner_count, request_count, walks;
static unsigned long statuses[STATUSES], lost;
static struct latencies answers, nexts;
static uint64_t last_reply;

static void fail(const char *what) {
    fprintf(stderr, "load: %s%s%s\n", what, errno ? ": " : "", errno ? strerror(errno) : "");
    exit(1);
}

static void *need(void *memory) {
    if (!memory)
        fail("no memory");
    return memory;
}

static uint64_t now(void) { /* in nanoseconds */
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static uint64_t dice(void) { /* xorshift64*, seeded by the kernel: the keys of two runs differ */
    static uint64_t state;
    while (!state)
        if (getrandom(&state, sizeof state, 0) != sizeof state)
            fail("no random bytes");
    state ^= state >> 12, state ^= state << 25, state ^= state >> 27;
    return state * UINT64_C(2685821657736338717);
}

static void write_key(char *place) {
    static const char hexadecimal[] = "0123456789abcdef";
    uint64_t bits[2] = {dice(), dice()};
    for (int i = 0, nibble = 0; i < KEY; i++)
        if (EMPTY_KEY[i] != '-') {
            place[i] = hexadecimal[bits[nibble / 16] >> (nibble % 16 * 4) & 15];
            nibble++;
        }
    place[14] = '4', place[19] = '8';
}

static void write_number(char *place, unsigned long number) {
    for (int i = DIGITS - 1; i >= 0; i--, number /= 10)
        place[i] = (char)('0' + number % 10);
}

/* --- The requests --------------------------------------------------------------------------------------- */

static struct request read_request(FILE *file) {
    struct request request = {0};
    if (fscanf(file, "%zu", &request.length) != 1 || fgetc(file) != '\n')
        fail("a length is missing in the file of requests");
    request.bytes = need(malloc(request.length + 1));
    if (fread(request.bytes, 1, request.length, file) != request.length)
        fail("the file of requests ends early");
    request.bytes[request.length] = 0;
    request.key = strstr(request.bytes, EMPTY_KEY);
    if (walks && (request.place = strstr(request.bytes, PLACE)))
        request.place += strlen("presentations/");
    return request;
}

static void read_requests(void) {
    FILE *file = fopen(options.requests, "rb");
    if (!file)
        fail(options.requests);
    if (fscanf(file, "%zu %zu %zu", &learner_count, &request_count, &walks) != 3 || fgetc(file) != '\n')
        fail("the file of requests has no first line");
    if (learner_count < options.connections)
        fail("every connection needs a learner of its own");
    if (walks > 1 || request_count < 1 + walks)
        fail("a learner needs a request");
    learners = need(calloc(learner_count, sizeof *learners));
    for (size_t i = 0; i < learner_count; i++) {
        learners[i].requests = need(calloc(request_count, sizeof(struct request)));
        for (size_t r = 0; r < request_count; r++)
            learners[i].requests[r] = read_request(file);
    }
    fclose(file);
}

/* --- What is counted ------------------------------------------------------------------------------------ */

static void note(struct latencies *all, uint64_t nanoseconds) {
    if (all->count == all->room) {
        all->room = all->room ? 2 * all->room : 4096;
        all->micros = need(realloc(all->micros, all->room * sizeof *all->micros));
    }
    all->micros[all->count++] = (uint32_t)(nanoseconds / 1000);
}

static int by_size(const void *one, const void *other) {
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return (a > b) - (a < b);
}

static double percentile(const struct latencies *all, double share) { /* the nearest rank; all are sorted */
    if (!all->count)
        return 0;
    size_t rank = (size_t)(share * (double)all->count + 0.999999);
    return all->micros[(rank ? rank : 1) - 1] / 1000.0;
}

static void print_latencies(const char *name, struct latencies *all) {
    if (all->count)
        qsort(all->micros, all->count, sizeof *all->micros, by_size);
    printf("\"%s\": {\"count\": %zu, \"p50\": %.3f, \"p99\": %.3f, \"max\": %.3f}", name, all->count,
           percentile(all, .5), percentile(all, .99), percentile(all, 1));
}

static void report(uint64_t begin, uint64_t in_time) {
    const char *comma = "";
    printf("{\"connections\": %zu, \"seconds\": %.6f, \"in_time\": %" PRIu64 ", \"last\": %.3f, \"lost\": %lu, ",
           options.connections, options.seconds, in_time, last_reply ? (double)(last_reply - begin) / 1e6 : 0.0,
           lost);
    print_latencies("answers", &answers);
    printf(", ");
    print_latencies("nexts", &nexts);
    printf(", \"refused\": {");
    for (int status = 0; status < STATUSES; status++)
        if (statuses[status])
            printf("%s\"%d\": %lu", comma, status, statuses[status]), comma = ", ";
    printf("}}\n");
}

/* --- A connection --------------------------------------------------------------------------------------- */

static void open_connection(struct connection *one) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port)};
    int on = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    one->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (one->socket < 0)
        fail("no socket");
    if (connect(one->socket, (struct sockaddr *)&address, sizeof address) < 0)
        fail("cannot connect");
    setsockopt(one->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (fcntl(one->socket, F_SETFL, O_NONBLOCK) < 0)
        fail("fcntl");
    one->reply = need(malloc(REPLY + 1));
}

static void close_connection(struct connection *one) {
    close(one->socket);
    one->socket = -1;
    one->request = NULL;
    lost++;
}

static void choose_request(struct connection *one) {
    size_t own = (learner_count - one->first + options.connections - 1) / options.connections;
    size_t round = one->turn / own, step = one->turn % own;
    one->learner = &learners[one->first + step * options.connections];
    one->asks_next = walks && !one->learner->place;
    one->request = one->learner->requests;
    if (one->asks_next)
        return;
    /* Also within a round they alternate, so that different ones are under way at a time. */
    one->request += walks + (round + step + one->first) % (request_count - walks);
    one->turn++;
}

static void send_rest(struct connection *one) {
    while (one->sent < one->request->length) {
        ssize_t n = send(one->socket, one->request->bytes + one->sent, one->request->length - one->sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN)
            return; /* epoll says when there is room */
        if (n < 0)
            return close_connection(one);
        one->sent += (size_t)n;
    }
}

static void begin_request(struct connection *one) {
    choose_request(one);
    if (one->request->key)
        write_key(one->request->key);
    if (one->request->place)
        write_number(one->request->place, one->learner->place);
    one->sent = one->received = 0;
    one->begun = now();
    send_rest(one);
}

/* Return how long the reply is in all, 0 while that cannot be known. */
static size_t reply_length(const struct connection *one) {
    char *end = memmem(one->reply, one->received, "\r\n\r\n", 4);
    if (!end)
        return 0;
    size_t head = (size_t)(end - one->reply) + 4, body = 0;
    for (char *line = one->reply; line < end; line = (char *)memmem(line, (size_t)(end + 2 - line), "\r\n", 2) + 2) {
        if (!strncasecmp(line, "content-length:", 15))
            body = strtoul(line + 15, NULL, 10);
        if (!strncasecmp(line, "transfer-encoding:", 18))
            errno = 0, fail("a reply comes in chunks, which is not understood here");
    }
    return head + body;
}

static unsigned long position_in(const char *text) {
    static const char name[] = "\"position\":";
    const char *found = strstr(text, name);
    return found ? strtoul(found + strlen(name), NULL, 10) : 0;
}

/* Return the place that a reply tells to come next, or 0. */
static unsigned long next_place(const struct connection *one) {
    static const char name[] = "\"next\":";
    if (one->asks_next)
        return position_in(one->reply);
    const char *found = strstr(one->reply, name);
    if (!found)
        return 0;
    found += strlen(name);
    found += strspn(found, " ");
    return *found == '{' ? position_in(found) : 0;
}

static bool is_expected(const struct connection *one, int status) {
    return status == 201 || (one->asks_next && status == 200);
}

/* Count the reply that has arrived whole. */
static void take_reply(struct connection *one) {
    int status = one->received > 12 ? atoi(one->reply + 9) : 0;
    last_reply = now();
    if (is_expected(one, status)) {
        note(one->asks_next ? &nexts : &answers, last_reply - one->begun);
    } else {
        static bool shown;
        if (!shown)
            fprintf(stderr, "load: the first reply that is not as expected:\n%.*s\n",
                    one->received < 2000 ? (int)one->received : 2000, one->reply);
        shown = true;
        statuses[status > 0 && status < STATUSES ? status : 0]++;
    }
    if (walks)
        one->learner->place = next_place(one);
    one->request = NULL;
}

/* Read what there is; return whether a reply has arrived whole. */
static bool read_reply(struct connection *one) {
    for (;;) {
        ssize_t n = recv(one->socket, one->reply + one->received, REPLY - one->received, 0);
        if (n < 0 && errno == EAGAIN)
            return false;
        if (n <= 0 || !one->request) {
            close_connection(one);
            return false;
        }
        one->received += (size_t)n;
        one->reply[one->received] = 0;
        size_t length = reply_length(one);
        if (length >= REPLY)
            errno = 0, fail("a reply is too large");
        if (length && one->received >= length) {
            take_reply(one);
            return true;
        }
    }
}

/* --- The two ways to run -------------------------------------------------------------------------------- */

static size_t under_way(const struct connection *all) {
    size_t count = 0;
    for (size_t i = 0; i < options.connections; i++)
        count += all[i].request != NULL;
    return count;
}

/* Wait up to `until` for what arrives; after `stop` nothing new begins. Return how many answers came in time. */
static uint64_t serve_events(int queue, uint64_t until, uint64_t stop, bool again) {
    struct epoll_event events[256];
    uint64_t in_time = 0, moment = now();
    /* Rounded up: a turn of less than a millisecond would take a core from those that are measured. */
    int wait = moment >= until ? 0 : (int)((until - moment + 999999) / 1000000);
    int ready = epoll_wait(queue, events, 256, wait);
    for (int i = 0; i < ready; i++) {
        struct connection *one = events[i].data.ptr;
        size_t before = answers.count;
        if (one->socket >= 0 && one->request && one->sent < one->request->length)
            send_rest(one);
        if (one->socket >= 0 && read_reply(one)) {
            if (last_reply <= stop)
                in_time += answers.count - before;
            bool is_between = one->asks_next && one->learner->place;
            if (is_between || (again && last_reply < stop))
                begin_request(one);
        }
    }
    return in_time;
}

static uint64_t finish(struct connection *all, int queue, uint64_t stop, bool again) {
    uint64_t in_time = 0, patience = stop + PATIENCE_SECONDS * UINT64_C(1000000000);
    while (now() < patience && under_way(all))
        in_time += serve_events(queue, patience, stop, again);
    for (size_t i = 0; i < options.connections; i++)
        if (all[i].request)
            close_connection(&all[i]);
    return in_time;
}

static uint64_t closed_loop(struct connection *all, int queue, uint64_t begin) {
    for (size_t i = 0; i < options.connections; i++)
        begin_request(&all[i]);
    return finish(all, queue, begin + (uint64_t)(options.seconds * 1e9), true);
}

static uint64_t once_each(struct connection *all, int queue, uint64_t begin) {
    uint64_t in_time = 0, gap = (uint64_t)(options.seconds * 1e9 / (double)options.connections);
    uint64_t stop = begin + (uint64_t)(options.seconds * 1e9);
    for (size_t i = 0; i < options.connections; i++) {
        while (now() < begin + i * gap)
            in_time += serve_events(queue, begin + i * gap, stop, false);
        if (all[i].socket >= 0) /* else it was counted as lost when it closed */
            begin_request(&all[i]);
    }
    return in_time + finish(all, queue, stop, false);
}

static void read_options(int count, char **words) {
    static const struct option known[] = {{"port", 1, 0, 'p'},    {"requests", 1, 0, 'r'}, {"connections", 1, 0, 'c'},
                                          {"seconds", 1, 0, 's'}, {"once", 0, 0, 'o'},     {0, 0, 0, 0}};
    for (int letter; (letter = getopt_long(count, words, "", known, NULL)) != -1;)
        switch (letter) {
        case 'p': options.port = atoi(optarg); break;
        case 'r': options.requests = optarg; break;
        case 'c': options.connections = strtoul(optarg, NULL, 10); break;
        case 's': options.seconds = strtod(optarg, NULL); break;
        case 'o': options.once = true; break;
        default: exit(2);
        }
    if (!options.requests || !options.port || !options.connections || options.seconds <= 0)
        fail("--port, --requests, --connections and --seconds are needed");
}

static void allow_many_files(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int count, char **words) {
    read_options(count, words);
    read_requests();
    allow_many_files();
    struct connection *all = need(calloc(options.connections, sizeof *all));
    int queue = epoll_create1(EPOLL_CLOEXEC);
    if (queue < 0)
        fail("no epoll");
    for (size_t i = 0; i < options.connections; i++) {
        struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = &all[i]};
        all[i].first = i;
        open_connection(&all[i]);
        if (epoll_ctl(queue, EPOLL_CTL_ADD, all[i].socket, &event) < 0)
            fail("epoll_ctl");
    }
    uint64_t begin = now();
    uint64_t in_time = options.once ? once_each(all, queue, begin) : closed_loop(all, queue, begin);
    report(begin, in_time);
    return 0;
}
