//! Sessions of a browser, one for each test.

use std::{panic::Location, time::Duration};

use serde_json::json;
use thirtyfour::{
    CapabilitiesHelper, ChromiumLikeCapabilities, DesiredCapabilities, WebDriver,
    error::WebDriverError,
};
use tokio::{sync::Semaphore, time::timeout};

use crate::{chromedriver::Chromedriver, page::Page};

/// How many browsers run at once.
static ROOM: Semaphore = Semaphore::const_new(2);

/// How long a test may take. Most take a few seconds, but the machine can be busy.
const TEST_TIME: Duration = Duration::from_secs(300);

/// How long the browser may take for one command.
const COMMAND_TIME: Duration = Duration::from_secs(60);

/// Records the violations of the content security policy, the longest task, and when the explorer is ready.
/// It runs in all pages, before their own scripts.
const RECORD: &str = "
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) =>
        violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
    window.longest = 0;
    new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    }).observe({ type: 'longtask', buffered: true });
    new MutationObserver(() => {
        if (document.body?.dataset.ready) window.readyAt ??= performance.now();
    }).observe(document, { attributes: true, childList: true, subtree: true });
";

/// Runs a test in a browser of its own. Returns at once, and says so, where no browser is installed.
///
/// # Panics
///
/// If the test panics, or takes more than five minutes.
pub async fn test(test: impl AsyncFnOnce(Page)) {
    test_with(&[], test).await;
}

/// The same with further arguments for the browser.
#[track_caller]
pub fn test_with(arguments: &[&str], test: impl AsyncFnOnce(Page)) -> impl Future<Output = ()> {
    let place = Location::caller();
    async move {
        let Some(driver) = Chromedriver::shared() else {
            return;
        };
        let _room = ROOM.acquire().await.expect("it is never closed");
        let session = start(driver.url(), arguments).await;
        let ended = session
            .run_and_quit(async |session| {
                let run = timeout(TEST_TIME, test(Page::new(session))).await;
                assert!(run.is_ok(), "{place}: more than {TEST_TIME:?}");
                Ok::<_, WebDriverError>(())
            })
            .await;
        ended.expect("the browser ends");
    }
}

async fn start(url: &str, arguments: &[&str]) -> WebDriver {
    let mut capabilities = DesiredCapabilities::chrome();
    // Root cannot use the sandbox, and the browser opens only pages of these tests.
    let ours = [
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
    ];
    let size = ["--window-size=1280,900", "--lang=en-US"];
    for argument in ours.iter().chain(&size).chain(arguments) {
        capabilities.add_arg(argument).expect("a list of texts");
    }
    let log = json!({ "browser": "ALL" });
    capabilities.set("goog:loggingPrefs", log).expect("JSON");
    let session = WebDriver::builder(url, capabilities)
        .request_timeout(COMMAND_TIME)
        .connect()
        .await
        .expect("a browser starts");
    let timeouts = session.set_script_timeout(COMMAND_TIME).await;
    timeouts.expect("a time");
    let record = json!({ "source": RECORD });
    let cdp = session.cdp();
    let recorded = cdp
        .send_raw("Page.addScriptToEvaluateOnNewDocument", record)
        .await;
    recorded.expect("it runs in each page");
    session
}
