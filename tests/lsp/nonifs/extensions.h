/*
 * extensions.h - the extension functions, each of which takes our handles and calls the lower provider's with its own.
 * They have no lpErrno: the code is the thread's last error (NEED-S12).
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef EXTENSIONS_H
#define EXTENSIONS_H

#include "requests.h"

/* The lower provider's function for this socket goes to `function`: 0, or the error. */
static inline int below_function(struct own *own, GUID guid, void *function)
{
    DWORD size;
    int error = 0;
    own->lower->next.lpWSPIoctl(own->below, SIO_GET_EXTENSION_FUNCTION_POINTER, &guid, sizeof guid, function,
                                sizeof(void *), &size, NULL, NULL, NULL, &error);
    return error;
}

/* Begins such a call, and gets the lower provider's function: FALSE if that has failed already. */
static inline BOOL extension_begin(struct call *call, SOCKET s, BOOL always, GUID guid, void *function,
                                   LPOVERLAPPED program, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                                   const WSABUF *buffers, DWORD count)
{
    int error = 0;
    if (!call_begin(call, s, always, program, routine, NULL, buffers, count, &error)) {
        WSASetLastError(error);
        return FALSE;
    }
    error = below_function(call->own, guid, function);
    if (error != 0) {
        call_end(call, SOCKET_ERROR, NULL, NULL, 0, &error);
        WSASetLastError(error);
        return FALSE;
    }
    return TRUE;
}

/* Ends it with what the lower provider's function has answered. */
static inline int extension_end(struct call *call, BOOL well, LPDWORD bytes, const WSABUF *buffers, DWORD count)
{
    int error = well ? 0 : WSAGetLastError();
    int answer = call_end(call, well ? 0 : SOCKET_ERROR, bytes, buffers, count, &error);
    if (answer == SOCKET_ERROR)
        WSASetLastError(error);
    return answer;
}

/* Two sockets: the other one's call goes on as long as this one's. */
static BOOL WSAAPI own_accept_ex(SOCKET listening, SOCKET accepting, PVOID room, DWORD data, DWORD local, DWORD remote,
                                 LPDWORD bytes, LPOVERLAPPED overlapped)
{
    struct call call;
    LPFN_ACCEPTEX accept_ex;
    WSABUF buffer = {data, room};
    int error;
    struct own *other = own_enter(accepting, &error);
    if (other == NULL) {
        WSASetLastError(error);
        return FALSE;
    }
    BOOL well = extension_begin(&call, listening, TRUE, (GUID)WSAID_ACCEPTEX, &accept_ex, overlapped, NULL, &buffer, 1);
    if (well) {
        well = accept_ex(call.own->below, other->below, room, data, local, remote, &call.bytes, call.below);
        well = extension_end(&call, well, bytes, &buffer, 1) == 0;
    }
    own_leave(other);
    return well;
}

static BOOL WSAAPI own_connect_ex(SOCKET s, const struct sockaddr *name, int namelen, PVOID bytes, DWORD length,
                                  LPDWORD sent, LPOVERLAPPED overlapped)
{
    struct call call;
    LPFN_CONNECTEX connect_ex;
    WSABUF buffer = {bytes != NULL ? length : 0, bytes}, *out = &buffer;
    DWORD count = 1;
    if (!extension_begin(&call, s, TRUE, (GUID)WSAID_CONNECTEX, &connect_ex, overlapped, NULL, NULL, 0))
        return FALSE;
    BOOL well = FALSE;
    if (bytes == NULL || call_out(&call, &out, &count))
        well = connect_ex(call.own->below, name, namelen, out->buf, bytes != NULL ? out->len : length, &call.bytes,
                          call.below);
    else
        WSASetLastError(WSAENOBUFS);
    return extension_end(&call, well, sent, NULL, 0) == 0;
}

static BOOL WSAAPI own_disconnect_ex(SOCKET s, LPOVERLAPPED overlapped, DWORD flags, DWORD reserved)
{
    struct call call;
    LPFN_DISCONNECTEX disconnect_ex;
    if (!extension_begin(&call, s, FALSE, (GUID)WSAID_DISCONNECTEX, &disconnect_ex, overlapped, NULL, NULL, 0))
        return FALSE;
    return extension_end(&call, disconnect_ex(call.own->below, call.below, flags, reserved), NULL, NULL, 0) == 0;
}

