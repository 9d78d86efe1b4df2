//! A WordPress on PHP's own server, with a MariaDB.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use tokio::process::Command;

use super::{free_port, holds, start, utf8};
use crate::{client::Result, process::Process};

/// Where Debian's package is.
const PACKAGE: &str = "/usr/share/wordpress";

/// Settings of PHP: no mail, and large requests.
const PHP: [&str; 6] = [
    "-d",
    "sendmail_path=/bin/true",
    "-d",
    "memory_limit=1G",
    "-d",
    "post_max_size=64M",
];

/// It runs until it is dropped.
pub(super) struct Installation {
    /// PHP, and then MariaDB.
    _processes: Vec<Process>,
    site: PathBuf,
    url: String,
}

impl Installation {
    /// Copies WordPress into the folder, installs it with an empty database, and serves it. The user is `ada`, the
    /// password `secret`.
    pub(super) async fn start(php: Command, folder: &Path) -> Result<Self> {
        let program = php.as_std().get_program().to_owned();
        let (site, socket) = (folder.join("site"), folder.join("mariadb.sock"));
        done(Command::new("cp").args(["-rL", PACKAGE]).arg(&site)).await?;
        let database = launch_database(folder, &socket).await?;
        let address = format!("127.0.0.1:{}", free_port()?);
        let configuration = configuration(utf8(&socket)?, &address);
        fs::write(site.join("wp-config.php"), configuration)?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/wordpress_install.php");
        let mut install = Command::new(&program);
        install.args(PHP).arg(script).arg(&site).arg(&socket);
        holds(&done(&mut install).await?, &["installed"])?;

        let mut serve = Command::new(program);
        serve.args(PHP).args(["-S", &address, "-t"]).arg(&site);
        let server = start("php", serve.stderr(Stdio::null()))?;
        Ok(Self {
            _processes: vec![server, database],
            site,
            url: format!("http://{address}/xmlrpc.php"),
        })
    }

    /// The folder with its files.
    pub(super) fn site(&self) -> &Path {
        &self.site
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

/// Runs a program to its end, and returns its output.
async fn done(command: &mut Command) -> Result<String> {
    let output = command.kill_on_drop(true).output().await?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let error = String::from_utf8_lossy(&output.stderr);
    let program = command.as_std().get_program().display();
    Err(format!("{program}: {error}").into())
}

/// Starts a MariaDB that keeps all its files in the folder, and listens only on this socket.
async fn launch_database(folder: &Path, socket: &Path) -> Result<Process> {
    let files = format!("--datadir={}", utf8(&folder.join("mariadb"))?);
    // Root has to name itself.
    let common = ["--no-defaults", &files, "--user=root"];
    let mut install = Command::new("mariadb-install-db");
    install
        .args(common)
        .args(["--auth-root-authentication-method=normal", "--skip-test-db"]);
    done(&mut install).await?;
    let mut command = crate::peers::program("mariadbd").ok_or("mariadbd is not installed")?;
    command
        .args(common)
        .arg(format!("--socket={}", utf8(socket)?))
        .arg(format!("--pid-file={}", utf8(&folder.join("mariadb.pid"))?))
        .args(["--skip-networking", "--innodb-buffer-pool-size=64M"])
        .args([
            "--innodb-flush-log-at-trx-commit=0",
            "--max-allowed-packet=64M",
        ])
        .stderr(Stdio::null());
    start("mariadbd", &mut command)
}

/// The configuration: its own database, and no requests to other machines.
fn configuration(socket: &str, address: &str) -> String {
    format!(
        "<?php\n\
         define('DB_NAME', 'wordpress');\n\
         define('DB_USER', 'root');\n\
         define('DB_PASSWORD', '');\n\
         define('DB_HOST', 'localhost:{socket}');\n\
         define('DB_CHARSET', 'utf8mb4');\n\
         define('DB_COLLATE', '');\n\
         define('WP_SITEURL', 'http://{address}');\n\
         define('WP_HOME', 'http://{address}');\n\
         define('WP_HTTP_BLOCK_EXTERNAL', true);\n\
         define('DISABLE_WP_CRON', true);\n\
         define('AUTOMATIC_UPDATER_DISABLED', true);\n\
         $table_prefix = 'wp_';\n\
         define('ABSPATH', __DIR__ . '/');\n\
         require_once ABSPATH . 'wp-settings.php';\n"
    )
}
