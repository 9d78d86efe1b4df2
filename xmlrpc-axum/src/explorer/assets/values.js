"use strict";
// The script of the explorer. The server joins the files of this folder: see assets.rs.
//
// A value is `{type, value}`. `value` is exact text for scalars, a list of values for arrays, and a list of
// `[name, value]` for structs, so that no name is special, not even `__proto__`.

/** A mistake of the user, and the element with it. */
class Mistake extends Error {
	constructor(message, input) {
		super(message);
		this.input = input;
	}
}

function refuse(message, input) {
	throw new Mistake(message, input);
}

const NIL = { type: "nil", value: "" };
const truth = yes => ({ type: "boolean", value: yes ? "1" : "0" });
const array = value => ({ type: "array", value });
const struct = value => ({ type: "struct", value });
const isInt = number => BigInt.asIntN(32, BigInt(number)) === BigInt(number);

function bounds({ type, min, max }) {
	const half = 2n ** (type === "int" ? 31n : 63n);
	return [BigInt(min ?? -half), BigInt(max ?? half - 1n)];
}

function integer(text, schema = {}) {
	if (!/^\s*[+-]?\d+\s*$/.test(text)) refuse("Enter a whole number, for example 42.");
	const [min, max] = bounds(schema);
	// Converting a very long number takes long. It is too large anyway.
	const digits = text.trim().replace(/^([+-]?)0+\B/, "$1");
	const number = BigInt(digits.slice(0, 99));
	if (number < min || number > max) refuse(`Enter a number from ${min} to ${max}.`);
	return { type: isInt(number) ? "int" : "i8", value: String(number) };
}

function double(text) {
	const [, sign, whole, , fraction, exponent] = /^\s*\+?(-?)(\d*)(\.(\d*))?(e[+-]?\d+)?\s*$/i.exec(text) ?? [];
	if (!whole && !fraction) refuse("Enter a number, for example 2.5.");
	if (!isFinite(text)) refuse("This number is too large for a double.");
	return { type: "double", value: `${sign}${whole || 0}.${fraction || 0}${exponent ?? ""}` };
}

function string(text) {
	// Every character that XML 1.0 forbids, and halves of pairs.
	const found = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.exec(text);
	if (!found) return { type: "string", value: text };
	const code = found[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
	refuse(`XML forbids U+${code}, character ${found.index + 1} of this text.`);
}

function date(text) {
	const form = /^(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(\.\d+)?)?(Z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?)?$/i;
	const [, year, month, day, hour = "00", minute = "00", second = "00", ...rest] = form.exec(text.trim()) ?? [];
	// The calendar repeats after 400 years.
	const days = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
	const valid = month > 0 && month < 13 && day > 0 && day <= days && hour < 24 && minute < 60 && second < 60;
	if (!valid) refuse("Enter a date that exists, for example 2024-01-31T12:00:00.");
	return { type: "dateTime.iso8601", value: `${year}${month}${day}T${hour}:${minute}:${second}${rest.join("")}` };
}

function base64(text) {
	try {
		return { type: "base64", value: btoa(atob(text)) };
	} catch {
		refuse("Enter base64: letters, digits, + and /.");
	}
}

/** The UTF-8 bytes of a text, in base64. */
function encoded(text) {
	const bytes = new TextEncoder().encode(text);
	return { type: "base64", value: btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join("")) };
}

const FORMS = {
	$date: date,
	$base64: base64,
	$i8: text => ({ ...integer(text), type: "i8" })
};

/**
 * Reads typed JSON: see `typed` for what JSON does not have. `JSON.parse` is not used for all of it, because it
 * rounds numbers, and takes the last of several members with one name.
 */
