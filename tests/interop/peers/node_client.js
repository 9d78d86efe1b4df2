// node's xmlrpc calls our server. Each output line has a case, its outcome and the reason.
'use strict'

process.env.TZ = 'UTC'

const http = require('http')
const { createRequire } = require('module')
const { join } = require('path')
const { isDeepStrictEqual, inspect } = require('util')

// Loads modules from the folder where `run` installed them.
const installed = createRequire(join(process.cwd(), 'node', 'x'))
const xmlrpc = installed('xmlrpc')
const CustomType = installed('xmlrpc/lib/customtype')

const [url, socketPath] = process.argv.slice(2)
const { hostname, port } = new URL(url)

// Hides node's warnings that the module calls `new Buffer` and `url.parse`.
process.removeAllListeners('warning')
process.on('warning', () => {})

class Cannot extends Error {}

function client (options = {}) {
  return xmlrpc.createClient({ host: hostname, port, path: '/RPC2', ...options })
}

function callOf (peer, method, ...params) {
  return new Promise((resolve, reject) => {
    peer.methodCall(method, params, (error, value) => error ? reject(error) : resolve(value))
  })
}

function call (method, ...params) {
  return callOf(client(), method, ...params)
}

function same (found, expected) {
  if (!isDeepStrictEqual(found, expected)) {
    throw new Error(`expected ${inspect(expected).slice(0, 80)}, got ${inspect(found).slice(0, 80)}`)
  }
}

async function echo (...values) {
  for (const value of values) same(await call('peer.echo', value), value)
}

async function fault (method, ...params) {
  try {
    await call(method, ...params)
  } catch (error) {
    if (error.faultCode === undefined) throw error
    return error
  }
  throw new Error('expected a fault')
}

// The module can write custom types.
function custom (tagName, raw) {
  const type = new CustomType(raw)
  type.tagName = tagName
  return type
}

function blob (length) {
  return Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('latin1')
    .repeat(length / 256 + 1).slice(0, length)
}

const bytes = (length) => Buffer.from(blob(length), 'latin1')

