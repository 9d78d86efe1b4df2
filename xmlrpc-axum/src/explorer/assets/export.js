// "Copy as". Every text is quoted for its language, and secrets become environment variables.

const shell = text => `'${text.replaceAll("'", "'\\''")}'`;
/** Rust rejects characters that turn the direction of text. */
const rust = text => JSON.stringify(text).replace(/\p{Cf}/gu, it => `\\u{${it.codePointAt(0).toString(16)}}`);

/** The names of the headers and the variables with their values. */
const headerVariables = () => enteredHeaders().map(([name], index) => [name, `XMLRPC_HEADER_${index + 1}`]);
/** Whether user and password are sent. A header that the user has entered wins. */
const hasLogin = () =>
	(user.value || password.value) && !enteredHeaders().some(([name]) => name.toLowerCase() === "authorization");

/** The options of curl and `xmlrpc` for the credentials. */
const options = login =>
	(hasLogin() ? ` --user "${login}"` : "") +
	headerVariables()
		.map(([header, variable]) => ` -H ${shell(`${header}: `)}"$${variable}"`)
		.join("");

function asCurl({ name }, params) {
	const document = callDocument(name, params);
	let end = "XML";
	while (document.includes(end)) end += "_";
	return `curl -gsS${options("$XMLRPC_USER:$XMLRPC_PASSWORD")} -H 'Content-Type: text/xml' --data-binary @- ${shell(ENDPOINT.href)} <<'${end}'\n${document}\n${end}\n`;
}

/** The command reads `XMLRPC_PASSWORD` itself. */
function asCommand({ name }, params) {
	const texts = params.map(value => (value.type === "string" ? `text:${value.value}` : toJson(value)));
	const words = [ENDPOINT.href, name, ...texts].map(shell);
	return `xmlrpc call --no-signatures${options("$XMLRPC_USER")} -- ${words.join(" ")}\n`;
}

const PYTHON = {
	words: ["False", "True", "None"],
	i8: value => `I8(${value})`,
	string: JSON.stringify,
	base64: value => `base64.b64decode("${value}")`,
	"dateTime.iso8601": value => `xmlrpc.client.DateTime("${value}")`
};

function asPython({ name }, params) {
	const values = params.map(value => written(value, PYTHON)).join(", ");
	const headers = headerVariables().map(
		([header, variable]) => `(${JSON.stringify(header)}, os.environ["${variable}"])`
	);
	if (hasLogin()) {
		headers.push(
			'("Authorization", "Basic " + base64.b64encode("{XMLRPC_USER}:{XMLRPC_PASSWORD}".format_map(os.environ).encode()).decode())'
		);
	}
	// The library refuses integers of more than 32 bits, and loses carriage returns.
	const integers = `class I8(int):
    pass

xmlrpc.client.Marshaller.dispatch[I8] = lambda self, value, write: write(f"<value><i8>{value}</i8></value>")
`;
	const returns = `xmlrpc.client.Marshaller.dispatch[str] = lambda self, value, write: write(
    "<value><string>" + xmlrpc.client.escape(value).replace("\\r", "&#13;") + "</string></value>")
`;
	return `import base64
import os
import xmlrpc.client

${values.includes("I8(") ? integers : ""}${values.includes("\\r") ? returns : ""}server = xmlrpc.client.ServerProxy(${JSON.stringify(ENDPOINT.href)}, allow_none=True, headers=[${headers.join(", ")}])
print(server.__getattr__(${JSON.stringify(escaped(name))})(${values}))
`;
}

/** Values for the macro `value!`. */
const RUST = {
	words: ["false", "true", "nil"],
	i8: value => `Value::I8(${value})`,
	string: rust,
	base64: value => `from_str::<Value>("<value><base64>${value}</base64></value>")?`,
	"dateTime.iso8601": value => `"${value}".parse::<DateTime>()?`
};

/** A text as an argument of a generated method, which takes a `String`, a `&str`, a `char` or an enum. */
function textArgument(text) {
	// Text with escapes cannot be borrowed, and is hardly the name of a variant.
	if (!text || escaped(text) !== text) return `${rust(text)}.into()`;
	return `from_str(${rust(`<value><string>${text}</string></value>`)})?`;
}

/** An argument of a generated method, whose types the compiler knows. */
function argument({ schema, default: source }, given = NIL) {
	const isOption = schema.nil && source === undefined;
	if (given.type === "nil") {
		if (isOption) return "None";
		return source?.startsWith('"') ? `${source}.into()` : source && source !== "[]" ? source : "Default::default()";
	}
	const value = written(given, RUST);
	const plain = { int: value, i8: given.value, double: value, boolean: value };
	const text =
		given.type === "string" ? textArgument(given.value) : (plain[given.type] ?? `from_value(value!(${value}))?`);
	return isOption ? `Some(${text})` : text;
}

/** The call of the generated client, if there is one and it has these parameters. */
function generatedCall({ name, rust_name, params }, values, isForm) {
	const service = DESCRIPTION.services.find(it => it.generated && it.methods.includes(name));
	// The parameters may be members of one struct, which the generated method takes one by one.
	if (!service || !rust_name || !isForm || params[0]?.name === "params") return;
	const list = params.map((param, index) => {
		const rest = () =>
			`vec![${values
				.slice(index)
				.map(value => argument({ schema: param.schema }, value))
				.join(", ")}]`;
		return param.rest ? rest() : argument(param, values[index]);
	});
	return `${service.name}Client::new(client).${rust_name}(${list.join(", ")})`;
}

function asRust(method, params, isForm) {
	const values = params.map(value => `value!(${written(value, RUST)})`).join(", ");
	const generated = generatedCall(method, params, isForm);
	const call = generated ?? `client.call::<Value>(${rust(method.name)}, ${values ? `vec![${values}]` : "()"})`;
	const variable = name => `&std::env::var("${name}")?`;
	const settings = headerVariables().map(([name, it]) => `.header(${rust(name)}, ${variable(it)})`);
	if (hasLogin()) settings.push(`.basic_auth(${variable("XMLRPC_USER")}, ${variable("XMLRPC_PASSWORD")})`);
	const url = rust(ENDPOINT.href);
	return `// cargo add xmlrpc-client xmlrpc-core tokio --features tokio/macros,tokio/rt-multi-thread
${generated ? "// Import the client of the trait. Write & before arguments that the trait borrows.\n" : ""}#![recursion_limit = "${128 + values.length}"]
#![allow(unused_imports)]
use xmlrpc_client::Client;
use xmlrpc_core::{DateTime, Value, from_str, from_value, value};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::${settings.length ? `builder(${url})${settings.join("")}.build()` : `new(${url})`}?;
    let result = ${call}.await?;
    println!("{result:?}");
    Ok(())
}
`;
}

const EXPORTS = { curl: asCurl, Python: asPython, Rust: asRust, xmlrpc: asCommand };
