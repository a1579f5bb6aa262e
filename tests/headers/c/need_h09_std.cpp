// NEED-H9 in C++: the standard library keeps its names, and classes theirs, though they be a socket function's. This
// is read before ours and after it: need_h09_std_last.cpp turns the order.
#ifndef STANDARD_LAST
#include <functional>
#include <iostream>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <vector>
#endif

#include <winsock2.h>
#include <ws2tcpip.h>

#ifdef STANDARD_LAST
#include <functional>
#include <iostream>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <vector>
#endif

static int add(int a, int b)
{
    return a + b;
}

struct Connection {
    std::string sent;

    int connect(int port) { return port; }
    int send(const char *text, std::size_t length)
    {
        sent.assign(text, length);
        return (int)length;
    }
    int bind() { return 1; }
    int select(int which) { return which; }
    void close() { sent.clear(); }
};

int main()
{
    Connection connection;
    std::vector<int> sums;
    auto three = std::bind(add, 1, 2);
    auto next = std::bind(add, std::placeholders::_1, 1);
    std::thread thread([&sums, &three, &next] { sums.push_back(next(three())); });

    thread.join();
    if (sums.at(0) != 4)
        return 1;
    if (connection.connect(7) + connection.bind() + connection.select(2) != 10)
        return 2;
    if (connection.send("text", 4) != 4 || connection.sent != "text")
        return 3;
    connection.close();
    return connection.sent.empty() ? 0 : 4;
}
