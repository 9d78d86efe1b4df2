//! Texts that try to become markup, scripts, commands or code.

use xmlrpc_core::{
    Context, Dispatcher, Fault, Value, message::Params, schema::Schema, service::MethodDoc,
};

/// Each would set `pwned` in the page, or create the file `pwned`, if anything took it for code.
pub const TEXTS: &[&str] = &[
    "</script><script>pwned=1</script>",
    "<img src=x onerror=pwned=1>",
    "\"><svg onload=pwned=1>",
    "' onfocus='pwned=1' autofocus='",
    "<style>*{background:url(//evil.example)}</style>",
    "[a](javascript:pwned=1)",
    "javascript:pwned=1",
    "${pwned=1}",
    "__proto__",
    "$(touch pwned)",
    "`touch pwned`",
    "'; touch pwned; '",
    "\\'; touch pwned #",
    "\"; touch pwned; \"",
    "XML\ntouch pwned\n",
    "\nXML\nXML_\ntouch pwned",
    "\"\"\"\nopen('pwned', 'w')\n\"\"\"",
    "\" + open('pwned', 'w').name + \"",
    "{open('pwned', 'w')}",
    "\"); std::fs::write(\"pwned\", \"\").unwrap(); (\"",
    "*/ fn x() {} /*",
    "\"#; {} {:?} \\u{41}",
    "]]></string></value>&amp;<!--",
    "\u{202e}txt.exe\u{2066} \u{200b}\u{feff}",
    "\u{fc}\u{1f600}\u{2028}\u{2029}\t\r\n end ",
    "%24%28touch pwned%29&args=[1]#m.x?args=[2]",
];

/// A server with these texts as names of methods, parameters and members, as documentation, and in results
/// and faults. Each method returns its first parameter in a struct, or fails with it if there are two.
pub fn dispatcher() -> Dispatcher {
    TEXTS.iter().fold(Dispatcher::new(), |dispatcher, text| {
        let name = name(text);
        let doc = MethodDoc::new(*text)
            .param(*text, Schema::Any)
            .optional_param(*text, Schema::String)
            .result(Schema::Any)
            .deprecated(*text)
            .fault(1, *text);
        dispatcher.raw_method(name, echo).method_doc(name, doc)
    })
}

/// A text as the name of a method. The server ignores spaces around names.
pub fn name(text: &str) -> &str {
    text.trim()
}

async fn echo(params: Params, _: Context) -> Result<Value, Fault> {
    let values: Vec<Value> = params
        .decode(|params| params.rest("values"))
        .map_err(xmlrpc_core::Error::into_fault)?;
    let text = values.first().and_then(Value::as_str).unwrap_or_default();
    if values.len() > 1 {
        return Err(Fault::new(1, text));
    }
    let member = (text.to_owned(), Value::String(text.to_owned()));
    Ok(Value::Struct([member].into_iter().collect()))
}
