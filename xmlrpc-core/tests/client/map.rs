//! `Call::map`: its result alone, in multicalls of every shape, and in their fallback.

use xmlrpc_core::{Call, Client, Dispatcher, Fault, client::ClientErrorKind};

use crate::common::{
    calc::{CalcClient, answering, calc, dispatcher},
    readers::beyond_the_scanner,
};

fn double(calc: &CalcClient<Dispatcher>, n: i64) -> Call<Dispatcher, String> {
    calc.add(n, n).map(|sum| sum.to_string())
}

#[tokio::test]
async fn the_result_is_converted() {
    let calc = calc();
    assert_eq!(double(&calc, 2).await.unwrap(), "4");
    // Twice, and with what the closure owns.
    let suffix = " apples".to_owned();
    let call = double(&calc, 3).map(move |text| text + &suffix);
    assert_eq!(call.method(), "add");
    assert_eq!(call.await.unwrap(), "6 apples");
    // The result needs no traits.
    struct Opaque(i64);
    assert_eq!(calc.add(1, 2).map(Opaque).await.unwrap().0, 3);
    // Options work on both sides of it.
    let call = calc.header("x-a").header("x-a", "b");
    assert!(call.map(|value| value.is_some()).await.unwrap());
    let call = calc.header("x-a").map(|value| value.is_some());
    assert!(call.header("x-a", "b").await.unwrap());
}

#[tokio::test]
async fn errors_stay() {
    let calc = calc();
    let error = calc.fail().map(|_| ()).await.unwrap_err();
    assert_eq!(error.fault(), Some(&Fault::new(17, "as asked")));
    assert_eq!(error.method(), "fail");
    let text = calc.client().call::<i64>("text", ()).map(|_| ());
    let error = text.await.unwrap_err();
    assert_eq!(error.kind(), ClientErrorKind::Decode);
    let error = calc.client().call::<i64>("add", ["\u{1}"]).map(|_| ());
    assert_eq!(error.await.unwrap_err().kind(), ClientErrorKind::Encode);
}

#[tokio::test]
async fn entries_of_a_multicall() {
    let calc = calc();
    let client = calc.client();
    let calls = (double(&calc, 1), calc.text(), calc.fail().map(|_| ()));
    let (two, text, fault) = client.multicall(calls).await.unwrap();
    assert_eq!(two.unwrap(), "2");
    assert_eq!(text.unwrap(), "text");
    let fault = fault.unwrap_err();
    assert_eq!(fault.fault(), Some(&Fault::new(17, "as asked")));
    assert_eq!(fault.method(), "fail");

    // A call that is mapped has the same type as one that is not.
    let calls = [double(&calc, 2), calc.text()];
    let results = client.multicall(calls).await.unwrap();
    assert_eq!(results.map(Result::unwrap), ["4", "text"]);
    let calls: Vec<_> = (0..5).map(|n| double(&calc, n)).collect();
    let results = client.multicall(calls).await.unwrap();
    let results: Vec<_> = results.into_iter().map(Result::unwrap).collect();
    assert_eq!(results, ["0", "2", "4", "6", "8"]);
    let calls = (0..2).map(|n| double(&calc, n));
    let results = client.multicall_iter(calls).await.unwrap();
    assert_eq!(results.len(), 2);
}

#[tokio::test]
async fn entries_of_the_fallback() {
    let client = Client::new(dispatcher().multicall(false)).multicall_fallback(true);
    let calc = CalcClient::new(&client);
    let calls = (double(&calc, 1), calc.fail().map(|_| ()));
    let (two, fault) = client.multicall(calls).await.unwrap();
    assert_eq!(two.unwrap(), "2");
    assert!(fault.unwrap_err().fault().is_some());
}

#[tokio::test]
async fn both_readers() {
    let document = "<methodResponse><params><param><value><array><data>\
        <value><array><data><value><int>1</int></value></data></array></value>\
        <value><array><data><value>text</value></data></array></value>\
        </data></array></value></param></params></methodResponse>";
    for document in [document.to_owned(), beyond_the_scanner(document)] {
        let client = answering(200, document.leak());
        let call = || client.call::<i64>("n", ()).map(|n| n + 1);
        let [one, text] = client.multicall([call(), call()]).await.unwrap();
        assert_eq!(one.unwrap(), 2);
        assert!(text.unwrap_err().is_decode());
    }
}

#[test]
fn a_call_can_be_sent_and_shared() {
    fn is_send_and_sync<T: Send + Sync>(_: &T) {}
    let call = double(&calc(), 1);
    is_send_and_sync(&call);
    is_send_and_sync(&calc().add(1, 2));
}
