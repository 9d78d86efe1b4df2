# A server of Twisted with the methods of the suite. The argument is the path of a unix socket.
import sys
import xmlrpc.client

from twisted.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from twisted.cred.portal import IRealm, Portal
from twisted.internet import reactor
from twisted.logger import globalLogBeginner
from twisted.web.guard import BasicCredentialFactory, HTTPAuthSessionWrapper
from twisted.web.resource import EncodingResourceWrapper, IResource, Resource
from twisted.web.server import GzipEncoderFactory, Site
from twisted.web.xmlrpc import XMLRPC, addIntrospection, withRequest
from zope.interface import implementer


class Peer(XMLRPC):
    def xmlrpc_echo(self, value):
        return value

    def xmlrpc_add(self, a, b):
        """Adds up two numbers."""
        return a + b

    xmlrpc_add.signature = [["int", "int", "int"]]

    def xmlrpc_sum(self, *numbers):
        return sum(numbers)

    def xmlrpc_nothing(self):
        return "nothing"

    def xmlrpc_fail(self, code, text):
        raise xmlrpc.client.Fault(code, text)

    def xmlrpc_letters(self, number):
        return "x" * number

    def xmlrpc_gzip_answer(self):
        return "n\u00e9e " * 1000

    @withRequest
    def xmlrpc_latin1_answer(self, request):
        # Twisted responds in UTF-8, so this converts the response before it is sent.
        write = request.write

        def write_latin1(data):
            text = data.decode("utf-8").replace("version='1.0'", "version='1.0' encoding='ISO-8859-1'")
            data = text.encode("iso-8859-1")
            request.setHeader(b"content-type", b"text/xml")
            request.setHeader(b"content-length", b"%d" % len(data))
            write(data)

        request.write = write_latin1
        return "n\u00e9e " * 1000

    def xmlrpc_connections(self):
        return site.connections


class Counted(Site):
    connections = 0

    def buildProtocol(self, address):
        self.connections += 1
        return super().buildProtocol(address)


@implementer(IRealm)
class Realm:
    def requestAvatar(self, avatar, mind, *interfaces):
        return IResource, methods, lambda: None


globalLogBeginner.beginLoggingTo([], redirectStandardIO=False)
peer = Peer(allowNone=True)
methods = XMLRPC(allowNone=True)
methods.putSubHandler("peer", peer)
addIntrospection(methods)

moe = InMemoryUsernamePasswordDatabaseDontUse(moe=b"secret")
root = Resource()
root.putChild(b"RPC2", EncodingResourceWrapper(methods, [GzipEncoderFactory()]))
root.putChild(b"auth", HTTPAuthSessionWrapper(Portal(Realm(), [moe]), [BasicCredentialFactory(b"stooges")]))

site = Counted(root)
reactor.listenUNIX(sys.argv[1], Site(root))
port = reactor.listenTCP(0, site, interface="127.0.0.1")
print("serving on unix://%s" % sys.argv[1])
print("serving on http://127.0.0.1:%d/RPC2" % port.getHost().port, flush=True)
reactor.run()
