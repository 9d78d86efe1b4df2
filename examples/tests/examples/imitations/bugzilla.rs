use jiff::civil::date;
use xmlrpc_client::Client;
use xmlrpc_core::Fault;
use xmlrpc_examples::bugzilla::{BugzillaClient, BugzillaError, Criteria, Login, NewBug, Update};

use super::{Imitation, error, fault, lines};

#[test]
fn program() {
    let bugzilla = Imitation::start("bugzilla", "/xmlrpc.cgi");
    let url = bugzilla.url();
    let reader = [("BUGZILLA_URL", url.as_str())];
    let user = [reader[0], ("BUGZILLA_API_KEY", "secret")];
    assert_eq!(
        lines("bugzilla", &reader, &["Widgets"]),
        [
            "Bugzilla 5.2",
            "Engine: Inside",
            "Paint: Outside",
            "35 CONFIRMED  Crash on \"<&>\" in a name (nobody@example.com), due on 2024-12-31",
            "37 CONFIRMED  Größe is wrong (ada@example.com)",
        ]
    );
    assert_eq!(
        lines("bugzilla", &reader, &["36"])[1],
        "36 RESOLVED DUPLICATE Crash with names (nobody@example.com), the same as 35"
    );
    assert_eq!(
        lines("bugzilla", &user, &["37", "Fixed\nit"]),
        [
            "Bugzilla 5.2",
            "added comment 104",
            "37 CONFIRMED  Größe is wrong (ada@example.com)",
            "0 by ada@example.com at 20240506T07:08:09:",
            "Wrong.",
            "1 by ada@example.com at 20240506T07:08:09:",
            "Fixed",
            "it",
        ]
    );

    assert_eq!(
        error("bugzilla", &reader, &["37", "x"]),
        "You must log in before using this part of Bugzilla. Set BUGZILLA_API_KEY.\n"
    );
    assert_eq!(
        error("bugzilla", &user, &["99"]),
        "Bug #99 does not exist.\n"
    );
    let wrong = [reader[0], ("BUGZILLA_API_KEY", "wrong")];
    let wrong = error("bugzilla", &wrong, &["Widgets"]);
    assert!(
        wrong.contains("fault 306: The API key you specified is invalid."),
        "{wrong}"
    );
    assert!(!wrong.contains("wrong"), "{wrong}");
    let nothing = error("bugzilla", &reader, &[]);
    assert_eq!(nothing, "name a product or the number of a bug\n");
}

/// Absent values are missing, or nil in old versions.
#[tokio::test]
async fn stub() {
    let environments: [&[(&str, &str)]; 2] = [&[], &[("BUGZILLA_NIL", "1")]];
    for environment in environments {
        let imitation = Imitation::start_with("bugzilla", "/xmlrpc.cgi", environment);
        let client = Client::new(imitation.url()).unwrap();
        let login = Login {
            api_key: Some("secret".to_owned()),
        };
        let bugzilla = BugzillaClient::new(&client).with_leading_members(login);
        let bugs = bugzilla.bugs(&[35, 36]).await.unwrap();
        assert_eq!(bugs[0].deadline, Some(date(2024, 12, 31)));
        assert_eq!((bugs[0].dupe_of, bugs[1].dupe_of), (None, Some(35)));
        assert_eq!(bugs[1].deadline, None);
        let criteria = Criteria {
            summary: Some(&["crash", "größe"]),
            offset: Some(1),
            limit: Some(1),
            ..Criteria::default()
        };
        let found = bugzilla.search(&criteria).await.unwrap();
        assert_eq!((found.len(), found[0].id), (1, 36));
        let no_limit = Criteria {
            limit: None,
            ..criteria
        };
        let expected = Fault::new(
            50,
            "The function Bug.search() requires a limit argument, and that argument was not set.",
        );
        let refused = fault::<BugzillaError>(bugzilla.search(&no_limit).await);
        assert_eq!(refused, BugzillaError::Other(expected));

        let new = NewBug {
            product: "Widgets",
            component: "Paint",
            version: "unspecified",
            summary: "It is <green>",
            ..NewBug::default()
        };
        // Without the key, and with it only in a header.
        let text = "You must log in before using this part of Bugzilla.".to_owned();
        let required = BugzillaError::LoginRequired(text);
        let anonymous = BugzillaClient::new(&client);
        let call = anonymous
            .create(&new)
            .header("X-BUGZILLA-API-KEY", "secret");
        assert_eq!(fault::<BugzillaError>(call.await), required);
        let id = bugzilla.create(&new).await.unwrap();
        bugzilla.add_comment(id, "blue", Some(true)).await.unwrap();
        let update = Update {
            ids: &[id],
            status: Some("RESOLVED"),
            resolution: Some("FIXED"),
            ..Update::default()
        };
        let updated = bugzilla.update(&update).await.unwrap().remove(0);
        let status = &updated.changes["status"];
        assert_eq!(
            (&*status.removed, &*status.added),
            ("CONFIRMED", "RESOLVED")
        );
        let comments = bugzilla.comments(&[id, 35], None).await.unwrap();
        assert_eq!(comments[&id].comments[1].text, "blue");
        assert_eq!(comments[&35].comments[0].attachment_id, None);
        let bug = bugzilla.bugs(&[id]).await.unwrap().remove(0);
        assert_eq!((bug.is_open, &*bug.resolution), (false, "FIXED"));
        assert_eq!((&*bug.component, bug.estimated_time), ("Paint", Some(0.0)));

        let missing = fault::<BugzillaError>(bugzilla.bugs(&[35, 99]).await);
        assert_eq!(
            missing,
            BugzillaError::NoBug("Bug #99 does not exist.".to_owned())
        );
        let product = NewBug {
            product: "Nope",
            ..new
        };
        let other = Fault::new(51, "There is no product named 'Nope'.");
        let missing = fault::<BugzillaError>(bugzilla.create(&product).await);
        assert_eq!(missing, BugzillaError::Other(other));
    }
}
