//! WordPress.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use tokio::process::Command;
use xmlrpc_client::{Client, Http};
use xmlrpc_core::{Base64, DateTime, Dialect, Value};
use xmlrpc_examples::wordpress::{
    CommentFilter, File, Id, NewComment, PostContent, PostFilter, Site, WordPressClient,
    WordPressError,
};

use super::{
    Cannot, concurrent, example_in, fault, holds, until_it_answers, utf8,
    wordpress_installation::Installation,
};
use crate::client::{Result, same, values};

/// The parameters before those of each method.
const LOGIN: (i32, &str, &str) = (1, "ada", "secret");

pub(super) struct WordPress {
    installation: Installation,
    folder: PathBuf,
}

impl WordPress {
    pub(super) async fn start(php: Command, folder: &Path) -> Result<Self> {
        let wordpress = Self {
            installation: Installation::start(php, folder).await?,
            folder: folder.to_owned(),
        };
        let client = wordpress.client()?;
        until_it_answers(async || client.call::<String>("demo.sayHello", ()).await).await?;
        Ok(wordpress)
    }

    fn client(&self) -> Result<Client> {
        Ok(Client::builder(self.installation.url())
            .dialect(Dialect::STANDARD)
            .build()?)
    }

    fn stub(&self) -> Result<WordPressClient<Http>> {
        Ok(WordPressClient::new(self.client()?).with_leading_params(LOGIN))
    }

    pub(super) async fn case(&self, case: &str) -> Result {
        match case {
            "int" => self.integers().await,
            "boolean" => self.booleans().await,
            "string" | "unicode" => self.texts(case).await,
            "base64" | "base64_large" => self.bytes(case).await,
            "date" => self.dates().await,
            "no_params" => hello(&self.client()?).await,
            "many_params" => {
                let params = ["a"; 20];
                let answer = self.client()?.call::<String>("demo.sayHello", params);
                same(&answer.await?, &"Hello!".to_owned())
            }
            "fault" => self.faults().await,
            "unknown_method" => {
                let name = "wp.<&>\"' n\u{e9}e";
                let (code, text) = fault(self.client()?.call(name, ()).await)?;
                same(&code, &-32601)?;
                holds(&text, &["requested method ", " does not exist"])
            }
            "wrong_types" => {
                let answer = self.client()?.call("wp.getPost", (5,)).await;
                let text = "Insufficient arguments passed to this XML-RPC method.";
                same(&fault(answer)?, &(400, text.to_owned()))
            }
            "multicall" => self.multicall().await,
            "introspection" => self.introspection().await,
            "concurrent" => concurrent(|| self.client(), hello).await,
            "large_answer" => self.large_answer().await,
            "basic_auth" => self.passwords().await,
            "example" => self.example().await,
            other => Err(format!("unknown case {other}").into()),
        }
    }

    async fn integers(&self) -> Result {
        let client = self.client()?;
        for value in values::values("int")? {
            let sum = client.call::<Value>("demo.addTwoNumbers", (&value, 0));
            same(&sum.await?, &value)?;
        }
        Ok(())
    }

    async fn booleans(&self) -> Result {
        for value in values::values("boolean")? {
            same(&self.member("sticky", &value).await?, &value)?;
        }
        Ok(())
    }

    /// Creates a post with a member that the example does not have, and returns this member.
    async fn member(&self, name: &str, value: &Value) -> Result<Value> {
        let client = self.client()?.into_core().with_leading_params(LOGIN);
        let post = BTreeMap::from([
            ("post_title", Value::from("a post")),
            ("post_status", Value::from("publish")),
            (name, value.clone()),
        ]);
        let id: String = client.call("wp.newPost", (post,)).await?;
        let post: Value = client.call("wp.getPost", (&id,)).await?;
        delete(&self.stub()?, Id(id.parse()?)).await?;
        Ok(post[name].clone())
    }

    /// Saves texts as the content of posts, and reads them back.
    async fn texts(&self, case: &str) -> Result {
        let blog = self.stub()?;
        for value in values::values(case)? {
            let text = value.as_str().unwrap_or_default();
            let content = PostContent {
                post_title: Some("a post"),
                post_content: Some(text),
                ..PostContent::default()
            };
            let id = blog.create_post(&content).await?;
            let found = blog.post(id).await?.content;
            delete(&blog, id).await?;
            same(&found, &text.trim().to_owned())?;
        }
        match case {
            "string" => Err(Cannot("it removes white space around texts").into()),
            _ => Ok(()),
        }
    }