const cases = {
  async int () {
    await echo(0, 1, -1, 2 ** 31 - 1, -(2 ** 31))
  },

  async i8 () {
    // It reads them as text, because its numbers are exact only up to 2^53.
    for (const text of ['9223372036854775807', '-9223372036854775808', '9007199254740993', '2147483648']) {
      same(await call('peer.echo', custom('i8', text)), text)
    }
    same(await call('peer.echo', 2 ** 53), '9007199254740992')
    same(await call('peer.echo', -(2 ** 53)), '-9007199254740992')
  },

  async boolean () {
    await echo(true, false)
  },

  async double () {
    await echo(0.5, -0.25, 0.1, 1 / 3, 0.30000000000000004, 123456789.12345679, -1e-7, 2.5e-300)
    // It writes whole numbers as integers of any size.
    for (const value of [1e15, 1e300, -1e300, 1.7976931348623157e308, 5e-324]) {
      same(await call('peer.echo', custom('double', String(value))), value)
    }
  },

  async string () {
    await echo('', 'text', ' ', ' a\tb ', '<&>"\'', ']]>', '<![CDATA[a]]>', '&amp;amp;')
  },

  async line_ends () {
    await echo('one\ntwo', 'one\r\ntwo', 'one\rtwo', '\r')
  },

  async unicode () {
    await echo('n\u00e9e', '\u65e5\u672c\u8a9e', '\u{1f600}', '\uffe6a', '<\u00e9\u{1f600}>')
  },

  async base64 () {
    for (const length of [0, 1, 2, 256]) await echo(bytes(length))
  },

  async base64_large () {
    const data = bytes(10000000)
    const found = await call('peer.echo', data)
    same(found.equals(data), true)
  },

  async date () {
    await echo(new Date(1998, 6, 17, 14, 8, 55), new Date(9999, 11, 31, 23, 59, 59), new Date(2026, 1, 28, 23, 59, 59))
    // It writes years before 1000 without leading zeros. Other peers write 98 for 1998, so such a year is not
    // read as a date, but as its text.
    const first = new Date(2001, 0, 1)
    first.setFullYear(1)
    same(await call('peer.echo', first), '10101T00:00:00')
    same(await call('peer.echo', custom('dateTime.iso8601', '00010101T00:00:00')), first)
  },

  async array () {
    await echo([], [1, 'a', [[], [2.5]], { b: [true] }])
  },

  async struct () {
    await echo({}, { a: 1, b: { c: {} } }, { '': 1, 'two words': 2, '<&>"\'': 3, ']]>': 4, 'n\u00e9e': 5 })
  },

  async nested () {
    let value = 1
    for (let level = 0; level < 50; level++) value = level % 2 ? { in: value } : [value]
    await echo(value)
  },

  async nil () {
    await echo(null, [1, null, 'a'])
  },

  async no_params () {
    same(await call('peer.nothing'), 'nothing')
  },

  async many_params () {
    same(await call('peer.sum', ...Array.from({ length: 20 }, (_, n) => n + 1)), 210)
  },

  async fault () {
    for (const [code, text] of [[17, 'as it was told'], [-5, '<&>"\' n\u00e9e'], [1, '']]) {
      const error = await fault('peer.fail', code, text)
      same([error.faultCode, error.faultString], [code, text])
    }
  },

  async unknown_method () {
    same((await fault('peer.unknown')).faultCode, -32601)
  },

  async wrong_types () {
    for (const params of [['one', [2]], [1], [1, 2, 3], [1, {}]]) {
      same((await fault('peer.add', ...params)).faultCode, -32602)
    }
  },

  async multicall () {
    const entry = (methodName, ...params) => ({ methodName, params })
    const results = await call('system.multicall', [entry('peer.add', 1, 2), entry('peer.fail', 17, 'no'),
      entry('peer.nothing'), entry('peer.unknown'), entry('peer.add', 3, 4)])
    same([results[0], results[1], results[2], results[3].faultCode, results[4]],
      [[3], { faultCode: 17, faultString: 'no' }, ['nothing'], -32601, [7]])
    const numbers = Array.from({ length: 500 }, (_, number) => number)
    const many = await call('system.multicall', numbers.map((number) => entry('peer.add', number, number)))
    same(many, numbers.map((number) => [2 * number]))
  },

  async introspection () {
    const names = await call('system.listMethods')
    same(names, [...names].sort())
    same(names.includes('peer.add'), true)
    same(await call('system.methodSignature', 'peer.add'), [['int', 'int', 'int']])
    same(await call('system.methodHelp', 'peer.add'), 'Adds up two numbers.')
  },

  async gzip_request () {
    throw new Cannot('it does not compress calls')
  },

  async gzip_answer () {
    // If the caller sets `Accept-Encoding: gzip`, it reads the compressed bytes as text.
    const peer = client({ headers: { 'Accept-Encoding': 'gzip' } })
    const error = await callOf(peer, 'peer.letters', 30000).then(() => undefined, (error) => error)
    same([error && error.faultCode, error && error.res.headers['content-encoding']], [undefined, 'gzip'])
    throw new Cannot('it does not ask for compression, and reads compressed bytes as text')
  },

  async keep_alive () {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    const ports = new Set()
    const peer = client({ agent })
    for (let number = 0; number < 1000; number++) {
      same(await callOf(peer, 'peer.add', number, 1), number + 1)
      for (const socket of Object.values(agent.sockets).concat(Object.values(agent.freeSockets)).flat()) {
        ports.add(socket.localPort)
      }
    }
    same(ports.size, 1)
    agent.destroy()
  },

  async concurrent () {
    const work = async (number) => {
      const peer = client({ agent: new http.Agent() })
      for (let other = 0; other < 4; other++) same(await callOf(peer, 'peer.add', number, other), number + other)
    }
    await Promise.all(Array.from({ length: 50 }, (_, number) => work(number)))
  },

  async large_answer () {
    same((await call('peer.letters', 20000000)).length, 20000000)
  },

  async basic_auth () {
    const moe = (pass) => client({ path: '/auth', basic_auth: { user: 'moe', pass } })
    same(await callOf(moe('secret'), 'peer.add', 1, 2), 3)
    const error = await callOf(moe('wrong'), 'peer.add', 1, 2).then(() => undefined, (error) => error)
    same(error && error.res.statusCode, 401)
  },

  async latin1_request () {
    same(await callOf(client({ encoding: 'ISO-8859-1' }), 'peer.echo', 'n\u00e9e'), 'n\u00c3\u00a9e')
    throw new Cannot('it writes UTF-8, whatever encoding it declares')
  },

  async latin1_answer () {
    throw new Cannot('our server writes only UTF-8')
  },

  async unix_socket () {
    same(await callOf(xmlrpc.createClient({ socketPath, path: '/RPC2' }), 'peer.add', 1, 2), 3)
  },

  async scgi () {
    throw new Cannot('our server speaks only HTTP; a web server in front of it can translate SCGI')
  },

  async example () {
    await validator()
    await interop()
    const entry = (methodName, ...params) => ({ methodName, params })
    same(await call('system.multicall', [entry('getData'), entry('pow', 2, 9), entry('add', 1, 2)]), [['42'], [512], [3]])
    same((await call('currentTime.getCurrentTime')).getFullYear() >= 2026, true)
  }
}

