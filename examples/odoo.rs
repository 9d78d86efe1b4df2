//! Shows the companies in Odoo, or sets the address of a contact, which is created if it does not exist.
//!
//! `cargo run --example odoo [NAME [EMAIL]]`. Set `ODOO_URL` (by default `http://localhost:8069`), `ODOO_DATABASE`,
//! `ODOO_USER` and `ODOO_PASSWORD`, which can be an API key.

use std::{env, error::Error, process::ExitCode};

use xmlrpc_client::{Client, ClientError, Http};
use xmlrpc_examples::{
    environment::{optional, required},
    odoo::{ALL, Agent, CommonClient, Contact, ModelClient, NewContact, NewEmail, OdooError, Page},
};

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    match run(arguments.next(), arguments.next()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", text(&*error));
            ExitCode::FAILURE
        }
    }
}

async fn run(name: Option<String>, email: Option<String>) -> Result<(), Box<dyn Error>> {
    let url = optional("ODOO_URL", "http://localhost:8069");
    let database = required("ODOO_DATABASE")?;
    let (user, password) = (required("ODOO_USER")?, required("ODOO_PASSWORD")?);

    let common = CommonClient::new(Client::new(format!("{url}/xmlrpc/2/common"))?);
    println!("Odoo {}", common.version().await?.server_version);
    let uid = common.authenticate(&database, &user, &password, &Agent {});
    let uid = uid.await?.0.ok_or("Odoo refused: wrong user or password")?;

    let object = Client::new(format!("{url}/xmlrpc/2/object"))?;
    let contacts =
        ModelClient::new(object).with_leading_params((database, uid, password, "res.partner"));
    match name {
        Some(name) => set_email(&contacts, &name, email).await?,
        None => show(&contacts).await?,
    }
    Ok(())
}

async fn show(contacts: &ModelClient<Http>) -> Result<(), ClientError> {
    let is_company = [("is_company", "=", true)];
    let number = contacts.search_count(ALL).await?;
    println!("{number} contacts; the newest companies are:");
    let page = Page {
        limit: Some(20),
        order: Some("create_date desc, name"),
        ..Page::default()
    };
    let companies: Vec<Contact> = contacts.search_read(is_company, &page).await?;
    let ids: Vec<_> = companies.iter().map(|company| company.id).collect();
    let is_part = [("parent_id", "in", ids)];
    let people: Vec<Contact> = contacts.search_read(is_part, &Page::default()).await?;
    for company in companies {
        print("", &company);
        for person in &people {
            if person
                .parent_id
                .as_ref()
                .is_some_and(|it| it.0 == company.id)
            {
                print("    ", person);
            }
        }
    }
    Ok(())
}

async fn set_email(
    contacts: &ModelClient<Http>,
    name: &str,
    email: Option<String>,
) -> Result<(), ClientError> {
    let is_named = [("name", "=", name)];
    let found: Vec<Contact> = contacts.search_read(is_named, &Page::default()).await?;
    let ids = if found.is_empty() {
        let new = NewContact {
            name,
            email: email.as_deref(),
            ..NewContact::default()
        };
        vec![contacts.create(new).await?]
    } else {
        let ids: Vec<_> = found.iter().map(|contact| contact.id).collect();
        contacts.write(&ids, NewEmail { email }).await?;
        ids
    };
    for contact in contacts.read::<Contact>(&ids).await? {
        print("", &contact);
    }
    Ok(())
}

fn print(indent: &str, contact: &Contact) {
    let email = contact.email.as_deref().unwrap_or("no address");
    let country = contact.country_id.as_ref().map_or("no country", |it| &it.1);
    let (id, name, since) = (contact.id, &contact.name, contact.create_date);
    println!("{indent}{id} {name}, {email}, {country}, since {since}");
}

/// The error, without the traceback that Odoo sends.
fn text(error: &(dyn Error + 'static)) -> String {
    let client_error = error.downcast_ref::<ClientError>();
    let fault = client_error.and_then(ClientError::fault_as::<OdooError>);
    match fault {
        Some(fault) => format!("Odoo refused: {}", fault.cause()),
        None => error.to_string(),
    }
}
