//! The form of a method.

use std::path::Path;

use serde_json::{Value, json};

use crate::page::Page;

/// Reads a result as a short text: `int 5`, `[int 1, nil]`, `{item: string tea}`, `fault 404: text`, or
/// `problem: text`.
const OUTCOME: &str = r"
    const key = (li) => li.querySelector(':scope > .key, :scope > details > summary > .key')?.textContent;
    const read = (li) => {
        const { type } = li.dataset;
        if (type !== 'array' && type !== 'struct') {
            const text = (name) => li.querySelector(`:scope > .${name}`)?.textContent ?? '';
            const decoded = text('decoded') && ` ${text('decoded')}`;
            return type === 'nil' ? text('value') : `${type} ${text('value')}${decoded}`;
        }
        const items = [...li.querySelectorAll(':scope > details > ul > li[data-type]')];
        if (type === 'array') return `[${items.map(read).join(', ')}]`;
        return `{${items.map((it) => `${key(it)}: ${read(it)}`).join(', ')}}`;
    };
    const output = document.querySelector(arguments[0]);
    const tree = output.querySelector(':scope > .tree');
    if (tree) return read(tree.firstElementChild);
    const fault = output.querySelector(':scope > .fault');
    if (!fault) return `problem: ${output.querySelector(':scope > .problem')?.textContent}`;
    return `fault ${fault.querySelector('.code').textContent}: ${fault.querySelector('.message').textContent}`;
";

