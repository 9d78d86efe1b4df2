//! A page in a browser.

use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thirtyfour::{By, Key, WebDriver, WebElement, prelude::TypingData};
use tokio::time::sleep;

/// How long to wait for what a page does by itself.
const TIME: Duration = Duration::from_secs(30);

/// The page that a browser shows. Methods panic if the page does not have what they look for.
#[derive(Clone, Debug)]
pub struct Page {
    session: WebDriver,
}

impl Page {
    pub(crate) fn new(session: WebDriver) -> Self {
        Self { session }
    }

    /// Opens an explorer, and waits until its script has started.
    pub async fn open(&self, url: &str) {
        self.go(url).await;
        self.ready().await;
    }

    /// Opens any page.
    pub async fn go(&self, url: &str) {
        let gone = self.session.goto(url).await;
        gone.unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.session.refresh().await.expect("the page loads");
        self.ready().await;
    }

    /// Waits until the script of an explorer has started.
    pub async fn ready(&self) {
        self.wait(
            "body[data-ready]",
            "return document.body?.dataset.ready === 'true'",
            json!([]),
        )
        .await;
    }

    /// Runs a script with these arguments, and returns its result.
    pub async fn js<T: DeserializeOwned>(&self, script: &str, arguments: Value) -> T {
        let ran = self.session.execute(script, list(arguments)).await;
        let result = ran.unwrap_or_else(|error| panic!("{script}: {error}"));
        result
            .convert()
            .unwrap_or_else(|error| panic!("{script}: {error}: {}", result.json()))
    }

    /// Runs a script that calls its last argument with its result.
    pub async fn js_async<T: DeserializeOwned>(&self, script: &str, arguments: Value) -> T {
        let ran = self.session.execute_async(script, list(arguments)).await;
        let result = ran.unwrap_or_else(|error| panic!("{script}: {error}"));
        result
            .convert()
            .unwrap_or_else(|error| panic!("{script}: {error}: {}", result.json()))
    }

    /// Waits until a script returns true.
    pub async fn wait(&self, what: &str, script: &str, arguments: Value) {
        let came = self.comes(script, arguments).await;
        assert!(came, "not within {TIME:?}: {what}");
    }

    /// Waits until a script returns true. Returns false if it does not in time.
    pub async fn comes(&self, script: &str, arguments: Value) -> bool {
        let start = Instant::now();
        while start.elapsed() < TIME {
            let ran = self.session.execute(script, list(arguments.clone())).await;
            // While a page is replaced, scripts fail.
            if ran.is_ok_and(|result| result.json() == &Value::Bool(true)) {
                return true;
            }
            sleep(Duration::from_millis(20)).await;
        }
        false
    }

    /// Waits until an element with these properties exists, and is shown.
    pub async fn wait_for(&self, css: &str) {
        let script = "return document.querySelector(arguments[0])?.checkVisibility() === true";
        self.wait(css, script, json!([css])).await;
    }

    /// The first element.
    pub async fn element(&self, css: &str) -> WebElement {
        let found = self.session.find(By::Css(css.to_owned())).await;
        found.unwrap_or_else(|error| panic!("{css}: {error}"))
    }

    /// How many elements there are.
    pub async fn count(&self, css: &str) -> usize {
        self.js(
            "return document.querySelectorAll(arguments[0]).length",
            json!([css]),
        )
        .await
    }

    /// Whether the first element is there and shown.
    pub async fn shows(&self, css: &str) -> bool {
        let script = "return document.querySelector(arguments[0])?.checkVisibility() === true";
        self.js(script, json!([css])).await
    }

    /// The text of the first element, also where it is hidden.
    pub async fn text(&self, css: &str) -> String {
        let texts = self.texts(css).await;
        let first = texts.into_iter().next();
        first.unwrap_or_else(|| panic!("no element {css}"))
    }

    /// The texts of all elements, also of hidden ones.
    pub async fn texts(&self, css: &str) -> Vec<String> {
        let script =
            "return [...document.querySelectorAll(arguments[0])].map((it) => it.textContent)";
        self.js(script, json!([css])).await
    }

    /// Clicks on the first element.
    pub async fn click(&self, css: &str) {
        let element = self.element(css).await;
        // The sticky tools could cover it.
        let script = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
        let to = json!([element.to_json().expect("JSON")]);
        self.js::<Value>(script, to).await;
        let clicked = element.click().await;
        clicked.unwrap_or_else(|error| panic!("click on {css}: {error}"));
    }

    /// Types into the first element, whose text it replaces.
    pub async fn fill(&self, css: &str, text: &str) {
        let element = self.element(css).await;
        let filled = async {
            element.clear().await?;
            element.send_keys(text).await
        };
        filled
            .await
            .unwrap_or_else(|error| panic!("type into {css}: {error}"));
    }

    /// Presses keys, one after the other, wherever the focus is.
    pub async fn keys(&self, keys: impl Into<TypingData>) {
        let pressed = self.session.action_chain().send_keys(keys).perform().await;
        pressed.expect("keys");
    }

    /// Presses Control with another key.
    pub async fn control(&self, key: impl Into<TypingData>) {
        let keys = self
            .session
            .action_chain()
            .key_down(Key::Control)
            .send_keys(key);
        let pressed = keys.key_up(Key::Control).perform().await;
        pressed.expect("keys");
    }

    /// Describes the element that has the focus: `a.anchor`, `input#search`.
    pub async fn focused(&self) -> String {
        let script = "const it = document.activeElement; \
            return it.localName + (it.id ? `#${it.id}` : it.className ? `.${it.className}` : '')";
        self.js(script, json!([])).await
    }

    /// Sends a command of the Chrome DevTools Protocol.
    pub async fn cdp(&self, command: &str, parameters: Value) -> Value {
        let sent = self.session.cdp().send_raw(command, parameters).await;
        sent.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// Makes the page this wide, in CSS pixels.
    pub async fn resize(&self, width: u32, height: u32) {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.cdp("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Makes the system `light` or `dark`.
    pub async fn colours(&self, scheme: &str) {
        let feature = json!({ "name": "prefers-color-scheme", "value": scheme });
        self.cdp(
            "Emulation.setEmulatedMedia",
            json!({ "features": [feature] }),
        )
        .await;
    }

    /// A picture of what the window shows.
    pub async fn picture(&self) -> Vec<u8> {
        self.session.screenshot_as_png().await.expect("a picture")
    }

    /// What the browser has logged since the last call: errors of scripts, and what it has refused.
    pub async fn log(&self) -> Vec<String> {
        let log = self.session.browser_log().await.expect("a log");
        log.into_iter().map(|entry| entry.message).collect()
    }

    /// The violations of the content security policy on this page, and errors of its scripts.
    pub async fn violations(&self) -> Vec<String> {
        let mut found: Vec<String> = self.js("return window.violations ?? []", json!([])).await;
        let words = [
            "Content Security Policy",
            "Content-Security-Policy",
            "Uncaught",
        ];
        let log = self.log().await.into_iter();
        found.extend(log.filter(|line| words.iter().any(|word| line.contains(word))));
        found
    }

    /// Checks that the page has broken no rule.
    pub async fn assert_clean(&self) {
        let found = self.violations().await;
        assert!(found.is_empty(), "{found:#?}");
    }
}

fn list(arguments: Value) -> Vec<Value> {
    match arguments {
        Value::Array(list) => list,
        other => vec![other],
    }
}
