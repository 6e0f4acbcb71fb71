//! The first step: address and password.

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::audit::{Actor, Outcome};
use shared::auth::Origin;
use shared::credential::Credential;
use shared::error::{Error, ErrorKind};
use shared::http;
use shared::id::SessionId;
use shared::random;
use shared::secret::Secret;
use shared::session::{Session, Stage, token_hash};
use shared::time::Timestamp;

use crate::wire::{Kind, PasswordForm, SessionView};
use crate::{SignIn, answer_with, kept_under, raced};

impl SignIn {
    pub(crate) async fn password(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        self.front.auth.is_own_page(request)?;
        let form: PasswordForm = http::json_body(request)?;
        let now = self.front.clock.now();
        let origin = self.front.auth.origin(request);
        let email = form.email.trim().to_lowercase();
        let credential = match form.kind {
            Kind::Administrator => self.front.store.admin_of_email(&email).await?,
            Kind::Customer => self.front.store.credential_of_user_email(&email).await?,
        };
        let guesses = guesses(credential.as_ref(), &email, &origin);
        self.front.store.count_guess(&guesses, now).await?;
        let is_right = Credential::opens(credential.as_ref(), &Secret::new(form.password));
        let Some(mut credential) = credential.filter(|_| is_right) else {
            self.note_wrong(&email, form.kind, &origin, now).await?;
            return Err(wrong_password());
        };
        let stage = credential.stage_after_password();
        let session = Session {
            id: SessionId::parse(format!("session_{}", random::hex128()?))
                .map_err(Error::internal)?,
            person: credential.person.clone(),
            stage,
            created_at: now,
            seen_at: now,
            stepped_up_at: None,
            address: origin.address.clone(),
            device: origin.device.clone(),
        };
        let token = random::token()?;
        if stage == Stage::SignedIn {
            credential.came_from(&origin.address);
        }
        let mut act = origin.act(Actor::person(&credential.person), "sign_in");
        act.role = credential.role;
        act.outcome = match stage {
            Stage::SignedIn => Outcome::Done,
            Stage::SecondFactor | Stage::Enrolment => Outcome::Begun,
        };
        let made = self.front.store.commit_act(&act, now, |transaction| {
            transaction.begin_session(&self.front.store, &kept_under(&token), &session)?;
            if stage == Stage::SignedIn {
                transaction.forget_guesses(&self.front.store, &guesses, now);
                transaction.credential(&self.front.store, &credential)?;
            } else {
                // Wrong codes of the second factor count on: only a whole sign-in ends them.
                transaction.take_back_guess(&self.front.store, &guesses);
            }
            Ok(())
        });
        made.await.map_err(raced)?;
        Ok(answer_with(
            &token,
            &SessionView::of(&session, &credential, now),
        ))
    }

    /// Keeps that somebody guessed wrong: in the chain of the account, or of the address where there is no such account. A
    /// reader of the log alone can tell the two apart.
    async fn note_wrong(
        &self,
        email: &str,
        kind: Kind,
        origin: &Origin,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut act = origin.act(Actor::stranger(&origin.address), "sign_in");
        act.outcome = Outcome::Refused;
        act.code = Some("wrong_password".to_owned());
        // An address is no id, and somebody may have typed a password into the field.
        act.subject = Some(format!("email#{}", &token_hash(email)[..16]));
        act.reason = (kind == Kind::Customer).then(|| "as a customer".to_owned());
        self.front.store.note_act(&act, now).await
    }
}

/// Against whom a guess counts: the address it comes from, and the account, by its address whether or not there is one. From
/// where the person has signed in before, guesses of strangers elsewhere do not slow them down.
pub(crate) fn guesses(
    credential: Option<&Credential>,
    email: &str,
    origin: &Origin,
) -> Vec<String> {
    let account = token_hash(email);
    let address = &origin.address;
    let is_known = credential.is_some_and(|it| it.addresses.contains(address));
    vec![
        format!("address#{address}"),
        if is_known {
            format!("account#{account}#{address}")
        } else {
            format!("account#{account}")
        },
    ]
}

fn wrong_password() -> Error {
    Error::new(
        ErrorKind::Unauthenticated,
        "wrong_password",
        "The address or the password is not right. Check both, or have a link sent to set a new password.",
    )
}
