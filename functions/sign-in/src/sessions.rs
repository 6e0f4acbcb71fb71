//! Looking at one's own sessions, and ending them.

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::auth::set_cookie;
use shared::error::{Error, ErrorKind};
use shared::http::{Done, answer};
use shared::id::SessionId;
use shared::session::Stage;
use shared::store::sessions::named;
use shared::store::transaction::Refusal;

use crate::SignIn;
use crate::wire::{ListedSession, SessionList, SessionView};

impl SignIn {
    /// The session that asks, however far it has come.
    pub(crate) async fn session(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let now = self.front.clock.now();
        let caller = self.front.caller(request).await?;
        Ok(answer(
            200,
            &SessionView::of(&caller.session, &caller.credential, now),
        ))
    }

    /// The caller's sessions that have not ended.
    pub(crate) async fn sessions(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let now = self.front.clock.now();
        let caller = self.front.signed_in(request).await?;
        let kept = self
            .front
            .store
            .sessions_of(&caller.credential.person)
            .await?;
        let alive = kept.into_iter().filter(|it| {
            it.session.stage == Stage::SignedIn
                && it.session.ended(now).is_none()
                && caller.credential.honours(&it.session)
        });
        let sessions = alive
            .map(|it| ListedSession::of(it, &caller.session))
            .collect();
        Ok(answer(200, &SessionList { sessions }))
    }

    /// Ends the session that asks. One that has ended already is signed out as well.
    pub(crate) async fn sign_out(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        self.front.auth.is_own_page(request)?;
        let now = self.front.clock.now();
        match self.front.caller(request).await {
            Ok(caller) => {
                let act = caller.act("sign_out");
                self.end(&act, &caller.token_hash, now).await?;
            }
            Err(error) if error.kind == ErrorKind::Unauthenticated => {}
            Err(error) => return Err(error),
        }
        let mut response = answer(200, &Done { done: true });
        response.cookies.push(set_cookie(None));
        Ok(response)
    }

    /// Ends one of the caller's sessions.
    pub(crate) async fn revoke(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        self.front.auth.is_own_page(request)?;
        let now = self.front.clock.now();
        let caller = self.front.signed_in(request).await?;
        let id = request.path_parameters.get("id").map(String::as_str);
        let id = SessionId::parse(id.unwrap_or_default()).map_err(|_| no_such_session())?;
        let kept = self
            .front
            .store
            .sessions_of(&caller.credential.person)
            .await?;
        let session = named(&kept, &id, now).ok_or_else(no_such_session)?;
        let mut act = caller.act("revoke_session");
        act.subject = Some(id.to_string());
        self.end(&act, &session.token_hash, now).await?;
        let mut response = answer(200, &Done { done: true });
        if session.token_hash == caller.token_hash {
            response.cookies.push(set_cookie(None));
        }
        Ok(response)
    }

    /// Ends a session. That somebody else has ended it meanwhile is as well.
    async fn end(
        &self,
        act: &shared::audit::Act,
        token_hash: &str,
        now: shared::time::Timestamp,
    ) -> Result<(), Error> {
        let ended = self.front.store.commit_act(act, now, |transaction| {
            transaction.end_session(&self.front.store, token_hash);
            Ok(())
        });
        match ended.await {
            Ok(()) | Err(Refusal::Conditions(_)) => Ok(()),
            Err(Refusal::Failed(error)) => Err(error),
        }
    }
}

fn no_such_session() -> Error {
    Error::new(
        ErrorKind::NotFound,
        "no_such_session",
        "You have no such session. It may have ended already.",
    )
}
