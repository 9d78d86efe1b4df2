//! Writes the documents in the layouts of several peers, without the codec under test.
//!
//! Changes here may change what the compiler inlines into the codec, by some percent: see `instructions`.

use xmlrpc_core::{Struct, Value};

/// Where a writer puts white space, and how it names the types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// No white space between tags.
    Compact,
    /// Python's `xmlrpc.client`: a line break after most tags.
    Python,
    /// Two spaces for each level.
    Indented,
    /// Apache ws-xmlrpc: `<i4>`, and extensions with a prefix.
    Apache,
}

/// The root of a document, which has one parameter or one result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    Call { method: &'static str },
    Response,
}

pub(crate) fn document(root: Root, layout: Layout, value: &Value) -> Vec<u8> {
    let mut pen = Pen {
        out: Vec::new(),
        layout,
        level: 0,
    };
    pen.put(match layout {
        Layout::Compact => "<?xml version=\"1.0\"?>",
        Layout::Python => "<?xml version='1.0'?>\n",
        Layout::Indented => "<?xml version=\"1.0\"?>\n",
        Layout::Apache => "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
    });
    let extensions = match layout {
        Layout::Apache => " xmlns:ex=\"http://ws.apache.org/xmlrpc/namespaces/extensions\"",
        _ => "",
    };
    let tag = match root {
        Root::Call { .. } => "methodCall",
        Root::Response => "methodResponse",
    };
    pen.put("<").put(tag).put(extensions).put(">").enter(true);
    if let Root::Call { method } = root {
        pen.leaf("methodName", method);
        pen.line(true);
    }
    pen.open("params", true);
    pen.open("param", true);
    pen.value(value);
    pen.close("param", true);
    pen.close("params", true);
    pen.level -= 1;
    pen.line_before_close();
    pen.put("</").put(tag).put(">");
    if layout == Layout::Python {
        pen.put("\n");
    }
    pen.out
}

struct Pen {
    out: Vec<u8>,
    layout: Layout,
    level: usize,
}

impl Pen {
    fn put(&mut self, text: &str) -> &mut Self {
        self.out.extend_from_slice(text.as_bytes());
        self
    }

    /// Ends a line after a tag if the layout does so; `python` tells whether Python does.
    fn line(&mut self, python: bool) {
        match self.layout {
            Layout::Python if python => {
                self.put("\n");
            }
            Layout::Indented => {
                self.put("\n");
                for _ in 0..self.level {
                    self.put("  ");
                }
            }
            _ => {}
        }
    }

    fn enter(&mut self, python: bool) {
        self.level += 1;
        self.line(python);
    }

    fn open(&mut self, name: &str, python: bool) {
        self.put("<").put(name).put(">").enter(python);
    }

    /// Closes an element that contains elements, and ends its line; the next tag follows.
    fn close(&mut self, name: &str, python: bool) {
        self.level -= 1;
        self.line_before_close();
        self.put("</").put(name).put(">");
        self.line(python);
    }

    /// The line before a closing tag begins one level too deep.
    fn line_before_close(&mut self) {
        if self.layout == Layout::Indented && self.out.ends_with(b"  ") {
            self.out.truncate(self.out.len() - 2);
        }
    }

    fn leaf(&mut self, name: &str, text: &str) {
        self.put("<").put(name).put(">");
        self.text(text);
        self.put("</").put(name).put(">");
    }

    fn text(&mut self, text: &str) {
        for piece in text.split_inclusive(['&', '<', '>']) {
            let run = piece.trim_end_matches(['&', '<', '>']);
            self.put(run);
            match &piece[run.len()..] {
                "&" => self.put("&amp;"),
                "<" => self.put("&lt;"),
                ">" => self.put("&gt;"),
                _ => self,
            };
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Array(items) => self.array(items),
            Value::Struct(members) => self.members(members),
            scalar => {
                self.put("<value>");
                self.scalar(scalar);
                self.put("</value>").line(true);
            }
        }
    }

    fn scalar(&mut self, value: &Value) {
        match value {
            Value::Int(number) => {
                let is_apache = self.layout == Layout::Apache;
                self.leaf(if is_apache { "i4" } else { "int" }, &number.to_string());
            }
            Value::I8(number) => {
                let is_apache = self.layout == Layout::Apache;
                self.leaf(if is_apache { "ex:i8" } else { "i8" }, &number.to_string());
            }
            Value::Bool(truth) => self.leaf("boolean", if *truth { "1" } else { "0" }),
            Value::Double(number) => self.leaf("double", &format!("{number:?}")),
            Value::String(text) => self.leaf("string", text),
            Value::Base64(bytes) => {
                self.put("<base64>");
                if self.layout == Layout::Python {
                    self.put("\n");
                }
                self.base64(bytes);
                self.put("</base64>");
            }
            other => unreachable!("no document holds {other:?}"),
        }
    }

    /// Writes lines of 76 characters, as MIME and Python do, or one piece.
    fn base64(&mut self, bytes: &[u8]) {
        let text = base64_simd::STANDARD.encode_to_string(bytes);
        if self.layout != Layout::Python {
            self.put(&text);
            return;
        }
        for line in text.as_bytes().chunks(76) {
            self.out.extend_from_slice(line);
            self.out.push(b'\n');
        }
    }

    fn array(&mut self, items: &[Value]) {
        self.open("value", false);
        self.open("array", false);
        self.open("data", true);
        for item in items {
            self.value(item);
        }
        self.close("data", false);
        self.close("array", false);
        self.close("value", true);
    }

    fn members(&mut self, members: &Struct) {
        self.open("value", false);
        self.open("struct", true);
        for (name, value) in members {
            self.open("member", true);
            self.leaf("name", name);
            self.line(true);
            self.value(value);
            self.close("member", true);
        }
        self.close("struct", false);
        self.close("value", true);
    }
}
