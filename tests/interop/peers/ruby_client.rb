# Ruby's xmlrpc calls our server. Each output line has a case, its outcome and the reason.
require "stringio"
require "xmlrpc/client"

URL, UNIX = ARGV
$stdout.sync = true

class Cannot < StandardError
end

# Sets the constants that turn on optional features of the module.
def with(**constants)
  config = XMLRPC::Config
  old = constants.keys.to_h { |name| [name, config.const_get(name)] }
  set = lambda do |values|
    values.each do |name, value|
      config.send(:remove_const, name)
      config.const_set(name, value)
    end
  end
  set.call(constants)
  yield
ensure
  set.call(old)
end

def client(path = "/RPC2", userinfo = "")
  XMLRPC::Client.new2(URL.sub("//", "//#{userinfo}") + path, nil, 60)
end

def call(method, *params)
  client.call(method, *params)
end

def same(found, expected)
  return if found == expected && found.class == expected.class
  raise "expected #{expected.inspect[0, 80]}, got #{found.inspect[0, 80]}"
end

def echo(*values)
  peer = client
  values.each { |value| same(peer.call("peer.echo", value), value) }
end

def fault(method, *params)
  ok, answer = client.call2(method, *params)
  raise "expected a fault" if ok
  same(answer.class, XMLRPC::FaultException)
  answer
end

CASES = {}

def test(name, &block)
  CASES[name] = block
end

test :int do
  echo(0, 1, -1, 2**31 - 1, -(2**31))
end

test :i8 do
  # It writes any size as <i4>.
  with(ENABLE_BIGINT: true) { echo(2**63 - 1, -(2**63), 2**53, -(2**53), 2**31) }
end

test :boolean do
  echo(true, false)
end

test :double do
  echo(0.5, -0.25, 0.1, 1.0 / 3, 0.30000000000000004, 123456789.12345679, 1e15, 1e300, -1e-7, 2.5e-300)
end

test :string do
  echo("", "text", " ", " a\tb ", "<&>\"'", "]]>", "&amp;amp;")
end

test :line_ends do
  echo("one\ntwo")
  same(call("peer.echo", "one\r\ntwo"), "one\ntwo")
  raise Cannot, "it writes carriage returns unescaped, and XML reads them as line feeds"
end

test :unicode do
  echo("n\u00e9e", "\u65e5\u672c\u8a9e", "\u{1f600}", "\uffe6a")
end

def blob(length)
  ((0..255).to_a.pack("C*") * (length / 256 + 1)).byteslice(0, length)
end

test :base64 do
  [0, 1, 2, 256].each { |length| same(call("peer.echo", XMLRPC::Base64.new(blob(length))), blob(length)) }
end

test :base64_large do
  data = blob(10_000_000)
  same(call("peer.echo", XMLRPC::Base64.new(data)), data)
end

test :date do
  echo(XMLRPC::DateTime.new(1998, 7, 17, 14, 8, 55), XMLRPC::DateTime.new(1, 1, 1, 0, 0, 0),
       XMLRPC::DateTime.new(9999, 12, 31, 23, 59, 59))
  day = Time.gm(2026, 2, 28, 23, 59, 59)
  same(call("peer.echo", day).to_time, day)
end

test :array do
  echo([], [1, "a", [[], [2.5]], { "b" => [true] }])
end

test :struct do
  echo({}, { "a" => 1, "b" => { "c" => {} } },
       { "" => 1, "two words" => 2, "<&>\"'" => 3, "]]>" => 4, "n\u00e9e" => 5 })
end

test :nested do
  echo((0...50).inject(1) { |value, level| level.odd? ? { "in" => value } : [value] })
end

test :nil do
  with(ENABLE_NIL_CREATE: true, ENABLE_NIL_PARSER: true) { echo(nil, [1, nil, "a"]) }
end

test :no_params do
  same(call("peer.nothing"), "nothing")
end

test :many_params do
  same(call("peer.sum", *1..20), 210)
end

test :fault do
  [[17, "as it was told"], [-5, "<&>\"' n\u00e9e"], [1, ""]].each do |code, text|
    error = fault("peer.fail", code, text)
    same([error.faultCode, error.faultString], [code, text])
  end
end

test :unknown_method do
  same(fault("peer.unknown").faultCode, -32601)
end

test :wrong_types do
  [["one", [2]], [1], [1, 2, 3], [1, {}]].each { |params| same(fault("peer.add", *params).faultCode, -32602) }
end

test :multicall do
  results = client.multicall(["peer.add", 1, 2], ["peer.fail", 17, "no"], ["peer.nothing"], ["peer.unknown"],
                             ["peer.add", 3, 4])
  same(results.values_at(0, 2, 4), [3, "nothing", 7])
  same(results.values_at(1, 3).map(&:faultCode), [17, -32601])
  results = client.multicall(*(0...500).map { |number| ["peer.add", number, number] })
  same(results, (0...500).map { |number| 2 * number })
end

