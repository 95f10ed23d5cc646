//! The world of a command: where it goes, who it is there, what it may assume.

use super::args::{Given, GroupArgs};
use super::config::Settings;
use super::console::Console;
use super::context::{Contexts, SERVER_GROUP};
use super::error::{CliError, Kind};
use super::target::Backend;
use acr_api::arm::{REGISTRY_TYPE, RegistryName, ResourceId};
use acr_client::arm::Arm;
use serde_json::Value;
use std::sync::OnceLock;

const BAD_NAME: &str = "Registry names may contain only alpha numeric characters and must be between 5 and 50 characters";

/// The world of a command.
pub(crate) struct Ctx {
    /// stderr and stdin.
    pub console: Console,
    /// What was given and what was set.
    pub settings: Settings,
    /// The command tree, for what is made from it.
    pub tree: fn() -> clap::Command,
    backend: OnceLock<Backend>,
}

/// A registry that was found: its name and its resource group.
#[derive(Debug, Clone)]
pub(crate) struct Located {
    /// The name of the registry.
    pub name: String,
    /// The name of its resource group.
    pub group: String,
}

impl Ctx {
    /// A world that is entered only when a command needs it.
    pub(crate) fn new(settings: Settings, console: Console, tree: fn() -> clap::Command) -> Self {
        Self {
            console,
            settings,
            tree,
            backend: OnceLock::new(),
        }
    }

    /// The same at a place that is known.
    pub(crate) fn at(
        backend: Backend,
        settings: Settings,
        console: Console,
        tree: fn() -> clap::Command,
    ) -> Self {
        Self {
            backend: OnceLock::from(backend),
            ..Self::new(settings, console, tree)
        }
    }

    /// The control plane of the context in use.
    pub(crate) async fn arm(&self) -> Result<&Arm, CliError> {
        self.backend()?.arm().await
    }

    /// The context in use, found when first needed.
    pub(crate) fn backend(&self) -> Result<&Backend, CliError> {
        if let Some(backend) = self.backend.get() {
            return Ok(backend);
        }
        let found = Backend::find(&self.settings)?;
        Ok(self.backend.get_or_init(|| found))
    }

    /// The registry that was given or is the default, as the service sent it.
    pub(crate) async fn registry(
        &self,
        given: impl Into<Given<'_>>,
    ) -> Result<(Located, Value), CliError> {
        let located = self.find(given).await?;
        let registries = self.arm().await?.registries();
        let registry = registries.get(&located.group, &located.name).await?;
        Ok((located, registry))
    }

    /// The name of the registry that was given or is the default. A login server is taken for the
    /// name of its registry.
    pub(crate) async fn registry_name(
        &self,
        given: impl Into<Given<'_>>,
    ) -> Result<String, CliError> {
        let given = given.into();
        let name = self.given_name(given.name, given.option).await?;
        let (label, suffix) = match name.split_once('.') {
            Some((label, suffix)) => (label, Some(suffix)),
            None => (name.as_str(), None),
        };
        if let Some(suffix) = suffix {
            let known = self.backend()?.cloud.registry_suffix.as_deref();
            let known = known.unwrap_or_default();
            if !format!(".{suffix}").eq_ignore_ascii_case(known) {
                return Err(CliError::failed(format!(
                    "The login server suffix is not valid for the current cloud. Please try again using '{known}'."
                )));
            }
            let label = label.split('-').next().unwrap_or_default();
            self.console.warn(&format!(
                "Registry name is '{label}'. The following suffix '{}' is automatically omitted.",
                &name[label.len()..]
            ));
            return checked(label);
        }
        checked(label)
    }

    /// A registry's name as it was given, or the default one: az's, the context's, in the end the
    /// name of the current folder on a server of our own.
    pub(crate) async fn given_name(
        &self,
        given: Option<&str>,
        option: &str,
    ) -> Result<String, CliError> {
        if let Some(name) = given {
            return Ok(name.to_owned());
        }
        if let Some(name) = self.settings.default_for("acr")? {
            return Ok(name);
        }
        let contexts = Contexts::load(self.settings.environment.config_folder())?;
        let context = self.settings.context_name(&contexts);
        if let Some(name) = contexts.registries.get(&context) {
            return Ok(name.clone());
        }
        if contexts.server(&context)?.is_some()
            && let Some(name) = self.folder_name()
        {
            self.console.note(&format!(
                "No {option} given: using '{name}', after the current folder."
            ));
            return Ok(name);
        }
        Err(missing(option, "acr=NAME"))
    }

