use std::fs;

use tempfile::TempDir;
use xmlrpc_examples::opennebula::{NOT_DONE, OneClient, OneError, Owner, UNBOUNDED};

use super::{Imitation, error, fault, lines};

#[test]
fn program() {
    let one = Imitation::start("opennebula", "/RPC2");
    let folder = TempDir::new().unwrap();
    let auth = |name: &str, session: &str| {
        let path = folder.path().join(name);
        fs::write(&path, session).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (url, right) = (one.url(), auth("right", "oneadmin:secret\n"));
    let environment = [("ONE_XMLRPC", url.as_str()), ("ONE_AUTH", &*right)];
    assert_eq!(
        lines("opennebula", &environment, &[]),
        [
            "OpenNebula 6.10.0",
            "host node1: 1 virtual machines, 2048 of 16384 MiB",
            "7 web: Active, 2048 MiB, since 2024-01-02T03:04:05Z, on node1",
            "8 R&D <test>: Pending, 512 MiB, since 2024-01-02T03:04:05Z",
        ]
    );
    assert_eq!(
        lines("opennebula", &environment, &["7", "terminate"]),
        ["7 web: Done, 2048 MiB, since 2024-01-02T03:04:05Z, on node1, ended 2024-01-03T03:04:05Z"]
    );

    for (arguments, expected) in [
        (
            &["99", "poweroff"][..],
            "virtual machine 99 does not exist\n",
        ),
        (
            &["8", "resume"],
            "[one.vm.action] Error performing action \"resume\": This action is not available for state 1\n",
        ),
        (
            &["web", "resume"],
            "\"web\" is not the number of a virtual machine\n",
        ),
        (
            &["8"],
            "expected a virtual machine and an action, or nothing\n",
        ),
    ] {
        assert_eq!(error("opennebula", &environment, arguments), expected);
    }
    let wrong = auth("wrong", "oneadmin:no");
    let wrong = error("opennebula", &[environment[0], ("ONE_AUTH", &*wrong)], &[]);
    assert_eq!(
        wrong,
        "calling `one.system.version`: fault 256: [one.system.version] User couldn't be authenticated, aborting.\n"
    );
    let missing = error(
        "opennebula",
        &[environment[0], ("ONE_AUTH", "/no/file")],
        &[],
    );
    assert!(missing.starts_with("/no/file: "), "{missing}");
}

#[tokio::test]
async fn stub() {
    let imitation = Imitation::start("opennebula", "/RPC2");
    let one = OneClient::new(imitation.client()).with_leading_params(("oneadmin:secret",));
    let vm = one
        .instantiate(3, "new", true, "MEMORY=4096")
        .await
        .unwrap();
    let new = one.vm(vm).await.unwrap();
    assert_eq!(
        (&*new.name, new.template.memory, new.host()),
        ("new", 4096, None)
    );
    assert_eq!((new.template.cpu, new.ended), (0.5, None));
    assert_eq!(one.rename(vm, "renamed").await.unwrap(), vm);
    assert_eq!(one.act("release", vm).await.unwrap(), vm);
    assert_eq!(one.deploy(vm, 0, false, -1).await.unwrap(), vm);
    let deployed = one.vm(vm).await.unwrap();
    assert_eq!(
        (&*deployed.name, deployed.host()),
        ("renamed", Some("node1"))
    );

    let ids = async |owner, first, last, state| {
        let pool = one.vms(owner, first, last, state).await.unwrap();
        pool.vms.iter().map(|vm| vm.id).collect::<Vec<_>>()
    };
    let any = -2;
    assert_eq!(
        ids(Owner::All, UNBOUNDED, UNBOUNDED, NOT_DONE).await,
        [7, 8, 10]
    );
    assert_eq!(ids(Owner::Own, 8, 9, any).await, [8, 9]);
    assert_eq!(ids(Owner::User(0), UNBOUNDED, UNBOUNDED, 5).await, [0; 0]);
    assert_eq!(one.hosts().await.unwrap().hosts[0].name, "node1");

    // The errors arrive as faults, also in a multicall without `system.multicall`.
    let missing = fault::<OneError>(one.vm(99).await);
    let text = "[one.vm.info] Error getting virtual machine [99].".to_owned();
    assert_eq!(missing, OneError::NotFound(text));
    let other = OneClient::new(imitation.client()).with_leading_params(("someone:else",));
    let denied = fault::<OneError>(other.hosts().await);
    assert!(matches!(denied, OneError::Authentication(_)), "{denied:?}");
}
