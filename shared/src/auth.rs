//! Frame: who is asking, and whether they may. Deny by default: everything is read anew from the tables at each request.

mod edge;

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use serde_json::Value;

use self::edge::Edge;
use crate::audit::{Act, Actor, Outcome};
use crate::config::Env;
use crate::credential::Credential;
use crate::error::{Error, ErrorKind};
use crate::http;
use crate::id::AdminId;
use crate::policy::Operation;
use crate::session::{self, Ended, Session, Stage};
use crate::staff::Role;
use crate::store::Store;
use crate::time::Timestamp;

/// The cookie of a session. Its prefix makes a browser insist on this host, on HTTPS and on the whole site as its path.
pub const COOKIE: &str = "__Host-session";

/// The code of a refusal to whoever shows no session at all.
pub const SIGNED_OUT: &str = "signed_out";

/// The header that a page of our own sends with every change: another site's form cannot.
pub const CLIENT_HEADER: &str = "x-linky-client";

/// Tells who is asking.
#[derive(Debug, Clone)]
pub struct Auth {
    portal_origin: String,
    edge: Edge,
}

/// From where a request came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The address: as the gateway saw it, or as our own CloudFront says.
    pub address: String,
    /// What the browser calls itself.
    pub device: String,
    /// The request, as the logs name it.
    pub request_id: String,
}

/// Somebody with a session, however far they have come in signing in.
#[derive(Debug, Clone)]
pub struct Caller {
    /// What they sign in with.
    pub credential: Credential,
    /// Their session.
    pub session: Session,
    /// Where it is kept.
    pub token_hash: String,
    /// From where they ask.
    pub origin: Origin,
}

/// An administrator who is signed in and may do what they ask for.
#[derive(Debug, Clone)]
pub struct Admin {
    /// Who.
    pub id: AdminId,
    /// In which role, as it is now.
    pub role: Role,
    /// The caller.
    pub caller: Caller,
}

impl Auth {
    /// As the environment's `PORTAL_URL` says where our own pages are.
    ///
    /// # Errors
    /// `Internal` where the setting is missing.
    pub fn of(env: &Env) -> Result<Self, Error> {
        let url = env.required("PORTAL_URL")?;
        let after_scheme = url.find("://").map_or(0, |at| at + 3);
        let host_ends = url[after_scheme..]
            .find('/')
            .map_or(url.len(), |at| after_scheme + at);
        Ok(Self {
            portal_origin: url[..host_ends].to_owned(),
            edge: Edge::of(env)?,
        })
    }

