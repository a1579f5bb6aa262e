// overlapped_routine.c : WSARecv and WSASend with completion routines, on one thread that waits alertably.
#include <winsock2.h>
#include <mswsock.h>
#include <ws2tcpip.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma comment(lib, "ws2_32")
#pragma comment(lib, "mswsock")

#define DATA_BUFSIZE 32

typedef struct _SOCKET_INFORMATION {
    OVERLAPPED Overlapped;
    SOCKET Socket;
    CHAR Buffer[DATA_BUFSIZE];
    WSABUF DataBuf;
} SOCKET_INFORMATION, *LPSOCKET_INFORMATION;

static int echoed, closed;

static void CALLBACK WorkerRoutine(DWORD Error, DWORD BytesTransferred, LPWSAOVERLAPPED Overlapped, DWORD InFlags);

static void StartReceive(LPSOCKET_INFORMATION SI)
{
    DWORD Flags = 0, RecvBytes;

    memset(&SI->Overlapped, 0, sizeof(WSAOVERLAPPED));
    SI->DataBuf.len = DATA_BUFSIZE;
    SI->DataBuf.buf = SI->Buffer;
    if (WSARecv(SI->Socket, &SI->DataBuf, 1, &RecvBytes, &Flags, &SI->Overlapped, WorkerRoutine) == SOCKET_ERROR &&
        WSAGetLastError() != WSA_IO_PENDING) {
        printf("WSARecv() failed with error %d\n", WSAGetLastError());
        exit(1);
    }
}

static void CALLBACK WorkerRoutine(DWORD Error, DWORD BytesTransferred, LPWSAOVERLAPPED Overlapped, DWORD InFlags)
{
    LPSOCKET_INFORMATION SI = (LPSOCKET_INFORMATION)Overlapped;
    DWORD SendBytes;

    (void)InFlags;
    if (Error != 0 || BytesTransferred == 0) {
        closesocket(SI->Socket);
        closed++;
        return;
    }
    SI->DataBuf.len = BytesTransferred;
    if (WSASend(SI->Socket, &SI->DataBuf, 1, &SendBytes, 0, NULL, NULL) == SOCKET_ERROR) {
        printf("WSASend() failed with error %d\n", WSAGetLastError());
        exit(1);
    }
    echoed++;
    StartReceive(SI);
}

int main()
{
    WSADATA wsaData;
    SOCKET ListenSocket, Client;
    SOCKADDR_IN InternetAddr;
    int Length = sizeof(InternetAddr);
    SOCKET_INFORMATION Info;
    WSAEVENT Event;
    char Reply[DATA_BUFSIZE];

    if (WSAStartup(0x0202, &wsaData) != 0)
        return 1;
    memset(&InternetAddr, 0, sizeof(InternetAddr));
    InternetAddr.sin_family = AF_INET;
    InternetAddr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ListenSocket = WSASocketW(AF_INET, SOCK_STREAM, 0, NULL, 0, WSA_FLAG_OVERLAPPED);
    if (ListenSocket == INVALID_SOCKET ||
        bind(ListenSocket, (PSOCKADDR)&InternetAddr, sizeof(InternetAddr)) == SOCKET_ERROR ||
        listen(ListenSocket, 5) || getsockname(ListenSocket, (PSOCKADDR)&InternetAddr, &Length))
        return 1;
    Client = socket(PF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (connect(Client, (PSOCKADDR)&InternetAddr, sizeof(InternetAddr)) != 0)
        return 1;
    Info.Socket = accept(ListenSocket, NULL, NULL);
    StartReceive(&Info);
    Event = WSACreateEvent();
    if (send(Client, "Hello", 5, 0) != 5)
        return 1;
    while (echoed == 0)
        if (WSAWaitForMultipleEvents(1, &Event, FALSE, WSA_INFINITE, TRUE) != WSA_WAIT_IO_COMPLETION)
            return 1;
    if (recv(Client, Reply, sizeof(Reply), 0) != 5 || memcmp(Reply, "Hello", 5) != 0)
        return 1;
    closesocket(Client);
    while (closed == 0)
        if (WSAWaitForMultipleEvents(1, &Event, FALSE, WSA_INFINITE, TRUE) != WSA_WAIT_IO_COMPLETION)
            return 1;
    WSACloseEvent(Event);
    closesocket(ListenSocket);
    return WSACleanup() == 0 && printf("done\n") > 0 ? 0 : 1;
}
