use std::{collections::BTreeMap, fs};

use tempfile::TempDir;
use xmlrpc_core::Base64;
use xmlrpc_examples::wordpress::{
    CommentFilter, File, Id, NewComment, PostContent, PostFilter, WordPressClient, WordPressError,
};

use super::{Imitation, error, fault, lines};

#[test]
fn program() {
    let wordpress = Imitation::start("wordpress", "/xmlrpc.php");
    let url = wordpress.url();
    let environment = |password| {
        [
            ("WORDPRESS_URL", url.as_str()),
            ("WORDPRESS_USER", "ada"),
            ("WORDPRESS_PASSWORD", password),
        ]
    };
    let right = environment("secret");
    let shown = [
        "\"Engines &amp; more\", WordPress 6.1.9",
        "logged in as Ada Lovelace (author)",
        "5 \"Notes on the Engine\", draft, 20240102T03:04:05, Uncategorized",
        "1 \"Hello world!\", publish, 20240102T03:04:05, Uncategorized",
        "    A WordPress Commenter: Nice <b>post</b>",
    ];
    assert_eq!(lines("wordpress", &right, &[]), shown);

    let folder = TempDir::new().unwrap();
    let path = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (text, picture) = (
        path("text", b"A & B\n\nThe <b>text</b>.\n"),
        path("a.png", b"PNG"),
    );
    let saved = lines("wordpress", &right, &[&text, &picture]);
    assert_eq!(saved[..5], shown);
    assert_eq!(
        saved[5..],
        [
            "uploaded http://localhost/wp-content/uploads/2024/05/a.png",
            "21 \"A & B\", draft, 20240506T07:08:09, Rust, a.png",
        ]
    );

    let wrong = error("wordpress", &environment("wrong"), &[]);
    assert_eq!(wrong, "Incorrect username or password.\n");
    let archive = error("wordpress", &right, &[&text, &path("a.zip", b"PK")]);
    assert!(
        archive.ends_with("a.zip is not a PNG or JPEG picture\n"),
        "{archive}"
    );
    let missing = error("wordpress", &right, &["/no/file"]);
    assert!(missing.starts_with("/no/file: "), "{missing}");
}

#[tokio::test]
async fn stub() {
    let imitation = Imitation::start("wordpress", "/xmlrpc.php");
    let leading = (1, "ada", "secret");
    let blog = WordPressClient::new(imitation.client()).with_leading_params(leading);
    assert!(!format!("{blog:?}").contains("secret"), "{blog:?}");
    let filter = PostFilter {
        post_status: Some(&["draft"]),
        number: Some(5),
        ..PostFilter::default()
    };
    let drafts = blog.posts(&filter).await.unwrap();
    assert_eq!((drafts.len(), drafts[0].parent), (1, None));
    assert_eq!(drafts[0].thumbnail, None);

    let file = File {
        name: "b.png",
        media_type: "image/png",
        bits: Base64((0..=u8::MAX).collect()),
    };
    let upload = blog.upload(&file).await.unwrap();
    let tags: &[&str] = &["one", "two"];
    let content = PostContent {
        post_title: Some("Title"),
        post_content: Some("<p>Text & more</p>"),
        post_status: Some("publish"),
        comment_status: Some("open"),
        post_thumbnail: Some(upload.id),
        terms_names: Some(BTreeMap::from([("post_tag", tags)])),
    };
    let id = blog.create_post(&content).await.unwrap();
    let post = blog.post(id).await.unwrap();
    assert_eq!(post.thumbnail.map(|it| it.id), Some(upload.id));
    assert_eq!((&*post.content, post.author), ("<p>Text & more</p>", Id(2)));
    let tags = blog.terms("post_tag").await.unwrap();
    assert_eq!((tags.len(), tags[0].parent), (2, None));
    let categories = blog.terms("category").await.unwrap();
    assert_eq!(categories[1].parent, Some(categories[0].id));

    let change = PostContent {
        post_title: Some("New title"),
        ..PostContent::default()
    };
    assert!(blog.edit_post(id, &change).await.unwrap());
    let post = blog.post(id).await.unwrap();
    assert_eq!(
        (&*post.title, &*post.content),
        ("New title", "<p>Text & more</p>")
    );

    let comment = NewComment {
        content: "First",
        ..NewComment::default()
    };
    let first = blog.comment(id, &comment).await.unwrap();
    let reply = NewComment {
        content: "Second",
        comment_parent: Some(first),
    };
    blog.comment(id, &reply).await.unwrap();
    let filter = CommentFilter::from(id);
    let comments = blog.comments(&filter).await.unwrap();
    let parents: Vec<_> = comments.iter().map(|it| it.parent).collect();
    assert_eq!(parents, [None, Some(first)]);
    assert_eq!(blog.comment_count(id).await.unwrap().approved, 2);
    assert!(blog.delete_comment(first).await.unwrap());
    assert!(blog.delete_post(id).await.unwrap());
    assert!(blog.delete_post(id).await.unwrap());
    let gone = WordPressError::NotFound("Invalid post ID.".to_owned());
    assert_eq!(fault::<WordPressError>(blog.post(id).await), gone);

    // In a multicall each call has the leading parameters, and `system.multicall` itself has none.
    let calls = (blog.profile(), blog.post(Id(99)), blog.comment_count(Id(1)));
    let (user, post, count) = blog.client().multicall(calls).await.unwrap();
    assert_eq!(user.unwrap().roles, ["author"]);
    assert_eq!(fault::<WordPressError>(post), gone);
    assert_eq!(count.unwrap().total_comments, 1);
}
