//! A library that lends books, for the example `surface`: a service with every kind of parameter.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};
use xmlrpc_core::{Context, Fault, TypedFault, xmlrpc_service};

/// A book, as it is sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Book {
    /// Its title.
    pub title: String,
    /// The name of its author.
    pub author: String,
    /// The number of its pages.
    pub pages: u32,
    /// The reader who has it; missing while it is on its shelf.
    pub lent_to: Option<String>,
}

/// The errors of the library.
#[derive(Debug, PartialEq, TypedFault)]
pub enum LibraryError {
    /// The library does not have this book.
    #[fault(code = 1, message = "unknown book {title}")]
    NotFound {
        /// The requested title.
        title: String,
    },
    /// A reader has the book.
    #[fault(code = 2, message = "{0} has that book")]
    Lent(String),
    /// The caller is unknown.
    #[fault(code = 3, message = "identify yourself: send the header x-reader")]
    NoReader,
    /// Any other fault of a server.
    #[fault(other)]
    Other(Fault),
}

/// A library that lends books.
#[xmlrpc_service(namespace = "library", rename_all = "camelCase")]
pub trait Library {
    /// Finds a book by its title.
    #[xmlrpc(idempotent, aliases = ["find"])]
    async fn find(&self, title: &str) -> Result<Book, LibraryError>;

    /// Lists the titles of all books, or of those by one author.
    async fn titles(&self, author: Option<&str>) -> Vec<String>;

    /// Lends a book to the caller, and returns the number of days.
    async fn lend(
        &self,
        #[xmlrpc(context)] cx: &Context,
        title: &str,
        #[xmlrpc(default = 14)] days: u32,
    ) -> Result<u32, LibraryError>;

    /// Adds up the pages of some books.
    async fn pages(&self, #[xmlrpc(rest)] titles: Vec<String>) -> Result<u32, LibraryError>;

    /// Lists the titles of the books that match all given criteria.
    #[xmlrpc(params = struct, rename_all = "camelCase")]
    async fn search(
        &self,
        author: Option<String>,
        #[xmlrpc(default)] min_pages: u32,
    ) -> Vec<String>;

    /// Counts the words of a text.
    #[xmlrpc(blocking)]
    fn index(&self, text: String) -> BTreeMap<String, u32>;

    /// Takes all books back, and returns their number.
    #[xmlrpc(run_to_completion)]
    async fn close(&self) -> usize;
}

/// The caller, found by a layer.
#[derive(Clone, Debug)]
pub struct Reader(pub String);

/// Some books, in memory.
#[derive(Debug)]
pub struct Shelf {
    books: Mutex<Vec<Book>>,
}

impl Default for Shelf {
    fn default() -> Self {
        let books = [
            ("Dune", "Herbert", 412),
            ("Solaris", "Lem", 204),
            ("Fiasco", "Lem", 322),
        ];
        let books = books.map(|(title, author, pages)| Book {
            title: title.to_owned(),
            author: author.to_owned(),
            pages,
            lent_to: None,
        });
        Self {
            books: Mutex::new(books.into()),
        }
    }
}

impl Shelf {
    fn books(&self) -> MutexGuard<'_, Vec<Book>> {
        // Each change of the list is complete, even if another thread panicked.
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn titles_of(&self, mut is_wanted: impl FnMut(&Book) -> bool) -> Vec<String> {
        let books = self.books();
        let wanted = books.iter().filter(|book| is_wanted(book));
        wanted.map(|book| book.title.clone()).collect()
    }
}

fn not_found(title: &str) -> LibraryError {
    LibraryError::NotFound {
        title: title.to_owned(),
    }
}

impl Library for Shelf {
    async fn find(&self, title: &str) -> Result<Book, LibraryError> {
        let books = self.books();
        let mut books = books.iter();
        let found = books.find(|book| book.title == title);
        found.cloned().ok_or_else(|| not_found(title))
    }

    async fn titles(&self, author: Option<&str>) -> Vec<String> {
        self.titles_of(|book| author.is_none_or(|author| book.author == author))
    }

    async fn lend(&self, cx: &Context, title: &str, days: u32) -> Result<u32, LibraryError> {
        let Reader(reader) = cx.get().ok_or(LibraryError::NoReader)?;
        let mut books = self.books();
        let mut found = books.iter_mut().filter(|book| book.title == title);
        let book = found.next().ok_or_else(|| not_found(title))?;
        if let Some(reader) = &book.lent_to {
            return Err(LibraryError::Lent(reader.clone()));
        }
        book.lent_to = Some(reader.clone());
        Ok(days.clamp(1, 28))
    }

    async fn pages(&self, titles: Vec<String>) -> Result<u32, LibraryError> {
        let mut pages = 0;
        for title in &titles {
            pages += self.find(title).await?.pages;
        }
        Ok(pages)
    }

    async fn search(&self, author: Option<String>, min_pages: u32) -> Vec<String> {
        let is_by = |book: &Book| author.as_ref().is_none_or(|author| book.author == *author);
        self.titles_of(|book| is_by(book) && book.pages >= min_pages)
    }

    fn index(&self, text: String) -> BTreeMap<String, u32> {
        let mut words = BTreeMap::new();
        for word in text.split_whitespace() {
            *words.entry(word.to_lowercase()).or_default() += 1;
        }
        words
    }

    async fn close(&self) -> usize {
        let mut books = self.books();
        books
            .iter_mut()
            .filter_map(|book| book.lent_to.take())
            .count()
    }
}