    /// A registry name made from the name of the current folder: its letters and digits.
    fn folder_name(&self) -> Option<String> {
        let folder = self.settings.current_dir.file_name()?.to_str()?;
        let mut name: String = folder
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|letter| letter.to_ascii_lowercase())
            .take(50)
            .collect();
        if name.is_empty() {
            return None;
        }
        if name.len() < 5 {
            name.push_str("registry");
        }
        Some(name)
    }

    /// The resource group that was given or is az's default.
    pub(crate) fn group(&self, given: &GroupArgs) -> Result<Option<String>, CliError> {
        match given.resource_group.as_deref() {
            Some("") => Ok(None),
            Some(group) => Ok(Some(group.to_owned())),
            None => self.settings.default_for("group"),
        }
    }

    /// The resource group that was given or is the default; a server of our own has one.
    pub(crate) async fn group_or_default(&self, given: &GroupArgs) -> Result<String, CliError> {
        match self.group(given)? {
            Some(group) => Ok(group),
            None if self.backend()?.is_server => Ok(SERVER_GROUP.to_owned()),
            None => Err(missing("--resource-group/-g", "group=GROUP")),
        }
    }

    /// The region that was given or is the default, else that of the resource group. A region may
    /// be given by the name people know it by.
    pub(crate) async fn location(
        &self,
        given: Option<&str>,
        group: &str,
    ) -> Result<String, CliError> {
        let named = match given {
            Some(location) => Some(location.to_owned()),
            None => self.settings.default_for("location")?,
        };
        let arm = self.arm().await?;
        let Some(named) = named else {
            let group = arm.resource_groups().get(group).await;
            // A group that cannot be read is a mistake in the command line, as it is for az.
            let group = group.map_err(|error| CliError::from(error).into_usage())?;
            return Ok(group["location"].as_str().unwrap_or_default().to_owned());
        };
        if !named.contains(' ') {
            return Ok(named);
        }
        let regions = arm.subscriptions().locations().await?;
        let region = regions.iter().find(|region| {
            let shown = region["displayName"].as_str();
            shown.is_some_and(|shown| shown.eq_ignore_ascii_case(&named))
        });
        let id = region.and_then(|region| region["name"].as_str());
        Ok(id.map_or(named.clone(), str::to_owned))
    }

    /// The resource group of a registry: the given one, else the one found by the registry's name.
    pub(crate) async fn locate(
        &self,
        name: String,
        given: impl Into<Given<'_>>,
    ) -> Result<Located, CliError> {
        let group = match given.into().group {
            Some(group) => self.group(group)?,
            None => None,
        };
        if let Some(group) = group {
            return Ok(Located { name, group });
        }
        let id = self.registry_id(&name).await?;
        let group = id.resource_group.to_ascii_lowercase();
        Ok(Located { name, group })
    }

    /// Finds the registry that was given or is the default, without reading it.
    pub(crate) async fn find(&self, given: impl Into<Given<'_>>) -> Result<Located, CliError> {
        let given = given.into();
        let name = self.registry_name(given).await?;
        self.locate(name, given).await
    }

    /// The id of a registry, found by its name alone.
    pub(crate) async fn registry_id(&self, name: &str) -> Result<ResourceId, CliError> {
        let arm = self.arm().await?;
        let resources = arm.resources().of_type(REGISTRY_TYPE).await?;
        let mut ids = resources
            .iter()
            .filter(|resource| {
                let found = resource["name"].as_str();
                found.is_some_and(|found| found.eq_ignore_ascii_case(name))
            })
            .filter_map(|resource| resource["id"].as_str()?.parse::<ResourceId>().ok());
        match (ids.next(), ids.next()) {
            (Some(id), None) => Ok(id),
            (Some(_), Some(_)) => Err(CliError::failed(format!(
                "More than one resources with type '{REGISTRY_TYPE}' are found with name '{name}'."
            ))),
            (None, _) => Err(CliError::new(Kind::Unlisted, format!(
                "The resource with name '{name}' and type '{REGISTRY_TYPE}' could not be found in subscription '{}'.",
                arm.subscription()
            ))
            .hint("`acr list` shows the registries that are there.")),
        }
    }

    /// Makes a registry the default of its context, if that is a server of our own.
    pub(crate) fn remember_registry(&self, name: &str) -> Result<(), CliError> {
        let backend = self.backend()?;
        if !backend.is_server {
            return Ok(());
        }
        let folder = self.settings.environment.config_folder();
        let remembered = Contexts::change(folder, |contexts| {
            let context = backend.context.clone();
            contexts.registries.insert(context, name.to_owned());
            Ok(())
        });
        self.tell_if_unkept(remembered);
        Ok(())
    }

    /// Forgets a registry as the default of its context.
    pub(crate) fn forget_registry(&self, name: &str) -> Result<(), CliError> {
        let context = &self.backend()?.context;
        let folder = self.settings.environment.config_folder();
        let is_default = |contexts: &Contexts| {
            let default = contexts.registries.get(context);
            default.is_some_and(|default| default.eq_ignore_ascii_case(name))
        };
        // Mostly there is nothing to forget, perhaps in a folder that cannot be written.
        if !is_default(&Contexts::load(folder)?) {
            return Ok(());
        }
        let forgotten = Contexts::change(folder, |contexts| {
            if is_default(contexts) {
                contexts.registries.remove(context);
            }
            Ok(())
        });
        self.tell_if_unkept(forgotten);
        Ok(())
    }

    /// A default is a comfort: that it cannot be kept does not undo what the service has done.
    fn tell_if_unkept(&self, kept: Result<(), CliError>) {
        if let Err(error) = kept {
            let why = error.message();
            self.console.warn(&format!(
                "The default registry stays as it was: {why}. Name the registry in each command."
            ));
        }
    }
}

fn checked(name: &str) -> Result<String, CliError> {
    match name.parse::<RegistryName>() {
        Ok(name) => Ok(name.to_string()),
        Err(_) => Err(CliError::failed(BAD_NAME)),
    }
}

/// An argument that is not given and has no default, which `az configure` could set.
fn missing(option: &str, default: &str) -> CliError {
    let variable = default.split('=').next().unwrap_or_default().to_uppercase();
    CliError::usage(format!("the following arguments are required: {option}")).hint(format!(
        "A default can be set with AZURE_DEFAULTS_{variable}, or with `az configure --defaults {default}`."
    ))
}
