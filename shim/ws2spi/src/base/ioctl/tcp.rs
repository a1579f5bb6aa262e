//! Commands for TCP connections.

use super::{Request, failed};
use crate::abi::*;
use crate::base::options;
use crate::error::{Result, WsaError};
use crate::object::socket::State;
use crate::sys::socket as kernel;
use crate::sys::tcp::TcpInfo;
use crate::sys::time;
use std::sync::atomic::Ordering;

/// SIO_KEEPALIVE_VALS: keep-alive on or off, with its times; a time of 0 leaves what was set.
pub(super) fn set_keep_alive(request: &Request<'_>) -> Result<usize> {
    /// The longest time Linux takes, in seconds.
    const LONGEST: u32 = 32767;
    request.applies(request.is_tcp())?;
    let wanted = request.input::<tcp_keepalive>()?;
    let on = i32::from(wanted.onoff != 0);
    let set = |level, option, value: i32| {
        kernel::set_option(&request.socket.descriptor, level, option, value).map_err(failed)
    };
    request.socket.state.set(State::TUNED);
    if wanted.onoff != 0 {
        options::set_keep_alive_defaults(request.socket)?;
        let times = [
            (libc::TCP_KEEPIDLE, wanted.keepalivetime),
            (libc::TCP_KEEPINTVL, wanted.keepaliveinterval),
        ];
        for (option, milliseconds) in times.into_iter().filter(|(_, time)| *time != 0) {
            // Linux counts in seconds; no probe comes sooner than asked for.
            let seconds = milliseconds.div_ceil(1000).min(LONGEST);
            set(libc::IPPROTO_TCP, option, seconds as i32)?;
        }
    }
    set(libc::SOL_SOCKET, libc::SO_KEEPALIVE, on)?;
    Ok(0)
}

/// SIO_IDEAL_SEND_BACKLOG_QUERY: what the connection can have on its way, in bytes.
pub(super) fn ideal_send_backlog(request: &Request<'_>) -> Result<usize> {
    connected(request)?;
    let info = TcpInfo::of(&request.socket.descriptor).map_err(failed)?;
    request.output(info.congestion_window.saturating_mul(info.send_segment))
}

/// SIO_IDEAL_SEND_BACKLOG_CHANGE: a notice.
pub(super) fn ideal_send_backlog_change(request: &Request<'_>) -> Result<usize> {
    connected(request)?;
    super::waits(request)
}

fn connected(request: &Request<'_>) -> Result<()> {
    request.applies(request.is_tcp())?;
    if request.socket.state.has(State::CONNECTED) {
        Ok(())
    } else {
        Err(WsaError::WSAENOTCONN)
    }
}

/// SIO_TCP_INFO: version 0 of the structure; what Linux does not count is 0.
pub(super) fn info(request: &Request<'_>) -> Result<usize> {
    request.applies(request.is_tcp())?;
    match request.input::<u32>()? {
        0 => {}
        1 => return Err(WsaError::WSAEOPNOTSUPP),
        _ => return Err(WsaError::WSAEINVAL),
    }
    let info = TcpInfo::of(&request.socket.descriptor).map_err(failed)?;
    let connected_at = request.socket.connected_at.load(Ordering::Relaxed);
    let state = state(info.state);
    request.output(TCP_INFO_v0 {
        State: state,
        Mss: info.send_segment,
        ConnectionTimeMs: match connected_at {
            0 => 0,
            since => (time::monotonic().as_millis() as u64).saturating_sub(since),
        },
        TimestampsEnabled: u8::from(info.options & TcpInfo::TIMESTAMPS != 0),
        RttUs: info.round_trip,
        MinRttUs: info.least_round_trip,
        BytesInFlight: info.unacknowledged.saturating_mul(info.send_segment),
        Cwnd: info.congestion_window.saturating_mul(info.send_segment),
        SndWnd: info.send_window,
        RcvWnd: info.receive_window,
        RcvBuf: info.receive_space,
        BytesOut: info.bytes_sent,
        BytesIn: info.bytes_received,
        BytesRetrans: u32::try_from(info.bytes_retransmitted).unwrap_or(u32::MAX),
        TimeoutEpisodes: info.timeouts.into(),
        SynRetrans: match state {
            TCPSTATE_SYN_SENT => u8::try_from(info.retransmitted).unwrap_or(u8::MAX),
            _ => 0,
        },
        ..TCP_INFO_v0::default()
    })
}

/// Windows' number for a state of Linux' (`net/tcp_states.h`, from 1).
fn state(kernel: u8) -> u32 {
    const STATES: [u32; 11] = [
        TCPSTATE_ESTABLISHED,
        TCPSTATE_SYN_SENT,
        TCPSTATE_SYN_RCVD,
        TCPSTATE_FIN_WAIT_1,
        TCPSTATE_FIN_WAIT_2,
        TCPSTATE_TIME_WAIT,
        TCPSTATE_CLOSED,
        TCPSTATE_CLOSE_WAIT,
        TCPSTATE_LAST_ACK,
        TCPSTATE_LISTEN,
        TCPSTATE_CLOSING,
    ];
    let known = usize::from(kernel)
        .checked_sub(1)
        .and_then(|index| STATES.get(index));
    known.copied().unwrap_or(TCPSTATE_CLOSED)
}
