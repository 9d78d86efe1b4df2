// A server of xmlrpc-c on its own HTTP server, Abyss, with the methods of the suite. The arguments are the
// dialect, i8 or apache, and the path of a unix socket.
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>

#include <sys/un.h>
#include <unistd.h>

#include <xmlrpc-c/abyss.h>
#include <xmlrpc-c/base.hpp>
#include <xmlrpc-c/registry.hpp>
#include <xmlrpc-c/server_abyss.h>

using xmlrpc_c::paramList;
using xmlrpc_c::value;

namespace {

// The ports of the callers: each connection has a different one.
std::mutex guard;
std::set<unsigned> ports;

class Method : public xmlrpc_c::method {
public:
    typedef std::function<value(paramList const&)> Function;

    Method(std::string const& signature, std::string const& help, Function const& function)
        : function(function) {
        this->_signature = signature;
        this->_help = help;
    }

    void execute(paramList const& params, value* const result) override {
        *result = this->function(params);
    }

private:
    Function const function;
};

value echo(paramList const& params) {
    return params[0];
}

value add(paramList const& params) {
    params.verifyEnd(2);
    return xmlrpc_c::value_int(params.getInt(0) + params.getInt(1));
}

value sum(paramList const& params) {
    int sum = 0;
    for (unsigned n = 0; n < params.size(); ++n) {
        sum += params.getInt(n);
    }
    return xmlrpc_c::value_int(sum);
}

value nothing(paramList const& params) {
    params.verifyEnd(0);
    return xmlrpc_c::value_string("nothing");
}

value fail(paramList const& params) {
    throw xmlrpc_c::fault(params.getString(1), static_cast<xmlrpc_c::fault::code_t>(params.getInt(0)));
}

value letters(paramList const& params) {
    return xmlrpc_c::value_string(std::string(params.getInt(0), 'x'));
}

value connections(paramList const&) {
    std::lock_guard<std::mutex> lock(guard);
    return xmlrpc_c::value_int(static_cast<int>(ports.size()));
}

// Runs before the methods: counts connections, and asks for Moe's password under /auth.
void beforeAll(URIHandler2*, TSession* const session, abyss_bool* const isHandled) {
    void* info;
    SessionGetChannelInfo(session, &info);
    sockaddr const* const peer = &static_cast<abyss_unix_chaninfo*>(info)->peerAddr;
    if (peer->sa_family == AF_INET) {
        std::lock_guard<std::mutex> lock(guard);
        ports.insert(reinterpret_cast<sockaddr_in const*>(peer)->sin_port);
    }
    TRequestInfo const* request;
    SessionGetRequestInfo(session, &request);
    *isHandled = false;
    if (std::strcmp(request->uri, "/auth") == 0 && !RequestAuth(session, "stooges", "moe", "secret")) {
        ResponseError2(session, "This is for Moe alone.");
        *isHandled = true;
    }
}

// In 1.33.14, xmlrpc_c::server_abyss_set_handlers sends garbage before each response, as many bytes as the
// response has. So this calls the C function that it is built on.
void processCall(
    xmlrpc_env* const env, void* const registry, char const* const call, size_t const length, TSession*,
    xmlrpc_mem_block** const response) {
    std::string answer;
    try {
        static_cast<xmlrpc_c::registry const*>(registry)->processCall(std::string(call, length), &answer);
    } catch (std::exception const& error) {
        xmlrpc_env_set_fault(env, XMLRPC_INTERNAL_ERROR, error.what());
        return;
    }
    *response = xmlrpc_mem_block_new(env, 0);
    xmlrpc_mem_block_append(env, *response, answer.data(), answer.size());
}

void addMethods(TServer* const server, xmlrpc_c::registry& registry, char const* const path) {
    xmlrpc_server_abyss_handler_parms parameters = {};
    parameters.xml_processor = processCall;
    parameters.xml_processor_arg = &registry;
    parameters.xml_processor_max_stack = registry.maxStackSize();
    parameters.uri_path = path;
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_server_abyss_set_handler3(&env, server, &parameters, XMLRPC_AHPSIZE(uri_path));
    if (env.fault_occurred) {
        throw std::runtime_error(env.fault_string);
    }
}

void check(char const* const error) {
    if (error) {
        throw std::runtime_error(error);
    }
}

// An Abyss server on a bound socket. It is never freed.
TServer* serverOn(int const socket, xmlrpc_c::registry& registry) {
    char const* error;
    TChanSwitch* chanSwitch;
    ChanSwitchUnixCreateFd(socket, &chanSwitch, &error);
    check(error);
    TServer* const server = new TServer;
    ServerCreateSwitch(server, chanSwitch, &error);
    check(error);
    ServerSetKeepaliveMaxConn(server, 1000000);
    ServerSetMaxConn(server, 100);
    addMethods(server, registry, "/RPC2");
    addMethods(server, registry, "/auth");
    // Abyss asks the handler first that was added last.
    static URIHandler2 handler = {nullptr, nullptr, beforeAll, nullptr, nullptr};
    abyss_bool isAdded;
    ServerAddHandler2(server, &handler, &isAdded);
    if (!isAdded) {
        throw std::runtime_error("the handler was not added");
    }
    ServerInit2(server, &error);
    check(error);
    return server;
}

template <class Address>
int bound(Address const& address) {
    int const fd = socket(reinterpret_cast<sockaddr const&>(address).sa_family, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, reinterpret_cast<sockaddr const*>(&address), sizeof(address)) != 0) {
        throw std::runtime_error(std::strerror(errno));
    }
    return fd;
}

}  // namespace

int main(int const, char const* const* const arguments) try {
    char const* error;
    AbyssInit(&error);
    check(error);
    xmlrpc_limit_set(XMLRPC_XML_SIZE_LIMIT_ID, 32 << 20);

    xmlrpc_c::registry registry;
    bool const isApache = std::string(arguments[1]) == "apache";
    registry.setDialect(isApache ? xmlrpc_dialect_apache : xmlrpc_dialect_i8);
    auto const method = [&](char const* name, char const* signature, char const* help, Method::Function function) {
        registry.addMethod(name, xmlrpc_c::methodPtr(new Method(signature, help, function)));
    };
    method("peer.echo", "?", "Returns what it gets", echo);
    method("peer.add", "i:ii", "Adds up two numbers", add);
    method("peer.sum", "?", "Adds up as many numbers as it gets", sum);
    method("peer.nothing", "s:", "Takes nothing, and returns a text", nothing);
    method("peer.fail", "b:is", "Fails as it is told to", fail);
    method("peer.letters", "s:i", "Returns a text of so many letters", letters);
    method("peer.connections", "i:", "How many connections there were", connections);

    sockaddr_un path = {AF_UNIX, {}};
    std::strncpy(path.sun_path, arguments[2], sizeof(path.sun_path) - 1);
    TServer* const overUnix = serverOn(bound(path), registry);

    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int const fd = bound(address);
    TServer* const overTcp = serverOn(fd, registry);
    socklen_t length = sizeof(address);
    getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);

    std::cout << "serving on unix://" << path.sun_path << std::endl;
    std::cout << "serving on http://127.0.0.1:" << ntohs(address.sin_port) << "/RPC2" << std::endl;
    std::thread other([overUnix] { ServerRun(overUnix); });
    ServerRun(overTcp);
    other.join();
} catch (std::exception const& error) {
    std::cerr << error.what() << std::endl;
    return EXIT_FAILURE;
}
