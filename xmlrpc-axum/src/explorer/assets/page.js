// The page: authentication, history, multicall.

const ENDPOINT = new URL(document.body.dataset.endpoint || location.origin + location.pathname, location);
/** What the server has told about its methods. */
let DESCRIPTION;
const byId = id => document.getElementById(id);
const all = selector => [...document.querySelectorAll(selector)];

const announcement = make("p", { id: "announce", role: "status" });
let silence;

/** Shows a short text for some seconds. */
function announce(text) {
	announcement.textContent = text;
	clearTimeout(silence);
	silence = setTimeout(announce, 8000, "");
}

async function copy(text) {
	try {
		await navigator.clipboard.writeText(text);
		announce("Copied.");
	} catch {
		announce("Copying is not allowed here.");
	}
}

// Authentication. It is kept in these inputs only, and the browser forgets it with the page.

const user = make("input", LINE, { id: "auth-user" });
const password = make("input", OFF, { id: "auth-password", type: "password" });
const headerRows = make("div.headers");

function addHeader() {
	const input = (kind, label) => make(`input.${kind}`, LINE, { "aria-label": label, placeholder: label });
	const row = make(
		"div.header",
		input("header-name", "Header"),
		input("header-value", "Value"),
		button("remove", "Remove", () => {
			row.remove();
			byId("auth").querySelector(".add-header").focus();
		})
	);
	headerRows.append(row);
	row.firstChild.focus();
}

/** The headers that the user has entered. Throws a mistake if the browser cannot send them. */
function enteredHeaders() {
	if (user.value.includes(":")) refuse("A user name cannot contain a colon.", user);
	// Of several headers with one name, the last one is sent.
	const headers = new Map();
	for (const row of headerRows.children) {
		const [name, value] = row.querySelectorAll("input");
		const header = [name.value.trim(), value.value];
		let sent = false;
		try {
			// Browsers leave out the headers that pages must not set.
			sent = new Request(ENDPOINT, { headers: [header] }).headers.has(header[0]);
		} catch {
			// The header is invalid.
		}
		if (!sent) refuse("Pages cannot send this header.", name);
		headers.set(header[0].toLowerCase(), header);
	}
	return [...headers.values()];
}

function checkAuthentication() {
	const panel = byId("auth");
	forgive(panel);
	try {
		enteredHeaders();
		return true;
	} catch (mistake) {
		panel.open = true;
		complain(mistake);
		mistake.input.focus();
		return false;
	}
}

/** The headers of a request. Those that the user has entered win. */
function requestHeaders() {
	const headers = new Headers({ "Content-Type": "text/xml; charset=utf-8" });
	if (hasLogin()) headers.set("Authorization", `Basic ${encoded(`${user.value}:${password.value}`).value}`);
	for (const [name, value] of enteredHeaders()) headers.set(name, value);
	return headers;
}

// The history. It is in memory unless the user keeps it, because arguments can be secret.

const KEY = `xmlrpc-explorer:${location.pathname}`;
const pastList = make("ol.calls");
const keep = make("input", { id: "keep", type: "checkbox", change: () => store() });
let past = [];

/** Adds calls, unless their arguments are large. */
function remember(calls, outcomes) {
	const time = new Date().toISOString();
	const entries = calls.map(({ method, params }, index) => ({
		time,
		method: method.name,
		args: toJson(array(params)),
		outcome: outcomes[index] ?? "error"
	}));
	if (keep.checked) restore();
	past = [...entries.reverse().filter(({ args }) => args.length < 20_000), ...past].slice(0, 100);
	showPast();
}

function store() {
	try {
		if (keep.checked) localStorage.setItem(KEY, JSON.stringify(past));
		else localStorage.removeItem(KEY);
	} catch {
		keep.checked = false;
		announce("This browser does not store the history.");
	}
}

/** Reads what this page, in this tab or another one, has stored. Nothing if a tab has turned the storage off. */
function restore() {
	try {
		const kept = localStorage.getItem(KEY);
		keep.checked = kept !== null;
		past = JSON.parse(kept) ?? past;
		showPast();
	} catch {
		// The browser forbids storage, or something else is in it.
		showPast((past = []));
	}
}

const brief = (method, args) =>
	make("code", `${method}(${args.slice(1, -1).slice(0, 200)}${args.length > 202 ? "…" : ""})`);

function showPast() {
	if (keep.checked) store();
	const rows = past.map(({ time, method, args, outcome }) => {
		const text = brief(method, args);
		const when = make("time", { datetime: time }, new Date(time).toLocaleTimeString());
		return make(
			"li",
			{ "data-method": method },
			when,
			text,
			make("span.outcome", `${outcome}`),
			button("fill", "Fill form", () => openMethod(method, encodeURIComponent(args)), {
				"aria-label": `Fill form: ${text.textContent}`
			})
		);
	});
	showList(pastList, "History", rows);
}

/** Shows the rows of a panel, and their number in its title. */
function showList(list, title, rows) {
	list.closest("details").firstChild.textContent = `${title} (${rows.length})`;
	list.replaceChildren(...rows);
}

// Several calls in one request.

let collected = [];
const collectedList = make("ol.calls");

function collect(calls) {
	collected = calls;
	const rows = collected.map((call, index) => {
		const text = brief(call.method.name, toJson(array(call.params)));
		const click = () => {
			collect(collected.filter(other => other !== call));
			byId("multicall").firstChild.focus();
		};
		const remove = button("remove", "Remove", click, { "aria-label": `Remove ${index + 1}: ${text.textContent}` });
		return make("li", text, remove);
	});
	showList(collectedList, "Multicall", rows);
	if (calls.length) announce(`The multicall has ${count(calls.length, "call")}.`);
}

function multicall() {
	if (!collected.length) return announce("Add calls in their forms first.");
	const entries = collected.map(({ method, params }) =>
		struct([
			["methodName", { type: "string", value: method.name }],
			["params", array(params)]
		])
	);
	return { request: callDocument("system.multicall", [array(entries)]), calls: collected };
}

/** Shows each entry of the response to a multicall. */
function showEntries(output, response, calls) {
	const { list: entries } = response.value ? look(response.value) : {};
	if (!entries) return [showOutcome(output, response)];
	const results = make("div.results");
	output.append(results);
	return entries.map((entry, index) => {
		const name = calls[index]?.method.name ?? "";
		const section = make("section.entry", { "data-method": name }, make("b", `${index + 1}. ${name}`));
		results.append(section);
		const { type, list } = look(entry);
		return showOutcome(section, type === "struct" ? { fault: faultOf(entry) } : { value: list?.[0] ?? entry });
	});
}