async function validator () {
  const test = (name, ...params) => call('validator1.' + name, ...params)
  const structs = Array.from({ length: 9 }, (_, curly) => ({ moe: 1, larry: 2, curly }))
  same(await test('arrayOfStructsTest', structs), 36)
  same((await test('countTheEntities', '<a>&\'""')).ctQuotes, 2)
  same(await test('easyStructTest', { moe: 1, larry: 2, curly: 3 }), 6)
  same(await test('echoStructTest', { a: { b: 1 } }), { a: { b: 1 } })
  const types = [1, true, 'a', 2.5, new Date(1998, 6, 17, 14, 8, 55), Buffer.from('x')]
  same(await test('manyTypesTest', ...types), types)
  same(await test('moderateSizeArrayCheck', Array.from({ length: 150 }, (_, n) => String(n))), '0149')
  const day = { moe: 1, larry: 2, curly: 3 }
  same(await test('nestedStructTest', { 1999: {}, 2000: { '04': { '01': day, '02': day } } }), 6)
  same(await test('simpleStructReturnTest', 3), { times10: 30, times100: 300, times1000: 3000 })
}

async function interop () {
  const values = { String: 'a', Integer: 5, Float: 2.5, Struct: { a: 1 }, Value: [1], StringArray: ['a', ''],
    IntegerArray: [1, -1], FloatArray: [0.5], StructArray: [{}, { a: 1 }], Boolean: true,
    Date: new Date(1998, 6, 17, 14, 8, 55), Base64: Buffer.from('x') }
  for (const [name, value] of Object.entries(values)) same(await call('interopEchoTests.echo' + name, value), value)
  same(await call('interopEchoTests.noInParams'), 0)
  same(Object.keys(await call('interopEchoTests.whichToolkit')).length, 4)
}

async function main () {
  for (const [name, test] of Object.entries(cases)) {
    let outcome = 'pass'
    try {
      await test()
    } catch (error) {
      const reason = error instanceof Cannot ? `cannot\t${error.message}` : `fail\t${error.name}: ${error.message}`
      outcome = reason.replace(/[ \n\r]+/g, ' ').slice(0, 300)
    }
    console.log(`${name}\t${outcome}`)
  }
}

main()
