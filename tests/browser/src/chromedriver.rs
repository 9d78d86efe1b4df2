//! chromedriver, which one test executable starts once.

use std::{
    env,
    io::{BufRead, BufReader, Write, stderr},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    sync::{Arc, Mutex, Once, PoisonError, Weak},
};

/// The one that runs now. The last test that uses it ends it.
static RUNNING: Mutex<Weak<Chromedriver>> = Mutex::new(Weak::new());

/// The programs of Debian's packages `chromium` and `chromium-driver`.
const PROGRAMS: [&str; 2] = ["chromium", "chromedriver"];

/// Starts chromedriver. It ends, with all its browsers, when its standard input ends: also when the test
/// executable is killed. A signal to chromedriver alone would leave the browsers.
const SCRIPT: &str = "chromedriver --port=0 & trap '' TERM; cat >/dev/null; kill -TERM 0; wait";

/// A running chromedriver.
#[derive(Debug)]
pub struct Chromedriver {
    shell: Child,
    url: String,
    /// Kept open, because chromedriver writes more lines.
    stdout: Option<BufReader<ChildStdout>>,
}

impl Chromedriver {
    /// The chromedriver of this executable, started by the first call. `None` if a browser is missing, or if
    /// the tests are turned off.
    ///
    /// # Panics
    ///
    /// If a browser is missing, and `XMLRPC_BROWSER=required`.
    pub fn shared() -> Option<Arc<Self>> {
        if let Some(reason) = reason_to_leave_out() {
            report(&reason);
            return None;
        }
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(driver) = running.upgrade() {
            return Some(driver);
        }
        let driver = Arc::new(Self::start());
        *running = Arc::downgrade(&driver);
        Some(driver)
    }

    fn start() -> Self {
        let shell = Command::new("sh")
            .args(["-c", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn();
        let mut driver = Self {
            shell: shell.expect("sh starts"),
            url: String::new(),
            stdout: None,
        };
        let stdout = driver.shell.stdout.take().expect("it is piped");
        let stdout = driver.stdout.insert(BufReader::new(stdout));
        let mut lines = String::new();
        loop {
            let start = lines.len();
            let read = stdout.read_line(&mut lines).expect("a line of text");
            assert!(read > 0, "chromedriver ended at once:\n{lines}");
            if let Some((_, port)) = lines[start..].split_once("successfully on port ") {
                let port = port.trim().trim_end_matches('.');
                driver.url = format!("http://127.0.0.1:{port}");
                return driver;
            }
        }
    }

    /// The URL of its WebDriver interface.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

fn reason_to_leave_out() -> Option<String> {
    let setting = env::var("XMLRPC_BROWSER").unwrap_or_default();
    if setting == "off" {
        return Some("XMLRPC_BROWSER=off".to_owned());
    }
    let missing: Vec<_> = PROGRAMS.into_iter().filter(|it| !exists(it)).collect();
    if missing.is_empty() {
        return None;
    }
    let missing = format!("not installed: {}", missing.join(", "));
    assert!(setting != "required", "{missing}");
    Some(missing)
}

/// Whether a program is on the `PATH`.
pub fn exists(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).exists())
}

/// Says once that the tests do not run. The harness would hide the output of `eprintln!`.
fn report(reason: &str) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _ = writeln!(stderr(), "left out: the tests with a browser: {reason}");
    });
}

/// The folder of the workspace.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The folder for what the tests build and install: `target/browser`.
pub fn built() -> PathBuf {
    let target =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), PathBuf::from);
    target.join("browser")
}
