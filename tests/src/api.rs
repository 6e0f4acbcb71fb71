//! The HTTP API of the portal as a table of routes, from the types that the functions read and answer with: the OpenAPI
//! document is made of it, and the probes of who may do what.

mod document;
pub mod probes;
mod routes;

use shared::policy::Operation;
use utoipa::openapi::path::Parameter;
use utoipa::openapi::{Ref, RefOr, schema::Schema};
use utoipa::{IntoParams, ToSchema};

pub use document::document;
pub use routes::routes;

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Anybody.
    Nobody,
    /// Whoever has a session, however far it has come.
    Session,
    /// Whoever is signed in.
    SignedIn,
    /// An administrator who may do this.
    Admin(Operation),
}

/// A schema with the schemas it refers to, each under its name.
#[derive(Clone)]
pub struct Described {
    name: String,
    schemas: Vec<(String, RefOr<Schema>)>,
}

/// One operation of the API.
#[derive(Clone)]
pub struct Route {
    /// The method.
    pub method: &'static str,
    /// The path, its parameters in braces.
    pub path: &'static str,
    /// What it is for, in one line.
    pub summary: &'static str,
    /// Who may come in.
    pub needs: Needs,
    /// Whether the action's id goes with it, as `Idempotency-Key`.
    pub keyed: bool,
    /// The parameters behind the question mark.
    pub query: Vec<Parameter>,
    /// The types that those refer to.
    pub in_query: Vec<Described>,
    /// What is sent.
    pub body: Option<Described>,
    /// What a body that is in order looks like, as JSON.
    pub sample: &'static str,
    /// What is answered, with the statuses of it.
    pub answers: (Vec<u16>, Described),
}

impl Described {
    /// The schema of a type.
    pub fn of<T: ToSchema>() -> Self {
        let mut schemas = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut schemas);
        Self {
            name: T::name().into_owned(),
            schemas,
        }
    }

    fn reference(&self) -> Ref {
        Ref::from_schema_name(&self.name)
    }
}

impl Route {
    fn new<A: ToSchema>(
        method: &'static str,
        path: &'static str,
        needs: Needs,
        summary: &'static str,
    ) -> Self {
        Self {
            method,
            path,
            summary,
            needs,
            keyed: false,
            query: Vec::new(),
            in_query: Vec::new(),
            body: None,
            sample: "",
            answers: (vec![200], Described::of::<A>()),
        }
    }

    /// Something that an administrator looks at.
    fn read<A: ToSchema>(path: &'static str, summary: &'static str) -> Self {
        Self::new::<A>("GET", path, Needs::Admin(Operation::Read), summary)
    }

    /// A change.
    fn change<B: ToSchema, A: ToSchema>(
        (method, path): (&'static str, &'static str),
        needs: Needs,
        sample: &'static str,
        summary: &'static str,
    ) -> Self {
        Self {
            body: Some(Described::of::<B>()),
            sample,
            ..Self::new::<A>(method, path, needs, summary)
        }
    }

    fn with_query<Q: IntoParams>(mut self) -> Self {
        self.query = Q::into_params(|| None);
        self
    }

    fn naming<T: ToSchema>(mut self) -> Self {
        self.in_query.push(Described::of::<T>());
        self
    }

    const fn keyed(mut self) -> Self {
        self.keyed = true;
        self
    }

    fn answering(mut self, statuses: &[u16]) -> Self {
        self.answers.0 = statuses.to_vec();
        self
    }

    /// Its name among the operations of the document.
    pub fn id(&self) -> String {
        let words = self.path.split(['/', '{', '}', '-', '.']);
        let words = words.filter(|word| !word.is_empty() && *word != "api");
        std::iter::once(self.method.to_lowercase())
            .chain(words.map(str::to_owned))
            .collect::<Vec<_>>()
            .join("_")
    }
}