    async fn bytes(&self, case: &str) -> Result {
        let blog = self.stub()?;
        for (number, value) in values::values(case)?.into_iter().enumerate() {
            let Value::Base64(bytes) = value else {
                return Err("expected bytes".into());
            };
            let file = File {
                name: &format!("{case}-{number}.txt"),
                media_type: "text/plain",
                bits: Base64(bytes.clone()),
            };
            let url = blog.upload(&file).await?.url;
            let path = url.split_once("/wp-content/").ok_or(url.clone())?.1;
            let stored = fs::read(self.installation.site().join("wp-content").join(path))?;
            same(&(stored == bytes), &true)?;
        }
        Ok(())
    }

    async fn dates(&self) -> Result {
        for value in values::values("date")? {
            same(&self.member("post_date", &value).await?, &value)?;
        }
        Ok(())
    }

    async fn faults(&self) -> Result {
        let blog = self.stub()?;
        let missing = blog.post(Id(999_999)).await.err();
        let missing = missing.and_then(|error| error.fault_as());
        let expected = WordPressError::NotFound("Invalid post ID.".to_owned());
        same(&missing, &Some(expected))?;
        let invalid = blog.terms("<&>\"' n\u{e9}e").await.err();
        let invalid = invalid.and_then(|error| error.fault_as());
        let expected = WordPressError::Forbidden("Invalid taxonomy.".to_owned());
        same(&invalid, &Some(expected))
    }

    async fn multicall(&self) -> Result {
        let client = self.client()?;
        let blog = WordPressClient::new(&client).with_leading_params(LOGIN);
        let calls = (
            blog.profile(),
            blog.post(Id(999_999)),
            client.call::<Value>("nope", ()),
            blog.comment_count(Id(1)),
            client.call::<String>("demo.sayHello", ()),
        );
        let (user, missing, unknown, count, hello) = client.multicall(calls).await?;
        same(&user?.display_name, &"ada".to_owned())?;
        let missing = missing.err().and_then(|error| Some(error.fault()?.code()));
        same(&missing, &Some(404))?;
        same(&fault(unknown)?.0, &-32601)?;
        same(&(count?.approved > 0), &true)?;
        same(&hello?, &"Hello!".to_owned())?;
        let sums =
            (0..500).map(|number| client.call::<i32>("demo.addTwoNumbers", (number, number)));
        let sums = client.multicall_iter(sums).await?.into_iter();
        let sums = sums.collect::<std::result::Result<Vec<_>, _>>()?;
        same(&sums, &(0..500).map(|number| 2 * number).collect())
    }

    async fn introspection(&self) -> Result {
        let client = self.client()?;
        let methods = client.call::<Vec<String>>("system.listMethods", ()).await?;
        same(&methods.iter().any(|it| it == "wp.getPosts"), &true)?;
        let help = client.call("system.methodHelp", ("wp.getPosts",)).await;
        same(&fault(help)?.0, &-32601)?;
        Err(Cannot("it has only `system.listMethods`").into())
    }

    async fn large_answer(&self) -> Result {
        let blog = self.stub()?;
        let text = "x".repeat(4_000_000);
        let content = PostContent {
            post_title: Some("large"),
            post_content: Some(&text),
            post_status: Some("private"),
            ..PostContent::default()
        };
        for _ in 0..5 {
            blog.create_post(&content).await?;
        }
        let filter = PostFilter {
            post_status: Some(&["private"]),
            number: Some(5),
            ..PostFilter::default()
        };
        let posts = blog.posts(&filter).await?;
        let length = posts.iter().map(|post| post.content.len()).sum::<usize>();
        for post in posts {
            delete(&blog, post.id).await?;
        }
        same(&length, &20_000_000)
    }

