//! The stock in a database: one file, which several processes may use at the same time.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, ffi, params};

use super::{Article, Stock, StockError};

/// How long a method waits for writers in other processes. It is shorter than the time-outs of the methods in `main.rs`.
const BUSY: Duration = Duration::from_secs(2);

/// How long a method waits for other writers in this process. With `BUSY`, it is shorter than the time-outs as well.
const QUEUED: Duration = Duration::from_secs(5);

/// The memory that each connection may keep for pages of the file, in KiB. All connections stay open.
const CACHE: i64 = 256;

/// The maximum memory of the articles that one call returns, in bytes. This and the number of concurrent calls bound the
/// memory of the methods. What becomes of it in responses is part of the endpoint's bytes in flight.
const FOUND: usize = 24 << 20;

/// The maximum number of these articles. A caller needs some time to decode more of them.
const FOUND_ARTICLES: usize = 20_000;

/// What an article takes besides its texts, in bytes: 56 itself, at most three times as much while the vector around it
/// grows, and the remainders of the memory blocks of its texts.
const ARTICLE: usize = 200;

/// The maximum length of a name in bytes.
const NAME: usize = 200;

/// The maximum length of a description in bytes.
const DESCRIPTION: usize = 10_000;

/// A pool of connections to one database. Clones share it. They stay open, so their number bounds the file
/// descriptors: two for each connection, and one for all.
#[derive(Clone)]
pub(crate) struct Database {
    shared: Arc<Shared>,
}

struct Shared {
    path: PathBuf,
    max_connections: usize,
    pool: Mutex<Pool>,
    returned: Condvar,
    /// Whether work changes the database. There is one writer at a time anyway, but the database lets others try again
    /// and again, and some find no gap within `BUSY`.
    writes: Mutex<bool>,
    written: Condvar,
}

#[derive(Default)]
struct Pool {
    /// The connections that are not in use.
    idle: Vec<Connection>,
    /// How many connections are open.
    open: usize,
}

impl Database {
    /// Opens the database, and creates it if it does not exist. Work beyond this number of connections waits.
    pub(crate) fn open(path: &Path, max_connections: usize) -> rusqlite::Result<Self> {
        let database = Self {
            shared: Arc::new(Shared {
                path: path.to_owned(),
                max_connections,
                pool: Mutex::default(),
                returned: Condvar::new(),
                writes: Mutex::default(),
                written: Condvar::new(),
            }),
        };
        database.with(|connection| {
            connection.execute_batch(
                "CREATE TABLE IF NOT EXISTS articles (
                    name TEXT PRIMARY KEY,
                    pieces INTEGER NOT NULL CHECK (pieces >= 0),
                    description TEXT NOT NULL
                ) WITHOUT ROWID",
            )
        })?;
        Ok(database)
    }

    /// Whether the database can be read. For the health check; it blocks.
    pub(crate) fn ping(&self) -> rusqlite::Result<()> {
        self.with(|connection| {
            connection.query_row(
                "SELECT count(*) FROM (SELECT 1 FROM articles LIMIT 1)",
                (),
                |_| Ok(()),
            )
        })
    }

    /// Runs work that changes the database, one after the other.
    fn write<T, E>(&self, work: impl FnOnce(&mut Connection) -> Result<T, E>) -> Result<T, E>
    where
        E: From<rusqlite::Error>,
    {
        self.with(|connection| {
            let _writer = self.shared.writer()?;
            work(connection)
        })
    }

    /// Runs work with a connection from the pool. If the work panics, the connection is closed.
    fn with<T, E>(&self, work: impl FnOnce(&mut Connection) -> Result<T, E>) -> Result<T, E>
    where
        E: From<rusqlite::Error>,
    {
        let mut place = self.shared.place()?;
        let connection = match &mut place.connection {
            Some(connection) => connection,
            none => none.insert(connect(&self.shared.path)?),
        };
        work(connection)
    }
}

impl Shared {
    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn writes(&self) -> MutexGuard<'_, bool> {
        self.writes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until no other work changes the database.
    fn writer(&self) -> rusqlite::Result<Writer<'_>> {
        let (mut writes, waited) = self
            .written
            .wait_timeout_while(self.writes(), QUEUED, |writes| *writes)
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return Err(busy("other calls are changing the database"));
        }
        *writes = true;
        Ok(Writer(self))
    }

    /// Waits for a place in the pool.
    fn place(&self) -> rusqlite::Result<Place<'_>> {
        let is_full = |pool: &mut Pool| pool.idle.is_empty() && pool.open >= self.max_connections;
        let (mut pool, waited) = self
            .returned
            .wait_timeout_while(self.pool(), BUSY, is_full)
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return Err(busy("all connections to the database are in use"));
        }
        let connection = pool.idle.pop();
        if connection.is_none() {
            pool.open += 1;
        }
        Ok(Place {
            shared: self,
            connection,
        })
    }
}

