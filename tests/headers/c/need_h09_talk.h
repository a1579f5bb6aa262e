/* The program of NEED-H9 behind the headers: the same in both languages and in either order of inclusion. */
int talk(struct addrinfo **found);

int talk(struct addrinfo **found)
{
    struct sockaddr_in name;
    struct addrinfo hints;
    struct linger linger = {1, 0};
    struct pollfd poll = {INVALID_SOCKET, POLLIN, 0};
    struct hostent *host;
    struct timeval second = {1, 0};
    char text[64];
    fd_set set;
    u_long on = 1;
    socklen_t length = sizeof name;
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP), t;

    memset(&name, 0, sizeof name);
    memset(&hints, 0, sizeof hints);
    name.sin_family = AF_INET;
    name.sin_port = htons(7);
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    name.sin_addr.S_un.S_addr = inet_addr("127.0.0.1");
    if (s == INVALID_SOCKET || ioctlsocket(s, FIONBIO, &on) == SOCKET_ERROR)
        return WSAGetLastError();
    setsockopt(s, SOL_SOCKET, SO_LINGER, (char *)&linger, sizeof linger);
    getsockopt(s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, (char *)&on, &length);
    bind(s, (struct sockaddr *)&name, sizeof name);
    listen(s, SOMAXCONN);
    t = accept(s, (struct sockaddr *)&name, &length);
    connect(t, (struct sockaddr *)&name, length);
    getsockname(t, (struct sockaddr *)&name, &length);
    getpeername(t, (struct sockaddr *)&name, &length);
    send(t, text, sizeof text, MSG_OOB);
    recv(t, text, sizeof text, MSG_WAITALL);
    sendto(t, text, sizeof text, 0, (struct sockaddr *)&name, length);
    recvfrom(t, text, sizeof text, 0, (struct sockaddr *)&name, &length);
    FD_ZERO(&set);
    FD_SET(t, &set);
    select(0, &set, NULL, NULL, &second);
    poll.fd = t;
    WSAPoll(&poll, 1, 0);
    shutdown(t, SD_BOTH);
    closesocket(t);
    gethostname(text, sizeof text);
    host = gethostbyname(text);
    getservbyname("echo", "tcp");
    getprotobyname("tcp");
    hints.ai_flags = AI_PASSIVE;
    if (getaddrinfo(text, "echo", &hints, found) == EAI_NONAME)
        return h_errno;
    getnameinfo((*found)->ai_addr, length, text, sizeof text, NULL, 0, NI_NUMERICHOST);
    freeaddrinfo(*found);
    inet_pton(AF_INET6, "::1", text);
    inet_ntop(AF_INET, &name.sin_addr, text, sizeof text);
    return host->h_length + FD_ISSET(t, &set);
}
