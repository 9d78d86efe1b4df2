/* Times xmlrpc-c; mod.rs describes what goes over stdin and stdout. */

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <xmlrpc-c/base.h>
#include <xmlrpc-c/util.h>

static xmlrpc_env env;
static char *document;
static size_t size;
static bool is_call, is_encoding;
/* What is encoded, or shown. */
static const char *method;
static xmlrpc_value *decoded;

static bool failed(void) {
    if (!env.fault_occurred) return false;
    printf("error %.150s\n", env.fault_string);
    fflush(stdout);
    xmlrpc_env_clean(&env);
    xmlrpc_env_init(&env);
    return true;
}

/* The parameters of a call, or the value of a response. */
static xmlrpc_value *decode(const char **name) {
    xmlrpc_value *value = NULL;
    int code;
    const char *fault = NULL;
    *name = NULL;
    if (is_call) {
        xmlrpc_parse_call(&env, document, size, name, &value);
    } else {
        xmlrpc_parse_response2(&env, document, size, &value, &code, &fault);
        if (fault) xmlrpc_faultf(&env, "fault %d: %s", code, fault);
    }
    return value;
}

static xmlrpc_mem_block *encode(void) {
    xmlrpc_mem_block *out = XMLRPC_MEMBLOCK_NEW(char, &env, 0);
    if (is_call) xmlrpc_serialize_call2(&env, out, method, decoded, xmlrpc_dialect_i8);
    else xmlrpc_serialize_response2(&env, out, decoded, xmlrpc_dialect_i8);
    return out;
}

static void work(void) {
    if (is_encoding) {
        xmlrpc_mem_block *out = encode();
        XMLRPC_MEMBLOCK_FREE(char, out);
        return;
    }
    const char *name;
    xmlrpc_value *value = decode(&name);
    if (value) xmlrpc_DECREF(value);
    free((void *)name);
}

/* Shows what was decoded by encoding it again. */
static void show(void) {
    if (!is_encoding) decoded = decode(&method);
    if (failed()) return;
    xmlrpc_mem_block *out = encode();
    if (!failed()) {
        printf("%zu\n", (size_t)XMLRPC_MEMBLOCK_SIZE(char, out));
        fwrite(XMLRPC_MEMBLOCK_CONTENTS(char, out), 1, XMLRPC_MEMBLOCK_SIZE(char, out), stdout);
    }
    XMLRPC_MEMBLOCK_FREE(char, out);
}

static void load(const char *direction, const char *kind, size_t length) {
    if (decoded) xmlrpc_DECREF(decoded);
    decoded = NULL;
    free((void *)method);
    method = NULL;
    size = length;
    document = realloc(document, size + 1);
    if (!document || fread(document, 1, size, stdin) != size) exit(1);
    document[size] = 0;
    is_encoding = strcmp(direction, "encode") == 0;
    is_call = strcmp(kind, "call") == 0;
    if (is_encoding) decoded = decode(&method);
    if (!failed()) puts("ok");
}

static void run(unsigned long times) {
    struct timespec start, end;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start);
    for (unsigned long i = 0; i < times && !env.fault_occurred; i++) work();
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
    if (failed()) return;
    printf("%lld\n", (long long)(end.tv_sec - start.tv_sec) * 1000000000LL +
                         (end.tv_nsec - start.tv_nsec));
}

int main(void) {
    char line[256], direction[16], kind[16];
    unsigned long number;
    unsigned major, minor, point;
    xmlrpc_env_init(&env);
    xmlrpc_limit_set(XMLRPC_NESTING_LIMIT_ID, 1000);
    xmlrpc_limit_set(XMLRPC_XML_SIZE_LIMIT_ID, INT_MAX);
    while (fgets(line, sizeof line, stdin)) {
        if (strcmp(line, "version\n") == 0) {
            xmlrpc_version(&major, &minor, &point);
            printf("%u.%u.%u\n", major, minor, point);
        } else if (sscanf(line, "load %15s %15s %lu", direction, kind, &number) == 3) {
            load(direction, kind, number);
        } else if (sscanf(line, "run %lu", &number) == 1) {
            run(number);
        } else if (strcmp(line, "show\n") == 0) {
            show();
        }
        fflush(stdout);
    }
    return 0;
}
