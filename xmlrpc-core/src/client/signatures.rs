//! Reads what `system.methodSignature` returns.

use crate::{
    Value,
    schema::{ParamDescription, Schema, Signature},
};

/// More than this many signatures or parameters are not read.
const MAX: usize = 256;

/// What the signatures say about a method.
pub(super) struct Signatures {
    pub(super) params: Vec<ParamDescription>,
    pub(super) result: Schema,
    /// The signatures one by one, if the others do not say everything.
    pub(super) overloads: Vec<Signature>,
}

impl Signatures {
    /// How many types they have in all.
    pub(super) fn types(&self) -> usize {
        let overloads = self.overloads.iter().map(|one| one.params.len() + 1);
        self.params.len() + 1 + overloads.sum::<usize>()
    }
}

/// The signatures of a method. `None` if the server does not know them.
pub(super) fn read(answer: &Value) -> Option<Signatures> {
    // Supervisor's multicall omits the array around each result. So its signature of a method without
    // parameters arrives as the text inside. Texts of other servers are not names of types: `undef`.
    if let Some(name) = answer.as_str() {
        let result = Schema::from_type_name(name);
        return (result != Schema::Any).then(|| Signatures {
            params: Vec::new(),
            result,
            overloads: Vec::new(),
        });
    }
    let list = answer.as_array()?;
    // Supervisor returns one signature without the array around it.
    let is_flat = !list.is_empty() && list.iter().all(|entry| entry.as_str().is_some());
    let signatures: Vec<Vec<Schema>> = if is_flat {
        vec![types(answer)?]
    } else {
        list.iter().take(MAX).filter_map(types).collect()
    };
    let longest = signatures.iter().max_by_key(|signature| signature.len())?;
    let required = signatures.iter().map(Vec::len).min()?.saturating_sub(1);
    let mut agree = true;
    let mut agreed = |place: usize| {
        let mut there = signatures.iter().filter_map(|types| types.get(place));
        let first = there.next().cloned().unwrap_or(Schema::Any);
        if there.all(|other| *other == first) {
            first
        } else {
            agree = false;
            Schema::Any
        }
    };
    let params = (1..longest.len()).map(|place| {
        let mut param = ParamDescription::new(format!("param{place}"), agreed(place));
        param.optional = place > required;
        param
    });
    let params = params.collect();
    let result = agreed(0);
    let overloads = if agree {
        Vec::new()
    } else {
        signatures.iter().map(|types| overload(types)).collect()
    };
    Some(Signatures {
        params,
        result,
        overloads,
    })
}

fn overload(types: &[Schema]) -> Signature {
    let mut types = types.iter().cloned();
    let result = types.next().unwrap_or(Schema::Any);
    let params = types
        .enumerate()
        .map(|(index, schema)| ParamDescription::new(format!("param{}", index + 1), schema));
    Signature::new(params.collect(), result)
}

/// The types of a signature, that of the result first.
fn types(signature: &Value) -> Option<Vec<Schema>> {
    let names = signature.as_array()?;
    let types: Option<Vec<_>> = names
        .iter()
        .take(MAX)
        .map(|name| name.as_str().map(Schema::from_type_name))
        .collect();
    types.filter(|types| !types.is_empty())
}
