/* NEED-H18: WSA_CMSG_*: a program writes two control messages and reads them back. */
#include <winsock2.h>

#include <mswsock.h>
#include <stdlib.h>

static int write_messages(WSAMSG *msg)
{
    int value = 1;
    WSACMSGHDR *head = WSA_CMSG_FIRSTHDR(msg);
    for (; value <= 2; value++, head = WSA_CMSG_NXTHDR(msg, head)) {
        if (!head) return 0;
        head->cmsg_level = IPPROTO_IP;
        head->cmsg_type = value;
        head->cmsg_len = WSA_CMSG_LEN(sizeof value);
        memcpy(WSA_CMSG_DATA(head), &value, sizeof value);
    }
    return 1;
}

int main(void)
{
    union {
        WSACMSGHDR aligned;
        CHAR bytes[2 * WSA_CMSG_SPACE(sizeof(int))];
    } control;
    WSAMSG msg;
    WSACMSGHDR *head;
    int seen = 0;

    memset(&msg, 0, sizeof msg);
    memset(&control, 0, sizeof control);
    msg.Control.buf = control.bytes;
    msg.Control.len = sizeof control.bytes;
    if (WSA_CMSG_LEN(4) != 20 || WSA_CMSG_SPACE(4) != 24) return 1;
    if (!write_messages(&msg)) return 2;
    for (head = WSA_CMSG_FIRSTHDR(&msg); head; head = WSA_CMSG_NXTHDR(&msg, head)) {
        int value;
        memcpy(&value, WSA_CMSG_DATA(head), sizeof value);
        if (value != ++seen || head->cmsg_type != value) return 3;
    }
    if (seen != 2) return 4;

    msg.Control.len = sizeof(WSACMSGHDR) - 1;
    return WSA_CMSG_FIRSTHDR(&msg) == NULL ? 0 : 5;
}
