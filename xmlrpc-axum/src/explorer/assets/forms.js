// The forms of methods, links to them, search, and the start of the page.

const forms = new Map();

/** JSON in which 2 and 2.0 are the same, and the order of members does not count. */
const loose = values =>
	written(array(values), { ...JSON_FORMS, struct: members => members.sort().join() }).replace(/\.0(?!\d)/g, "");

/** Replaces the content of an element by a form that calls a method. */
function buildForm(place, method) {
	const params = method.params ?? [];
	const fields = params.map(({ schema, name, optional, rest }) =>
		field(rest ? { type: "array", elements: schema } : schema, name, optional || rest)
	);
	const json = field({}, "Parameters as a JSON list");
	const area = json.element.querySelector("textarea");
	area.classList.add("all");
	const list = make("div.fields");
	let isForm;
	const show = value => {
		isForm = value;
		list.replaceChildren(...(isForm ? fields : [json]).map(({ element }) => element));
		number(list);
		mode.textContent = isForm ? "Edit as JSON" : "Edit as form";
	};

	/** The parameters, and the mistakes in them. */
	const attempt = () => {
		const mistakes = [];
		if (!isForm) {
			const { type, value } = json.read(mistakes);
			if (type !== "array") mistakes.push(new Mistake("Enter a list, for example [1, 2].", area));
			return [value, mistakes.slice(0, 1)];
		}
		const values = fields.map(it => it.read(mistakes));
		values.length = values.findLastIndex(value => value) + 1;
		values.forEach((value, index) => {
			values[index] ??= NIL;
			if (!value && !params[index].schema.nil)
				mistakes.push(new Mistake("Needed, because a parameter after it is sent.", fields[index].state));
		});
		if (values.length && values.length === params.length && params.at(-1).rest) values.push(...values.pop().value);
		return [values, mistakes];
	};
	/** The parameters; nothing if there are mistakes, which are shown. */
	const read = () => {
		forgive(list);
		const [values, mistakes] = attempt();
		mistakes.forEach(complain);
		mistakes[0]?.input.focus();
		return mistakes.length ? undefined : values;
	};
	/** Shows the parameters in fields if they fit, and otherwise as JSON. */
	const fill = values => {
		json.fill(array(values));
		// The area is empty if the text is long. So many fields would be slow.
		show(Boolean(method.params && area.value));
		if (!isForm) return;
		try {
			fields.forEach((it, index) =>
				it.fill(params[index].rest && values[index] ? array(values.slice(index)) : values[index])
			);
			const [shown, mistakes] = attempt();
			if (mistakes.length || loose(shown) !== loose(values)) show(false);
		} catch {
			show(false);
		}
	};
	const change = () => {
		const values = read();
		if (!values) return;
		if (isForm) {
			json.fill(array(values));
			return show(false);
		}
		fill(values);
		if (!isForm) announce("This does not fit the form.");
	};
	const prepare = () => {
		const values = read();
		return values && { request: callDocument(method.name, values), calls: [{ method, params: values }] };
	};
	const { send, abort, output, run } = sender("Call", prepare, (element, response) => [showOutcome(element, response)]);
	send.type = "submit";
	const code = make("div.export");
	/** Does something with the parameters. */
	const act = action => async () => {
		await reading;
		const values = read();
		if (values && checkAuthentication()) action(values);
	};
	const offer = write =>
		act(values => {
			const text = write(method, values, isForm);
			code.replaceChildren(
				make("pre", { tabindex: 0 }, text),
				button("copy-text", "Copy", () => copy(text))
			);
			copy(text);
		});
	const mode = button("mode", "", change, { hidden: !method.params });
	const copies = Object.entries(EXPORTS).map(([name, write]) =>
		button("copy", name, offer(write), { "data-as": name.toLowerCase() })
	);
	const add = button(
		"add-call",
		"Add to multicall",
		act(values => collect([...collected, { method, params: values }])),
		{ hidden: !DESCRIPTION.multicall }
	);
	const reset = button("reset", "Clear", () => {
		// A call that runs would show its response nowhere.
		abort.click();
		buildForm(place, method);
		place.querySelector(".reset").focus();
	});
	const actions = make(
		"div.actions",
		send,
		abort,
		add,
		make("span.copy-as", "Copy as ", ...copies, button("link", "Link", offer(linkTo))),
		mode,
		reset
	);
	const submit = event => {
		event.preventDefault();
		run();
	};
	const keydown = event => event.key === "Enter" && (event.ctrlKey || event.metaKey) && run();
	if (method.params) show(true);
	else fill([]);
	place.replaceChildren(
		make("form", { "aria-label": `Call ${method.name}`, novalidate: true, submit, keydown }, list, actions),
		code,
		output
	);
	forms.set(method.name, fill);
}

function linkTo({ name }, values) {
	const page = location.href.split("#")[0];
	return `${page}#${articleOf(name).id}?args=${encodeURIComponent(toJson(array(values)))}`;
}

