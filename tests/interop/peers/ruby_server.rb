# A server of Ruby's xmlrpc on WEBrick with the methods of the suite. The argument is the path of a unix socket.
require "socket"
require "webrick"
require "xmlrpc/server"
require "zlib"

# These features are off by default. Only constants turn them on.
%i[ENABLE_NIL_PARSER ENABLE_NIL_CREATE ENABLE_BIGINT].each do |name|
  XMLRPC::Config.send(:remove_const, name)
  XMLRPC::Config.const_set(name, true)
end

connections = 0

# Compresses a response, changes its encoding, or asks for Moe's password.
class Servlet < XMLRPC::WEBrickServlet
  def service(request, response)
    if request.path == "/auth"
      WEBrick::HTTPAuth.basic_auth(request, response, "stooges") { |user, password| [user, password] == %w[moe secret] }
    end
    super
    if request.body.include?("peer.latin1_answer")
      response.body = response.body.sub('version="1.0"', 'version="1.0" encoding="ISO-8859-1"').encode("ISO-8859-1")
      response["Content-Type"] = "text/xml"
    end
    if request["Accept-Encoding"].to_s.include?("gzip") && response.body.bytesize > 1400
      response.body = Zlib.gzip(response.body)
      response["Content-Encoding"] = "gzip"
    end
    response["Content-Length"] = response.body.bytesize
  end
end

servlet = Servlet.new
servlet.add_introspection
servlet.add_multicall
servlet.add_handler("peer.echo", nil, "Returns what it gets") do |value|
  # The module reads base64 as a binary string. To write base64, a server must wrap the string.
  value.is_a?(String) && value.encoding == Encoding::BINARY ? XMLRPC::Base64.new(value) : value
end
servlet.add_handler("peer.add", %w[int int int], "Adds up two numbers") { |a, b| a + b }
servlet.add_handler("peer.sum") { |*numbers| numbers.sum }
servlet.add_handler("peer.nothing") { "nothing" }
servlet.add_handler("peer.fail") { |code, text| raise XMLRPC::FaultException.new(code, text) }
servlet.add_handler("peer.letters") { |number| "x" * number }
servlet.add_handler("peer.gzip_answer") { "n\u00e9e " * 1000 }
servlet.add_handler("peer.latin1_answer") { "n\u00e9e " * 1000 }
servlet.add_handler("peer.connections") { connections }

server = WEBrick::HTTPServer.new(
  BindAddress: "127.0.0.1",
  Port: 0,
  MaxClients: 100,
  Logger: WEBrick::Log.new($stderr, WEBrick::Log::FATAL),
  AccessLog: [],
  AcceptCallback: ->(socket) { connections += 1 if socket.is_a?(TCPSocket) }
)
server.mount("/", servlet)
server.listeners << UNIXServer.new(ARGV[0])
trap("TERM") { server.shutdown }
puts "serving on unix://#{ARGV[0]}"
puts "serving on http://127.0.0.1:#{server.listeners.first.addr[1]}/RPC2"
$stdout.flush
server.start
