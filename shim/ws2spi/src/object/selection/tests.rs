use super::*;

const EVENT: Target = Target::Event(4);
const WINDOW: Window = Window {
    handle: 7,
    message: 1024,
    socket: 8,
};

fn selected(mask: Events) -> Selection {
    let mut selection = Selection::default();
    selection.select(EVENT, mask);
    selection
}

fn enumerate(selection: &mut Selection) -> Events {
    let taken = selection.take();
    selection.taken();
    taken.events
}

fn signals(selection: &mut Selection) -> bool {
    let notice = selection.next_notice(false);
    assert_eq!(selection.next_notice(true), None);
    notice.is_some()
}

/// EV.5, EV.7.
#[test]
fn an_event_is_notified_once_until_it_is_enabled() {
    let mut selection = selected(Events::READ);
    assert_eq!(selection.wanted().0, Events::READ);
    selection.record(Events::READ, 0);
    assert!(signals(&mut selection));
    selection.record(Events::READ, 0);
    assert!(!signals(&mut selection));
    assert_eq!(enumerate(&mut selection), Events::READ);
    assert_eq!(selection.wanted().0, Events::empty());
    selection.enable(Events::READ | Events::OOB);
    assert_eq!(selection.wanted().0, Events::READ);
    selection.record(Events::READ, 0);
    assert!(signals(&mut selection));
}

/// EV.12.
#[test]
fn room_is_looked_for_when_selected_and_when_there_was_none() {
    let mut selection = selected(Events::WRITE);
    assert_eq!(selection.wanted().0, Events::WRITE);
    selection.record(Events::WRITE, 0);
    assert_eq!(selection.wanted().0, Events::empty());
    selection.sent(false);
    assert_eq!(selection.wanted().0, Events::empty());
    selection.sent(true);
    assert_eq!(selection.wanted().0, Events::WRITE);
}

/// OBS.5, and what it must not swallow.
#[test]
fn selecting_again_is_quiet_about_what_was_told() {
    let mut selection = selected(Events::READ);
    selection.record(Events::READ, 0);
    selection.select(EVENT, Events::READ);
    assert_eq!(enumerate(&mut selection), Events::empty());
    assert_eq!(selection.wanted().0, Events::READ);
    selection.record(Events::READ, 0);
    enumerate(&mut selection);
    selection.select(Target::Nobody, Events::empty());
    selection.select(EVENT, Events::READ);
    assert_eq!(selection.wanted().0, Events::empty());
    selection.select(Target::Window(WINDOW), Events::READ);
    assert_eq!(selection.wanted().0, Events::READ);
}

/// EV.12, OBS.5: a send enables FD_WRITE, which the next selection then notifies.
#[test]
fn selecting_after_a_send_notifies_room_again() {
    let mut selection = selected(Events::WRITE);
    selection.record(Events::WRITE, 0);
    enumerate(&mut selection);
    selection.select(EVENT, Events::WRITE);
    assert_eq!(selection.wanted().0, Events::empty());
    selection.sent(false);
    selection.select(EVENT, Events::WRITE);
    assert_eq!(selection.wanted().0, Events::WRITE);
}

/// EV.17, OBS.38: the end is recorded while data remains, and enumerated apart from it.
#[test]
fn the_end_is_enumerated_after_the_data() {
    let mut selection = selected(Events::READ | Events::CLOSE);
    selection.record(Events::READ, 0);
    selection.record(Events::CLOSE, 10054);
    assert!(signals(&mut selection));
    assert_eq!(enumerate(&mut selection), Events::READ);
    assert!(signals(&mut selection));
    let taken = selection.take();
    assert_eq!((taken.events, taken.codes[5]), (Events::CLOSE, 10054));
    selection.taken();
    assert!(!signals(&mut selection));
}

/// WSPEnumNetworkEvents.2: what comes between the copy and the end of the call is signalled.
#[test]
fn what_comes_during_an_enumeration_is_signalled() {
    let mut selection = selected(Events::READ | Events::WRITE);
    selection.record(Events::READ, 0);
    assert!(signals(&mut selection));
    assert_eq!(selection.take().events, Events::READ);
    selection.record(Events::WRITE, 0);
    assert!(signals(&mut selection));
    selection.taken();
    assert!(signals(&mut selection));
    assert_eq!(enumerate(&mut selection), Events::WRITE);
}

/// WSPEnumNetworkEvents.3; also when the events were selected anew meanwhile.
#[test]
fn what_could_not_be_given_out_is_still_to_be_told() {
    let mut selection = selected(Events::READ);
    selection.record(Events::READ, 0);
    assert!(signals(&mut selection));
    let taken = selection.take();
    selection.put_back(&taken);
    assert!(!signals(&mut selection));
    let taken = selection.take();
    assert_eq!(enumerate(&mut selection), Events::empty());
    selection.put_back(&taken);
    assert!(signals(&mut selection));
    let taken = selection.take();
    selection.select(EVENT, Events::READ);
    selection.put_back(&taken);
    assert_eq!(selection.take().events, Events::empty());
    assert_eq!(selection.wanted().0, Events::READ);
}

/// EV.12: FD_CONNECT before FD_WRITE; one thread posts at a time, so that they stay in order.
#[test]
fn messages_are_posted_in_order_by_one_thread() {
    let mut selection = Selection::default();
    selection.select(Target::Window(WINDOW), Events::all());
    selection.record(Events::WRITE, 0);
    selection.record(Events::CONNECT, 0);
    let message = |event| {
        Some(Notice::Message {
            window: WINDOW,
            event,
            code: 0,
        })
    };
    assert_eq!(selection.next_notice(false), message(Events::CONNECT));
    assert_eq!(selection.next_notice(false), None);
    selection.record(Events::READ, 0);
    assert_eq!(selection.next_notice(true), message(Events::READ));
    assert_eq!(selection.next_notice(true), message(Events::WRITE));
    assert_eq!(selection.next_notice(true), None);
    selection.record(Events::OOB, 0);
    assert_eq!(selection.next_notice(false), message(Events::OOB));
}

/// WSPAsyncSelect.4.
#[test]
fn a_message_that_was_refused_is_posted_later() {
    let mut selection = Selection::default();
    selection.select(Target::Window(WINDOW), Events::all());
    selection.record(Events::CONNECT, 10061);
    assert!(selection.next_notice(false).is_some());
    selection.not_posted(WINDOW, Events::CONNECT);
    assert_eq!(selection.next_notice(true), None);
    selection.retry();
    assert_eq!(
        selection.next_notice(false),
        Some(Notice::Message {
            window: WINDOW,
            event: Events::CONNECT,
            code: 10061
        })
    );
}

/// Who looked before the last enabling call must not be believed.
#[test]
fn a_look_is_overtaken_by_enabling() {
    let mut selection = selected(Events::READ);
    let (_, version) = selection.wanted();
    assert!(selection.is_current(version));
    selection.enable(Events::READ);
    assert!(!selection.is_current(version));
    // Nobody looks after a send that went well.
    let (_, version) = selection.wanted();
    selection.sent(false);
    assert!(selection.is_current(version));
}
