// A server of node's xmlrpc with the methods of the suite. The argument is the path of a unix socket.
const zlib = require('zlib')
const xmlrpc = require('xmlrpc')

let connections = 0

const methods = {
  echo: (value) => value,
  add: (a, b) => {
    if (typeof a !== 'number' || typeof b !== 'number') {
      throw { faultCode: -32602, faultString: 'two numbers are needed' }
    }
    return a + b
  },
  sum: (...numbers) => numbers.reduce((sum, number) => sum + number, 0),
  nothing: () => 'nothing',
  fail: (code, text) => {
    throw { faultCode: code, faultString: text }
  },
  letters: (number) => 'x'.repeat(number),
  gzip_answer: () => 'n\u00e9e '.repeat(1000),
  latin1_answer: () => 'n\u00e9e '.repeat(1000),
  connections: () => connections,
}

// Changes the encoding of a response, or compresses it. The module writes head and body together.
function adapt(request, response, isLatin1) {
  const writeHead = response.writeHead.bind(response)
  const end = response.end.bind(response)
  let status, headers
  response.writeHead = (...head) => { [status, headers = {}] = head }
  response.end = (text = '') => {
    let body = Buffer.from(text)
    if (isLatin1()) {
      body = Buffer.from(text.replace('version="1.0"', 'version="1.0" encoding="ISO-8859-1"'), 'latin1')
    }
    if (/gzip/.test(request.headers['accept-encoding']) && body.length > 1400) {
      body = zlib.gzipSync(body)
      headers['Content-Encoding'] = 'gzip'
    }
    writeHead(status, { ...headers, 'Content-Length': body.length })
    end(body)
  }
}

function serve(options, done) {
  const server = xmlrpc.createServer(options, () => done(server))
  const [answer] = server.httpServer.listeners('request')
  server.httpServer.removeListener('request', answer)
  server.httpServer.on('request', (request, response) => {
    if (request.url === '/auth' && request.headers.authorization !== 'Basic bW9lOnNlY3JldA==') {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="stooges"', 'Content-Length': 0 })
      response.end()
      request.resume()
      return
    }
    let isLatin1 = false
    request.on('data', (data) => { isLatin1 ||= data.includes('peer.latin1_answer') })
    adapt(request, response, () => isLatin1)
    answer(request, response)
  })
  for (const [name, method] of Object.entries(methods)) {
    server.on('peer.' + name, (error, params, callback) => {
      try {
        callback(null, method(...params))
      } catch (fault) {
        callback(fault)
      }
    })
  }
}

const path = process.argv[2]
serve({ port: path }, () => {
  console.log('serving on unix://' + path)
  serve({ host: '127.0.0.1', port: 0 }, ({ httpServer }) => {
    httpServer.on('connection', () => { connections += 1 })
    console.log(`serving on http://127.0.0.1:${httpServer.address().port}/RPC2`)
  })
})
