//! The second step: codes of an authenticator app, and setting one up.

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::audit::{Act, Outcome};
use shared::auth::{Caller, set_cookie};
use shared::error::{Error, ErrorKind};
use shared::http::{self, answer};
use shared::random;
use shared::second_factor::{Authenticator, RECOVERY_CODES, recovery_code};
use shared::secret::Secret;
use shared::session::{Session, Stage};

use crate::password::guesses;
use crate::wire::{CodeForm, Enrolled, OfferedAuthenticator, SessionView};
use crate::{SignIn, answer_with, kept_under, raced};

impl SignIn {
    /// Finishes a sign-in with a code of the app, or a recovery code.
    pub(crate) async fn second_factor(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        self.front.auth.is_own_page(request)?;
        let form: CodeForm = http::json_body(request)?;
        let caller = self.front.caller(request).await?;
        if caller.session.stage != Stage::SecondFactor {
            return Err(Error::conflict(
                "nothing_to_confirm",
                "No sign-in waits for a code. Sign in with your password first.",
            ));
        }
        let (token, view) = self
            .shown(caller, &form.code, true, "second_factor")
            .await?;
        Ok(answer_with(&token, &view))
    }

    /// Opens what moves money for some minutes.
    pub(crate) async fn step_up(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        self.front.auth.is_own_page(request)?;
        let form: CodeForm = http::json_body(request)?;
        let caller = self
            .front
            .auth
            .signed_in(&self.front.store, request, self.front.clock.now())
            .await?;
        let (token, view) = self.shown(caller, &form.code, false, "step_up").await?;
        Ok(answer_with(&token, &view))
    }

    /// Takes a code that was shown: the session goes on, signed in and stepped up, under a new token.
    async fn shown(
        &self,
        caller: Caller,
        code: &str,
        recovery: bool,
        operation: &str,
    ) -> Result<(Secret, SessionView), Error> {
        let now = self.front.clock.now();
        let guesses = guesses(
            Some(&caller.credential),
            &caller.credential.email,
            &caller.origin,
        );
        self.front.store.count_guess(&guesses, now).await?;
        let mut credential = caller.credential.clone();
        if let Err(error) = credential.take_code(code, recovery, now) {
            let act = Act {
                outcome: Outcome::Refused,
                code: Some(error.code.to_owned()),
                ..caller.act(operation)
            };
            self.front.store.note_act(&act, now).await?;
            return Err(error);
        }
        credential.came_from(&caller.origin.address);
        let (token, session) = self.renewed(&caller, Stage::SignedIn)?;
        let act = caller.act(operation);
        let made = self.front.store.commit_act(&act, now, |transaction| {
            transaction.end_session(&self.front.store, &caller.token_hash);
            transaction.begin_session(&self.front.store, &kept_under(&token), &session)?;
            transaction.forget_guesses(&self.front.store, &guesses, now);
            transaction.credential(&self.front.store, &credential)
        });
        made.await.map_err(raced)?;
        let view = SessionView::of(&session, &credential, now);
        Ok((token, view))
    }

    /// Offers an authenticator, which counts once it has shown a code.
    pub(crate) async fn offer_authenticator(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        self.front.auth.is_own_page(request)?;
        let now = self.front.clock.now();
        let caller = self.front.caller(request).await?;
        self.may_enrol(&caller)?;
        let mut credential = caller.credential.clone();
        let offered = Authenticator::new(random::bytes()?);
        credential.offered = Some(offered.clone());
        let act = caller.act("offer_authenticator");
        let made = self.front.store.commit_act(&act, now, |transaction| {
            transaction.credential(&self.front.store, &credential)
        });
        made.await.map_err(raced)?;
        Ok(answer(
            200,
            &OfferedAuthenticator {
                secret: offered.secret().reveal().to_owned(),
                url: offered.url(&credential.email).reveal().to_owned(),
            },
        ))
    }

    /// Makes the offered authenticator the one that counts, and signs in.
    pub(crate) async fn confirm_authenticator(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        self.front.auth.is_own_page(request)?;
        let form: CodeForm = http::json_body(request)?;
        let now = self.front.clock.now();
        let caller = self.front.caller(request).await?;
        self.may_enrol(&caller)?;
        let mut credential = caller.credential.clone();
        let codes = (0..RECOVERY_CODES)
            .map(|_| Ok(recovery_code(random::bytes()?)))
            .collect::<Result<Vec<Secret>, Error>>()?;
        credential.enrol(&form.code, &codes, now)?;
        credential.came_from(&caller.origin.address);
        let (token, session): (Secret, Session) = self.renewed(&caller, Stage::SignedIn)?;
        let act = caller.act("set_up_authenticator");
        let made = self.front.store.commit_act(&act, now, |transaction| {
            transaction.end_session(&self.front.store, &caller.token_hash);
            transaction.begin_session(&self.front.store, &kept_under(&token), &session)?;
            transaction.credential(&self.front.store, &credential)
        });
        made.await.map_err(raced)?;
        let mut response = answer(
            200,
            &Enrolled {
                session: SessionView::of(&session, &credential, now),
                recovery_codes: codes.iter().map(|code| code.reveal().to_owned()).collect(),
            },
        );
        response.cookies.push(set_cookie(Some(token.reveal())));
        Ok(response)
    }

    /// An app is set up where there is none yet, or by somebody who has just shown a code of the one there is.
    fn may_enrol(&self, caller: &Caller) -> Result<(), Error> {
        let is_first = caller.credential.authenticator.is_none();
        let now = self.front.clock.now();
        let may = match caller.session.stage {
            Stage::Enrolment => is_first,
            Stage::SignedIn => is_first || caller.session.stepped_up_until(now).is_some(),
            Stage::SecondFactor => false,
        };
        if may {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Forbidden,
            "step_up_required",
            "Enter a code of the authenticator app you have before you set up another.",
        ))
    }
}
