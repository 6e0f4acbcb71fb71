//! Who is let in: bytes that Stripe signed lately with one of our secrets.

use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use shared::error::Error;
use shared::http;
use shared::secret::Secret;
use shared::signature::{SignatureError, SignatureHeader, SigningSecrets};
use shared::time::Timestamp;

use crate::StripeWebhook;

impl StripeWebhook {
    /// The signed bytes of a request.
    ///
    /// # Errors
    /// `TooLarge` or `Invalid` where it is not let in; `Unavailable` or `Internal` where the secrets cannot be had.
    pub(crate) async fn admit(
        &self,
        request: &ApiGatewayV2httpRequest,
        now: Timestamp,
    ) -> Result<Vec<u8>, Error> {
        let body = http::body(request)?;
        let header = http::header(request, "stripe-signature").unwrap_or_default();
        // Before the secret is had, which may take a call: a post without a signature costs none.
        let header = SignatureHeader::parse(header).map_err(refused)?;
        let secret = self.signing_secrets.current().await?;
        let verdict = match verify(&header, &body, &secret, now)? {
            // A secret that was rolled a moment ago is not in the cache yet.
            // Where it cannot be asked for again, the one at hand counts.
            Err(SignatureError::NoMatch) => match self.signing_secrets.refreshed().await {
                Ok(Some(secret)) => verify(&header, &body, &secret, now)?,
                Ok(None) | Err(_) => Err(SignatureError::NoMatch),
            },
            verdict => verdict,
        };
        verdict.map_err(refused)?;
        Ok(body)
    }
}

/// Whether the signature holds; the outer error where our own secret is none.
fn verify(
    header: &SignatureHeader<'_>,
    body: &[u8],
    secret: &Secret,
    now: Timestamp,
) -> Result<Result<(), SignatureError>, Error> {
    let secrets = SigningSecrets::parse(secret.reveal()).map_err(Error::internal)?;
    Ok(header.verify(body, &secrets, now).map(drop))
}

fn refused(error: SignatureError) -> Error {
    Error::invalid(code(error), format!("Not let in: {error}."))
}

const fn code(error: SignatureError) -> &'static str {
    match error {
        SignatureError::Missing => "signature_missing",
        SignatureError::Garbled => "signature_garbled",
        SignatureError::NoMatch => "signature_mismatch",
        SignatureError::TooOld => "signature_too_old",
        SignatureError::FromTheFuture => "signature_from_the_future",
    }
}
