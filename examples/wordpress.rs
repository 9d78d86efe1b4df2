//! Shows the newest posts of a WordPress blog, or saves a text as a draft, perhaps with a picture.
//!
//! `cargo run --example wordpress [TEXT [PICTURE]]`, which are paths of files. The first line of the text is the title.
//! Set `WORDPRESS_URL`, such as `https://blog.example.com/xmlrpc.php`, `WORDPRESS_USER` and `WORDPRESS_PASSWORD`, which
//! can be an application password.

use std::{collections::BTreeMap, env, error::Error, fs, path::Path, process::ExitCode};

use xmlrpc_client::{Client, ClientError, Http};
use xmlrpc_core::Base64;
use xmlrpc_examples::{
    environment::required,
    wordpress::{File, Id, Post, PostContent, PostFilter, Site, WordPressClient, WordPressError},
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

async fn run(text: Option<String>, picture: Option<String>) -> Result<(), Box<dyn Error>> {
    let client = Client::new(required("WORDPRESS_URL")?)?;
    let (user, password) = (required("WORDPRESS_USER")?, required("WORDPRESS_PASSWORD")?);
    // WordPress ignores the number of the blog.
    let blog = WordPressClient::new(client).with_leading_params((1, user, password));
    show(&blog).await.map_err(explain)?;
    if let Some(path) = text {
        let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        let picture = match picture {
            Some(path) => Some(upload(&blog, Path::new(&path)).await?),
            None => None,
        };
        print(&save(&blog, &text, picture).await?);
    }
    Ok(())
}

fn explain(error: ClientError) -> Box<dyn Error> {
    match error.fault_as() {
        Some(WordPressError::Forbidden(text) | WordPressError::NotAllowed(text)) => text.into(),
        _ => error.into(),
    }
}

async fn show(blog: &WordPressClient<Http>) -> Result<(), ClientError> {
    let filter = PostFilter::default();
    let calls = (
        blog.site(&Site::SETTINGS),
        blog.profile(),
        blog.posts(&filter),
    );
    let (site, user, posts) = blog.client().multicall(calls).await?;
    let (site, user) = (site?, user?);
    println!(
        "{:?}, WordPress {}",
        site.blog_title.value, site.software_version.value
    );
    println!(
        "logged in as {} ({})",
        user.display_name,
        user.roles.join(", ")
    );
    let posts = posts?;
    let comments = posts.iter().map(|post| blog.comments(&post.id.into()));
    let comments = blog.client().multicall_iter(comments).await?;
    for (post, comments) in posts.iter().zip(comments) {
        print(post);
        for comment in comments? {
            println!("    {}: {}", comment.author, comment.content);
        }
    }
    Ok(())
}

async fn upload(blog: &WordPressClient<Http>, path: &Path) -> Result<Id, Box<dyn Error>> {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| format!("{} has no name in UTF-8", path.display()))?;
    let media_type = match path.extension().and_then(|it| it.to_str()) {
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        _ => return Err(format!("{} is not a PNG or JPEG picture", path.display()).into()),
    };
    let bits = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let file = File {
        name,
        media_type,
        bits: Base64(bits),
    };
    let upload = blog.upload(&file).await?;
    println!("uploaded {}", upload.url);
    Ok(upload.id)
}

async fn save(
    blog: &WordPressClient<Http>,
    text: &str,
    picture: Option<Id>,
) -> Result<Post, ClientError> {
    let (title, content) = text.split_once('\n').unwrap_or((text, ""));
    let post = PostContent {
        post_title: Some(title.trim()),
        post_content: Some(content.trim()),
        post_status: Some("draft"),
        post_thumbnail: picture,
        terms_names: Some(BTreeMap::from([("post_tag", &["Rust"][..])])),
        ..PostContent::default()
    };
    let id = blog.create_post(&post).await?;
    blog.post(id).await
}

fn print(post: &Post) {
    let (id, title, status) = (post.id, &post.title, &post.status);
    print!("{id} {title:?}, {status}");
    if let Some(date) = post.date {
        print!(", {date}");
    }
    for term in &post.terms {
        print!(", {}", term.name);
    }
    match &post.thumbnail {
        Some(picture) => println!(", {}", picture.title),
        None => println!(),
    }
}
