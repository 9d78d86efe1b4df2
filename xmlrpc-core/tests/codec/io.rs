//! Documents from and to I/O streams.

use std::{
    error::Error as _,
    io::{self, Read, Write},
};

use serde::Serialize;
use xmlrpc_core::{
    Category, Dialect, Error, Fault, Limits, Value, from_reader, from_reader_with, from_slice,
    to_vec, to_vec_with, to_writer, to_writer_with,
};

const SEVEN: &[u8] = b"<value><int>7</int></value>";

/// Yields a few bytes at a time, and counts them.
struct Trickle<'a> {
    rest: &'a [u8],
    read: usize,
}

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(3);
        let length = self.rest.read(&mut buffer[..length])?;
        self.read += length;
        Ok(length)
    }
}

/// Fails after a few bytes.
struct Broken(io::ErrorKind);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(self.0.into())
    }
}

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn io_kind(error: &Error) -> Option<io::ErrorKind> {
    let source = error.source()?.downcast_ref::<io::Error>()?;
    Some(source.kind())
}

#[test]
fn read_in_pieces() {
    let mut stream = Trickle {
        rest: SEVEN,
        read: 0,
    };
    assert_eq!(from_reader::<_, i32>(&mut stream).unwrap(), 7);
    assert_eq!(stream.read, SEVEN.len());
}

#[test]
fn read_as_from_slice() {
    let documents: [&[u8]; 7] = [
        SEVEN,
        // What the lenient reader reads.
        b"<value a='1'><int>7</int></value>",
        // Other encodings.
        b"<?xml version='1.0' encoding='ISO-8859-1'?><value>\xE9</value>",
        b"\xFF\xFE<\0v\0a\0l\0u\0e\0/\0>\0",
        // Errors.
        b"",
        b"<value>\xFF</value>",
        b"<value>\n<foo/></value>",
    ];
    for document in documents {
        let expected = from_slice::<Value>(document).map_err(|error| error.to_string());
        let read = from_reader::<_, Value>(document).map_err(|error| error.to_string());
        assert_eq!(read, expected, "{document:?}");
    }
}

#[test]
fn read_within_the_limit() {
    let limits = Limits::default().bytes(SEVEN.len());
    assert_eq!(from_reader_with::<_, i32>(SEVEN, &limits).unwrap(), 7);
    let error = from_reader_with::<_, i32>(SEVEN, &limits.bytes(SEVEN.len() - 1)).unwrap_err();
    assert_eq!(error.category(), Category::Limit);
    assert_eq!(
        error.to_string(),
        "the document has more than the 26 bytes of `Limits::bytes`; \
         raise it with `Limits::bytes(n)`",
    );
}

#[test]
fn read_no_more_than_a_byte_beyond_the_limit() {
    let mut stream = Trickle {
        rest: &[b' '; 10_000],
        read: 0,
    };
    let limits = Limits::default().bytes(100);
    let error = from_reader_with::<_, i32>(&mut stream, &limits).unwrap_err();
    assert_eq!(error.category(), Category::Limit);
    assert_eq!(stream.read, 101);

    let unlimited = Limits::default().bytes(usize::MAX);
    assert_eq!(from_reader_with::<_, i32>(SEVEN, &unlimited).unwrap(), 7);
}

#[test]
fn other_limits_apply() {
    let limits = Limits::default().elements(1);
    let error = from_reader_with::<_, i32>(SEVEN, &limits).unwrap_err();
    assert_eq!(error.category(), Category::Limit);
}

#[test]
fn errors_of_reading() {
    let error = from_reader::<_, i32>(Broken(io::ErrorKind::ConnectionReset)).unwrap_err();
    assert_eq!(error.category(), Category::Io);
    assert_eq!(error.fault_code(), Fault::TRANSPORT_ERROR);
    assert_eq!(io_kind(&error), Some(io::ErrorKind::ConnectionReset));
    assert_eq!(
        error.to_string(),
        "cannot read the document: connection reset"
    );
    assert_eq!(
        (error.path(), error.offset(), error.line()),
        ("", None, None)
    );
    assert_eq!(
        io_kind(&error.clone()),
        Some(io::ErrorKind::ConnectionReset)
    );

    // After some bytes.
    let stream = SEVEN.chain(Broken(io::ErrorKind::TimedOut));
    let error = from_reader::<_, i32>(stream).unwrap_err();
    assert_eq!(io_kind(&error), Some(io::ErrorKind::TimedOut));

    // Other errors have no source.
    assert!(
        from_reader::<_, i32>(&b""[..])
            .unwrap_err()
            .source()
            .is_none()
    );
}

#[test]
fn written_as_to_vec() {
    #[derive(Serialize)]
    struct Point {
        x: i32,
        y: Option<i32>,
    }
    let point = Point { x: 1, y: None };

    let mut stream = Vec::new();
    to_writer(&mut stream, &point).unwrap();
    assert_eq!(stream, to_vec(&point).unwrap());

    let dialect = Dialect::APACHE.nil_members(true);
    let mut stream = b"before".to_vec();
    to_writer_with(&mut stream, &point, dialect).unwrap();
    let document = to_vec_with(&point, dialect).unwrap();
    assert_eq!(stream, [b"before".as_slice(), &document].concat());

    // Unsized values.
    let mut stream = Vec::new();
    to_writer(&mut stream, "text").unwrap();
    assert_eq!(stream, b"<value><string>text</string></value>");
}

#[test]
fn errors_of_writing() {
    let error = to_writer(Broken(io::ErrorKind::BrokenPipe), &1).unwrap_err();
    assert_eq!(error.category(), Category::Io);
    assert_eq!(io_kind(&error), Some(io::ErrorKind::BrokenPipe));
    assert_eq!(error.to_string(), "cannot write the document: broken pipe");

    // If a value cannot be written as XML-RPC, nothing is written.
    let mut stream = Vec::new();
    let error = to_writer(&mut stream, &(1, f64::NAN)).unwrap_err();
    assert_eq!((error.category(), error.path()), (Category::Data, "[1]"));
    assert!(stream.is_empty());

    // A stream that is too short.
    let mut room = [0; 10];
    let error = to_writer(&mut room[..], &1).unwrap_err();
    assert_eq!(io_kind(&error), Some(io::ErrorKind::WriteZero));
}