test :introspection do
  names = call("system.listMethods")
  raise names.inspect unless names == names.sort && names.include?("peer.add")
  same(call("system.methodSignature", "peer.add"), [%w[int int int]])
  same(call("system.methodHelp", "peer.add"), "Adds up two numbers.")
end

test :gzip_request do
  raise Cannot, "it does not compress calls"
end

test :gzip_answer do
  peer, log = client, StringIO.new
  peer.http.set_debug_output(log)
  same(peer.call("peer.letters", 30_000), "x" * 30_000)
  raise "the answer is not compressed" unless log.string =~ /content-encoding: gzip/i && log.string.size < 5_000
end

test :keep_alive do
  peer, socket = client, nil
  1_000.times do |number|
    same(peer.call("peer.add", number, 1), number + 1)
    found = peer.http.instance_variable_get(:@socket).io
    raise "the connection was closed after #{number} calls" unless found.equal?(socket ||= found)
  end
end

test :concurrent do
  # Each call opens its own connection.
  threads = (0...50).map do |number|
    Thread.new do
      Thread.current.report_on_exception = false
      peer = client
      4.times { |other| same(peer.call_async("peer.add", number, other), number + other) }
    end
  end
  threads.each(&:join)
end

test :large_answer do
  same(call("peer.letters", 20_000_000).size, 20_000_000)
end

test :basic_auth do
  same(client("/auth", "moe:secret@").call("peer.add", 1, 2), 3)
  begin
    client("/auth", "moe:wrong@").call("peer.add", 1, 2)
  rescue RuntimeError => error
    same(error.message[/\d+/], "401")
  else
    raise "a wrong password was let in"
  end
end

test :latin1_request do
  # It writes the bytes of a text unchanged.
  peer = client
  peer.http_header_extra = { "Content-Type" => "text/xml; charset=ISO-8859-1" }
  same(peer.call("peer.echo", "n\u00e9e".encode("ISO-8859-1")), "n\u00e9e")
end

test :latin1_answer do
  raise Cannot, "our server writes only UTF-8"
end

class UnixClient < XMLRPC::Client
  class HTTP < Net::HTTP
    def connect
      @socket = Net::BufferedIO.new(UNIXSocket.new(UNIX), read_timeout: 60)
    end
  end

  def net_http(*)
    HTTP.new("localhost")
  end
end

test :unix_socket do
  same(UnixClient.new.call("peer.add", 1, 2), 3)
end

test :scgi do
  raise Cannot, "our server speaks only HTTP; a web server in front of it can translate SCGI"
end

def validator
  suite = client.proxy("validator1")
  same(suite.arrayOfStructsTest((0...9).map { |n| { "moe" => 1, "larry" => 2, "curly" => n } }), 36)
  same(suite.countTheEntities("<a>&'\"\"")["ctQuotes"], 2)
  same(suite.easyStructTest({ "moe" => 1, "larry" => 2, "curly" => 3 }), 6)
  same(suite.echoStructTest({ "a" => { "b" => 1 } }), { "a" => { "b" => 1 } })
  day = XMLRPC::DateTime.new(1998, 7, 17, 14, 8, 55)
  found = suite.manyTypesTest(1, true, "a", 2.5, day, XMLRPC::Base64.new("x"))
  same(found, [1, true, "a", 2.5, day, "x"])
  same(suite.moderateSizeArrayCheck((0...150).map(&:to_s)), "0149")
  day = { "moe" => 1, "larry" => 2, "curly" => 3 }
  same(suite.nestedStructTest({ "1999" => {}, "2000" => { "04" => { "01" => day, "02" => day } } }), 6)
  same(suite.simpleStructReturnTest(3), { "times10" => 30, "times100" => 300, "times1000" => 3000 })
end

def interop
  suite = client.proxy("interopEchoTests")
  { String: "a", Integer: 5, Float: 2.5, Struct: { "a" => 1 }, Value: [1], StringArray: ["a", ""],
    IntegerArray: [1, -1], FloatArray: [0.5], StructArray: [{}, { "a" => 1 }], Boolean: true,
    Date: XMLRPC::DateTime.new(1998, 7, 17, 14, 8, 55) }.each do |name, value|
    same(suite.send("echo#{name}", value), value)
  end
  same(suite.echoBase64(XMLRPC::Base64.new("x")), "x")
  same(suite.noInParams, 0)
  same(suite.whichToolkit.size, 4)
end

test :example do
  validator
  interop
  same(client.multicall(["getData"], ["pow", 2, 9], ["add", 1, 2]), ["42", 512, 3])
  same(call("currentTime.getCurrentTime").year >= 2026, true)
end

CASES.each do |name, block|
  outcome = begin
    block.call
    "pass"
  rescue Cannot => reason
    "cannot\t#{reason.message}"
  rescue StandardError, SystemStackError => error
    "fail\t" + "#{error.class}: #{error.message}".split.join(" ")[0, 300]
  end
  puts "#{name}\t#{outcome}"
end