static BOOL WSAAPI own_transmit_file(SOCKET s, HANDLE file, DWORD length, DWORD each, LPOVERLAPPED overlapped,
                                     LPTRANSMIT_FILE_BUFFERS around, DWORD flags)
{
    struct call call;
    LPFN_TRANSMITFILE transmit_file;
    if (!extension_begin(&call, s, FALSE, (GUID)WSAID_TRANSMITFILE, &transmit_file, overlapped, NULL, NULL, 0))
        return FALSE;
    if (call.below != NULL) { /* where in the file it begins */
        call.below->Offset = overlapped->Offset;
        call.below->OffsetHigh = overlapped->OffsetHigh;
    }
    BOOL well = transmit_file(call.own->below, file, length, each, call.below, around, flags);
    return extension_end(&call, well, NULL, NULL, 0) == 0;
}

static BOOL WSAAPI own_transmit_packets(SOCKET s, LPTRANSMIT_PACKETS_ELEMENT packets, DWORD count, DWORD each,
                                        LPOVERLAPPED overlapped, DWORD flags)
{
    struct call call;
    LPFN_TRANSMITPACKETS transmit_packets;
    if (!extension_begin(&call, s, FALSE, (GUID)WSAID_TRANSMITPACKETS, &transmit_packets, overlapped, NULL, NULL, 0))
        return FALSE;
    BOOL well = transmit_packets(call.own->below, packets, count, each, call.below, flags);
    return extension_end(&call, well, NULL, NULL, 0) == 0;
}

static INT WSAAPI own_recv_msg(SOCKET s, LPWSAMSG message, LPDWORD bytes, LPWSAOVERLAPPED overlapped,
                               LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    struct call call;
    LPFN_WSARECVMSG recv_msg;
    const WSABUF *buffers = message != NULL ? message->lpBuffers : NULL;
    DWORD count = message != NULL ? message->dwBufferCount : 0;
    if (!extension_begin(&call, s, FALSE, (GUID)WSAID_WSARECVMSG, &recv_msg, overlapped, routine, buffers, count))
        return SOCKET_ERROR;
    BOOL well = recv_msg(call.own->below, message, call_bytes(&call, bytes), call.below, NULL) == 0;
    return extension_end(&call, well, bytes, buffers, count);
}

static INT WSAAPI own_send_msg(SOCKET s, LPWSAMSG message, DWORD flags, LPDWORD bytes, LPWSAOVERLAPPED overlapped,
                               LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    struct call call;
    LPFN_WSASENDMSG send_msg;
    WSAMSG out = {0};
    if (!extension_begin(&call, s, FALSE, (GUID)WSAID_WSASENDMSG, &send_msg, overlapped, routine, NULL, 0))
        return SOCKET_ERROR;
    BOOL well = FALSE;
    if (message != NULL)
        out = *message;
    if (call_out(&call, &out.lpBuffers, &out.dwBufferCount))
        well = send_msg(call.own->below, message != NULL ? &out : NULL, flags, call_bytes(&call, bytes), call.below,
                        NULL) == 0;
    else
        WSASetLastError(WSAENOBUFS);
    return extension_end(&call, well, bytes, NULL, 0);
}

/* What SIO_GET_EXTENSION_FUNCTION_POINTER gives for a GUID: an own function, or one that takes no socket and so is the
 * lower provider's. 0, or the error. */
static inline int extension_function(struct own *own, const GUID *guid, void *function)
{
    static const struct {
        GUID guid;
        void (*function)(void);
    } functions[] = {
        {WSAID_ACCEPTEX, (void (*)(void))own_accept_ex},
        {WSAID_CONNECTEX, (void (*)(void))own_connect_ex},
        {WSAID_DISCONNECTEX, (void (*)(void))own_disconnect_ex},
        {WSAID_TRANSMITFILE, (void (*)(void))own_transmit_file},
        {WSAID_TRANSMITPACKETS, (void (*)(void))own_transmit_packets},
        {WSAID_WSARECVMSG, (void (*)(void))own_recv_msg},
        {WSAID_WSASENDMSG, (void (*)(void))own_send_msg},
    };
    static const GUID addresses = WSAID_GETACCEPTEXSOCKADDRS;
    if (memcmp(guid, &addresses, sizeof *guid) == 0)
        return below_function(own, *guid, function);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (memcmp(guid, &functions[i].guid, sizeof *guid) != 0)
            continue;
        /* A file would go out as it is. */
        if (rewrite_out != NULL && (functions[i].function == (void (*)(void))own_transmit_file ||
                                    functions[i].function == (void (*)(void))own_transmit_packets))
            return WSAEOPNOTSUPP;
        memcpy(function, &functions[i].function, sizeof functions[i].function);
        return 0;
    }
    return WSAEINVAL;
}

#endif