/** The article of a method. By number, because HTML changes carriage returns in names. */
function articleOf(name) {
	const index = DESCRIPTION.methods.findIndex(it => it.name === name);
	return document.querySelector(`[data-index="${index}"]`);
}

function build(details) {
	const method = DESCRIPTION.methods[details.closest("article").dataset.index];
	if (!forms.has(method.name)) buildForm(details.lastChild, method);
}

/** Opens the form of a method. Fills it with encoded JSON, if there is any, and never sends. */
function openMethod(name, args) {
	const article = articleOf(name);
	if (!article) return announce("This method does not exist any more.");
	if (article.hidden) filter((search.value = ""));
	const details = article.querySelector(".try");
	details.open = true;
	build(details);
	try {
		if (args) {
			const { type, value } = parseJson(decodeURIComponent(args));
			if (type !== "array") refuse("The arguments are not a list.");
			forms.get(name)(value);
			announce("The form is filled. Nothing was sent.");
		}
	} catch ({ message }) {
		// What was in the form is not what the link asks for.
		article.querySelector(".reset").click();
		announce(`The form was not filled. ${message}`);
	}
	article.scrollIntoView();
	article.querySelector(".anchor").focus({ preventScroll: true });
}

function followLink() {
	const [id, args] = location.hash.slice(1).split("?args=");
	const article = byId(id);
	if (article?.matches("article.method")) openMethod(DESCRIPTION.methods[article.dataset.index].name, args);
}

const search = make("input", OFF, {
	id: "search",
	type: "search",
	placeholder: "Search ( / )",
	"aria-label": "Search methods",
	input: () => filter(search.value)
});
const hits = make("p", { id: "hits", role: "status" });

/** Hides the methods that do not contain all words of a text. */
function filter(text) {
	const words = text.toLowerCase().split(/\s+/);
	const matches = ({ name, aliases, help }) =>
		words.every(word => [name, ...aliases, help].join("\n").toLowerCase().includes(word));
	const found = DESCRIPTION.methods.map(matches);
	// The index has the order of the articles. Both have odd names in another form.
	const rows = all("#index li");
	all("article.method").forEach((it, at) => (it.hidden = rows[at].hidden = !found[it.dataset.index]));
	for (const it of all("section.service")) it.hidden = !it.querySelector("article:not([hidden])");
	for (const it of all("#index ul"))
		it.hidden = it.previousElementSibling.hidden = !it.querySelector("li:not([hidden])");
	hits.textContent = text.trim() && `${found.filter(Boolean).length} of ${count(DESCRIPTION.methods.length, "method")}`;
}

function onKey(event) {
	const { key, target } = event;
	const links = all("#index li:not([hidden]) a");
	const at = links.indexOf(target);
	const typing = target.closest("textarea, input:not([type=checkbox], [type=file])");
	let to;
	if (target === search || at >= 0)
		to = { ArrowDown: links[at + 1], ArrowUp: links[at - 1] ?? search, Escape: search }[key];
	else if (key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) to = search;
	if (target === search && key === "Escape") filter((search.value = ""));
	if (target === search && key === "Enter") to = links[0];
	if (!to) return;
	event.preventDefault();
	to.focus();
	if (key === "Enter") to.click();
}

async function start() {
	const tools = byId("tools");
	try {
		DESCRIPTION = await (await fetch(new URL(document.body.dataset.description, location))).json();
	} catch ({ message }) {
		return tools.append(
			make("p.problem", { id: "problem", role: "alert" }, `The description is missing: ${message}`)
		);
	}
	const panel = (id, title, ...content) =>
		make("details", { id }, make("summary", title), make("div.panel", ...content));
	const { send, abort, output } = sender("Send all", multicall, showEntries);
	const clear = button("clear", "Remove all", () => collect([]));
	const forget = button("clear", "Clear", () => showPast((past = [])));
	tools.append(
		make("div.search", search, hits),
		panel(
			"auth",
			"Authentication",
			make("label", "User", user),
			make("label", "Password", password),
			headerRows,
			button("add-header", "Add header", addHeader)
		),
		panel("multicall", "Multicall", collectedList, make("div.actions", send, abort, clear), output),
		panel("history", "History", pastList, make("div.actions", make("label", keep, "Keep in this browser"), forget)),
		announcement
	);
	byId("multicall").hidden = !DESCRIPTION.multicall;
	for (const place of all("article .call")) {
		const details = make(
			"details.try",
			{ toggle: () => details.open && build(details) },
			make("summary", "Call this method"),
			make("div")
		);
		place.append(details);
	}
	document.addEventListener("keydown", onKey);
	addEventListener("hashchange", followLink);
	// Another tab has stored or removed the history.
	addEventListener("storage", () => keep.checked && restore());
	collect([]);
	restore();
	followLink();
	document.body.dataset.ready = "true";
}

start();
