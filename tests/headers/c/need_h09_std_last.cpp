// NEED-H9 in C++: need_h09_std.cpp, whose int main() runs here too, with the standard library after ours.
#define STANDARD_LAST
#include "need_h09_std.cpp"
