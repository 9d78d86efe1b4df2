//! Doc comments and help texts, which are Markdown.

use std::collections::VecDeque;

use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{
    Alignment, BrokenLink, CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd,
    html::push_html,
};

/// Renders a text. HTML in it stays text, images become their descriptions, and links that do not lead to
/// `http` or `https` become their texts. Headings become bold, because they would not fit into the outline
/// of the page.
pub(super) fn render(text: &str) -> Markup {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    // Links to Rust items, such as [`Fault`], have no address. They become links to nowhere, whose brackets
    // are then left out.
    let broken = |link: BrokenLink<'_>| {
        let is_code = link.reference.starts_with('`') && link.reference.ends_with('`');
        is_code.then_some((CowStr::Borrowed(""), CowStr::Borrowed("")))
    };
    let parser = Parser::new_with_broken_link_callback(text, options, Some(broken));
    let mut rendered = String::new();
    push_html(&mut rendered, Safe::new(parser));
    // Rows of a table are filled up to its width, so a short text could become a long table.
    if rendered.len() > text.len().saturating_mul(16).saturating_add(4 << 10) {
        return html! { pre { (text) } };
    }
    PreEscaped(rendered)
}

/// Events of which none can become other markup than that of plain text.
struct Safe<'a, I> {
    events: I,
    /// Whether each open link leads to a web page.
    links: Vec<bool>,
    waiting: VecDeque<Event<'a>>,
}

impl<'a, I: Iterator<Item = Event<'a>>> Safe<'a, I> {
    fn new(events: I) -> Self {
        Self {
            events,
            links: Vec::new(),
            waiting: VecDeque::new(),
        }
    }

    /// The event instead of this one, or `None` if it is left out.
    fn safe(&mut self, event: Event<'a>) -> Option<Event<'a>> {
        match event {
            Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
            Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
            Event::Start(Tag::Heading { .. }) => {
                self.waiting.push_back(Event::Start(Tag::Strong));
                Some(Event::Start(Tag::Paragraph))
            }
            Event::End(TagEnd::Heading(_)) => {
                self.waiting.push_back(Event::End(TagEnd::Paragraph));
                Some(Event::End(TagEnd::Strong))
            }
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                id,
                ..
            }) => {
                let is_safe = leads_to_the_web(&dest_url);
                self.links.push(is_safe);
                is_safe.then_some(Event::Start(Tag::Link {
                    link_type,
                    dest_url,
                    title: CowStr::Borrowed(""),
                    id,
                }))
            }
            Event::End(TagEnd::Link) => {
                let is_safe = self.links.pop().unwrap_or(false);
                is_safe.then_some(event)
            }
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
            Event::Start(Tag::CodeBlock(_)) => {
                Some(Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)))
            }
            // An alignment would become a `style`, which the policy of the page forbids.
            Event::Start(Tag::Table(columns)) => Some(Event::Start(Tag::Table(vec![
                    Alignment::None;
                    columns.len()
                ]))),
            event => Some(event),
        }
    }
}

impl<'a, I: Iterator<Item = Event<'a>>> Iterator for Safe<'a, I> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        if let Some(event) = self.waiting.pop_front() {
            return Some(event);
        }
        loop {
            let event = self.events.next()?;
            if let Some(event) = self.safe(event) {
                return Some(event);
            }
        }
    }
}

fn leads_to_the_web(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else {
        return false;
    };
    (scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"))
        && !rest.is_empty()
}