    /// The user and the password are parameters.
    async fn passwords(&self) -> Result {
        same(
            &self.stub()?.profile().await?.roles,
            &vec!["administrator".to_owned()],
        )?;
        for (user, password) in [("ada", "wrong"), ("nobody", "secret")] {
            let blog = WordPressClient::new(self.client()?);
            let blog = blog.with_leading_params((1, user, password));
            let wrong = blog.profile().await.err();
            let wrong = wrong.and_then(|error| error.fault_as());
            let expected = WordPressError::Forbidden("Incorrect username or password.".to_owned());
            same(&wrong, &Some(expected))?;
        }
        Ok(())
    }

    async fn example(&self) -> Result {
        let blog = self.stub()?;
        let (text, picture) = (self.folder.join("text"), self.folder.join("dot.png"));
        fs::write(&text, "A & B\n\nThe <b>text</b>.\n")?;
        fs::write(&picture, PICTURE)?;
        let environment = |password| {
            [
                ("WORDPRESS_URL", self.installation.url()),
                ("WORDPRESS_USER", "ada"),
                ("WORDPRESS_PASSWORD", password),
            ]
        };
        let arguments = [utf8(&text)?, utf8(&picture)?];
        let printed = example_in("wordpress", &environment("secret"), &arguments).await?;
        let parts = [
            "\"Engines &amp; more\", WordPress 6",
            "logged in as ada (administrator)",
            "1 \"Hello world!\", publish",
            "A WordPress Commenter: ",
            "uploaded http://",
            "dot",
            ".png\n",
            "\"A & B\", draft",
            "Rust",
            "dot",
        ];
        holds(&printed, &parts)?;
        let wrong = example_in("wordpress", &environment("wrong"), &[])
            .await
            .err();
        let wrong = wrong.map(|error| error.to_string()).unwrap_or_default();
        holds(&wrong, &["Incorrect username or password."])?;
        self.methods(&blog).await
    }

    /// The methods that the example has but its program does not call.
    async fn methods(&self, blog: &WordPressClient<Http>) -> Result {
        let site = blog.site(&Site::SETTINGS).await?;
        same(&site.software_version.readonly, &true)?;
        let tags: &[&str] = &["one", "two"];
        let content = PostContent {
            post_title: Some("a post"),
            post_content: Some("text"),
            post_status: Some("publish"),
            comment_status: Some("open"),
            terms_names: Some(BTreeMap::from([("post_tag", tags)])),
            ..PostContent::default()
        };
        let id = blog.create_post(&content).await?;
        let post = blog.post(id).await?;
        same(&(post.thumbnail, post.parent), &(None, None))?;
        same(
            &post.date.is_some_and(|date: DateTime| date.year() > 2000),
            &true,
        )?;
        let terms = blog.terms("post_tag").await?;
        same(
            &terms
                .iter()
                .any(|term| term.name == "two" && term.count == 1),
            &true,
        )?;
        let comment = NewComment {
            content: "First",
            ..NewComment::default()
        };
        let first = blog.comment(id, &comment).await?;
        let reply = NewComment {
            content: "Second",
            comment_parent: Some(first),
        };
        let second = blog.comment(id, &reply).await?;
        let mut comments = blog.comments(&CommentFilter::from(id)).await?;
        comments.sort_by_key(|comment| comment.id);
        let found: Vec<_> = comments.iter().map(|it| (it.id, it.parent)).collect();
        same(&found, &vec![(first, None), (second, Some(first))])?;
        same(&blog.comment_count(id).await?.approved, &2)?;
        same(&blog.delete_comment(second).await?, &true)?;
        same(&blog.delete_post(id).await?, &true)
    }
}

/// A picture of one pixel.
const PICTURE: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x04\0\0\0\xb5\x1c\x0c\x02\
    \0\0\0\x0bIDATx\xdacd\xf8_\x0f\0\x02\x87\x01\x80\xebG\xba\x92\0\0\0\0IEND\xaeB`\x82";

/// Deletes a post that no other case should see.
async fn delete(blog: &WordPressClient<Http>, id: Id) -> Result {
    for _ in ["into the trash", "out of it"] {
        same(&blog.delete_post(id).await?, &true)?;
    }
    Ok(())
}

async fn hello(client: &Client) -> Result {
    let answer = client.call::<String>("demo.sayHello", ()).await?;
    same(&answer, &"Hello!".to_owned())
}