function parseJson(text) {
	const token =
		/\s*(?:("[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\x00-\x1f]*)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)\b|(\w+|\S|$))/uy;
	let at;
	let next;
	const step = () => {
		at = token.lastIndex;
		next = token.exec(text);
	};
	const fail = () => refuse(`Enter JSON, for example "text", 5 or [1, 2]. It is wrong after ${count(at, "character")}.`);
	const expect = (...symbols) => {
		const [, , , symbol] = next;
		if (!symbols.includes(symbol)) fail();
		step();
		return symbol;
	};
	const list = (end, item) => {
		const items = [];
		if (next[3] === end) step();
		else
			do items.push(item());
			while (expect(",", end) === ",");
		return items;
	};
	const member = (names, depth) => {
		const [, quoted] = next;
		if (!quoted) fail();
		const name = JSON.parse(quoted);
		if (names.has(name)) refuse(`Two members have the name ${quoted}.`);
		names.add(name);
		step();
		expect(":");
		return [name, read(depth)];
	};
	const read = depth => {
		if (depth > 200) refuse("Use at most 200 levels.");
		const [, quoted, number, symbol] = next;
		const word = JSON_FORMS.words.indexOf(symbol);
		if (symbol !== undefined && word < 0 && symbol !== "[" && symbol !== "{") fail();
		step();
		if (quoted) return string(JSON.parse(quoted));
		if (number) return (/[.e]/i.test(number) ? double : integer)(number);
		if (symbol === "[") return array(list("]", () => read(depth + 1)));
		const names = new Set();
		if (symbol === "{") return struct(list("}", () => member(names, depth + 1)));
		return word === 2 ? NIL : truth(word);
	};
	step();
	const value = read(0);
	expect("");
	return typed(value);
}

/** Turns structs such as `{"$date": …}` into the values that they stand for. */
function typed(it) {
	const { type, value } = it;
	if (type === "array") return array(value.map(typed));
	if (type !== "struct") return it;
	const [name, inner = NIL] = value.length === 1 ? value[0] : [];
	if (/^(string|i)/.test(inner.type) && Object.hasOwn(FORMS, name)) return FORMS[name](inner.value);
	// A struct whose only member has such a name.
	const members = name === "$struct" && inner.type === "struct" ? inner.value : value;
	return struct(members.map(([name, item]) => [string(name).value, typed(item)]));
}

/** Writes a value in a language. Integers and doubles are the same in all of them. */
function written({ type, value }, language) {
	const each = item => written(item, language);
	if (type === "array") return `[${value.map(each).join(", ")}]`;
	// Words for false, true and nil.
	if (type === "boolean") return language.words[value];
	if (type === "nil") return language.words[2];
	if (type !== "struct") return language[type]?.(value) ?? value;
	const members = value.map(([name, item]) => `${language.string(name)}: ${each(item)}`);
	return language.struct?.(members) ?? `{${members.join(", ")}}`;
}

/** Typed JSON, from which `parseJson` reads the same value. */
const JSON_FORMS = {
	words: ["false", "true", "null"],
	i8: value => (isInt(value) ? `{"$i8": ${value}}` : value),
	string: JSON.stringify,
	base64: value => `{"$base64": "${value}"}`,
	"dateTime.iso8601": value => `{"$date": "${value}"}`,
	struct: members => (members.length === 1 && members[0].startsWith('"$') ? `{"$struct": {${members[0]}}}` : undefined)
};
const toJson = value => written(value, JSON_FORMS);

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;" };
const escaped = text => text.replace(/[&<>\r]/g, character => ENTITIES[character]);

function toXml({ type, value }) {
	if (type === "nil") return "<value><nil/></value>";
	const member = ([name, item]) => `<member><name>${escaped(name)}</name>${toXml(item)}</member>`;
	let content;
	if (type === "array") content = `<data>${value.map(toXml).join("")}</data>`;
	else content = type === "struct" ? value.map(member).join("") : escaped(value);
	return `<value><${type}>${content}</${type}></value>`;
}

function callDocument(method, params) {
	const list = params.map(value => `<param>${toXml(value)}</param>`).join("");
	return `<?xml version="1.0"?><methodCall><methodName>${escaped(method)}</methodName><params>${list}</params></methodCall>`;
}
