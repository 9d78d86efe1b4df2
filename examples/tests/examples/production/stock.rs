//! The methods and their database.

use rustix::process::Signal;

use super::{
    process::Folder,
    shop::{Article, StockError, article},
};

#[test]
fn takes_only_what_there_is() {
    let folder = Folder::new();
    let server = folder.start(&mut folder.open());
    let stock = server.stock();
    assert_eq!(
        stock
            .put(&[article("nail", 5), article("nut", 0)])
            .wait()
            .unwrap(),
        2
    );
    assert_eq!(stock.take("nail", 3).wait().unwrap(), 2);
    let too_few = stock.take("nail", 3).wait().unwrap_err();
    let expected = StockError::TooFew {
        article: "nail".to_owned(),
        left: 2,
    };
    assert_eq!(too_few.fault_as(), Some(expected));
    assert_eq!(stock.take("nail", 2).wait().unwrap(), 0);
    assert_eq!(stock.level("nail").wait().unwrap(), 0);

    let unknown = Some(StockError::Unknown("bolt".to_owned()));
    assert_eq!(
        stock.take("bolt", 1).wait().unwrap_err().fault_as(),
        unknown
    );
    assert_eq!(stock.level("bolt").wait().unwrap_err().fault_as(), unknown);
    assert!(matches!(
        stock.take("nail", -1).wait().unwrap_err().fault_as(),
        Some(StockError::Invalid { .. })
    ));
}

#[test]
fn puts_all_articles_or_none() {
    let folder = Folder::new();
    let server = folder.start(&mut folder.open());
    let stock = server.stock();
    let described = |bytes: usize| Article {
        description: "d".repeat(bytes),
        ..article(&"n".repeat(200), 0)
    };
    let invalid = [
        article("", 1),
        article(&"n".repeat(201), 1),
        article("x", -1),
        described(10_001),
    ];
    for invalid in invalid {
        let error = stock
            .put(&[article("nail", 1), invalid])
            .wait()
            .unwrap_err();
        assert!(
            matches!(error.fault_as(), Some(StockError::Invalid { .. })),
            "{error}"
        );
        assert!(stock.find("", None).wait().unwrap().is_empty());
    }
    assert_eq!(stock.put(&[described(10_000)]).wait().unwrap(), 1);
}

#[test]
fn finds_by_prefix_in_order() {
    let folder = Folder::new();
    let server = folder.start(&mut folder.open());
    let stock = server.stock();
    let names = |articles: Vec<Article>| articles.into_iter().map(|it| it.name).collect::<Vec<_>>();
    let all: Vec<_> = ["b", "a%2", "a%1", "a1", "é1"]
        .iter()
        .map(|name| article(name, 1))
        .collect();
    stock.put(&all).wait().unwrap();
    for (prefix, limit, expected) in [
        ("a%", None, &["a%1", "a%2"][..]),
        ("a", Some(2), &["a%1", "a%2"]),
        ("a", Some(0), &[]),
        ("é", None, &["é1"]),
        ("", None, &["a%1", "a%2", "a1", "b", "é1"]),
        ("c", None, &[]),
    ] {
        assert_eq!(
            names(stock.find(prefix, limit).wait().unwrap()),
            expected,
            "{prefix:?}"
        );
    }
    // By default, 100 articles.
    let many: Vec<_> = (0..101)
        .map(|number| article(&format!("m{number}"), 1))
        .collect();
    stock.put(&many).wait().unwrap();
    assert_eq!(stock.find("m", None).wait().unwrap().len(), 100);
    assert_eq!(stock.find("m", Some(101)).wait().unwrap().len(), 101);
}

#[test]
fn several_processes_share_the_database_and_it_survives_a_kill() {
    let folder = Folder::new();
    let (first, mut second) = (
        folder.start(&mut folder.open()),
        folder.start(&mut folder.open()),
    );
    first.stock().put(&[article("nail", 1_000)]).wait().unwrap();
    let takers = [first.stock(), second.stock()].map(|stock| {
        std::thread::spawn(move || {
            for _ in 0..100 {
                stock.take("nail", 1).wait().unwrap();
            }
        })
    });
    takers.into_iter().for_each(|taker| taker.join().unwrap());
    second.signal(Signal::KILL);
    second.ended();
    drop(first);
    let third = folder.start(&mut folder.open());
    assert_eq!(third.stock().level("nail").wait().unwrap(), 800);
}

/// What articles take may be 24 MiB in one call, but not one byte more.
#[test]
fn finds_at_most_24_mib() {
    // What each article counts besides its texts.
    const ARTICLE: usize = 200;
    let folder = Folder::new();
    let server = folder.start(&mut folder.open());
    let stock = server.stock();
    let of_size = |name: String, bytes: usize| Article {
        description: "d".repeat(bytes - ARTICLE - name.len()),
        ..article(&name, 0)
    };
    let mut left = 24 << 20;
    for part in 0..4 {
        let articles = (0..629).map(|number| {
            left -= 9_999;
            of_size(format!("{part}{number:03}"), 9_999)
        });
        stock.put(&articles.collect::<Vec<_>>()).wait().unwrap();
    }
    let rest = |bytes| of_size("rest".to_owned(), bytes);
    stock.put(&[rest(left)]).wait().unwrap();
    assert_eq!(stock.find("", Some(10_000)).wait().unwrap().len(), 2_517);
    stock.put(&[rest(left + 1)]).wait().unwrap();
    let error = stock.find("", Some(10_000)).wait().unwrap_err();
    assert_eq!(
        error.fault_as(),
        Some(StockError::TooLarge { bytes: 24 << 20 })
    );
    assert_eq!(stock.find("", Some(2_516)).wait().unwrap().len(), 2_516);
}

/// Articles without texts take memory as well.
#[test]
fn finds_at_most_20_000_articles() {
    let folder = Folder::new();
    let server = folder.start(&mut folder.open());
    let stock = server.stock();
    let articles: Vec<_> = (0..20_000)
        .map(|number| article(&format!("{number:x}"), 0))
        .collect();
    stock.put(&articles).wait().unwrap();
    assert_eq!(stock.find("", Some(u32::MAX)).wait().unwrap().len(), 20_000);
    stock.put(&[article("one more", 0)]).wait().unwrap();
    assert_eq!(stock.find("", Some(20_000)).wait().unwrap().len(), 20_000);
    let error = stock.find("", Some(20_001)).wait().unwrap_err();
    assert_eq!(
        error.fault_as(),
        Some(StockError::TooMany { articles: 20_000 })
    );
}
