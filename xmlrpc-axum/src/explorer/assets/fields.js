// Fields: inputs for values, made from schemas.

/** Makes an element from `tag.class`, with attributes, listeners and children. Texts never become markup. */
function make(tag, ...parts) {
	const [name, ...classes] = tag.split(".");
	const element = document.createElement(name);
	if (classes[0]) element.className = classes.join(" ");
	for (const part of parts) {
		if (typeof part !== "object" || part instanceof Node) element.append(part ?? "");
		else
			for (const [key, value] of Object.entries(part)) {
				if (typeof value === "function") element.addEventListener(key, value);
				else if (value !== false && value !== undefined) element.setAttribute(key, value);
			}
	}
	return element;
}

const button = (name, text, click, attributes = {}) =>
	make(`button.${name}`, { type: "button", click, ...attributes }, text);
const OFF = { autocomplete: "off", spellcheck: "false" };
let ids = 0;

/** Adds a text about an input behind another element. */
function explain(input, kind, text, place) {
	const explanation = make(`p.${kind}`, { id: `x${++ids}` }, text);
	place.after(explanation);
	input.setAttribute("aria-describedby", `${explanation.id} ${input.dataset.hint ?? ""}`);
	return explanation.id;
}

/** Shows a mistake below its input. */
function complain({ message, input }) {
	explain(input, "error", message, input);
	input.setAttribute("aria-invalid", "true");
}

/** Removes the mistakes from an element. */
function forgive(element) {
	for (const error of element.querySelectorAll("p.error")) error.remove();
	for (const input of element.querySelectorAll("[aria-invalid]")) {
		input.removeAttribute("aria-invalid");
		input.setAttribute("aria-describedby", input.dataset.hint ?? "");
	}
}

/** What the files that the user has chosen still need to be read. */
let reading = Promise.resolve();

/** An editor for text. `parse` makes the value. */
function textEditor(tag, parse, attributes, hint) {
	return schema => {
		// Text areas change carriage returns, and long texts are slow, so both are kept until the user changes them.
		let exact;
		let shown;
		const input = make(tag, attributes);
		const fill = ({ value }) => {
			const isLong = value.length > 20_000;
			input.value = isLong ? "" : value;
			input.placeholder = isLong ? `${value.length} characters` : "";
			exact = value;
			shown = input.value;
		};
		return {
			input,
			nodes: [input],
			hint,
			fill,
			read: () => parse(input.value === shown ? exact : input.value, schema)
		};
	};
}

const LINE = { ...OFF, type: "text" };
const AREA = { ...OFF, rows: 1 };
const JSON_HINT =
	'JSON. 5 is an int, 5.0 a double, null is nil. Also {"$date": "20240131T12:00:00"}, {"$base64": "AAEC"}, {"$i8": 5}.';
const textAny = textEditor("textarea.json", parseJson, AREA, JSON_HINT);
const anyEditor = schema => {
	const editor = textAny(schema);
	return { ...editor, fill: value => editor.fill({ value: toJson(value) }) };
};
const textInteger = textEditor("input", integer, { ...LINE, inputmode: "numeric" });
const integerEditor = schema => ({ ...textInteger(schema), hint: bounds(schema).join(" to ") });
const textDate = textEditor("input.date", date, LINE, "for example 2024-01-31T12:00:00");

function dateEditor(schema, name) {
	const editor = textDate(schema);
	const pick = ({ target }) => target.value && editor.fill(target);
	editor.nodes.push(
		make("input.picker", { type: "datetime-local", step: 1, "aria-label": `${name}: date`, input: pick, change: pick })
	);
	return editor;
}

const CODINGS = { text: text => encoded(string(text).value), base64 };

function base64Editor(schema, name) {
	const editor = textEditor("textarea", text => CODINGS[coding.value](text), AREA)(schema);
	const coding = make(
		"select.coding",
		{ "aria-label": `${name}: coding` },
		...Object.keys(CODINGS).map(it => make("option", it))
	);
	const fill = value => {
		editor.fill(value);
		coding.value = "base64";
	};
	const read = ({ target }) => {
		if (!target.files[0]) return;
		const reader = new FileReader();
		const loaded = new Promise(resolve => (reader.onloadend = resolve)).then(() => {
			if (reader.error) return complain(new Mistake("This file cannot be read.", target));
			// A data URL has the content in base64 behind its first comma.
			fill({ value: reader.result.split(",")[1] ?? "" });
		});
		reading = Promise.all([reading, loaded]);
		reader.readAsDataURL(target.files[0]);
	};
	const file = make("input", { type: "file", "aria-label": `${name}: file`, change: read });
	return { ...editor, fill, nodes: [editor.input, coding, file] };
}

function booleanEditor() {
	const input = make("input", { type: "checkbox" });
	return {
		input,
		nodes: [input],
		read: () => truth(input.checked),
		fill: ({ value }) => (input.checked = value === "1")
	};
}

