// Requests and responses.

const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

const NAMED = { __proto__: null, lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** The characters of a text in XML. */
function unescaped(text) {
	const character = (whole, hex, decimal, name) => {
		const code = hex ? `0x${hex}` : decimal;
		if (name || code > 0x10ffff) return NAMED[name] ?? whole;
		return String.fromCodePoint(code);
	};
	if (!/[&\r]/.test(text)) return text;
	return text.replace(/\r\n?/g, "\n").replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, character);
}

/**
 * Reads XML into elements `{name, text, children}`. `DOMParser` is not used, because it reports violations of the
 * content security policy for styles in a response, and because it freezes the page while it reads a large one.
 */
async function parseXml(xml) {
	// One character ends a name. Otherwise, the time for a tag without an end would grow with its square.
	const token =
		/<(\/?)(?:\w+:)?([^\s<>/!?]+)(?=[\s/>])[^<>]*?(\/?)>|[^<]+|<!--[^]*?-->|<\?[^]*?\?>|<!D[^<>[]*>|<!\[CDATA\[([^]*?)\]\]>/y;
	const open = [{ text: "", children: [] }];
	let pause = 0;
	for (let match = token.exec(xml); match; match = token.exec(xml)) {
		const [whole, end, name, empty, data] = match;
		const parent = open.at(-1);
		if (end && parent.name !== name) break;
		if (end) open.pop();
		else if (name) {
			const element = { name, text: "", children: [] };
			parent.children.push(element);
			if (!empty) open.push(element);
		} else parent.text += whole[0] === "<" ? (data ?? "") : unescaped(whole);
		if (token.lastIndex === xml.length && open.length === 1) return open[0];
		if (Date.now() > pause) {
			await new Promise(resolve => setTimeout(resolve));
			pause = Date.now() + 50;
		}
	}
	refuse("This page cannot read the response as XML.");
}

const child = (element, name) => element?.children.find(it => it.name === name);

/** The text of a response in its own encoding, which old servers choose freely. */
function decoded(bytes, type) {
	const start = new TextDecoder("latin1").decode(bytes.slice(0, 100));
	const [, label] = /charset="?([\w-]+)/i.exec(type) ?? /^<\?xml[^>]*encoding=["']([\w-]+)/.exec(start) ?? [];
	try {
		return new TextDecoder(label).decode(bytes);
	} catch {
		return new TextDecoder().decode(bytes);
	}
}

/** The `<value>` of a response, or its fault. */
async function parseResponse(xml) {
	// The elements need several times the memory of the text.
	if (xml.length > 5e7) refuse("The response is too long to be shown. Download it.");
	const response = child(await parseXml(xml), "methodResponse");
	const fault = child(child(response, "fault"), "value");
	const value = child(child(child(response, "params"), "param"), "value");
	if (!fault && !value) refuse("The response has neither a result nor a fault.");
	return fault ? { fault: faultOf(fault) } : { value };
}

/** The type of a `<value>`, and its text or its children: values, or members. */
function look(value) {
	const [content] = value.children;
	const type = content?.name ?? "string";
	if (type === "array") return { type, list: (child(content, "data") ?? content).children };
	return type === "struct" ? { type, list: content.children } : { type, text: (content ?? value).text };
}

/** The name and the value of a member, or the value of an array's element. */
function entryOf(element) {
	if (element.name !== "member") return { value: element };
	return { key: child(element, "name")?.text ?? "", value: child(element, "value") ?? element };
}

function faultOf(value) {
	const entries = (look(value).list ?? []).map(entryOf);
	const text = name => look(entries.find(({ key }) => key === name)?.value ?? value).text ?? "";
	return { code: text("faultCode").trim(), message: text("faultString") };
}

/** How many more children of arrays and structs are shown before the user opens them. */
let allowance = 0;

function tree(value) {
	allowance = 500;
	return make("ul.tree", node(undefined, value, 0));
}

function node(key, value, depth) {
	const { type, list, text } = look(value);
	const title = [key === undefined ? "" : make("span.key", key), make("span.type", type)];
	const item = make("li", { "data-type": type });
	if (!list) item.append(...title, ...scalar(type, text));
	else {
		const size = list.length;
		const amount = make("span.count", count(size, type === "array" ? "element" : "member"));
		const details = make("details", { toggle: () => grow() }, make("summary", ...title, amount));
		const grow = () => {
			if (details.open && size && details.childElementCount === 1) details.append(children(list, depth + 1));
		};
		allowance -= size;
		// Browsers cannot lay out very deep trees, so those stay closed.
		details.open = depth === 0 || (allowance > 0 && depth < 9);
		grow();
		item.append(details);
	}
	return item;
}

/** The children of an array or a struct, 200 at a time. */
function children(list, depth) {
	const items = make("ul");
	let next = 0;
	const show = () => {
		more.remove();
		const first = next;
		for (const element of list.slice(first, (next += 200))) {
			const { key, value } = entryOf(element);
			items.append(node(key, value, depth));
		}
		if (next < list.length) items.append(more);
		return items.children[first];
	};
	const proceed = () => {
		const first = show();
		first.tabIndex = -1;
		first.focus();
	};
	const more = make("li", button("more", "Show more", proceed));
	show();
	return items;
}

function scalar(type, text) {
	if (type === "base64") return bytes(text);
	if (type === "nil") return shortened("nil");
	if (type === "boolean") return shortened({ 1: "true", 0: "false" }[text.trim()] ?? text);
	return shortened(text);
}

/** A text of which at most 2,000 characters are shown at first. */
function shortened(text, kind = "value") {
	const shown = make(`span.${kind}`, text.slice(0, 2000));
	if (text.length <= 2000) return [shown];
	const show = ({ target }) => {
		shown.textContent = text;
		target.remove();
		shown.tabIndex = -1;
		shown.focus();
	};
	return [shown, button("all", "… show all", show)];
}

function bytes(text) {
	try {
		const content = Uint8Array.from(atob(text), character => character.charCodeAt(0));
		const save = button("download", "Download", () => download(content, "value.bin"));
		const start = new TextDecoder().decode(content.subarray(0, 2000), { stream: true });
		const isText = !/[^\P{C}\s]|\uFFFD/u.test(start);
		return [make("span.value", count(content.length, "byte")), save, ...(isText ? shortened(start, "decoded") : [])];
	} catch {
		return shortened(text);
	}
}

function download(content, name) {
	const href = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
	make("a", { href, download: name }).click();
	setTimeout(() => URL.revokeObjectURL(href), 9999);
}

/** A document with one element in each line. */
function formatted(xml) {
	let depth = 0;
	const indented = part => {
		const closes = part.startsWith("</");
		if (closes && depth) depth--;
		const line = "  ".repeat(Math.min(depth, 50)) + part.trimEnd();
		if (!closes && !/<\/|\/>\s*$|^<\?/.test(part)) depth++;
		return line;
	};
	// Elements with nothing but text, and tags with what follows them.
	const parts = xml.match(/<\w[^<>]*>[^<]*<\/[^<>]*>|<[^<>]*>[^<]*/g) ?? [xml];
	return parts.map(indented).join("\n");
}

function xmlShown(kind, text) {
	const raw = make("input.raw", { type: "checkbox", change: () => show() });
	const pre = make("pre", { tabindex: 0 });
	const show = () => {
		const start = text.slice(0, 200_000);
		pre.textContent = raw.checked ? start : formatted(start);
		if (start !== text) pre.append("\n… the rest is in the download");
	};
	const tools = [
		make("label", raw, "Raw"),
		button("copy-xml", "Copy", () => copy(text)),
		button("download", "Download", () => download(text, `${kind}.xml`))
	];
	return make(
		"details.xml",
		{ "data-document": kind.toLowerCase(), toggle: show },
		make("summary", `${kind} as XML`),
		make("div.actions", ...tools),
		pre
	);
}

/** Shows a result or a fault, and returns a short text about it. */
function showOutcome(output, { value, fault }) {
	if (!fault) {
		output.append(tree(value));
		return "result";
	}
	output.append(
		make(
			"p.fault",
			{ role: "alert" },
			"Fault ",
			make("code.code", fault.code),
			": ",
			...shortened(fault.message, "message")
		)
	);
	return `fault ${fault.code}`;
}

/** Sends the document of some calls, shows what comes back, and adds the calls to the history. */
async function perform(output, { request, calls }, show, signal) {
	let outcomes = [];
	let got;
	const status = make("p.status", { role: "status" }, "Sending…");
	output.replaceChildren(status);
	try {
		const start = Date.now();
		const headers = requestHeaders();
		// To follow a redirect to another server would violate the content security policy.
		const response = await fetch(ENDPOINT, { method: "POST", body: request, headers, redirect: "manual", signal });
		if (!response.status) refuse("The server redirects. This page does not follow.");
		const body = await response.arrayBuffer();
		const time = Date.now() - start;
		status.textContent = `${response.status} ${response.statusText} · ${count(body.byteLength, "byte")} · ${time} ms`;
		got = { headers: [...response.headers], text: decoded(body, response.headers.get("content-type")) };
		const outcome = await parseResponse(got.text).catch(mistake => ({ mistake }));
		// Some servers send faults with the status 500.
		if (!response.ok && !outcome.fault) refuse(`The server refused the request: ${got.text.slice(0, 2000)}`);
		if (outcome.mistake) throw outcome.mistake;
		outcomes = show(output, outcome, calls);
	} catch (error) {
		if (!got) status.remove();
		const text = signal.aborted
			? "Aborted."
			: got || error instanceof Mistake
				? error.message
				: `The server did not respond: ${error.message}`;
		output.append(make("p.problem", { role: "alert" }, text));
	}
	output.append(xmlShown("Request", request));
	if (got) {
		const list = got.headers.flatMap(([name, value]) => [make("dt", name), make("dd", value)]);
		output.append(
			xmlShown("Response", got.text),
			make("details.headers", make("summary", "Response headers"), make("dl", ...list))
		);
	}
	remember(calls, outcomes);
}

/** Buttons that send and abort, and a place for the response. `prepare` returns the calls, or nothing. */
function sender(label, prepare, show) {
	const output = make("div.response");
	let controller;
	const run = async () => {
		await reading;
		const prepared = !controller && prepare();
		if (!prepared || !checkAuthentication()) return;
		controller = new AbortController();
		abort.hidden = false;
		output.ariaBusy = true;
		await perform(output, prepared, show, controller.signal);
		output.ariaBusy = false;
		if (document.activeElement === abort) send.focus();
		abort.hidden = true;
		controller = undefined;
	};
	const abort = button("abort", "Abort", () => controller?.abort(), { hidden: true });
	const send = button("send", label, run);
	return { send, abort, output, run };
}
