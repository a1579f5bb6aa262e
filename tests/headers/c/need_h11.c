/* NEED-H11: the families' numbers are Windows', and families and protocols work as case labels, each distinct. */
#include <sys/socket.h>
#include <winsock2.h>
#include <netinet/in.h>

#if AF_INET6 != 23 || PF_INET6 != 23 || AF_CCITT != 10 || AF_IRDA != 26
#error "a family has another system's number"
#endif

int family(int af);
int protocol(int number);

int family(int af)
{
    switch (af) {
    case AF_UNSPEC: case AF_UNIX: case AF_INET: case AF_IMPLINK: case AF_PUP: case AF_CHAOS: case AF_NS: case AF_ISO:
    case AF_ECMA: case AF_DATAKIT: case AF_CCITT: case AF_SNA: case AF_DECnet: case AF_DLI: case AF_LAT:
    case AF_HYLINK: case AF_APPLETALK: case AF_NETBIOS: case AF_VOICEVIEW: case AF_FIREFOX: case AF_UNKNOWN1:
    case AF_BAN: case AF_ATM: case AF_INET6: case AF_CLUSTER: case AF_12844: case AF_IRDA: case AF_NETDES:
    case AF_TCNPROCESS: case AF_TCNMESSAGE: case AF_ICLFXBM: case AF_BTH: case AF_LINK: case AF_HYPERV:
        return 1;
    default:
        return 0;
    }
}

int protocol(int number)
{
    switch (number) {
    case IPPROTO_IP: case IPPROTO_ICMP: case IPPROTO_IGMP: case IPPROTO_GGP: case IPPROTO_IPV4: case IPPROTO_ST:
    case IPPROTO_TCP: case IPPROTO_CBT: case IPPROTO_EGP: case IPPROTO_IGP: case IPPROTO_PUP: case IPPROTO_UDP:
    case IPPROTO_IDP: case IPPROTO_RDP: case IPPROTO_IPV6: case IPPROTO_ROUTING: case IPPROTO_FRAGMENT:
    case IPPROTO_ESP: case IPPROTO_AH: case IPPROTO_ICMPV6: case IPPROTO_NONE: case IPPROTO_DSTOPTS: case IPPROTO_ND:
    case IPPROTO_ICLFXBM: case IPPROTO_PIM: case IPPROTO_PGM: case IPPROTO_L2TP: case IPPROTO_SCTP: case IPPROTO_RAW:
        return 1;
    default:
        return 0;
    }
}
