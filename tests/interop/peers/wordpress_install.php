<?php
// Installs WordPress: `php wordpress_install.php SITE SOCKET`. SITE contains WordPress and its wp-config.php. SOCKET is
// that of a MariaDB which may have just been started.

[, $site, $socket] = $argv;

mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
for ($tries = 0; ; $tries++) {
    try {
        $database = new mysqli(null, 'root', '', null, null, $socket);
        break;
    } catch (mysqli_sql_exception $error) {
        if ($tries == 300) {
            throw $error;
        }
        usleep(100_000);
    }
}
$database->query('CREATE DATABASE wordpress CHARACTER SET utf8mb4');

define('WP_INSTALLING', true);
require "$site/wp-load.php";
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Engines & more', 'ada', 'ada@example.com', true, '', 'secret');
echo "installed\n";