    /// Refuses a change that no page of ours sent. Reading is left to the cookie, which other sites' requests do not carry.
    ///
    /// # Errors
    /// `Forbidden`.
    pub fn is_own_page(&self, request: &ApiGatewayV2httpRequest) -> Result<(), Error> {
        let own = http::header(request, CLIENT_HEADER).is_some_and(|client| !client.is_empty())
            && http::header(request, "origin") == Some(&self.portal_origin);
        if own {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Forbidden,
            "foreign_origin",
            format!("Send this from the portal, with its Origin and the header {CLIENT_HEADER}."),
        ))
    }

    /// Whoever has the session that the request's cookie names, however far they have come.
    ///
    /// # Errors
    /// `Unauthenticated` where there is none, or it has ended; `Unavailable`.
    pub async fn caller(
        &self,
        store: &Store,
        request: &ApiGatewayV2httpRequest,
        now: Timestamp,
    ) -> Result<Caller, Error> {
        let token = cookie(request).ok_or_else(|| unauthenticated(SIGNED_OUT, "Sign in first."))?;
        let token_hash = session::token_hash(token);
        let known = store.session(&token_hash).await?;
        let (session, credential) = known
            .filter(|(session, credential)| credential.honours(session))
            .ok_or_else(|| {
                unauthenticated("session_ended", "This session was ended. Sign in again.")
            })?;
        match session.ended(now) {
            None => {}
            Some(Ended::Idle) => {
                return Err(unauthenticated(
                    "session_idle",
                    "Nothing was heard from this session for a while, so it has ended. Sign in again.",
                ));
            }
            Some(Ended::Lasted) => {
                return Err(unauthenticated(
                    "session_expired",
                    "This session has lasted as long as any may. Sign in again.",
                ));
            }
        }
        let mut session = session;
        if session.stage == Stage::SignedIn
            && let Some(seen) = session.seen(now)
        {
            store.session_seen(&token_hash, &seen).await?;
            session = seen;
        }
        Ok(Caller {
            credential,
            session,
            token_hash,
            origin: self.origin(request),
        })
    }

    /// From where a request came.
    pub fn origin(&self, request: &ApiGatewayV2httpRequest) -> Origin {
        let context = &request.request_context;
        Origin {
            address: self.edge.viewer(request),
            device: session::device(context.http.user_agent.as_deref().unwrap_or_default()),
            request_id: context.request_id.clone().unwrap_or_default(),
        }
    }

    /// Whoever is signed in.
    ///
    /// # Errors
    /// As [`caller`](Self::caller), and `Unauthenticated` where the second factor is missing.
    pub async fn signed_in(
        &self,
        store: &Store,
        request: &ApiGatewayV2httpRequest,
        now: Timestamp,
    ) -> Result<Caller, Error> {
        let caller = self.caller(store, request, now).await?;
        match caller.session.stage {
            Stage::SignedIn => Ok(caller),
            Stage::SecondFactor => Err(unauthenticated(
                "second_factor_missing",
                "Enter the code of your authenticator app first.",
            )),
            Stage::Enrolment => Err(unauthenticated(
                "enrolment_missing",
                "Set up an authenticator app first.",
            )),
        }
    }

    /// The administrator who asks for `operation` and may have it done. A refusal for want of the role is kept.
    ///
    /// # Errors
    /// As [`signed_in`](Self::signed_in); `Forbidden` where the role is too low, or a code has to be shown first.
    pub async fn admin(
        &self,
        store: &Store,
        request: &ApiGatewayV2httpRequest,
        operation: Operation,
        now: Timestamp,
    ) -> Result<Admin, Error> {
        if operation != Operation::Read {
            self.is_own_page(request)?;
        }
        let caller = self.signed_in(store, request, now).await?;
        let (Some(id), Some(role)) = (caller.credential.person.admin(), caller.credential.role)
        else {
            return Err(not_for_customers());
        };
        let admin = Admin { id, role, caller };
        if !operation.is_for(role) {
            let refused = Act {
                outcome: Outcome::Refused,
                code: Some("role_too_low".to_owned()),
                subject: request.path_parameters.get("id").cloned(),
                ..admin.act(operation.as_str())
            };
            store.note_act(&refused, now).await?;
            return Err(Error::new(
                ErrorKind::Forbidden,
                "role_too_low",
                format!(
                    "Your role is {role}; this needs {} or higher. Ask an owner.",
                    operation.least_role()
                ),
            ));
        }
        if operation.needs_step_up() && admin.caller.session.stepped_up_until(now).is_none() {
            return Err(Error::new(
                ErrorKind::Forbidden,
                "step_up_required",
                "Enter a code of your authenticator app first: this moves money or decides who may.",
            ));
        }
        Ok(admin)
    }
}

impl Origin {
    /// An act that came from here.
    pub fn act(&self, actor: Actor, operation: &str) -> Act {
        Act {
            actor,
            role: None,
            address: Some(self.address.clone()),
            device: Some(self.device.clone()),
            operation: operation.to_owned(),
            subject: None,
            reason: None,
            before: Value::Null,
            after: Value::Null,
            outcome: Outcome::Done,
            code: None,
            action: None,
            request_id: self.request_id.clone(),
        }
    }
}

impl Caller {
    /// Something the caller does.
    pub fn act(&self, operation: &str) -> Act {
        Act {
            role: self.credential.role,
            ..self
                .origin
                .act(Actor::person(&self.credential.person), operation)
        }
    }
}

impl Admin {
    /// Something the administrator does.
    pub fn act(&self, operation: &str) -> Act {
        self.caller.act(operation)
    }
}

/// The token of the session cookie. Two cookies of the name are somebody's mischief, and none counts.
fn cookie(request: &ApiGatewayV2httpRequest) -> Option<&str> {
    let cookies = request.cookies.as_ref()?.iter();
    let mut tokens = cookies.filter_map(|cookie| cookie.strip_prefix(COOKIE)?.strip_prefix('='));
    tokens.next().filter(|_| tokens.next().is_none())
}

fn unauthenticated(code: &'static str, message: &str) -> Error {
    Error::new(ErrorKind::Unauthenticated, code, message)
}

fn not_for_customers() -> Error {
    Error::new(
        ErrorKind::Forbidden,
        "not_an_administrator",
        "This is for administrators.",
    )
}

/// What a browser is told to keep as its session; `None` has it forget.
pub fn set_cookie(token: Option<&str>) -> String {
    let attributes = "Path=/; Secure; HttpOnly; SameSite=Strict";
    match token {
        Some(token) => format!("{COOKIE}={token}; {attributes}"),
        None => format!("{COOKIE}=; {attributes}; Max-Age=0"),
    }
}
