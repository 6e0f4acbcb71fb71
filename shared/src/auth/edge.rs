//! Frame: from which address a request came, where CloudFront stands before the API.

use std::net::IpAddr;

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::config::Env;
use crate::error::Error;
use crate::http;

/// What CloudFront shows itself by.
const EDGE_HEADER: &str = "x-linky-edge";

/// Whom CloudFront says it speaks for.
const VIEWER_HEADER: &str = "x-linky-viewer";

/// The CloudFront before the API: the digest of the secret it shows itself by. None where there is none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge(Option<[u8; 32]>);

impl Edge {
    /// As `EDGE_SECRET_SHA256` says.
    ///
    /// # Errors
    /// `Internal` where it is no digest.
    pub(super) fn of(env: &Env) -> Result<Self, Error> {
        let Some(digits) = env.optional("EDGE_SECRET_SHA256") else {
            return Ok(Self(None));
        };
        let mut digest = [0; 32];
        hex::decode_to_slice(digits.trim(), &mut digest)
            .map_err(|_| Error::internal("EDGE_SECRET_SHA256 needs 64 hexadecimal digits"))?;
        Ok(Self(Some(digest)))
    }

    /// The address of whoever asks. What a header says of it is believed from CloudFront alone: anybody can reach the API
    /// without it, and from CloudFront's addresses too, by a distribution of their own.
    pub(super) fn viewer(&self, request: &ApiGatewayV2httpRequest) -> String {
        let seen = request.request_context.http.source_ip.as_deref();
        let told = http::header(request, VIEWER_HEADER).filter(|_| self.is_behind(request));
        // Two headers of the name arrive as one with a comma, which is no address.
        match told.and_then(|told| told.parse::<IpAddr>().ok()) {
            Some(told) => told.to_canonical().to_string(),
            None => seen.unwrap_or_default().to_owned(),
        }
    }

    fn is_behind(&self, request: &ApiGatewayV2httpRequest) -> bool {
        let (Some(known), Some(shown)) = (self.0, http::header(request, EDGE_HEADER)) else {
            return false;
        };
        Sha256::digest(shown).as_slice().ct_eq(&known).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "a secret of forty-three characters at least";

    fn request(headers: &[(&'static str, &'static str)]) -> ApiGatewayV2httpRequest {
        let mut request = ApiGatewayV2httpRequest::default();
        request.request_context.http.source_ip = Some("198.51.100.1".to_owned());
        for (name, value) in headers {
            request.headers.insert(*name, value.parse().unwrap());
        }
        request
    }

    fn edge(secret: Option<&str>) -> Edge {
        let digest = secret.map(|secret| hex::encode(Sha256::digest(secret)));
        let variables = digest.map(|digest| ("EDGE_SECRET_SHA256".to_owned(), digest));
        Edge::of(&Env::of(variables.into_iter().collect())).unwrap()
    }

    #[test]
    fn only_cloudfront_is_believed_whom_it_speaks_for() {
        let seen = "198.51.100.1";
        let shown = (EDGE_HEADER, SECRET);
        let told = |address| (VIEWER_HEADER, address);
        for (secret, headers, address) in [
            (None, vec![], seen),
            (None, vec![shown, told("203.0.113.9")], seen),
            (Some(SECRET), vec![], seen),
            (Some(SECRET), vec![told("203.0.113.9")], seen),
            (
                Some(SECRET),
                vec![(EDGE_HEADER, "another"), told("203.0.113.9")],
                seen,
            ),
            (Some(SECRET), vec![shown], seen),
            (Some(SECRET), vec![shown, told("somebody")], seen),
            (
                Some(SECRET),
                vec![shown, told("203.0.113.9, 203.0.113.8")],
                seen,
            ),
            (
                Some(SECRET),
                vec![shown, told("203.0.113.9")],
                "203.0.113.9",
            ),
            (
                Some(SECRET),
                vec![shown, told("::ffff:203.0.113.9")],
                "203.0.113.9",
            ),
        ] {
            assert_eq!(
                edge(secret).viewer(&request(&headers)),
                address,
                "{headers:?}"
            );
        }
    }

    #[test]
    fn what_is_no_digest_is_refused_by_its_name() {
        let variables = [("EDGE_SECRET_SHA256".to_owned(), SECRET.to_owned())];
        let error = Edge::of(&Env::of(variables.into())).unwrap_err();
        assert!(error.to_string().contains("EDGE_SECRET_SHA256"), "{error}");
    }
}
