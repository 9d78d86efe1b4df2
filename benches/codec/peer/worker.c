/* Times xmlrpc-c; see mod.rs for what is said on stdin and stdout. */

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
/* What is encoded. */
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

static void put_text(FILE *out, const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '&') fputs("&amp;", out);
        else if (text[i] == '<') fputs("&lt;", out);
        else fputc(text[i], out);
    }
}

static void put_string(FILE *out, xmlrpc_value *value) {
    size_t length;
    const char *text;
    xmlrpc_read_string_lp(&env, value, &length, &text);
    if (env.fault_occurred) return;
    put_text(out, text, length);
    free((void *)text);
}

static void put_value(FILE *out, xmlrpc_value *value);

static void put_struct(FILE *out, xmlrpc_value *value) {
    fputs("<struct>", out);
    int members = xmlrpc_struct_size(&env, value);
    for (int i = 0; i < members; i++) {
        xmlrpc_value *key, *member;
        xmlrpc_struct_read_member(&env, value, i, &key, &member);
        fputs("<member><name>", out);
        put_string(out, key);
        fputs("</name>", out);
        put_value(out, member);
        fputs("</member>", out);
        xmlrpc_DECREF(key);
        xmlrpc_DECREF(member);
    }
    fputs("</struct>", out);
}

static void put_array(FILE *out, xmlrpc_value *value) {
    fputs("<array><data>", out);
    int items = xmlrpc_array_size(&env, value);
    for (int i = 0; i < items; i++) {
        xmlrpc_value *item;
        xmlrpc_array_read_item(&env, value, i, &item);
        put_value(out, item);
        xmlrpc_DECREF(item);
    }
    fputs("</data></array>", out);
}

static void put_base64(FILE *out, xmlrpc_value *value) {
    size_t length;
    const unsigned char *bytes;
    xmlrpc_read_base64(&env, value, &length, &bytes);
    if (env.fault_occurred) return;
    xmlrpc_mem_block *text = xmlrpc_base64_encode_without_newlines(&env, bytes, length);
    fprintf(out, "<base64>%.*s</base64>", (int)XMLRPC_MEMBLOCK_SIZE(char, text),
            XMLRPC_MEMBLOCK_CONTENTS(char, text));
    XMLRPC_MEMBLOCK_FREE(char, text);
    free((void *)bytes);
}

/* Writes what was decoded, by other means than the encoder that is timed as well. */
static void put_value(FILE *out, xmlrpc_value *value) {
    int integer;
    xmlrpc_bool truth;
    double number;
    fputs("<value>", out);
    switch (xmlrpc_value_type(value)) {
    case XMLRPC_TYPE_INT:
        xmlrpc_read_int(&env, value, &integer);
        fprintf(out, "<int>%d</int>", integer);
        break;
    case XMLRPC_TYPE_BOOL:
        xmlrpc_read_bool(&env, value, &truth);
        fprintf(out, "<boolean>%d</boolean>", truth ? 1 : 0);
        break;
    case XMLRPC_TYPE_DOUBLE:
        xmlrpc_read_double(&env, value, &number);
        fprintf(out, "<double>%.17g</double>", number);
        break;
    case XMLRPC_TYPE_STRING:
        fputs("<string>", out);
        put_string(out, value);
        fputs("</string>", out);
        break;
    case XMLRPC_TYPE_BASE64: put_base64(out, value); break;
    case XMLRPC_TYPE_ARRAY: put_array(out, value); break;
    case XMLRPC_TYPE_STRUCT: put_struct(out, value); break;
    default: fputs("<unknown/>", out);
    }
    fputs("</value>", out);
}

static void show_decoded(void) {
    const char *name;
    xmlrpc_value *value = decode(&name);
    if (failed()) return;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (is_call) {
        fprintf(out, "<methodCall><methodName>%s</methodName><params>", name);
        for (int i = 0; i < xmlrpc_array_size(&env, value); i++) {
            xmlrpc_value *item;
            xmlrpc_array_read_item(&env, value, i, &item);
            fputs("<param>", out);
            put_value(out, item);
            fputs("</param>", out);
            xmlrpc_DECREF(item);
        }
        fputs("</params></methodCall>", out);
    } else {
        fputs("<methodResponse><params><param>", out);
        put_value(out, value);
        fputs("</param></params></methodResponse>", out);
    }
    fclose(out);
    xmlrpc_DECREF(value);
    free((void *)name);
    if (!failed()) {
        printf("%zu\n", length);
        fwrite(text, 1, length, stdout);
    }
    free(text);
}

static void show(void) {
    if (!is_encoding) {
        show_decoded();
        return;
    }
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