/// The right to change the database, until it is dropped.
struct Writer<'a>(&'a Shared);

impl Drop for Writer<'_> {
    fn drop(&mut self) {
        *self.0.writes() = false;
        self.0.written.notify_one();
    }
}

fn busy(text: &str) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_BUSY), Some(text.to_owned()))
}

/// A connection in use, or the right to open one. Dropping it gives it back.
struct Place<'a> {
    shared: &'a Shared,
    connection: Option<Connection>,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let sound = self.connection.take().filter(|_| !thread::panicking());
        let mut pool = self.shared.pool();
        match sound {
            Some(connection) => pool.idle.push(connection),
            None => pool.open -= 1,
        }
        drop(pool);
        self.shared.returned.notify_one();
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    // A negative number counts KiB instead of pages.
    connection.pragma_update(None, "cache_size", -CACHE)?;
    // Readers and writers do not wait for each other.
    connection.pragma_update(None, "journal_mode", "wal")?;
    // A crash of the process loses nothing. After a power failure, the last commits may be missing; use `full` if
    // your service must not lose them either.
    connection.pragma_update(None, "synchronous", "normal")?;
    Ok(connection)
}

impl Stock for Database {
    fn level(&self, article: &str) -> Result<i64, StockError> {
        self.with(|connection| level(connection, article))
    }

    fn take(&self, article: &str, pieces: i64) -> Result<i64, StockError> {
        if pieces < 0 {
            return Err(StockError::Invalid {
                name: article.to_owned(),
                reason: format!("cannot take {pieces} pieces"),
            });
        }
        self.write(|connection| {
            let update = "UPDATE articles SET pieces = pieces - ?2
                WHERE name = ?1 AND pieces >= ?2 RETURNING pieces";
            let left = connection
                .prepare_cached(update)?
                .query_row(params![article, pieces], |row| row.get(0))
                .optional()?;
            match left {
                Some(left) => Ok(left),
                None => Err(StockError::TooFew {
                    article: article.to_owned(),
                    left: level(connection, article)?,
                }),
            }
        })
    }

    fn put(&self, articles: Vec<Article>) -> Result<usize, StockError> {
        articles.iter().try_for_each(check)?;
        self.write(|connection| {
            let put =
                "INSERT OR REPLACE INTO articles (name, pieces, description) VALUES (?, ?, ?)";
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            {
                let mut put = transaction.prepare_cached(put)?;
                for Article {
                    name,
                    pieces,
                    description,
                } in &articles
                {
                    put.execute(params![name, pieces, description])?;
                }
            }
            transaction.commit()?;
            Ok(articles.len())
        })
    }

    fn find(&self, prefix: &str, limit: Option<u32>) -> Result<Vec<Article>, StockError> {
        let limit = limit.unwrap_or(100);
        self.with(|connection| {
            // The first condition uses the index.
            let find = "SELECT name, pieces, description FROM articles
                WHERE name >= ?1 AND substr(name, 1, length(?1)) = ?1 ORDER BY name LIMIT ?2";
            let mut find = connection.prepare_cached(find)?;
            let mut rows = find.query(params![prefix, limit])?;
            let (mut articles, mut bytes) = (Vec::new(), 0);
            while let Some(row) = rows.next()? {
                if articles.len() == FOUND_ARTICLES {
                    return Err(StockError::TooMany {
                        articles: FOUND_ARTICLES,
                    });
                }
                let article = Article {
                    name: row.get(0)?,
                    pieces: row.get(1)?,
                    description: row.get(2)?,
                };
                bytes += ARTICLE + article.name.len() + article.description.len();
                if bytes > FOUND {
                    return Err(StockError::TooLarge { bytes: FOUND });
                }
                articles.push(article);
            }
            Ok(articles)
        })
    }
}

fn level(connection: &Connection, article: &str) -> Result<i64, StockError> {
    connection
        .prepare_cached("SELECT pieces FROM articles WHERE name = ?")?
        .query_row([article], |row| row.get(0))
        .optional()?
        .ok_or_else(|| StockError::Unknown(article.to_owned()))
}

fn check(article: &Article) -> Result<(), StockError> {
    let reason = if article.name.is_empty() {
        "the name is empty".to_owned()
    } else if article.name.len() > NAME {
        format!("the name has more than {NAME} bytes")
    } else if article.description.len() > DESCRIPTION {
        format!("the description has more than {DESCRIPTION} bytes")
    } else if article.pieces < 0 {
        format!("there cannot be {} pieces", article.pieces)
    } else {
        return Ok(());
    };
    Err(StockError::Invalid {
        name: article.name.chars().take(NAME).collect(),
        reason,
    })
}
