use proc_macro2::TokenStream;
use quote::ToTokens;

/// All errors in one trait or type, so that they are reported together.
#[derive(Default)]
pub(crate) struct Errors {
    all: Option<syn::Error>,
}

impl Errors {
    /// Reports `message` at `place`.
    pub(crate) fn at(&mut self, place: impl ToTokens, message: impl std::fmt::Display) {
        self.push(syn::Error::new_spanned(place, message));
    }

    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.all {
            Some(all) => all.combine(error),
            None => self.all = Some(error),
        }
    }

    /// Adds the errors of a part, if there are any.
    pub(crate) fn extend(&mut self, errors: Option<syn::Error>) {
        if let Some(errors) = errors {
            self.push(errors);
        }
    }

    /// Keeps the error of a result, or returns its value.
    pub(crate) fn check<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// The errors, if there are any.
    pub(crate) fn take(self) -> Option<syn::Error> {
        self.all
    }

    /// One `compile_error!` for each error.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.all
            .map(syn::Error::into_compile_error)
            .unwrap_or_default()
    }
}
