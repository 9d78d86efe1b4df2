/* xmlrpc-c calls our server. Each output line has a case, its outcome and the reason. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <math.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <xmlrpc-c/base.h>
#include <xmlrpc-c/client.h>

static xmlrpc_env env;
static xmlrpc_client *client;
static xmlrpc_server_info *server;
static char url[200];

enum outcome { PASS, FAIL, CANNOT };
static jmp_buf end_of_case;
static char reason[400];

/* Ends the case. It leaks what the case has allocated, because there are few cases. */
static _Noreturn void end(enum outcome outcome, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    longjmp(end_of_case, outcome);
}

#define cannot(...) end(CANNOT, __VA_ARGS__)
#define must(condition) \
    ((condition) ? (void)0 : end(FAIL, "line %d: %s", __LINE__, #condition))

/* Checks that the last call succeeded. */
#define done() \
    (env.fault_occurred ? end(FAIL, "line %d: %s", __LINE__, env.fault_string) \
                        : (void)0)

static xmlrpc_value *build(const char *format, ...) {
    va_list args;
    xmlrpc_value *value;
    const char *tail;
    va_start(args, format);
    xmlrpc_build_value_va(&env, format, args, &value, &tail);
    va_end(args);
    done();
    must(*tail == '\0');
    return value;
}

static xmlrpc_value *call(const char *method, xmlrpc_value *params) {
    xmlrpc_value *result;
    xmlrpc_client_call2(&env, client, server, method, params, &result);
    done();
    return result;
}

/* Makes a call that must fail. Returns the code and puts the text into `text`. */
static char text[400];

static int fault_of(xmlrpc_server_info *of, const char *method,
                    xmlrpc_value *params) {
    xmlrpc_env fault;
    xmlrpc_value *result;
    int code;
    xmlrpc_env_init(&fault);
    xmlrpc_client_call2(&fault, client, of, method, params, &result);
    must(fault.fault_occurred);
    code = fault.fault_code;
    snprintf(text, sizeof text, "%s", fault.fault_string);
    xmlrpc_env_clean(&fault);
    return code;
}

static int fault(const char *method, xmlrpc_value *params) {
    return fault_of(server, method, params);
}

static int integer(xmlrpc_value *value) {
    int number;
    xmlrpc_read_int(&env, value, &number);
    done();
    return number;
}

static const char *string(xmlrpc_value *value) {
    const char *read;
    xmlrpc_read_string(&env, value, &read);
    done();
    return read;
}

static xmlrpc_value *item(xmlrpc_value *array, unsigned int index) {
    xmlrpc_value *read;
    xmlrpc_array_read_item(&env, array, index, &read);
    done();
    return read;
}

static xmlrpc_value *member(xmlrpc_value *structure, const char *name) {
    xmlrpc_value *read;
    xmlrpc_struct_read_value(&env, structure, name, &read);
    done();
    return read;
}

static int size(xmlrpc_value *array) {
    int read = xmlrpc_array_size(&env, array);
    done();
    return read;
}

static bool are_same(xmlrpc_value *a, xmlrpc_value *b);

static bool are_same_arrays(xmlrpc_value *a, xmlrpc_value *b) {
    int length = size(a);
    if (size(b) != length)
        return false;
    for (int index = 0; index < length; index++) {
        if (!are_same(item(a, index), item(b, index)))
            return false;
    }
    return true;
}

/* Compares structs; the order of members does not matter. */
static bool are_same_structs(xmlrpc_value *a, xmlrpc_value *b) {
    int length = xmlrpc_struct_size(&env, a);
    if (xmlrpc_struct_size(&env, b) != length)
        return false;
    for (int index = 0; index < length; index++) {
        xmlrpc_value *name, *value, *other;
        xmlrpc_struct_read_member(&env, a, index, &name, &value);
        done();
        xmlrpc_struct_find_value_v(&env, b, name, &other);
        done();
        if (!other || !are_same(value, other))
            return false;
    }
    return true;
}

static bool are_same(xmlrpc_value *a, xmlrpc_value *b) {
    xmlrpc_type type = xmlrpc_value_type(a);
    if (xmlrpc_value_type(b) != type)
        return false;
    switch (type) {
    case XMLRPC_TYPE_INT:
        return integer(a) == integer(b);
    case XMLRPC_TYPE_I8: {
        xmlrpc_int64 m, n;
        xmlrpc_read_i8(&env, a, &m);
        xmlrpc_read_i8(&env, b, &n);
        return m == n;
    }
    case XMLRPC_TYPE_BOOL: {
        xmlrpc_bool m, n;
        xmlrpc_read_bool(&env, a, &m);
        xmlrpc_read_bool(&env, b, &n);
        return m == n;
    }
    case XMLRPC_TYPE_DOUBLE: {
        double m, n;
        xmlrpc_read_double(&env, a, &m);
        xmlrpc_read_double(&env, b, &n);
        return m == n;
    }
    case XMLRPC_TYPE_DATETIME: {
        xmlrpc_datetime m, n;
        xmlrpc_read_datetime(&env, a, &m);
        xmlrpc_read_datetime(&env, b, &n);
        return m.Y == n.Y && m.M == n.M && m.D == n.D && m.h == n.h &&
               m.m == n.m && m.s == n.s && m.u == n.u;
    }
    case XMLRPC_TYPE_STRING: {
        size_t m, n;
        const char *s, *t;
        /* These functions turn a carriage return into a line feed. */
        xmlrpc_read_string_lp(&env, a, &m, &s);
        done();
        xmlrpc_read_string_lp(&env, b, &n, &t);
        done();
        return m == n && memcmp(s, t, n) == 0;
    }
    case XMLRPC_TYPE_BASE64: {
        size_t m, n;
        const unsigned char *s, *t;
        xmlrpc_read_base64(&env, a, &m, &s);
        done();
        xmlrpc_read_base64(&env, b, &n, &t);
        done();
        return m == n && memcmp(s, t, n) == 0;
    }
    case XMLRPC_TYPE_ARRAY:
        return are_same_arrays(a, b);
    case XMLRPC_TYPE_STRUCT:
        return are_same_structs(a, b);
    case XMLRPC_TYPE_NIL:
        return true;
    default:
        return false;
    }
}

/* Sends a value and checks that the same value comes back. */
static void echo_at(int line, xmlrpc_value *value) {
    xmlrpc_value *params, *result;
    if (env.fault_occurred)
        end(FAIL, "line %d: %s", line, env.fault_string);
    params = build("(V)", value);
    xmlrpc_client_call2(&env, client, server, "peer.echo", params, &result);
    if (env.fault_occurred)
        end(FAIL, "line %d: %s", line, env.fault_string);
    if (!are_same(value, result))
        end(FAIL, "line %d: another value", line);
    xmlrpc_DECREF(params);
    xmlrpc_DECREF(result);
}

#define echo(value) echo_at(__LINE__, (value))

static xmlrpc_value *entry(const char *method, xmlrpc_value *params) {
    return build("{s:s,s:V}", "methodName", method, "params", params);
}

static void test_int(void) {
    int numbers[] = {0, 1, -1, 2147483647, -2147483647 - 1};
    for (int index = 0; index < 5; index++)
        echo(build("i", numbers[index]));
}

static void test_i8(void) {
    xmlrpc_int64 numbers[] = {INT64_MAX, INT64_MIN, 1LL << 53, -(1LL << 53),
                              1LL << 31};
    for (int index = 0; index < 5; index++)
        echo(build("I", numbers[index]));
}

static void test_boolean(void) {
    echo(build("b", 1));
    echo(build("b", 0));
}

static void test_double(void) {
    double numbers[] = {0.1,    1.0 / 3, 0.30000000000000004, 123456789.12345679,
                        1e300, -1e-7,   2.5e-300,            -1e300};
    bool are_exact = true;
    echo(build("d", 0.5));
    echo(build("d", -0.25));
    echo(build("d", 1e15));
    for (int index = 0; index < 8; index++) {
        double number = numbers[index], read;
        xmlrpc_read_double(&env, call("peer.echo", build("(d)", number)), &read);
        done();
        must(fabs(read / number - 1) < 1e-12);
        are_exact = are_exact && read == number;
    }
    if (!are_exact)
        cannot("it writes and reads the last digits of a double inexactly");
}

static void test_string(void) {
    const char *texts[] = {"",         "text", " ",         " a\tb ",
                           "<&>\"'", "]]>",  "&amp;amp;"};
    for (int index = 0; index < 7; index++)
        echo(build("s", texts[index]));
}

static void test_line_ends(void) {
    const char *texts[] = {"one\ntwo", "one\r\ntwo", "one\rtwo", "\r"};
    const char *read[] = {"one\ntwo", "one\ntwo", "one\ntwo", "\n"};
    for (int index = 0; index < 4; index++) {
        xmlrpc_value *sent = xmlrpc_string_new_cr(&env, texts[index]);
        xmlrpc_value *found = call("peer.echo", build("(V)", sent));
        must(strcmp(string(found), read[index]) == 0);
    }
    cannot("it writes carriage returns as references, but reads them as line "
           "feeds");
}

static void test_unicode(void) {
    echo(build("s", "n\u00e9e"));
    echo(build("s", "\u65e5\u672c\u8a9e"));
    echo(build("s", "\uffe6a"));
    xmlrpc_string_new(&env, "\U0001f600");
    must(env.fault_occurred && strstr(env.fault_string, "Basic Multilingual"));
    cannot("it refuses characters outside the Basic Multilingual Plane");
}

static unsigned char *blob(size_t length) {
    unsigned char *bytes = malloc(length + 1);
    for (size_t index = 0; index < length; index++)
        bytes[index] = (unsigned char)index;
    return bytes;
}

static void test_base64(void) {
    size_t lengths[] = {0, 1, 2, 256};
    for (int index = 0; index < 4; index++)
        echo(xmlrpc_base64_new(&env, lengths[index], blob(lengths[index])));
}

static void test_base64_large(void) {
    echo(xmlrpc_base64_new(&env, 10000000, blob(10000000)));
}

static void test_date(void) {
    echo(xmlrpc_datetime_new_str(&env, "19980717T14:08:55"));
    echo(xmlrpc_datetime_new_str(&env, "99991231T23:59:59"));
    /* Other peers write 98 for 1998, so a shortened year is not read as a date, but as its text. */
    must(!strcmp(string(call("peer.echo", build("(8)", "00010101T00:00:00"))),
                 "10101T00:00:00"));
    cannot("it writes years before 1000 without leading zeros");
}

static void test_array(void) {
    echo(build("()"));
    echo(build("(is(()(d)){s:(b)})", 1, "a", 2.5, "b", 1));
}

static void test_struct(void) {
    echo(build("{}"));
    echo(build("{s:i,s:{s:{}}}", "a", 1, "b", "c"));
    echo(build("{s:i,s:i,s:i,s:i,s:i}", "", 1, "two words", 2, "<&>\"'", 3,
               "]]>", 4, "n\u00e9e", 5));
}

static void test_nested(void) {
    xmlrpc_value *value = build("i", 1);
    for (int level = 0; level < 50; level++) {
        value = level % 2 ? build("{s:V}", "in", value) : build("(V)", value);
    }
    echo(value);
}

static void test_nil(void) {
    echo(build("n"));
    echo(build("(ins)", 1, "a"));
}

static void test_no_params(void) {
    must(strcmp(string(call("peer.nothing", build("()"))), "nothing") == 0);
}

static void test_many_params(void) {
    xmlrpc_value *params = build("()");
    for (int number = 1; number <= 20; number++)
        xmlrpc_array_append_item(&env, params, build("i", number));
    must(integer(call("peer.sum", params)) == 210);
}

static void test_fault(void) {
    struct {
        int code;
        const char *text;
    } faults[] = {{17, "as it was told"}, {-5, "<&>\"' n\u00e9e"}, {1, ""}};
    for (int index = 0; index < 3; index++) {
        int code = faults[index].code;
        xmlrpc_value *params = build("(is)", code, faults[index].text);
        must(fault("peer.fail", params) == code);
        must(strstr(text, faults[index].text));
    }
}

static void test_unknown_method(void) {
    must(fault("peer.unknown", build("()")) == -32601);
}

static void test_wrong_types(void) {
    must(fault("peer.add", build("(s(i))", "one", 2)) == -32602);
    must(fault("peer.add", build("(i)", 1)) == -32602);
    must(fault("peer.add", build("(iii)", 1, 2, 3)) == -32602);
    must(fault("peer.add", build("(i{})", 1)) == -32602);
}

static void test_multicall(void) {
    xmlrpc_value *none = build("()"), *entries, *results;
    entries = build("(VVVVV)", entry("peer.add", build("(ii)", 1, 2)),
                    entry("peer.fail", build("(is)", 17, "no")),
                    entry("peer.nothing", none), entry("peer.unknown", none),
                    entry("peer.add", build("(ii)", 3, 4)));
    results = call("system.multicall", build("(V)", entries));
    must(size(results) == 5);
    must(integer(item(item(results, 0), 0)) == 3);
    must(are_same(item(results, 1),
                  build("{s:i,s:s}", "faultCode", 17, "faultString", "no")));
    must(strcmp(string(item(item(results, 2), 0)), "nothing") == 0);
    must(integer(member(item(results, 3), "faultCode")) == -32601);
    must(integer(item(item(results, 4), 0)) == 7);

    entries = build("()");
    for (int number = 0; number < 500; number++) {
        xmlrpc_value *params = build("(ii)", number, number);
        xmlrpc_array_append_item(&env, entries, entry("peer.add", params));
    }
    results = call("system.multicall", build("(V)", entries));
    must(size(results) == 500);
    for (int number = 0; number < 500; number++)
        must(integer(item(item(results, number), 0)) == 2 * number);
}

static void test_introspection(void) {
    xmlrpc_value *names = call("system.listMethods", build("()"));
    bool has_add = false;
    for (int index = 0; index < size(names); index++) {
        const char *name = string(item(names, index));
        has_add = has_add || strcmp(name, "peer.add") == 0;
        must(index == 0 || strcmp(string(item(names, index - 1)), name) < 0);
    }
    must(has_add);
    must(are_same(call("system.methodSignature", build("(s)", "peer.add")),
                  build("((sss))", "int", "int", "int")));
    must(strcmp(string(call("system.methodHelp", build("(s)", "peer.add"))),
                "Adds up two numbers.") == 0);
}

static void test_gzip_request(void) {
    cannot("it does not compress calls");
}

static void test_gzip_answer(void) {
    cannot("it does not ask for compression");
}

/* The client's port of its only connection to the server. */
static int port_of_connection(void) {
    int port = 0, of_server = atoi(strrchr(url, ':') + 1);
    for (int file = 3; file < 100; file++) {
        struct sockaddr_in peer, own;
        socklen_t length = sizeof peer;
        if (getpeername(file, (struct sockaddr *)&peer, &length) ||
            peer.sin_family != AF_INET || ntohs(peer.sin_port) != of_server)
            continue;
        length = sizeof own;
        must(getsockname(file, (struct sockaddr *)&own, &length) == 0);
        must(port == 0);
        port = ntohs(own.sin_port);
    }
    must(port != 0);
    return port;
}

static void test_keep_alive(void) {
    int port = 0;
    for (int number = 0; number < 1000; number++) {
        must(integer(call("peer.add", build("(ii)", number, 1))) == number + 1);
        port = port ? port : port_of_connection();
        must(port_of_connection() == port);
    }
}

static int answers;

static void answered(const char *of, const char *method, xmlrpc_value *params,
                     void *number, xmlrpc_env *fault, xmlrpc_value *result) {
    int sum;
    (void)of, (void)method, (void)params;
    if (fault->fault_occurred)
        return;
    xmlrpc_read_int(fault, result, &sum);
    if (!fault->fault_occurred && sum == 2 * *(int *)number)
        answers++;
}

static void test_concurrent(void) {
    /* One client with 50 calls in progress, each on its own connection. */
    int numbers[50];
    answers = 0;
    for (int round = 0; round < 4; round++) {
        for (int number = 0; number < 50; number++) {
            numbers[number] = number;
            xmlrpc_client_start_rpc(&env, client, server, "peer.add",
                                    build("(ii)", number, number), answered,
                                    &numbers[number]);
            done();
        }
        xmlrpc_client_event_loop_finish(client);
    }
    must(answers == 200);
}

static void test_large_answer(void) {
    xmlrpc_value *letters = call("peer.letters", build("(i)", 20000000));
    must(strlen(string(letters)) == 20000000);
}

static xmlrpc_server_info *closed(const char *password) {
    char address[250];
    xmlrpc_server_info *info;
    snprintf(address, sizeof address, "%s/auth", url);
    info = xmlrpc_server_info_new(&env, address);
    done();
    xmlrpc_server_info_set_user(&env, info, "moe", password);
    xmlrpc_server_info_allow_auth_basic(&env, info);
    done();
    return info;
}

static void test_basic_auth(void) {
    xmlrpc_value *result;
    xmlrpc_client_call2(&env, client, closed("secret"), "peer.add",
                        build("(ii)", 1, 2), &result);
    done();
    must(integer(result) == 3);
    must(fault_of(closed("wrong"), "peer.add", build("(ii)", 1, 2)) ==
         XMLRPC_NETWORK_ERROR);
    must(strstr(text, "401"));
}

static void test_latin1_request(void) {
    cannot("it writes only UTF-8");
}

static void test_latin1_answer(void) {
    cannot("our server writes only UTF-8");
}

static void test_unix_socket(void) {
    cannot("none of its transports supports unix sockets");
}

static void test_scgi(void) {
    cannot("our server speaks only HTTP; a web server in front of it can "
           "translate SCGI");
}

static xmlrpc_value *stooges(int curly) {
    return build("{s:i,s:i,s:i}", "moe", 1, "larry", 2, "curly", curly);
}

static void validator(void) {
    xmlrpc_value *structs = build("()"), *strings = build("()"), *days, *types;
    for (int number = 0; number < 9; number++)
        xmlrpc_array_append_item(&env, structs, stooges(number));
    must(integer(call("validator1.arrayOfStructsTest",
                      build("(V)", structs))) == 36);
    must(integer(member(call("validator1.countTheEntities",
                             build("(s)", "<a>&'\"\"")),
                        "ctQuotes")) == 2);
    must(integer(call("validator1.easyStructTest",
                      build("(V)", stooges(3)))) == 6);
    must(are_same(call("validator1.echoStructTest",
                       build("({s:{s:i}})", "a", "b", 1)),
                  build("{s:{s:i}}", "a", "b", 1)));
    types = build("(ibsd86)", 1, 1, "a", 2.5, "19980717T14:08:55", "x",
                  (size_t)1);
    must(are_same(call("validator1.manyTypesTest", types), types));
    for (int number = 0; number < 150; number++) {
        char digits[8];
        snprintf(digits, sizeof digits, "%d", number);
        xmlrpc_array_append_item(&env, strings, build("s", digits));
    }
    must(strcmp(string(call("validator1.moderateSizeArrayCheck",
                            build("(V)", strings))),
                "0149") == 0);
    days = build("{s:{},s:{s:{s:V,s:V}}}", "1999", "2000", "04", "01",
                 stooges(3), "02", stooges(3));
    must(integer(call("validator1.nestedStructTest", build("(V)", days))) == 6);
    must(are_same(call("validator1.simpleStructReturnTest", build("(i)", 3)),
                  build("{s:i,s:i,s:i}", "times10", 30, "times100", 300,
                        "times1000", 3000)));
}

static void interop(void) {
    struct {
        const char *method;
        xmlrpc_value *value;
    } cases[] = {
        {"interopEchoTests.echoString", build("s", "a")},
        {"interopEchoTests.echoInteger", build("i", 5)},
        {"interopEchoTests.echoFloat", build("d", 2.5)},
        {"interopEchoTests.echoStruct", build("{s:i}", "a", 1)},
        {"interopEchoTests.echoDate", build("8", "19980717T14:08:55")},
        {"interopEchoTests.echoBase64", build("6", "x", (size_t)1)},
        {"interopEchoTests.echoValue", build("(i)", 1)},
        {"interopEchoTests.echoStringArray", build("(ss)", "a", "")},
        {"interopEchoTests.echoIntegerArray", build("(ii)", 1, -1)},
        {"interopEchoTests.echoFloatArray", build("(d)", 0.5)},
        {"interopEchoTests.echoStructArray", build("({}{s:i})", "a", 1)},
        {"interopEchoTests.echoBoolean", build("b", 1)},
    };
    for (int index = 0; index < 12; index++) {
        xmlrpc_value *value = cases[index].value;
        must(are_same(call(cases[index].method, build("(V)", value)), value));
    }
    must(integer(call("interopEchoTests.noInParams", build("()"))) == 0);
    must(xmlrpc_struct_size(&env, call("interopEchoTests.whichToolkit",
                                       build("()"))) == 4);
}

static void test_example(void) {
    xmlrpc_value *entries;
    xmlrpc_datetime now;
    validator();
    interop();
    entries = build("(VVV)", entry("getData", build("()")),
                    entry("pow", build("(ii)", 2, 9)),
                    entry("add", build("(ii)", 1, 2)));
    must(are_same(call("system.multicall", build("(V)", entries)),
                  build("((s)(i)(i))", "42", 512, 3)));
    xmlrpc_read_datetime(&env, call("currentTime.getCurrentTime", build("()")),
                         &now);
    done();
    must(now.Y >= 2026);
}

#define CASE(name) {#name, test_##name}

static const struct {
    const char *name;
    void (*test)(void);
} cases[] = {
    CASE(int), CASE(i8), CASE(boolean), CASE(double), CASE(string),
    CASE(line_ends), CASE(unicode), CASE(base64), CASE(base64_large),
    CASE(date), CASE(array), CASE(struct), CASE(nested), CASE(nil),
    CASE(no_params), CASE(many_params), CASE(fault), CASE(unknown_method),
    CASE(wrong_types), CASE(multicall), CASE(introspection),
    CASE(gzip_request), CASE(gzip_answer), CASE(keep_alive), CASE(concurrent),
    CASE(large_answer), CASE(basic_auth), CASE(latin1_request),
    CASE(latin1_answer), CASE(unix_socket), CASE(scgi), CASE(example),
};

int main(int count, char **arguments) {
    char address[250];
    if (count > 1 && strcmp(arguments[1], "--version") == 0) {
        unsigned int major, minor, point;
        xmlrpc_version(&major, &minor, &point);
        printf("xmlrpc-c %u.%u.%u\n", major, minor, point);
        return 0;
    }
    snprintf(url, sizeof url, "%s", arguments[1]);
    snprintf(address, sizeof address, "%s/RPC2", url);
    xmlrpc_limit_set(XMLRPC_XML_SIZE_LIMIT_ID, 64 << 20);
    xmlrpc_env_init(&env);
    xmlrpc_client_setup_global_const(&env);
    xmlrpc_client_create(&env, XMLRPC_CLIENT_NO_FLAGS, "interop", "1", NULL, 0,
                         &client);
    server = xmlrpc_server_info_new(&env, address);
    if (env.fault_occurred) {
        fprintf(stderr, "%s\n", env.fault_string);
        return 1;
    }
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        const char *name = cases[index].name;
        switch (setjmp(end_of_case)) {
        case PASS:
            cases[index].test();
            printf("%s\tpass\n", name);
            break;
        case CANNOT:
            printf("%s\tcannot\t%s\n", name, reason);
            break;
        default:
            printf("%s\tfail\t%s\n", name, reason);
        }
        fflush(stdout);
        xmlrpc_env_clean(&env);
        xmlrpc_env_init(&env);
    }
    return 0;
}
