"""Imitates the ROS 1 master and its parameter server.

http://wiki.ros.org/ROS/Master_API and http://wiki.ros.org/ROS/Parameter%20Server%20API

Each result is `[code, message, value]`: 1 is success, 0 a failure, and -1 an error of the caller. After a failure the
value has any type. The first parameter of each method is the name of the calling node.
"""

import os
import sys
from xmlrpc.server import SimpleXMLRPCRequestHandler, SimpleXMLRPCServer

SUCCESS, ERROR = 1, -1


class Anywhere(SimpleXMLRPCRequestHandler):
    rpc_paths = ()  # any path


class Master:
    def __init__(self):
        self.uri = ""
        self.publishers, self.subscribers, self.services, self.types = {}, {}, {}, {}
        self.apis = {"/rosout": "http://127.0.0.1:40001/"}
        self.params = {"rosdistro": "noetic\n", "run_id": "b5f7", "robot": {"name": "Marvin & Co", "wheels": 4}}
        self._register(self.publishers, "/rosout_agg", "/rosout")
        self._register(self.subscribers, "/rosout", "/rosout")
        self.types.update({"/rosout_agg": "rosgraph_msgs/Log", "/rosout": "rosgraph_msgs/Log"})

    def _dispatch(self, method, params):
        function = None if method.startswith("_") else getattr(self, method, None)
        if not callable(function):
            raise Exception('method "%s" is not supported' % method)
        if not params:
            return [ERROR, "missing required caller_id parameter", 0]
        if len(params) != function.__code__.co_argcount - 1:
            return [ERROR, "Error: bad call arity", 0]
        return list(function(*params))

    def getUri(self, caller):
        return SUCCESS, "", self.uri

    def getPid(self, caller):
        return SUCCESS, "", os.getpid()

    def registerPublisher(self, caller, topic, kind, api):
        self._register(self.publishers, topic, caller, api)
        if kind != "*" or topic not in self.types:
            self.types[topic] = kind
        text = "Registered [%s] as publisher of [%s]" % (caller, topic)
        return SUCCESS, text, [self.apis[node] for node in self.subscribers.get(topic, [])]

    def unregisterPublisher(self, caller, topic, api):
        return self._unregister(self.publishers, topic, caller)

    def registerSubscriber(self, caller, topic, kind, api):
        self._register(self.subscribers, topic, caller, api)
        self.types.setdefault(topic, kind)
        text = "Subscribed to [%s]" % topic
        return SUCCESS, text, [self.apis[node] for node in self.publishers.get(topic, [])]

    def unregisterSubscriber(self, caller, topic, api):
        return self._unregister(self.subscribers, topic, caller)

    def registerService(self, caller, service, service_api, api):
        self.apis[caller] = api
        self.services[service] = (caller, service_api)
        return SUCCESS, "Registered [%s] as provider of [%s]" % (caller, service), 1

    def unregisterService(self, caller, service, service_api):
        if self.services.get(service) != (caller, service_api):
            return SUCCESS, "[%s] is no longer the current service api handle for [%s]" % (service_api, service), 0
        del self.services[service]
        return SUCCESS, "Unregistered [%s] as provider of [%s]" % (caller, service), 1

    def lookupNode(self, caller, node):
        if node not in self.apis:
            return ERROR, "unknown node [%s]" % node, ""
        return SUCCESS, "node api", self.apis[node]

    def lookupService(self, caller, service):
        if service not in self.services:
            return ERROR, "no provider", ""
        return SUCCESS, "rosrpc URI: [%s]" % self.services[service][1], self.services[service][1]

    def getPublishedTopics(self, caller, subgraph):
        if subgraph and not subgraph.endswith("/"):
            subgraph += "/"
        topics = [[topic, self.types[topic]] for topic in self.publishers if topic.startswith(subgraph)]
        return SUCCESS, "current topics", topics

    def getTopicTypes(self, caller):
        return SUCCESS, "current system state", [list(it) for it in self.types.items()]

    def getSystemState(self, caller):
        services = {service: [node] for service, (node, _) in self.services.items()}
        state = [[list(it) for it in table.items()] for table in (self.publishers, self.subscribers, services)]
        return SUCCESS, "current system state", state

    def setParam(self, caller, key, value):
        *path, last = self._path(caller, key)
        tree = self.params
        for name in path:
            if not isinstance(tree.get(name), dict):
                tree[name] = {}
            tree = tree[name]
        tree[last] = value
        return SUCCESS, "parameter %s set" % key, 0

    def getParam(self, caller, key):
        tree = self.params
        for name in self._path(caller, key):
            if not isinstance(tree, dict) or name not in tree:
                return ERROR, "Parameter [%s] is not set" % key, 0
            tree = tree[name]
        return SUCCESS, "Parameter [%s]" % key, tree

    def hasParam(self, caller, key):
        return SUCCESS, key, self.getParam(caller, key)[0] == SUCCESS

    def deleteParam(self, caller, key):
        if self.getParam(caller, key)[0] != SUCCESS:
            return ERROR, "parameter [%s] is not set" % key, 0
        *path, last = self._path(caller, key)
        tree = self.params
        for name in path:
            tree = tree[name]
        del tree[last]
        return SUCCESS, "parameter %s deleted" % key, 0

    def searchParam(self, caller, key):
        namespace = caller
        while namespace:
            namespace = namespace.rpartition("/")[0]
            full = "%s/%s" % (namespace, key)
            if self.getParam(caller, full)[0] == SUCCESS:
                return SUCCESS, "Found [%s]" % full, full
        return ERROR, "Cannot find parameter [%s] in an upwards search" % key, ""

    def getParamNames(self, caller):
        return SUCCESS, "Parameter names", self._names("", self.params)

    def subscribeParam(self, caller, api, key):
        _, _, value = self.getParam(caller, key)
        return SUCCESS, "Subscribed to parameter [%s]" % key, value if self.hasParam(caller, key)[2] else {}

    def unsubscribeParam(self, caller, api, key):
        return SUCCESS, "Unsubscribe to parameter [%s]" % key, 1

    def _register(self, table, topic, caller, api=None):
        if api:
            self.apis[caller] = api
        nodes = table.setdefault(topic, [])
        if caller not in nodes:
            nodes.append(caller)

    def _unregister(self, table, topic, caller):
        if caller not in table.get(topic, []):
            return SUCCESS, "[%s] is not a known provider of [%s]" % (caller, topic), 0
        table[topic].remove(caller)
        if not table[topic]:
            del table[topic]
        return SUCCESS, "Unregistered [%s] as provider of [%s]" % (caller, topic), 1

    def _path(self, caller, key):
        """The names of a key, which starts in the namespace of the caller unless it begins with a slash."""
        if key.startswith("~"):
            key = "%s/%s" % (caller, key[1:])
        elif not key.startswith("/"):
            key = "%s/%s" % (caller.rpartition("/")[0], key)
        return [name for name in key.split("/") if name]

    def _names(self, prefix, tree):
        names = []
        for name, value in tree.items():
            full = "%s/%s" % (prefix, name)
            names += self._names(full, value) if isinstance(value, dict) else [full]
        return names


port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
with SimpleXMLRPCServer(("127.0.0.1", port), Anywhere, logRequests=False) as server:
    master = Master()
    master.uri = "http://127.0.0.1:%d/" % server.server_address[1]
    server.register_instance(master)
    server.register_multicall_functions()
    print("ROS master on " + master.uri.rstrip("/"), flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
