use xmlrpc_client::Client;
use xmlrpc_examples::odoo::{
    ALL, Agent, CommonClient, Contact, ModelClient, NewContact, NewEmail, OdooError, Page,
    Reference, Uid,
};

use super::{Imitation, error, fault, lines};

#[test]
fn program() {
    let odoo = Imitation::start("odoo", "");
    let url = odoo.url();
    let environment = |password| {
        [
            ("ODOO_URL", url.as_str()),
            ("ODOO_DATABASE", "demo"),
            ("ODOO_USER", "admin"),
            ("ODOO_PASSWORD", password),
        ]
    };
    let right = environment("secret");
    assert_eq!(
        lines("odoo", &right, &[]),
        [
            "Odoo 17.0",
            "5 contacts; the newest companies are:",
            "14 Azure Interior, no address, United States, since 20240102T03:04:05",
            "    26 Brandon Freeman, brandon.freeman55@example.com, no country, since 20240102T03:04:05",
            "31 Brüssel & Söhne <GmbH>, no address, no country, since 20240102T03:04:05",
            "1 YourCompany, info@yourcompany.example.com, United States, since 20240102T03:04:05",
            "    3 Mitchell Admin, no address, no country, since 20240102T03:04:05",
        ]
    );
    // A new contact; the same again with another address, and without one.
    for (email, shown) in [
        (Some("new@example.com"), "new@example.com"),
        (Some("other@example.com"), "other@example.com"),
        (None, "no address"),
    ] {
        let arguments: Vec<_> = ["New & Sons"].into_iter().chain(email).collect();
        assert_eq!(
            lines("odoo", &right, &arguments)[1..],
            [format!(
                "50 New & Sons, {shown}, no country, since 20240102T03:04:05"
            )]
        );
    }

    let wrong = error("odoo", &environment("wrong"), &[]);
    assert_eq!(wrong, "Odoo refused: wrong user or password\n");
    let nameless = error("odoo", &right, &[""]);
    assert_eq!(nameless, "Odoo refused: Contacts require a name\n");
    let mut elsewhere = right;
    elsewhere[1].1 = "nope";
    let missing = error("odoo", &elsewhere, &[]);
    assert!(
        missing.starts_with("Odoo refused: RuntimeError: "),
        "{missing}"
    );
    assert!(
        missing.contains("database \"nope\" does not exist"),
        "{missing}"
    );
    let incomplete = error("odoo", &right[..3], &[]);
    assert_eq!(incomplete, "set the environment variable ODOO_PASSWORD\n");
}

#[tokio::test]
async fn stubs() {
    let odoo = Imitation::start("odoo", "");
    let common = Client::new(format!("{}/xmlrpc/2/common", odoo.url())).unwrap();
    let common = CommonClient::new(common);
    let uid = common.authenticate("demo", "admin", "secret", &Agent {});
    let uid = uid.await.unwrap().0.unwrap();
    let denied = common.authenticate("demo", "admin", "wrong", &Agent {});
    assert_eq!(denied.await.unwrap(), Uid(None));
    let nowhere = common.authenticate("nope", "admin", "secret", &Agent {});
    let cause = fault::<OdooError>(nowhere.await).cause().to_owned();
    assert!(
        cause.contains("database \"nope\" does not exist"),
        "{cause}"
    );

    let object = Client::new(format!("{}/xmlrpc/2/object", odoo.url())).unwrap();
    let of = |model: &str, uid: i64, password: &str| {
        ModelClient::new(&object).with_leading_params(("demo", uid, password, model))
    };
    let contacts = of("res.partner", uid, "secret");
    assert!(!format!("{contacts:?}").contains("secret"), "{contacts:?}");
    let all: Vec<Contact> = contacts.search_read(ALL, &Page::default()).await.unwrap();
    let (company, admin) = (&all[0], &all[1]);
    assert_eq!(
        company.country_id,
        Some(Reference(233, "United States".to_owned()))
    );
    assert_eq!((&company.parent_id, &admin.email), (&None, &None));
    assert_eq!(
        admin.parent_id,
        Some(Reference(1, "YourCompany".to_owned()))
    );
    assert_eq!(admin.category_id, [3, 5]);
    // Domains can mix operators and terms.
    let domain = ("|", ("name", "ilike", "brandon"), ("email", "!=", false));
    assert_eq!(contacts.search_count(domain).await.unwrap(), 2);

    let new = NewContact {
        name: "New",
        email: None,
        is_company: true,
    };
    let id = contacts.create(new).await.unwrap();
    let email = Some("new@example.com".to_owned());
    let change = NewEmail {
        email: email.clone(),
    };
    assert!(contacts.write(&[id], change).await.unwrap());
    let read = contacts.read::<Contact>(&[id]).await.unwrap();
    assert_eq!(read[0].email, email);
    // A method without a result runs and fails.
    let archived = contacts
        .execute::<()>("action_archive", ([id],), EMPTY)
        .await;
    let cause = fault::<OdooError>(archived).cause().to_owned();
    assert_eq!(
        cause,
        "TypeError: cannot marshal None unless allow_none is enabled"
    );
    assert_eq!(contacts.search_count([("id", "=", id)]).await.unwrap(), 0);
    assert!(contacts.unlink(&[id]).await.unwrap());

    let table = [
        (
            fault::<OdooError>(contacts.unlink(&[id]).await),
            "Record does not exist or has been deleted.",
        ),
        (
            fault::<OdooError>(contacts.unlink(&[1]).await),
            "You cannot delete contacts linked to an active user.",
        ),
        (
            fault::<OdooError>(of("res.nope", uid, "secret").unlink(&[1]).await),
            "Object res.nope doesn't exist",
        ),
    ];
    for (error, text) in table {
        let OdooError::Refused(message) = error else {
            panic!("{error:?}");
        };
        assert!(message.starts_with(text), "{message}");
    }
    let wrong = fault::<OdooError>(of("res.partner", uid, "wrong").search_count(ALL).await);
    assert_eq!(wrong, OdooError::AccessDenied("Access Denied".to_owned()));
    let rights = contacts.query::<bool>("check_access_rights", ("unlink",), EMPTY);
    let rights = fault::<OdooError>(rights.await);
    assert!(matches!(rights, OdooError::AccessError(_)), "{rights:?}");
    let rights = [("raise_exception", false)];
    let rights = std::collections::BTreeMap::from(rights);
    let rights = contacts.query::<bool>("check_access_rights", ("unlink",), rights);
    assert!(!rights.await.unwrap());
}

const EMPTY: Agent = Agent {};