/// What a user does with a field.
#[derive(Clone, Copy, Debug)]
pub enum Do<'a> {
    /// Types a text.
    Type(&'a str),
    /// Chooses `omit`, `nil` or `send`.
    Choose(&'a str),
    /// Checks or unchecks the box.
    Check,
    /// Adds an item to a list.
    Add,
    /// Removes an item of a list.
    Remove(usize),
    /// Types the name of a member, for the item of this number.
    Name(usize, &'a str),
    /// Chooses a date in the picker.
    Pick(&'a str),
    /// Chooses how a base64 is written: `text` or `base64`.
    Coding(&'a str),
    /// Chooses a file.
    File(&'a Path),
}

/// Fields, by their paths, and what a user does with them.
pub type Acts = &'static [(&'static str, Do<'static>)];

/// The form of one method.
#[derive(Clone, Copy, Debug)]
pub struct Form<'a> {
    page: &'a Page,
    method: &'a str,
}

impl Page {
    /// The result or the fault in an element, as a short text.
    pub async fn outcome(&self, css: &str) -> String {
        self.js(OUTCOME, json!([css])).await
    }

    /// Follows a link to a method with arguments, as typed JSON. The form is filled, and nothing is sent.
    pub async fn follow<'a>(&'a self, method: &'a str, arguments: &str) -> Form<'a> {
        let script = "location.hash = `${arguments[0]}?args=${encodeURIComponent(arguments[1])}`";
        self.js::<Value>(script, json!([id(method), arguments]))
            .await;
        let form = Form { page: self, method };
        self.wait_for(&form.css("form")).await;
        form
    }

    /// Opens the form of a method.
    pub async fn form<'a>(&'a self, method: &'a str) -> Form<'a> {
        let form = Form { page: self, method };
        if !self.shows(&form.css("form")).await {
            self.click(&form.css("details.try > summary")).await;
            self.wait_for(&form.css("form")).await;
        }
        form
    }
}

/// The id of a method's article.
pub fn id(method: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let bytes = method.bytes().map(|byte| {
        if plain(byte) {
            char::from(byte).to_string()
        } else {
            format!("~{byte:02X}")
        }
    });
    format!("m.{}", bytes.collect::<String>())
}

impl Form<'_> {
    /// A selector for elements around and in the form of this method.
    pub fn css(&self, inner: &str) -> String {
        format!("[id=\"{}\"] .call {inner}", id(self.method))
    }

    /// A selector for what is in a field.
    pub fn field(&self, path: &str, inner: &str) -> String {
        self.css(&format!(".field[data-path=\"{path}\"] {inner}"))
    }

    /// Does one thing with a field.
    pub async fn act(&self, path: &str, what: Do<'_>) {
        let page = self.page;
        let css = |inner: &str| self.field(path, inner);
        let item = |index: usize, inner: &str| {
            css(&format!(
                "> .body > .items > .item:nth-child({}) > {inner}",
                index + 1
            ))
        };
        match what {
            Do::Type(text) => {
                page.fill(&css("> .body > :is(textarea, input[type=text])"), text)
                    .await;
            }
            Do::Choose(state) => {
                page.click(&css(&format!("> .state > option[value={state}]")))
                    .await;
            }
            Do::Check => page.click(&css("input[type=checkbox]")).await,
            Do::Add => page.click(&css("> .body > .add")).await,
            Do::Remove(index) => page.click(&item(index, ".remove")).await,
            Do::Name(index, name) => page.fill(&item(index, "input.key"), name).await,
            Do::Pick(date) => {
                // The segments of a date picker depend on the language of the browser.
                let script = "const it = document.querySelector(arguments[0]); it.value = arguments[1]; \
                    it.dispatchEvent(new Event('input', { bubbles: true }))";
                page.js::<Value>(script, json!([css("input.picker"), date]))
                    .await;
            }
            Do::Coding(coding) => {
                let script = "const it = document.querySelector(arguments[0]); \
                    it.value = [...it.options].find((option) => option.value === arguments[1]).value; \
                    it.dispatchEvent(new Event('change', { bubbles: true }))";
                page.js::<Value>(script, json!([css("select.coding"), coding]))
                    .await;
            }
            Do::File(path) => {
                let input = page.element(&css("input[type=file]")).await;
                let chosen = input.send_keys(path.to_str().expect("UTF-8")).await;
                chosen.expect("a file");
            }
        }
    }

    /// Does several things.
    pub async fn acts(&self, acts: &[(&str, Do<'_>)]) {
        for (path, what) in acts {
            self.act(path, *what).await;
        }
    }

    /// Edits the parameters as JSON.
    pub async fn json(&self, text: &str) {
        if self.page.count(&self.css("textarea.all")).await == 0 {
            self.page.click(&self.css("button.mode")).await;
        }
        self.page.fill(&self.css("textarea.all"), text).await;
    }

    /// Sends the call, waits for the response, and returns it as a short text.
    pub async fn call(&self) -> String {
        self.remember().await;
        self.page.click(&self.css("button.send")).await;
        self.outcome().await
    }

    /// Notes the response that is shown now, so that [`outcome`](Self::outcome) waits for the next one.
    pub async fn remember(&self) {
        let script = "window.former = document.querySelector(arguments[0]).firstElementChild";
        let response = json!([self.css(".response")]);
        self.page.js::<Value>(script, response).await;
    }

    /// Waits for the response, and returns it as a short text.
    pub async fn outcome(&self) -> String {
        self.wait_for_response().await;
        self.page.outcome(&self.css(".response")).await
    }

    /// Waits for the response, which may be too large for a short text.
    pub async fn wait_for_response(&self) {
        let response = json!([self.css(".response")]);
        let script = "const it = document.querySelector(arguments[0]); const first = it.firstElementChild; \
            return Boolean(first && first !== window.former && it.getAttribute('aria-busy') !== 'true')";
        if !self.page.comes(script, response.clone()).await {
            let script = "return document.querySelector(arguments[0]).innerText";
            let shown: String = self.page.js(script, json!([self.css("")])).await;
            let log = self.page.log().await;
            panic!(
                "no response of {}; its form shows: {shown}\nThe log: {log:#?}",
                self.method
            );
        }
    }

    /// Tries to send, and returns the mistakes that the form shows: the path of each field, and the text.
    pub async fn mistakes(&self) -> Vec<(String, String)> {
        self.page.click(&self.css("button.send")).await;
        self.page.wait_for(&self.css(".error")).await;
        let script = "return [...document.querySelectorAll(arguments[0])].map((it) => \
            [it.closest('.field').dataset.path, it.textContent])";
        self.page.js(script, json!([self.css(".error")])).await
    }

    /// What a button writes: `curl`, `python`, `rust`.
    pub async fn copy_as(&self, language: &str) -> String {
        let button = format!("button[data-as={language}]");
        self.export(&button).await
    }

    /// The link to the method with the arguments in the form.
    pub async fn link(&self) -> String {
        self.export("button.link").await
    }

    async fn export(&self, button: &str) -> String {
        let pre = self.css(".export pre");
        let former = "window.former = document.querySelector(arguments[0]); return true";
        self.page.js::<bool>(former, json!([pre])).await;
        self.page.click(&self.css(button)).await;
        let script = "const it = document.querySelector(arguments[0]); return Boolean(it && it !== window.former)";
        self.page.wait(&pre, script, json!([pre])).await;
        self.page.text(&pre).await
    }

    /// A document of the last call as it was sent: `request` or `response`.
    pub async fn document(&self, which: &str) -> String {
        let details = self.css(&format!("details.xml[data-document={which}]"));
        if !self.page.shows(&format!("{details} > pre")).await {
            self.page.click(&format!("{details} > summary")).await;
        }
        let raw = format!("{details} input.raw");
        if !self
            .page
            .js::<bool>(
                "return document.querySelector(arguments[0]).checked",
                json!([raw]),
            )
            .await
        {
            self.page.click(&raw).await;
        }
        self.page.wait_for(&format!("{details} > pre")).await;
        self.page.text(&format!("{details} > pre")).await
    }
}
