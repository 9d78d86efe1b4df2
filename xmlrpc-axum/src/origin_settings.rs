//! Which web pages may call an endpoint.

use std::sync::Arc;

use crate::Endpoint;

impl Endpoint {
    /// Allows web pages of this origin to call, for example `https://app.example`. You can call
    /// this several times.
    ///
    /// A web page can make a browser send requests to any server that its user can reach, including
    /// one on `localhost`. The browser adds where the page comes from. The server refuses a request
    /// with 403 if
    ///
    /// * its `Origin` has another host or port than its `Host`. The scheme may differ, because a
    ///   proxy may handle TLS. The origin `null` counts as foreign.
    /// * its `Sec-Fetch-Site` is not `same-origin` or `none`. So `same-site`, which means another
    ///   port of the same host or another subdomain, counts as foreign.
    ///
    /// Clients that are not browsers send neither header. Scheme, host and port are compared
    /// case-insensitively.
    ///
    /// Pages that are not from an allowed origin must also use a known host name (see
    /// [`allow_host`](Self::allow_host)).
    ///
    /// A page of an allowed origin may call. To read the response, it also needs CORS headers,
    /// which `tower_http::cors::CorsLayer` adds.
    #[must_use]
    pub fn allow_origin(mut self, origin: &str) -> Self {
        Arc::make_mut(&mut self.settings).origins.allow(origin);
        self
    }

    /// Allows web pages to use this host name for the server, for example `rpc.example`. You can
    /// call this several times.
    ///
    /// A request from a browser has an `Origin` or `Sec-Fetch-Site` header. The server refuses it
    /// with 403 unless the host in its `Host` or `:authority` is an IP address, `localhost` or a
    /// name below it, the host of an [allowed origin](Self::allow_origin), or allowed here.
    /// Requests without these headers, which includes all XML-RPC clients, may use any host name.
    ///
    /// The reason is DNS rebinding. The owner of `evil.example` serves a page from there, and then
    /// makes the name resolve to `127.0.0.1`. For the browser, the page and your server now have
    /// the same origin, so the page could call and read everything. Only the host name reveals the
    /// attack.
    ///
    /// The host name is compared case-insensitively, without the port and without a dot at the end.
    /// Write non-ASCII names as browsers send them (`xn--…`).
    ///
    /// ```
    /// use xmlrpc_axum::Endpoint;
    /// use xmlrpc_core::Dispatcher;
    ///
    /// // Pages of https://rpc.example and of https://app.example may call rpc.example.
    /// let endpoint = Endpoint::new(Dispatcher::new())
    ///     .allow_host("rpc.example")
    ///     .allow_origin("https://app.example");
    /// # let _ = endpoint;
    /// ```
    #[must_use]
    pub fn allow_host(mut self, host: &str) -> Self {
        Arc::make_mut(&mut self.settings).origins.allow_host(host);
        self
    }

    /// Allows all web pages to call, under any host name. Use it for services that are public
    /// anyway.
    #[must_use]
    pub fn allow_any_origin(mut self) -> Self {
        Arc::make_mut(&mut self.settings).origins.allow_any();
        self
    }

    /// Accepts calls with the `Content-Type` `application/x-www-form-urlencoded`. By default, they are
    /// refused with 415. `curl -d` and streams of PHP send this type unless they are told otherwise.
    /// The body is still XML, and is read as it is.
    ///
    /// The risk: an HTML form on any web page can send this type to your server, and the browser does
    /// not ask the server first, as it does for `text/xml` (there is no CORS preflight). Cookies and
    /// the user's network go with it. The rules about [origins](Self::allow_origin) are the only guard
    /// against such pages, as they are for `text/plain`, which is always accepted. Browsers that send neither `Origin` nor `Sec-Fetch-Site` are not
    /// recognized. So do not combine this with [`allow_any_origin`](Self::allow_any_origin), unless
    /// everybody may call every method.
    ///
    /// `multipart/form-data` and JSON are still refused.
    ///
    /// ```
    /// use xmlrpc_axum::Endpoint;
    /// use xmlrpc_core::Dispatcher;
    ///
    /// // Now this works: curl -d @call.xml http://localhost:8000/RPC2
    /// let endpoint = Endpoint::new(Dispatcher::new()).allow_form_content_type();
    /// # let _ = endpoint;
    /// ```
    #[must_use]
    pub fn allow_form_content_type(mut self) -> Self {
        Arc::make_mut(&mut self.settings).form_content_type = true;
        self
    }
}
