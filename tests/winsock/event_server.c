// event_server.c : WSAEventSelect, WSAWaitForMultipleEvents, WSAEnumNetworkEvents; addresses as text in both widths.
#include <winsock2.h>
#include <ws2tcpip.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma comment(lib, "Ws2_32.lib")

static void Fail(LPCSTR pszWhat)
{
    fprintf(stderr, "%s: error %d\n", pszWhat, WSAGetLastError());
    exit(EXIT_FAILURE);
}

int main(int argc, char **argv)
{
    WSADATA wsaData;
    SOCKET Sockets[WSA_MAXIMUM_WAIT_EVENTS];
    WSAEVENT Events[WSA_MAXIMUM_WAIT_EVENTS];
    DWORD EventTotal = 0, Index, dwLength;
    WSANETWORKEVENTS NetworkEvents;
    SOCKADDR_STORAGE ss;
    INT nLength = sizeof(ss);
    SOCKET Listen, Client;
    CHAR szAddress[INET6_ADDRSTRLEN + 8], Buffer[64];
    BOOL fDone = FALSE;

    (void)argc;
    (void)argv;
    if (WSAStartup(MAKEWORD(2, 2), &wsaData) != NO_ERROR)
        return EXIT_FAILURE;

    Listen = WSASocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, WSA_FLAG_OVERLAPPED);
    if (Listen == INVALID_SOCKET)
        Fail("WSASocket");
#if defined(__SIZEOF_WCHAR_T__) && __SIZEOF_WCHAR_T__ == 2
    // Wide literals are LPWSTR, as on Windows.
    WCHAR wszAddress[] = L"127.0.0.1";
    if (WSAStringToAddressW(wszAddress, AF_INET, NULL, (LPSOCKADDR)&ss, &nLength) == SOCKET_ERROR)
        Fail("WSAStringToAddressW");
#else
    CHAR szLoopback[] = "127.0.0.1";
    if (WSAStringToAddressA(szLoopback, AF_INET, NULL, (LPSOCKADDR)&ss, &nLength) == SOCKET_ERROR)
        Fail("WSAStringToAddressA");
#endif
    if (bind(Listen, (LPSOCKADDR)&ss, nLength) == SOCKET_ERROR || listen(Listen, 5) == SOCKET_ERROR)
        Fail("listen");
    nLength = sizeof(ss);
    getsockname(Listen, (LPSOCKADDR)&ss, &nLength);
    dwLength = sizeof(szAddress);
    if (WSAAddressToStringA((LPSOCKADDR)&ss, (DWORD)nLength, NULL, szAddress, &dwLength) == SOCKET_ERROR)
        Fail("WSAAddressToString");
    printf("listening on %s\n", szAddress);

    Events[EventTotal] = WSACreateEvent();
    Sockets[EventTotal] = Listen;
    if (WSAEventSelect(Listen, Events[EventTotal], FD_ACCEPT | FD_CLOSE) == SOCKET_ERROR)
        Fail("WSAEventSelect");
    EventTotal++;

    Client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (connect(Client, (LPSOCKADDR)&ss, nLength) == SOCKET_ERROR)
        Fail("connect");
    Events[EventTotal] = WSACreateEvent();
    Sockets[EventTotal] = Client;
    if (WSAEventSelect(Client, Events[EventTotal], FD_READ | FD_WRITE | FD_CLOSE) == SOCKET_ERROR)
        Fail("WSAEventSelect");
    EventTotal++;

    while (!fDone) {
        Index = WSAWaitForMultipleEvents(EventTotal, Events, FALSE, 20000, FALSE);
        if (Index == WSA_WAIT_FAILED || Index == WSA_WAIT_TIMEOUT)
            Fail("WSAWaitForMultipleEvents");
        Index -= WSA_WAIT_EVENT_0;
        if (WSAEnumNetworkEvents(Sockets[Index], Events[Index], &NetworkEvents) == SOCKET_ERROR)
            Fail("WSAEnumNetworkEvents");
        if (NetworkEvents.lNetworkEvents & FD_ACCEPT) {
            if (NetworkEvents.iErrorCode[FD_ACCEPT_BIT] != 0)
                Fail("FD_ACCEPT");
            Sockets[EventTotal] = accept(Sockets[Index], NULL, NULL);
            Events[EventTotal] = WSACreateEvent();
            WSAEventSelect(Sockets[EventTotal], Events[EventTotal], FD_READ | FD_CLOSE);
            EventTotal++;
        }
        if ((NetworkEvents.lNetworkEvents & FD_WRITE) && Sockets[Index] == Client) {
            if (send(Client, "ping", 4, 0) == SOCKET_ERROR)
                Fail("send");
        }
        if (NetworkEvents.lNetworkEvents & FD_READ) {
            int n = recv(Sockets[Index], Buffer, sizeof(Buffer), 0);
            if (n == SOCKET_ERROR && WSAGetLastError() != WSAEWOULDBLOCK)
                Fail("recv");
            if (Sockets[Index] == Client) {
                printf("%.*s\n", n, Buffer);
                shutdown(Client, SD_SEND);
            } else if (n > 0) {
                Buffer[1] = 'o';
                send(Sockets[Index], Buffer, n, 0);
            }
        }
        if (NetworkEvents.lNetworkEvents & FD_CLOSE) {
            closesocket(Sockets[Index]);
            if (Sockets[Index] == Client)
                fDone = TRUE;
            WSACloseEvent(Events[Index]);
            EventTotal--;
            Sockets[Index] = Sockets[EventTotal];
            Events[Index] = Events[EventTotal];
        }
    }
    for (Index = 0; Index < EventTotal; Index++)
        WSACloseEvent(Events[Index]);
    WSACleanup();
    printf("done\n");
    return EXIT_SUCCESS;
}
