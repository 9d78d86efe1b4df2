//! Shows the open bugs of a product in Bugzilla, or a bug with its comments, or adds a comment to it.
//!
//! `cargo run --example bugzilla PRODUCT` or `cargo run --example bugzilla BUG [COMMENT]`. Set `BUGZILLA_URL`, such as
//! `https://bugzilla.example.com/xmlrpc.cgi`, and `BUGZILLA_API_KEY` to comment and to see more.

use std::{env, error::Error, process::ExitCode};

use xmlrpc_client::{Client, ClientError, Http};
use xmlrpc_examples::{
    bugzilla::{Bug, BugzillaClient, BugzillaError, Criteria, Login},
    environment::required,
};

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    match run(arguments.next(), arguments.next()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(subject: Option<String>, comment: Option<String>) -> Result<(), Box<dyn Error>> {
    let subject = subject.ok_or("name a product or the number of a bug")?;
    let login = Login {
        api_key: env::var("BUGZILLA_API_KEY").ok(),
    };
    let client = Client::new(required("BUGZILLA_URL")?)?;
    let bugzilla = BugzillaClient::new(client).with_leading_members(login);
    println!("Bugzilla {}", bugzilla.version().await?);
    let Ok(id) = subject.parse() else {
        return Ok(show_product(&bugzilla, &subject).await?);
    };
    if let Some(comment) = comment {
        let number = bugzilla.add_comment(id, &comment, None).await;
        println!("added comment {}", number.map_err(explain)?);
    }
    show_bug(&bugzilla, id).await.map_err(explain)
}

fn explain(error: ClientError) -> Box<dyn Error> {
    match error.fault_as() {
        Some(BugzillaError::NoBug(text) | BugzillaError::Forbidden(text)) => text.into(),
        Some(BugzillaError::LoginRequired(text)) => format!("{text} Set BUGZILLA_API_KEY.").into(),
        _ => error.into(),
    }
}

async fn show_product(bugzilla: &BugzillaClient<Http>, name: &str) -> Result<(), ClientError> {
    for product in bugzilla.products(&[name]).await? {
        for component in product.components {
            println!("{}: {}", component.name, component.description);
        }
    }
    let criteria = Criteria {
        product: Some(&[name]),
        status: Some(&["UNCONFIRMED", "CONFIRMED", "IN_PROGRESS"]),
        limit: Some(100),
        ..Criteria::default()
    };
    for bug in bugzilla.search(&criteria).await? {
        print(&bug);
    }
    Ok(())
}

async fn show_bug(bugzilla: &BugzillaClient<Http>, id: u32) -> Result<(), ClientError> {
    for bug in bugzilla.bugs(&[id]).await? {
        print(&bug);
    }
    for (_, bug) in bugzilla.comments(&[id], None).await? {
        for comment in bug.comments {
            println!(
                "{} by {} at {}:",
                comment.count, comment.creator, comment.time
            );
            println!("{}", comment.text);
        }
    }
    Ok(())
}

fn print(bug: &Bug) {
    let (id, status, resolution, summary) = (bug.id, &bug.status, &bug.resolution, &bug.summary);
    print!("{id} {status} {resolution} {summary} ({})", bug.assigned_to);
    if let Some(original) = bug.dupe_of {
        print!(", the same as {original}");
    }
    if let Some(deadline) = bug.deadline {
        print!(", due on {deadline}");
    }
    println!();
}