/** A list of fields that grows and shrinks: an array, or a struct with any members. */
function listEditor({ elements, values = {} }, name) {
	let items = [];
	const list = make("div.items");
	const append = () => {
		const key = elements ? "" : make("input.key", LINE, { "aria-label": "Name of the member" });
		const inner = field(elements ?? values, elements ? "" : "value");
		const remove = button("remove", "Remove", () => {
			items = items.filter(other => other !== item);
			item.element.remove();
			number(list);
			add.focus();
		});
		const item = { key, inner, element: make("div.item", key, inner.element, remove) };
		items.push(item);
		list.append(item.element);
		return item;
	};
	const grow = () => {
		const { element } = append();
		number(list);
		element.querySelector("input, textarea, select:not([hidden]), button").focus();
	};
	const add = button("add", "Add", grow, { "aria-label": `${name}: add` });
	const keyOf = ({ key }, index) => {
		if (items.findIndex(item => item.key.value === key.value) < index) refuse("Another member has this name.", key);
		return string(key.value).value;
	};
	return {
		input: add,
		nodes: [list, add],
		read(mistakes) {
			const read = items.map(({ inner }) => inner.read(mistakes));
			return elements ? array(read) : struct(read.map((value, index) => [keyOf(items[index], index), value]));
		},
		fill({ value }) {
			items = [];
			list.replaceChildren();
			for (const entry of value) {
				const { key, inner } = append();
				if (key) key.value = entry[0];
				inner.fill(key ? entry[1] : entry);
			}
			number(list);
		}
	};
}

/** A struct with known members, or an array of a fixed length. The fields are made when they are needed. */
function fixedEditor({ members, places }) {
	let fields;
	const list = make("div.members");
	const parts = members ?? places.map((schema, index) => ({ name: String(index), schema }));
	const build = () => {
		if (fields) return;
		fields = parts.map(({ schema, name, optional }) => field(schema, name, optional));
		list.append(...fields.map(({ element }) => element));
		number(list);
	};
	return {
		nodes: [list],
		build,
		read(mistakes) {
			const read = fields.map(it => it.read(mistakes));
			const named = read.map((value, index) => [parts[index].name, value]);
			return members ? struct(named.filter(([, value]) => value)) : array(read);
		},
		fill({ value }) {
			build();
			const given = new Map(members ? value : Object.entries(value));
			fields.forEach((it, index) => it.fill(given.get(parts[index].name)));
		}
	};
}

const groupEditor = (schema, name) => (schema.members || schema.places ? fixedEditor : listEditor)(schema, name);
const EDITORS = {
	int: integerEditor,
	i8: integerEditor,
	double: textEditor("input", double, { ...LINE, inputmode: "decimal" }),
	string: textEditor("textarea", string, AREA),
	boolean: booleanEditor,
	"dateTime.iso8601": dateEditor,
	base64: base64Editor,
	nil: () => ({ nodes: ["nil"], read: () => NIL, fill() {} }),
	array: groupEditor,
	struct: groupEditor,
	undefined: anyEditor
};

/** Writes the places of fields into `data-path`, and the numbers of list items into their labels. */
function number(list) {
	const outer = list.closest(".field")?.dataset.path;
	[...list.children].forEach((child, index) => {
		const element = child.matches(".field") ? child : child.querySelector(".field");
		const { name } = element.dataset;
		element.dataset.path = outer === undefined ? index : `${outer}.${list.matches(".items") ? index : name}`;
		if (!name) element.firstChild.textContent = index + 1;
		for (const it of name ? [] : element.querySelectorAll(":scope > .state, :scope > .body > [aria-label]"))
			it.ariaLabel = it.ariaLabel.replace(/^\d*/, index + 1);
		child.querySelector(":scope > .remove")?.setAttribute("aria-label", `Remove ${index + 1}`);
		for (const inner of element.querySelectorAll(":scope > .body > div")) number(inner);
	});
}

/** A field. Its `read` returns the value, or undefined if it is left out. */
function field(schema, name, mayOmit) {
	const { type = "undefined" } = schema;
	const editor = (EDITORS[type] ?? anyEditor)(schema, name);
	const isGroup = EDITORS[type] === groupEditor;
	const states = { omit: mayOmit && "leave out", nil: schema.nil && "nil", send: "send" };
	const options = Object.entries(states).flatMap(([value, text]) => (text ? make("option", { value }, text) : []));
	const state = make(
		"select.state",
		{ "aria-label": `${name}: send it?`, hidden: options.length < 2, change: () => show() },
		...options
	);
	const edited = ({ target }) => {
		state.value = "send";
		show();
		forgive(target.closest(".field, .item"));
	};
	const body = make("div.body", { input: edited, change: edited }, ...editor.nodes);
	const id = `x${++ids}`;
	const title = isGroup ? make("legend", name) : make("label", { for: id }, name);
	const attributes = { "data-type": type, "data-name": name };
	const element = make(
		`${isGroup ? "fieldset" : "div"}.field`,
		attributes,
		title,
		make("span.type", EDITORS[type] === anyEditor ? "any value" : type),
		state,
		body
	);
	if (editor.hint) editor.input.dataset.hint = explain(editor.input, "hint", editor.hint, body);
	if (editor.input && !isGroup) editor.input.id = id;
	const show = () => {
		const sent = state.value === "send";
		element.classList.toggle("off", !sent);
		body.hidden = isGroup && !sent;
		if (sent) editor.build?.();
	};
	show();
	return {
		element,
		state,
		read(mistakes) {
			if (state.value !== "send") return state.value === "nil" ? NIL : undefined;
			try {
				return editor.read(mistakes);
			} catch (mistake) {
				mistake.input ??= editor.input;
				mistakes.push(mistake);
				return NIL;
			}
		},
		fill(value) {
			if (!value) state.selectedIndex = 0;
			else state.value = value.type === "nil" && schema.nil ? "nil" : "send";
			show();
			if (value && state.value === "send") editor.fill(value);
		}
	};
}
