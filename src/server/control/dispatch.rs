//! The way of a management request: who asks, for what, may they, and then the handler.

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, header, request::Parts},
    response::Response,
};

use super::{
    TYPES,
    call::Call,
    route::Route,
    verb::{Answer, At, Need, ResourceType, Verb},
};
use crate::{
    app::App,
    domain::{Error, ErrorKind, caller::Caller, group, resource::Condition, role::Access},
    http::{arm_error, authenticate, extract, middleware::RequestId, origin},
};

/// A request whose sender is still to be proven.
struct Incoming {
    origin: String,
    query: Vec<(String, String)>,
    parts: Parts,
    body: Body,
}

/// Answers a request to the management endpoint.
pub(crate) async fn handle(State(app): State<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let request_id = parts.extensions.get::<RequestId>();
    let request_id = request_id.map(|id| id.request.clone());
    let incoming = Incoming {
        origin: origin(&app, &parts),
        query: extract::pairs(parts.uri.query().unwrap_or_default().as_bytes()),
        parts,
        body,
    };
    let outcome = match check_version(&incoming.query) {
        Ok(()) => {
            let headers = &incoming.parts.headers;
            let caller = authenticate(&app, headers, &incoming.origin, request_id.as_deref()).await;
            match caller {
                Ok(caller) => serve(app, caller, incoming).await,
                Err(refusal) => return *refusal,
            }
        }
        Err(error) => Err(error),
    };
    outcome.unwrap_or_else(|error| arm_error::respond(&error, request_id.as_deref()))
}

async fn serve(app: App, caller: Caller, incoming: Incoming) -> Answer {
    let Incoming {
        origin,
        query,
        parts,
        body,
    } = incoming;
    let path = parts.uri.path();
    let route = Route::parse(path)?;
    check_subscription(&app, &route)?;
    let (kind, at) = find_type(&route)?;
    let verb = find_verb(kind, at, parts.method.as_str())?;
    let access = Access::of(&app, &caller).await?;
    check_access(&access, &caller, &route, kind, verb)?;
    check_group(&app, &route, at).await?;
    let call = Call {
        app,
        caller,
        access,
        origin,
        path: path.to_owned(),
        query,
        condition: condition(&parts.headers),
        body: extract::body(body).await?,
        read_action: format!("{}/read", kind.name),
        route,
    };
    (verb.run)(call).await
}

fn check_version(query: &[(String, String)]) -> Result<(), Error> {
    let version = query
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("api-version"))
        .map(|(_, version)| version.as_str());
    match version {
        None | Some("") => Err(Error::invalid(
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        )),
        Some(_) => Ok(()),
    }
}

fn check_subscription(app: &App, route: &Route) -> Result<(), Error> {
    match route.named("subscriptions") {
        Some(id) if !id.eq_ignore_ascii_case(&app.tenancy().subscription_id) => {
            Err(Error::not_found(
                "SubscriptionNotFound",
                format!("The subscription '{id}' could not be found."),
            ))
        }
        _ => Ok(()),
    }
}

fn find_type(route: &Route) -> Result<(&'static ResourceType, At), Error> {
    let of = |kind: &str| {
        TYPES
            .iter()
            .find(|known| known.name.eq_ignore_ascii_case(kind))
    };
    let depth = route.types.len();
    let full = route.kind(depth);
    if let Some(kind) = of(&full) {
        let at = if route.names.len() == depth {
            At::Item
        } else {
            At::Collection
        };
        return Ok((kind, at));
    }
    if depth > 1
        && route.names.len() < depth
        && let Some(kind) = of(&route.kind(depth - 1))
    {
        let word = route.types[depth - 1].as_str();
        let verb = kind
            .verbs
            .iter()
            .find(|verb| matches!(verb.at, At::Action(known) if known.eq_ignore_ascii_case(word)));
        if let Some(verb) = verb {
            return Ok((kind, verb.at));
        }
    }
    let is_known = TYPES.iter().any(|known| {
        known
            .name
            .split('/')
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(&route.namespace))
    });
    if !is_known {
        return Err(Error::not_found(
            "InvalidResourceNamespace",
            format!("The resource namespace '{}' is invalid.", route.namespace),
        ));
    }
    let kind = full.split_once('/').map_or("", |(_, kind)| kind);
    Err(Error::not_found(
        "InvalidResourceType",
        format!(
            "The resource type '{kind}' could not be found in the namespace '{}'.",
            route.namespace
        ),
    ))
}

fn find_verb(kind: &'static ResourceType, at: At, method: &str) -> Result<&'static Verb, Error> {
    let mut verbs = kind.verbs.iter().filter(|verb| verb.at == at);
    verbs.find(|verb| verb.method == method).ok_or_else(|| {
        Error::new(
            ErrorKind::MethodNotAllowed,
            "MethodNotAllowed",
            format!(
                "The requested resource '{}' does not support http method '{method}'.",
                kind.name
            ),
        )
    })
}

fn check_access(
    access: &Access,
    caller: &Caller,
    route: &Route,
    kind: &ResourceType,
    verb: &Verb,
) -> Result<(), Error> {
    let scope = match verb.at {
        At::Collection if route.names.is_empty() => route.scope.clone(),
        _ => route.item(),
    };
    match verb.need {
        Need::Token => Ok(()),
        Need::Action(action) => access.require(caller, &format!("{}/{action}", kind.name), &scope),
        Need::Visible if access.touches(&scope) => Ok(()),
        Need::Visible => access.require(caller, &format!("{}/read", kind.name), &scope),
    }
}

/// Refuses what is below a group that is not there; about the group itself its own handlers say so.
async fn check_group(app: &App, route: &Route, at: At) -> Result<(), Error> {
    let is_below = !route.scope.is_empty() || matches!(at, At::Action(_));
    if is_below && let Some(name) = route.named("resourceGroups") {
        group::get(app, &app.tenancy().subscription_id, &name).await?;
    }
    Ok(())
}

fn condition(headers: &HeaderMap) -> Condition {
    let text = |name| Some(headers.get(name)?.to_str().ok()?.to_owned());
    Condition {
        if_match: text(header::IF_MATCH),
        if_none_match: text(header::IF_NONE_MATCH),
    }
}
