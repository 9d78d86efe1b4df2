use xmlrpc_examples::xenapi::{PowerState, TaskStatus, XenApiClient, XenError};

use super::{Imitation, error, fault, lines};

#[test]
fn program() {
    let xen = Imitation::start("xenapi", "/");
    let url = xen.url();
    let environment = [("XENAPI_URL", url.as_str()), ("XENAPI_PASSWORD", "secret")];
    let shown = lines("xenapi", &environment, &[]);
    assert_eq!(shown[0], "host xcp-1 (192.168.1.10), version 8.2.1");
    for line in [
        "db: Halted, 2 processors, 8192 MiB, ",
        "web: Running, 2 processors, 4096 MiB, production",
        "    nginx & <PHP>",
        "    runs on xcp-1",
        "    snapshot \"web before the update\" of 20240102T03:04:05",
    ] {
        assert!(shown.iter().any(|it| it == line), "{line}: {shown:?}");
    }
    assert_eq!(shown.len(), 6, "{shown:?}");
    for state in ["Running", "Halted"] {
        let switched = lines("xenapi", &environment, &["db"]);
        assert_eq!(
            switched,
            ["0 %", &format!("db: {state}, 2 processors, 8192 MiB, ")]
        );
    }

    let missing = error("xenapi", &environment, &["nope"]);
    assert_eq!(missing, "virtual machine \"nope\" does not exist\n");
    let template = error("xenapi", &environment, &["Debian Bookworm 12"]);
    assert!(
        template.starts_with("Debian Bookworm 12: VM_IS_TEMPLATE, OpaqueRef:"),
        "{template}"
    );
    let wrong = error("xenapi", &[environment[0], ("XENAPI_PASSWORD", "no")], &[]);
    assert_eq!(
        wrong,
        "calling `session.login_with_password`: fault 1: SESSION_AUTHENTICATION_FAILED: root, Authentication failure\n"
    );
    let member = [environment[0], environment[1], ("XENAPI_USER", "member")];
    assert_eq!(
        error("xenapi", &member, &[]),
        "this host is not the coordinator of its pool; connect to 192.168.1.10\n"
    );
}

#[tokio::test]
async fn stub() {
    let imitation = Imitation::start("xenapi", "/");
    let client = imitation.client();
    let xen = XenApiClient::new(&client);
    let session = xen.login("root", "secret", "2.20", "test").await.unwrap();
    let without = fault::<XenError>(xen.hosts().await);
    assert_eq!(without.code, "SESSION_INVALID");

    let xen = XenApiClient::new(&client).with_leading_params((&session,));
    assert!(!format!("{xen:?}").contains(&session), "{xen:?}");
    let vm = xen.vms_by_name("web").await.unwrap().remove(0);
    let web = xen.vm(&vm).await.unwrap();
    assert_eq!((web.memory_static_max, web.vcpus_max), (4 << 30, 2));
    assert_eq!((web.snapshot_of, web.snapshot_time), (None, None));
    assert!(
        xen.hosts()
            .await
            .unwrap()
            .contains_key(&web.resident_on.unwrap())
    );

    let snapshot = xen.snapshot(&vm, "now").await.unwrap();
    let record = xen.vm(&snapshot).await.unwrap();
    assert_eq!(
        (record.snapshot_of, record.resident_on),
        (Some(vm.clone()), None)
    );
    assert_eq!(record.snapshot_time.unwrap().year(), 2024);
    xen.destroy(&snapshot).await.unwrap();
    let gone = fault::<XenError>(xen.vm(&snapshot).await);
    assert_eq!(gone.code, "HANDLE_INVALID");
    assert!(gone.params.starts_with("VM, OpaqueRef:"), "{gone:?}");

    let running = fault::<XenError>(xen.start(&vm, false, false).await);
    assert_eq!(running.code, "VM_BAD_POWER_STATE");
    xen.turn_off(&vm).await.unwrap();
    xen.set_description(&vm, "off").await.unwrap();
    xen.add_tag(&vm, "off").await.unwrap();
    let web = xen.vm(&vm).await.unwrap();
    assert_eq!(
        (web.power_state, &*web.name_description),
        (PowerState::Halted, "off")
    );
    assert_eq!(web.tags, ["production", "off"]);

    let task = xen.begin_shutdown(&vm).await.unwrap();
    let pending = xen.task(&task).await.unwrap();
    assert_eq!(
        (pending.status, pending.finished),
        (TaskStatus::Pending, None)
    );
    let failed = xen.task(&task).await.unwrap();
    assert_eq!(
        (failed.status, failed.finished.is_some()),
        (TaskStatus::Failure, true)
    );
    assert_eq!(failed.error_info[0], "VM_BAD_POWER_STATE");
    xen.forget(&task).await.unwrap();

    xen.logout().await.unwrap();
    let error = xen.vms().await.unwrap_err();
    assert!(error.to_string().contains("SESSION_INVALID"), "{error}");
}
